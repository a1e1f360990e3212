"""What people send by mistake, or on purpose: a sentence in time, and the workers go on."""

from __future__ import annotations

import os
import struct
import time
import zlib
from collections.abc import AsyncIterator, Callable

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.errors import BadPicture
from bot.pictures import Limits, Pictures
from tests.files import (
    FORMATS,
    MAGIC,
    encoded,
    gif,
    header,
    lying_png,
    noise,
    on_disk,
    photograph,
    plain_png,
    png,
    webp,
    with_chunk,
)
from tests.players import CATALOGUE

pytestmark = pytest.mark.asyncio(loop_scope="module")
SOON = 5.0  #: seconds, where nothing else keeps the processors busy
MIB = 2**20


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pictures() -> AsyncIterator[Pictures]:
    async with Pictures() as door:
        yield door


def is_soon(began: float) -> bool:
    crowd = max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
    return time.monotonic() - began < SOON * crowd


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


def tiff(entries: list[tuple[int, int, int, int]], directories: int = 1) -> bytes:
    """A TIFF with the same directory again and again: tag, type, count and value of each entry."""
    each = struct.pack("<H", len(entries)) + b"".join(struct.pack("<HHII", *entry) for entry in entries)
    starts = [8 + number * (len(each) + 4) for number in range(1, directories)]
    return b"II*\0\x08\0\0\0" + b"".join(each + struct.pack("<I", start) for start in (*starts, 0))


def jpeg_of_many_scans(side: int, scans: int) -> bytes:
    """A progressive JPEG that goes over all its blocks again and again, and says nothing about them."""
    frame = b"\xff\xc2" + struct.pack(">HBHHB", 11, 8, side, side, 1) + b"\x01\x11\0"
    table = b"\xff\xdb" + struct.pack(">HB", 67, 0) + bytes([1]) * 64
    codes = b"\xff\xc4" + struct.pack(">HB", 20, 0x10) + bytes([1]) + bytes(15) + bytes([0xE0])
    flat = b"\xff\xc4" + struct.pack(">HB", 20, 0x00) + bytes([1]) + bytes(15) + bytes([0])
    first = b"\xff\xda" + struct.pack(">HB", 8, 1) + b"\x01\0\0\0\x01"
    again = b"\xff\xda" + struct.pack(">HB", 8, 1) + b"\x01\0\x01\x3f\0"
    return b"\xff\xd8" + table + frame + codes + flat + first + bytes(8) + (again + bytes(16)) * scans + b"\xff\xd9"


def progressive(width: int, height: int) -> bytes:
    """A true progressive JPEG whose head lies about its size."""
    small = encoded(Image.new("RGB", (64, 64), "teal"), "JPEG", progressive=True)
    at = small.index(b"\xff\xc2") + 5
    return small[:at] + struct.pack(">HH", height, width) + small[at + 4 :]


def heic_of(width: int, height: int) -> bytes:
    """A true HEIC whose head lies about its size."""
    small = encoded(Image.new("RGB", (64, 64), "teal"), "HEIF")
    return small.replace(b"ispe" + struct.pack(">III", 0, 64, 64), b"ispe" + struct.pack(">III", 0, width, height))


def avif_of(width: int, height: int) -> bytes:
    small = encoded(Image.new("RGB", (64, 64), "teal"), "AVIF")
    return small.replace(b"ispe" + struct.pack(">III", 0, 64, 64), b"ispe" + struct.pack(">III", 0, width, height))


def bmp_of(width: int, height: int, compression: int = 0) -> bytes:
    info = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 8, compression, 0, 0, 0, 256, 0)
    return b"BM" + struct.pack("<IHHI", 0, 0, 0, 54 + 1024) + info + bytes(1024) + b"\xff\0" * 300


SMALL = encoded(Image.new("RGB", (64, 64), "teal"), "PNG")


def grey(side: int, *more: tuple[int, int, int, int]) -> list[tuple[int, int, int, int]]:
    """The entries of a TIFF in grey whose pixels are its own beginning."""
    rest = [(256, 3, 1, side), (257, 3, 1, side), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1), (273, 4, 1, 0)]
    return [*more, *rest, (277, 3, 1, 1), (278, 3, 1, side), (279, 4, 1, 64)]


BOMBS: dict[str, tuple[Callable[[], bytes], str]] = {
    "a PNG of 3600 megapixels": (lambda: lying_png(60_000, 60_000), "too_large_pixels"),
    "a true PNG of 144 megapixels": (lambda: plain_png(12_000, 12_000), "too_large_pixels"),
    "a PNG as wide as there is": (lambda: lying_png(2**31 - 1, 1), "too_large_pixels"),
    "a PNG that is wide and flat": (lambda: lying_png(12_000_000, 8), "too_large_kind"),
    "an interlaced PNG of 100 megapixels": (
        lambda: png([header(10_000, 10_000, 8, 2, 1), (b"IDAT", b"x"), (b"IEND", b"")]),
        "too_large_kind",
    ),
    "a text that unpacks to 200 MB": (
        lambda: with_chunk(SMALL, b"zTXt", b"Comment\0\0" + zlib.compress(bytes(200 * MIB), 9)),
        "bomb",
    ),
    "a long text in Unicode": (
        lambda: with_chunk(SMALL, b"iTXt", b"Comment\0\1\0\0\0" + zlib.compress(bytes(200 * MIB), 9)),
        "bomb",
    ),
    "a profile that unpacks to 200 MB": (
        lambda: with_chunk(SMALL, b"iCCP", b"icc\0\0" + zlib.compress(bytes(200 * MIB), 9)),
        "bomb",
    ),
    "a PNG of a hundred thousand parts": (
        lambda: MAGIC + b"".join([SMALL[8:33], *[bytes(4) + b"teXt" + bytes(4)] * 100_000]),
        "truncated",
    ),
    "a PNG with a part of four gigabytes": (lambda: SMALL[:33] + b"\xff\xff\xff\xffIDAT" + bytes(50), "truncated"),
    "a PNG with a text of four gigabytes": (lambda: SMALL[:33] + b"\xff\xff\xff\xffzTXt" + bytes(50), "truncated"),
    "a GIF of 4294 megapixels": (lambda: gif(65_535, 65_535), "too_large_pixels"),
    "a BMP of 3600 megapixels": (lambda: bmp_of(60_000, 60_000), "too_large_pixels"),
    "a TIFF of 3600 megapixels": (lambda: tiff(grey(60_000)), "too_large_pixels"),
    "a TIFF whose directories go round": (
        lambda: b"II*\0\x08\0\0\0" + struct.pack("<H", 1) + struct.pack("<HHIII", 256, 3, 1, 64, 8),
        "truncated",
    ),
    "a TIFF with an entry of four billion values": (
        lambda: tiff([(256, 3, 1, 64), (257, 3, 1, 64), (273, 4, 2**32 - 1, 8), (259, 3, 1, 1)]),
        "truncated",
    ),
    "a WebP of 268 megapixels": (lambda: webp(16_384, 16_384), "too_large_pixels"),
    "a WebP of 64 megapixels": (lambda: webp(8_000, 8_000), "too_large_kind"),
    "a HEIC of 900 megapixels": (lambda: heic_of(30_000, 30_000), "too_large_pixels"),
    "an AVIF of 144 megapixels": (lambda: avif_of(12_000, 12_000), "too_large_pixels"),
    "a JPEG of 4294 megapixels": (lambda: jpeg_of_many_scans(65_535, 1), "too_large_pixels"),
    "a progressive JPEG of 100 megapixels": (
        lambda: progressive(10_000, 10_000),
        "too_large_kind",
    ),
    "a JPEG of twenty thousand scans": (lambda: jpeg_of_many_scans(6_000, 20_000), "endless"),
}


@pytest.mark.parametrize(("make", "key"), BOMBS.values(), ids=BOMBS)
async def test_a_bomb_is_refused_in_time_with_its_reason(pictures, make, key):
    assert (await refused(pictures, make())).key == key


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("part", [0.1, 0.5, 0.9])
async def test_a_picture_that_ends_too_early_is_refused(pictures, name, part):
    whole = encoded(noise(200, 150, "RGB"), name)
    assert (await refused(pictures, whole[: int(len(whole) * part)])).key in {"truncated", "crashed"}


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
