"""A picture whose head has been read and whose pixels have not: what they will weigh, and how to get them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO

from PIL import Image

BAND = 2**20  #: pixels that are worked on at a time
ORIENTATION = 0x0112
PIXEL = 4  #: bytes in Pillow's memory
BYTES = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16B": 2, "I;16L": 2}  #: in these modes


@dataclass(frozen=True, slots=True)
class Pixels:
    """Pixels from the top down, in bands, and how they are meant."""

    size: tuple[int, int]  #: what the bands add up to
    bands: Iterator[Image.Image]  #: each as wide as the picture
    profile: bytes | None = None  #: ICC
    orientation: int = 1  #: as EXIF counts


@dataclass(frozen=True, slots=True)
class Source:
    """A picture that can be read, once."""

    kind: str  #: as people call it
    size: tuple[int, int]
    weight: int  #: bytes of memory that reading it takes at most
    held: int  #: of which so many are taken until its last band is used
    read: Callable[[], Pixels]

    @property
    def area(self) -> int:
        """Its pixels."""
        return self.size[0] * self.size[1]


def whole(image: Image.Image) -> Source:
    """A picture that Pillow decodes in one piece."""
    held = memory(image)
    return Source(image.format or "", image.size, held, held, lambda: _read(image))


def memory(image: Image.Image) -> int:
    """Bytes of its pixels once they are decoded."""
    return image.width * image.height * BYTES.get(image.mode, PIXEL)


def size_of(file: BinaryIO) -> int:
    """Bytes of a file."""
    return os.fstat(file.fileno()).st_size


def cut(size: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """The first row of each band and the one behind its last."""
    width, height = size
    step = max(1, BAND // width)
    return ((top, min(top + step, height)) for top in range(0, height, step))


def turned(image: Image.Image) -> int:
    """How the camera was held; a broken note of it is none."""
    with suppress(Exception):  # whatever is wrong with it, the picture itself may be well
        return int(Image.Image.getexif(image).get(ORIENTATION, 1))  # PNG's own would decode all of it to look behind it
    return 1


def _read(image: Image.Image) -> Pixels:
    image.load()
    bands = (image.crop((0, top, image.width, bottom)) for top, bottom in cut(image.size))
    return Pixels(image.size, bands, image.info.get("icc_profile"), turned(image))  # TIFF is turned already
