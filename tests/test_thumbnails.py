"""Small copies: made once, kept beside their picture, gone with it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path

import pytest
import pytest_asyncio
from PIL import Image

from bot.gallery import Gallery, open_gallery
from bot.model import Picture
from bot.pictures import Pictures
from bot.views.thumbnails import THUMBNAIL, VIEW, Thumbnails
from tests.files import display_p3, encoded, photograph, see_through

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pictures() -> AsyncIterator[Pictures]:
    async with Pictures() as door:
        yield door


@pytest.fixture
def gallery(tmp_path: Path) -> Gallery:
    return open_gallery(tmp_path / "pictures")


async def kept(gallery: Gallery, data: bytes) -> Picture:
    return Picture(await gallery.put(data), "image/png", 512, 512, len(data))


def copies(gallery: Path, picture: Picture) -> list[str]:
    return sorted(each.name for each in (gallery / "pictures" / picture.digest[:2]).iterdir())


async def test_a_copy_is_small_and_made_once(gallery, pictures, tmp_path):
    picture = await kept(gallery, encoded(photograph(), "PNG"))
    thumbnails = Thumbnails(gallery, pictures)
    first = await thumbnails.get(picture, THUMBNAIL)
    with Image.open(BytesIO(first or b"")) as image:
        assert max(image.size) == THUMBNAIL
    file = tmp_path / "pictures" / picture.digest[:2] / f"{picture.digest}.{THUMBNAIL}"
    made = file.stat().st_mtime_ns
    assert await thumbnails.get(picture, THUMBNAIL) == first
    assert file.stat().st_mtime_ns == made


async def test_what_is_transparent_stays_so(gallery, pictures):
    picture = await kept(gallery, encoded(see_through(photograph()), "PNG"))
    data = await Thumbnails(gallery, pictures).get(picture, THUMBNAIL)
    with Image.open(BytesIO(data or b"")) as image:
        assert image.mode == "RGBA"


async def test_copies_go_with_their_picture(gallery, pictures, tmp_path):
    picture = await kept(gallery, encoded(photograph(), "PNG"))
    thumbnails = Thumbnails(gallery, pictures)
    await asyncio.gather(*(thumbnails.get(picture, side) for side in (THUMBNAIL, VIEW)))
    assert len(copies(tmp_path, picture)) == 3
    await gallery.delete(picture.digest)
    assert copies(tmp_path, picture) == []


async def test_a_copy_that_comes_too_late_is_not_kept(gallery, tmp_path):
    picture = await kept(gallery, encoded(photograph(), "PNG"))
    await gallery.delete(picture.digest)
    await gallery.put_small(picture.digest, THUMBNAIL, b"a copy")
    assert copies(tmp_path, picture) == []


async def test_a_picture_that_is_gone_or_damaged_has_none(gallery, pictures):
    gone = Picture("0" * 64, "image/png", 64, 64, 100)
    damaged = await kept(gallery, encoded(photograph(), "PNG")[:4000] + os.urandom(100))
    good = await kept(gallery, encoded(photograph(), "JPEG"))
    found = await Thumbnails(gallery, pictures).all([gone, damaged, good], THUMBNAIL)
    assert [each is None for each in found] == [True, True, False]


async def test_colours_of_another_profile_are_kept_as_people_see_them(gallery, pictures):
    plain = Image.new("RGB", (512, 512), (200, 60, 60))
    profiled = await kept(gallery, encoded(plain, "PNG", icc_profile=display_p3()))
    data = await Thumbnails(gallery, pictures).get(profiled, THUMBNAIL)
    with Image.open(BytesIO(data or b"")) as image:
        red, green, _ = image.convert("RGB").getpixel((100, 100))  # type: ignore[misc]
    assert red > 205
    assert green < 58
