"""What goes into a thread, as plain values, and the postman who carries it there."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Protocol, TypeVar

from bot.errors import Unreachable
from bot.forward import Forward
from bot.model import Turn

Result = TypeVar("Result")

SPOILER = "SPOILER_"  #: begins the name of a file that Discord veils until it is pressed on
_FILE = re.compile(r"easel--?\d+-v(\d+)\.")
TEXT_LIMIT = 2000  #: characters of a Discord message


def file_name(turn: int, number: int) -> str:
    """What a version's file is called, without its extension: the bot knows its own messages by it."""
    return f"easel-{turn}-v{number}"


def veiled(name: str) -> str:
    """The same file where it is shown only to who wants to see it."""
    return f"{SPOILER}{name}"


def shown(files: Iterable[str]) -> tuple[int, ...]:
    """The versions that files of these names hold."""
    return tuple(int(found[1]) for name in files if (found := _FILE.match(name)))


@dataclass(frozen=True)
class File:
    """A picture to attach; `alt` is read to those who do not see it."""

    name: str
    data: bytes
    alt: str


@dataclass(frozen=True)
class Button:
    """Something to press; `id` says everything, so that it works for ever."""

    label: str
    id: str
    primary: bool = False
    disabled: bool = False
    danger: bool = False
    row: int | None = None  #: counted from 0; otherwise the first one with room


@dataclass(frozen=True)
class Letter:
    """One message. `nonce` makes a second sending of the same harmless; `ping` is the member to call.

    `calls` is a member whom its words name, and who is to hear of it: they alone, whoever is replied to.
    """

    channel: int
    text: str
    files: tuple[File, ...] = ()
    buttons: tuple[Button, ...] = ()
    reply_to: int | None = None
    ping: int | None = None
    calls: int | None = None
    nonce: str | None = None
    quiet: bool = False  #: nobody's device rings


@dataclass(frozen=True)
class Sighting:
    """One of the bot's own messages as found in a thread."""

    message: int
    text: str
    files: tuple[str, ...]
    reply_to: int | None
    buttons: tuple[str, ...] = ()  #: their ids


class Postman(Protocol):
    """Discord, as far as the studio needs it. All but `upload_limit` raise Unreachable."""

    async def open(self, turn: Turn) -> None:
        """Open the turn's thread from its message, unless it is open."""

    async def send(self, letter: Letter) -> int:
        """Post; the message's id."""

    async def type(self, channel: int) -> None:
        """Be seen typing, for ten seconds or until something is said."""

    async def edit(self, channel: int, message: int, text: str, buttons: Sequence[Button] = ()) -> None:
        """Put new words into a message of the bot's, over these buttons and no others."""

    async def erase(self, channel: int, message: int) -> None:
        """Delete a message of the bot's; one that is gone is no error."""

    async def withdraw(self, channel: int, message: int, file: str) -> None:
        """Take a file out of a message of the bot's, by its name without extension; what is gone is no error."""

    async def sign(self, channel: int, message: int) -> None:
        """Put the sign of a closed place on a member's message, where no words may be said."""

    async def unsign(self, channel: int, message: int) -> None:
        """Take that sign away."""

    async def own(self, channel: int, after: int) -> Sequence[Sighting]:
        """The bot's own messages after an id, oldest first."""

    async def knows(self, server: int, member: int) -> bool:
        """Whether somebody is a member of the server."""

    async def is_closed(self, thread: int) -> bool:
        """Whether a thread takes no message of the bot's until somebody opens it, or lets the bot write there."""

    async def stands(self, channel: int, message: int) -> bool:
        """Whether a message is there; False where it was deleted, and only then."""

    async def is_restricted(self, thread: int) -> bool:
        """Whether the channel of a thread is age-restricted now."""

    async def trace(self, forward: Forward) -> Forward:
        """The message that is forwarded in the end, and who posted it."""

    async def upload_limit(self, server: int | None) -> int:
        """Bytes of the largest file that may be posted in a server or DM."""


@dataclass(frozen=True)
class Pace:
    """How patient the bot is, in seconds."""

    typing: float = 0.15  #: after which the bot is seen typing
    quiet: float = 1.0  #: in which an answer needs no status
    step: float = 5.0  #: at least, between two places in the queue that are told
    late: float = 60.0  #: after which the answer calls the asker
    pause: float = 1.0  #: before the second try while Discord is away; each further one is twice as long
    longest_pause: float = 60.0

    def pauses(self) -> Iterator[float]:
        """The pauses between tries, without end."""
        return (min(self.pause * 2 ** min(tries, 16), self.longest_pause) for tries in count())


async def patiently(act: Callable[[], Awaitable[Result]], pauses: Iterable[float]) -> Result:
    """Do it as soon as Discord is there, within the pauses. Raises Unreachable: for ever, or when they are over."""
    for pause in pauses:
        try:
            return await act()
        except Unreachable as error:
            if error.forever:
                raise
        await asyncio.sleep(pause)
    return await act()


def pages(lines: Iterable[str]) -> list[str]:
    """Lines in as few messages as hold them; one that no message holds is cut."""
    found = list[str]()
    for line in (cut(each, TEXT_LIMIT) for each in lines):
        if found and len(found[-1]) + 1 + len(line) <= TEXT_LIMIT:
            found[-1] += f"\n{line}"
        else:
            found.append(line)
    return found


def cut(text: str, limit: int) -> str:
    """At most `limit` characters of a text."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
