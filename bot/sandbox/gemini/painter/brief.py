"""Out of a request: the member's own words, the picture to edit, and the pictures that go with it."""

import re
from dataclasses import dataclass

from bot.sandbox.gemini.request import Request

INSTRUCTION = re.compile(r"(?:^|\n)\s*Instruction:\s*", re.IGNORECASE)
EARLIER = re.compile(r"(?:^|\n)\s*Earlier in this thread:.*?(?=\n\s*\n|\Z)", re.IGNORECASE | re.DOTALL)
LABEL = re.compile(r"(?:^|\n)\s*Picture \d+\b[^\n]*", re.IGNORECASE)
BASE = re.compile(
    r"picture (\d+)\b(?![^.;\n]*\breference\b[^.;\n]*\bedit\b)[^.;\n]*\b(?:edit|base|change)\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Brief:
    """What a request comes to; `base` is None where a new picture is wanted."""

    words: str
    base: bytes | None = None
    references: tuple[bytes, ...] = ()


def read_brief(request: Request) -> Brief:
    """The brief of a request, of one turn or of many."""
    texts, pictures = request.last.texts, [part.data for part in request.last.pictures if part.data is not None]
    words = words_of(texts)
    if not pictures:
        return Brief(words, _last_picture(request))
    base = _base_number("\n".join(texts), len(pictures))
    return Brief(words, pictures[base], tuple(data for number, data in enumerate(pictures) if number != base))


def words_of(texts: tuple[str, ...]) -> str:
    """What follows "Instruction:"; without that, everything but labels and what was said before."""
    for text in reversed(texts):
        if found := INSTRUCTION.search(text):
            return text[found.end() :].strip()
    plain = (LABEL.sub("", EARLIER.sub("", text)).strip() for text in texts)
    return "\n".join(text for text in plain if text)


def _base_number(text: str, count: int) -> int:
    """Which picture is labelled as the one to edit, from 0; the first where none is."""
    found = BASE.search(text)
    number = int(found[1]) - 1 if found else 0
    return number if 0 <= number < count else 0


def _last_picture(request: Request) -> bytes | None:
    for turn in reversed(request.turns):
        if turn.pictures:
            return turn.pictures[-1].data
    return None
