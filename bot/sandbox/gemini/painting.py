"""What a painter is: it takes a request and gives parts back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from bot.sandbox.gemini.request import Part, Request


@dataclass(frozen=True)
class Painting:
    """The parts of an answer in order, words and pictures, not yet signed."""

    parts: tuple[Part, ...]

    @property
    def pictures(self) -> tuple[Part, ...]:
        """The pictures among them."""
        return tuple(part for part in self.parts if part.data is not None)

    @property
    def texts(self) -> tuple[str, ...]:
        """The words among them."""
        return tuple(part.text for part in self.parts if part.text)


class Painter(Protocol):
    """Paints in a thread of its caller's; the same request and take give the same bytes."""

    def paint(self, request: Request, take: int) -> Painting:
        """The answer to a request; `take` counts repetitions of the very same request, from 0."""


class CannedPainter:
    """Answers every request with one picture, and builds each answer's body only once: for measuring the other side."""

    def __init__(self, picture: bytes, mime: str = "image/jpeg", text: str = "") -> None:
        words = (Part(text=text),) if text else ()
        self._painting = Painting((*words, Part(data=picture, mime=mime)))
        self._bodies: dict[str, bytes] = {}

    def paint(self, request: Request, take: int) -> Painting:  # noqa: ARG002  one answer for all
        """The one picture."""
        return self._painting

    def prebuilt(self, key: str, build: Callable[[], bytes]) -> bytes:
        """The body kept under this key, built on its first use."""
        if key not in self._bodies:
            self._bodies[key] = build()
        return self._bodies[key]
