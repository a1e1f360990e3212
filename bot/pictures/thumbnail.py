"""A small copy of a plain picture, the quick way: decoded whole, halved as often as one may, and then resized."""

from __future__ import annotations

from io import BytesIO
from typing import BinaryIO

from PIL import Image

from bot.pictures.orders import Made, Order
from bot.pictures.source import PIXEL, turned

PLAIN = {"icc_profile", "transparency", "exif"}  #: a picture that says nothing of these is
GAP = 1.5  #: times the size to which pixels are only averaged
QUALITY = 88


def thumbnail(order: Order, file: BinaryIO) -> Made | None:
    """The copy that was ordered; None where the picture is not plain, or too large for this."""
    image = Image.open(file, formats=("PNG", "JPEG"))
    whole = image.width * image.height * PIXEL
    if image.mode != "RGB" or PLAIN & image.info.keys() or whole > order.memory // 2 or turned(image) != 1:
        return None
    image.thumbnail((order.longest, order.longest), Image.Resampling.LANCZOS, reducing_gap=GAP)
    out = BytesIO()
    image.save(out, "JPEG", quality=QUALITY, subsampling="4:4:4")
    return Made(out.getvalue(), "JPEG", *image.size)
