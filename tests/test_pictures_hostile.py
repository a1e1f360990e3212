"""What people send by mistake, or on purpose: a sentence in time, and the workers go on."""

from __future__ import annotations

import time
import zlib
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.errors import BadPicture
from bot.pictures import Limits, Pictures
from tests.bombs import SMALL, SOON, avif_of, bmp_of, crowd, grey, heic_of, jpeg_of_many_scans, tiff
from tests.files import (
    FORMATS,
    encoded,
    gif,
    lying_png,
    noise,
    on_disk,
    photograph,
    webp,
    with_chunk,
)
from tests.players import CATALOGUE

pytestmark = pytest.mark.asyncio(loop_scope="module")
MIB = 2**20


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pictures() -> AsyncIterator[Pictures]:
    async with Pictures() as door:
        yield door


def is_soon(began: float) -> bool:
    return time.monotonic() - began < SOON * crowd()


async def outcome(pictures: Pictures, data: bytes) -> str:
    """The size of the picture that came of it, or why none did; soon."""
    began = time.monotonic()
    try:
        with on_disk(data) as file:
            made, picture = await pictures.normalise(file, 64)
    except BadPicture as bad:
        return bad.key
    finally:
        assert is_soon(began)
    assert len(made) == picture.size
    return f"{picture.width} × {picture.height}"


async def refused(pictures: Pictures, data: bytes) -> BadPicture:
    """Why, told in a sentence with the file's name, and soon."""
    began = time.monotonic()
    with on_disk(data) as file, pytest.raises(BadPicture) as caught:
        await pictures.normalise(file, 1536)
    assert is_soon(began)
    assert CATALOGUE.say(f"picture.{caught.value.key}", **{"name": "a.png", **caught.value.values}).startswith("a.png ")
    return caught.value


async def test_sixty_megabytes_are_refused_before_they_are_looked_at(pictures):
    error = await refused(pictures, b"\xff\xd8\xff" + bytes(60 * 10**6))
    assert (error.key, error.values) == ("too_many_bytes", {"size": "57.2 MiB", "limit": "50 MiB"})


async def test_what_is_too_much_for_its_kind_is_told_with_what_it_may_be_at_most(pictures):
    values = (await refused(pictures, webp(8_000, 8_000))).values
    assert values["kind"] == "WebP"
    assert values["megapixels"] == 64
    limit = int(str(values["limit"]))
    assert 18 <= limit < 64
    side = int((limit * 10**6) ** 0.5)
    assert (await refused(pictures, webp(side, side))).key == "truncated"  # it is not too large any more


async def test_of_sixty_thousand_pages_the_first_is_taken(pictures):
    assert await outcome(pictures, tiff(grey(64), 60_000)) == "64 × 64"


async def test_long_texts_of_painters_programs_are_no_reason_to_refuse_a_picture(pictures):
    words = bytes(range(32, 127)) * 40_000
    data = with_chunk(SMALL, b"tEXt", b"workflow\0" + words)
    data = with_chunk(data, b"zTXt", b"prompt\0\0" + zlib.compress(words))
    data = with_chunk(data, b"iTXt", b"prompt\0\1\0\0\0" + zlib.compress(words))
    assert await outcome(pictures, data) == "64 × 64"


RAW = {
    "a DNG": tiff(grey(64, (254, 4, 1, 1))),
    "a CR2": b"II*\0\x10\0\0\0CR\x02\0" + bytes(50),
    "a CR3": b"\0\0\0\x18ftypcrx \0\0\0\1crx isom" + bytes(50),
    "an ORF": b"IIRO\x08\0\0\0" + bytes(50),
}


@pytest.mark.parametrize("data", RAW.values(), ids=RAW)
async def test_a_cameras_raw_file_is_not_taken_for_the_preview_in_it(pictures, data):
    assert (await refused(pictures, data)).key == "raw"


FUZZED = {name: encoded(noise(40, 30, "RGB"), name) for name in FORMATS} | {
    "progressive": encoded(noise(40, 30, "RGB"), "JPEG", progressive=True),
    "palette": encoded(photograph().resize((40, 30)).quantize(200), "PNG"),
    "lossless": encoded(photograph().resize((40, 30)), "WEBP", lossless=True),
    "packed": encoded(photograph().resize((40, 30)), "TIFF", compression="tiff_lzw"),
}


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
async def test_any_bytes_are_a_picture_or_a_bad_picture_in_time(pictures, data):
    name = data.draw(st.sampled_from(sorted(FUZZED)))
    garbled = bytearray(FUZZED[name])
    for _ in range(data.draw(st.integers(0, 8))):
        at = data.draw(st.integers(0, len(garbled) - 1))
        garbled[at : at + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=4))
    candidate = bytes(garbled[: data.draw(st.integers(0, len(garbled)))]) + data.draw(st.binary(max_size=64))
    assert await outcome(pictures, candidate) not in {"crashed", "endless", "heavy"}


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rest=st.binary(max_size=200), start=st.sampled_from([each[:16] for each in FUZZED.values()]))
async def test_any_bytes_behind_a_true_beginning_are_a_bad_picture(pictures, start, rest):
    assert "×" not in await outcome(pictures, start + rest)


SIZES = st.sampled_from([0, 1, 7, 8, 64, 4_000, 10_000, 10_001, 30_000, 65_535])


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    make=st.sampled_from([lying_png, gif, webp, bmp_of, heic_of, avif_of, lambda w, h: jpeg_of_many_scans(w, h % 3)]),
    width=SIZES.filter(bool),
    height=SIZES.filter(bool),
)
async def test_a_head_that_lies_about_the_size_costs_neither_time_nor_workers(pictures, make, width, height):
    workers = pictures.pids
    lie = make(min(width, 16_384), min(height, 16_384))
    assert await outcome(pictures, lie) not in {"crashed", "endless"}
    assert set(workers) <= set(pictures.pids)


async def test_after_all_that_pictures_are_read_as_before(pictures):
    assert await outcome(pictures, SMALL) == "64 × 64"


async def test_a_file_that_needs_more_memory_than_it_may_take_is_told_as_such():
    async with Pictures(limits=Limits(memory=40 * MIB, usual=30 * MIB)) as pictures:
        error = await refused(pictures, encoded(Image.new("RGB", (4000, 3000), "teal"), "BMP"))
    assert error.key == "too_large_kind"
