"""A painter for tests: small pictures in no time, each one different, and everything it was shown."""

from __future__ import annotations

import hashlib
import io
import random
from collections.abc import Callable
from itertools import count

from PIL import Image, ImageColor

from bot.sandbox.gemini.painting import Painter, Painting
from bot.sandbox.gemini.request import Part, Request

COLOURS = ("red", "orange", "gold", "lime", "teal", "navy", "purple", "white", "black")
Script = Callable[[Request], Painting]


class Sketches:
    """Paints noise: no two sketches share a digest, and all are about as large. Or lets somebody else paint."""

    def __init__(self, hand: Painter | None = None) -> None:
        self._hand = hand
        self._numbers = count(1)
        self.shown: dict[str, bytes] = {}
        self.begin()

    def begin(self) -> None:
        """A new test: everything as usual."""
        self.size = (96, 64)
        self.scripts: list[tuple[str, Script]] = []
        self.made: list[str] = []

    def on(self, words: str, script: Script) -> None:
        """Answer asks with these words like that."""
        self.scripts.append((words, script))

    def paint(self, request: Request, take: int) -> Painting:
        for turn in request.turns:
            self.shown |= {digest(part.data or b""): part.data or b"" for part in turn.pictures}
        for words, script in self.scripts:
            if words in request.prompt:
                return script(request)
        return self._hand.paint(request, take) if self._hand else Painting((self.picture(),))

    def picture(self) -> Part:
        """One more sketch."""
        noise = random.Random(next(self._numbers)).randbytes(3 * self.size[0] * self.size[1])
        data = encoded(Image.frombytes("RGB", self.size, noise), "PNG")
        self.made.append(digest(data))
        return Part(data=data, mime="image/png")

    def story(self, *texts: str) -> Painting:
        """A picture after each text."""
        return Painting(tuple(part for text in texts for part in (Part(text=text), self.picture())))

    def colour(self, sha256: str) -> str:
        """The colour in the middle of a picture that was shown."""
        with Image.open(io.BytesIO(self.shown[sha256])) as image:
            middle = image.convert("RGB").getpixel((image.width // 2, image.height // 2))
        assert isinstance(middle, tuple)
        return min(COLOURS, key=lambda each: _distance(each, middle))


def photo(colour: str = "teal", size: tuple[int, int] = (96, 64), kind: str = "PNG") -> tuple[str, bytes]:
    """A file of one colour, to attach: its name and bytes."""
    return f"{colour}.{kind.lower()}", encoded(Image.new("RGB", size, colour), kind)


def encoded(image: Image.Image, kind: str) -> bytes:
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _distance(colour: str, pixel: tuple[int, ...]) -> int:
    return sum(abs(one - other) for one, other in zip(ImageColor.getrgb(colour), pixel, strict=False))
