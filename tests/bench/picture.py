"""Pictures as heavy as the real model's, no two of them alike."""

from __future__ import annotations

import io
from itertools import count
from threading import Lock

from PIL import Image

from bot.sandbox.gemini import Painting
from bot.sandbox.gemini.request import Part, Request

SIDE = 1024  #: pixels
STRENGTH, QUALITY = 95, 97  #: with these, the noise below weighs 1.5 MB


def photograph() -> bytes:
    """A square JPEG of 1.5 MB; noise, because a machine's idea of a scene is too light."""
    file = io.BytesIO()
    Image.merge("RGB", [Image.effect_noise((SIDE, SIDE), STRENGTH) for _ in "RGB"]).save(file, "JPEG", quality=QUALITY)
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
