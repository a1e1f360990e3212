"""A member's file: any bytes are a picture within bounds, or a sentence. Here in this process, without its worker."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

from PIL import Image

from bot.errors import BadPicture
from bot.pictures.jobs import carried_out
from bot.pictures.orders import Heavy, Limits, Made, Order
from tests.files import FORMATS, encoded, noise, on_disk, photograph, see_through, srgb
from tests.fuzz.mutating import file_mutated
from tests.players import CATALOGUE

LONGEST = 64
ORDER = Order("normalise", Limits(), Limits().memory, 4.0, longest=LONGEST)
mutate = file_mutated


def enter(data: bytes) -> None:
    """Made fit for a model, as in a worker."""
    made = outcome(data)
    if isinstance(made, Made):
        assert 0 < max(made.width, made.height) <= LONGEST
        with Image.open(BytesIO(made.data)) as image:
            image.load()
            assert image.size == (made.width, made.height)
            assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    elif isinstance(made, BadPicture):
        assert CATALOGUE.say(f"picture.{made.key}", name="a.png", **made.values)


def outcome(data: bytes) -> Made | Heavy | BadPicture:
    with on_disk(data) as file:
        try:
            return carried_out(ORDER, file)
        except BadPicture as bad:
            return bad


def seeds() -> Iterator[bytes]:
    """A small file of each kind, and of each way to write it."""
    photo = photograph().resize((40, 30))
    yield from (encoded(noise(40, 30, "RGB"), name) for name in FORMATS)
    yield encoded(photo, "JPEG", progressive=True, icc_profile=srgb())
    yield encoded(photo.quantize(200), "PNG")
    yield encoded(see_through(photo), "PNG")
    yield encoded(photo, "PNG", save_all=True, append_images=[photo.rotate(90)])
    yield encoded(photo, "GIF", save_all=True, append_images=[photo.rotate(90)])
    yield encoded(photo, "WEBP", save_all=True, append_images=[photo.rotate(90)])
    yield encoded(photo, "WEBP", lossless=True)
    yield encoded(photo, "TIFF", compression="tiff_lzw")
    yield encoded(photo.convert("CMYK"), "TIFF", compression="tiff_adobe_deflate")
