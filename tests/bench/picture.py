"""Pictures as heavy as the real model's, no two of them alike."""

from __future__ import annotations

import io
from itertools import count
from threading import Lock

from PIL import Image

from bot.sandbox.gemini import Painting
from bot.sandbox.gemini.request import Part, Request

WEIGHT = 1_500_000  #: bytes
SIDE = 1024  #: pixels


def photograph() -> bytes:
    """A square JPEG of `WEIGHT` bytes or a little more; noise, because a machine's idea of a scene is too light."""
    for strength in range(50, 150, 5):
        file = io.BytesIO()
        noise = [Image.effect_noise((SIDE, SIDE), strength) for _ in "RGB"]
        Image.merge("RGB", noise).save(file, "JPEG", quality=97)
        if file.tell() >= WEIGHT:
            break
    return file.getvalue()


class Restless:
    """Answers with the same picture each time, but never with the same bytes: a bot must keep every one of them."""

    def __init__(self, picture: bytes) -> None:
        self._picture = picture
        self._numbers = count(1)
        self._turn = Lock()

    def paint(self, request: Request, take: int) -> Painting:
        """The picture with a number behind its end, where no reader of JPEGs looks."""
        with self._turn:
            number = next(self._numbers)
        return Painting((Part(data=self._picture + number.to_bytes(9, "big"), mime=request.model.mime),))
