"""What was asked of the stand-in: the last requests, and how often each prompt was begun and paid for."""

import hashlib
from collections import OrderedDict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.gemini.request import Part, Request


@dataclass(frozen=True)
class Seen:
    """A picture that came along: its bytes are not kept, their sha256 is."""

    sha256: str
    size: int
    mime: str
    turn: int
    role: str


@dataclass
class Entry:
    """One request, and what became of it: asked, painting, done, refused, failed or dropped."""

    number: int
    when: float  # seconds since the epoch
    model: str
    body_bytes: int
    prompt: str = ""
    pictures: tuple[Seen, ...] = ()
    texts: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    signatures: int = 0
    system: str = ""
    config: dict[str, Any] = field(default_factory=dict)
    safety: dict[str, str] = field(default_factory=dict)
    state: str = "asked"
    status: int = 0
    fault: str | None = None
    seconds: float = 0.0

    def note(self, description: dict[str, Any]) -> None:
        """Fill in what `describe` found in the request."""
        for name, value in description.items():
            setattr(self, name, value)


@dataclass
class Count:
    """How often a prompt was begun, and how often its work was done and would be billed."""

    started: int = 0
    done: int = 0


class Ledger:
    """The last requests and the counts of the last prompts, `kept` of each."""

    def __init__(self, kept: int = 1000) -> None:
        self._kept = kept
        self._number = 0
        self.requests: deque[Entry] = deque(maxlen=kept)
        self.counts: OrderedDict[str, Count] = OrderedDict()

    def open(self, when: float, model: str, body_bytes: int) -> Entry:
        """Note that a request came in."""
        self._number += 1
        entry = Entry(self._number, when, model, body_bytes)
        self.requests.append(entry)
        return entry

    def started(self, prompt: str) -> None:
        """Count a call that was accepted."""
        self.count(prompt).started += 1

    def done(self, prompt: str) -> None:
        """Count work that was finished, whether or not its answer arrives."""
        self.count(prompt).done += 1

    def count(self, prompt: str) -> Count:
        """The counts of one prompt, all words of the last user turn."""
        found = self.counts.setdefault(prompt, Count())
        self.counts.move_to_end(prompt)
        while len(self.counts) > self._kept:
            self.counts.popitem(last=False)
        return found

    def forget(self) -> None:
        """Start again with empty books."""
        self.requests.clear()
        self.counts.clear()


def describe(request: Request) -> dict[str, Any]:
    """What an Entry keeps of a request; hashing every picture is a thread's work."""
    return {
        "prompt": request.prompt,
        "pictures": tuple(_seen(request)),
        "texts": tuple(text for turn in request.turns for text in turn.texts),
        "roles": tuple(turn.role for turn in request.turns),
        "signatures": sum(part.signature is not None for turn in request.turns for part in turn.parts),
        "system": "\n".join(request.system.texts) if request.system else "",
        "config": dict(request.config.raw),
        "safety": dict(request.safety),
    }


def _seen(request: Request) -> Iterator[Seen]:
    for index, turn in enumerate(request.turns):
        for part in turn.parts:
            if part.data is not None:
                yield _seen_part(part, part.data, index, turn.role)


def _seen_part(part: Part, data: bytes, index: int, role: str) -> Seen:
    return Seen(hashlib.sha256(data).hexdigest(), len(data), part.mime, index, role)
