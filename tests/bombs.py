"""Small files that would be large: each with what becomes of it, and `python -m tests.bombs` for what it takes."""

from __future__ import annotations

import asyncio
import os
import struct
import sys
import time
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from bot.errors import BadPicture
from bot.pictures import Pictures
from tests.files import MAGIC, encoded, gif, header, lying_png, on_disk, parts, plain_png, png, webp, with_chunk
from tests.peak import peak

MIB = 2**20
SOON = 5.0  #: seconds, where nothing else keeps the processors busy
LOOKS = 0.01  #: seconds between two looks at a worker's memory


TEAL = Image.new("RGB", (64, 64), "teal")
SMALL = encoded(TEAL, "PNG")


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


def grey(side: int, *more: tuple[int, int, int, int]) -> list[tuple[int, int, int, int]]:
    """The entries of a TIFF in grey whose pixels are its own beginning."""
    rest = [(256, 3, 1, side), (257, 3, 1, side), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1), (273, 4, 1, 0)]
    return [*more, *rest, (277, 3, 1, 1), (278, 3, 1, side), (279, 4, 1, 64)]


def texts(times: int) -> bytes:
    """A PNG with a text so many times over, each as long as one may be that is not read."""
    first, *rest = parts(SMALL)
    return png([first, *[(b"zTXt", b"a\0\0" + zlib.compress(bytes(15 * MIB), 9))] * times, *rest])


def moving_png(frames: int) -> bytes:
    """An APNG of so many frames, each as large as the picture, and none of them there."""
    first, data, end = parts(SMALL)
    control = [(b"fcTL", struct.pack(">IIIIIHHBB", each, 64, 64, 0, 0, 1, 10, 0, 0)) for each in range(frames)]
    return png([first, (b"acTL", struct.pack(">II", frames, 0)), control[0], data, *control[1:], end])


def moving_gif(frames: int) -> bytes:
    still = encoded(TEAL, "GIF")
    first = still.index(b",", 13)
    return still[:first] + still[first:-1] * frames + b";"


def packed_gif(side: int) -> bytes:
    """A true GIF of one colour, written as long runs."""
    return encoded(Image.new("P", (side, side)), "GIF")


def packed_tiff(side: int) -> bytes:
    return encoded(Image.new("L", (side, side)), "TIFF", compression="tiff_adobe_deflate")


def tiled_tiff(tile: int) -> bytes:
    """A TIFF of 64 pixels whose one tile claims to be that large."""
    whole = [(256, 3, 1, 64), (257, 3, 1, 64), (258, 3, 1, 8), (259, 3, 1, 8), (262, 3, 1, 1), (277, 3, 1, 1)]
    return tiff([*whole, (322, 4, 1, tile), (323, 4, 1, tile), (324, 4, 1, 8), (325, 4, 1, 64)])


def jpeg_with(marker: int, start: bytes, size: int, times: int) -> bytes:
    """A true JPEG behind so many segments of nothing."""
    small = encoded(Image.new("RGB", (64, 64), "teal"), "JPEG")
    segment = bytes([0xFF, marker]) + struct.pack(">H", 2 + len(start) + size) + start + bytes(size)
    return small[:2] + segment * times + small[2:]


def round_exif(entries: int) -> bytes:
    """EXIF whose directory is long, and leads to itself."""
    entry = struct.pack(">HHII", 0x0112, 3, 65_535, 8)
    return b"Exif\0\0MM\0*" + struct.pack(">IH", 8, entries) + entry * entries + struct.pack(">I", 8)


def boxes(small: bytes, times: int) -> bytes:
    """A HEIC or AVIF with so many empty boxes behind its first."""
    first = int.from_bytes(small[:4], "big")
    return small[:first] + b"\0\0\0\x08free" * times + small[first:]


#: What a file claims, how it is made, and what is said of it, or the size of the picture that comes of it.
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
    "a JPEG of 64 thousand scans": (lambda: jpeg_of_many_scans(64, 65_535), "64 × 64"),
    "a JPEG with a profile in 255 parts": (lambda: jpeg_with(0xE2, b"ICC_PROFILE\0\1\xff", 65_000, 255), "64 × 64"),
    "a JPEG with EXIF that goes round": (lambda: jpeg_with(0xE1, round_exif(5_000), 0, 1), "64 × 64"),
    "a JPEG with 700 comments": (lambda: jpeg_with(0xFE, b"", 65_000, 700), "64 × 64"),
    "a PNG with EXIF of 40 MB": (lambda: with_chunk(SMALL, b"eXIf", bytes(40 * MIB)), "64 × 64"),
    "a PNG with three thousand texts of 15 MB": (lambda: texts(3_000), "bomb"),
    "an APNG of a hundred thousand frames": (lambda: moving_png(100_000), "64 × 64"),
    "a GIF of a hundred thousand frames": (lambda: moving_gif(100_000), "64 × 64"),
    "a true GIF of 100 megapixels": (lambda: packed_gif(10_000), "1536 × 1536"),
    "a true TIFF of 100 megapixels": (lambda: packed_tiff(10_000), "1536 × 1536"),
    "a TIFF with a tile of four gigapixels": (lambda: tiled_tiff(65_536), "truncated"),
    "a HEIC of a million boxes": (lambda: boxes(encoded(TEAL, "HEIF"), 1_000_000), "truncated"),
    "an AVIF of a million boxes": (lambda: boxes(encoded(TEAL, "AVIF"), 1_000_000), "truncated"),
}


def crowd() -> float:
    """How many wait for each processor."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


@dataclass
class Toll:
    """What a file took: seconds by the clock, and bytes of its worker's memory at most."""

    outcome: str = ""
    seconds: float = 0.0
    memory: int = 0

    def look(self, pictures: Pictures) -> None:
        """At what the workers have taken so far; one that has ended meanwhile can't be asked any more."""
        for pid in pictures.pids:
            with suppress(OSError, StopIteration):
                self.memory = max(self.memory, peak(pid))


def forget(pictures: Pictures) -> None:
    """The most that its workers ever took."""
    for pid in pictures.pids:
        Path(f"/proc/{pid}/clear_refs").write_text("5", "ascii")


async def toll(pictures: Pictures, data: bytes, longest: int = 1536) -> Toll:
    """One file, its worker watched while it is made fit for a model."""
    forget(pictures)
    found, began = Toll(), time.monotonic()
    with on_disk(data) as file:
        work = asyncio.create_task(pictures.normalise(file, longest))
        while not (await asyncio.wait([work], timeout=LOOKS))[0]:
            found.look(pictures)
    found.look(pictures)
    found.seconds = time.monotonic() - began
    try:
        _, picture = work.result()
    except BadPicture as bad:
        found.outcome = bad.key
    else:
        found.outcome = f"{picture.width} × {picture.height}"
    return found


async def main() -> None:
    sys.stdout.write("| bomb | file | what becomes of it | seconds | memory |\n|---|--:|---|--:|--:|\n")
    async with Pictures() as pictures:
        made = [("a small PNG, for comparison", bytes), *((name, make) for name, (make, _) in BOMBS.items())]
        for name, make in made:
            data = make() or SMALL
            found = await toll(pictures, data)
            size = f"{len(data) / MIB:.1f} MB" if len(data) > MIB // 10 else f"{len(data)} B"
            sys.stdout.write(
                f"| {name} | {size} | {found.outcome} | {found.seconds:.2f} | {found.memory / MIB:.0f} MB |\n"
            )
            sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main())
