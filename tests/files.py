"""Files as people attach them, good, odd and hostile: all made by code, none kept in the repository."""

from __future__ import annotations

import random
import struct
import tempfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import skimage
from PIL import Image, ImageCms

PHOTOS = Path(skimage.__file__).parent / "data"
FORMATS = ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "HEIF", "AVIF"]
MAGIC = b"\x89PNG\r\n\x1a\n"
MP4 = b"\0\0\0\x18ftypisom\0\0\2\0isomiso2" + bytes(400)
ORIENTATION, GPS = 0x0112, 0x8825

Chunks = list[tuple[bytes, bytes]]


def photograph() -> Image.Image:
    """Eileen Collins, 512 pixels square."""
    with Image.open(PHOTOS / "astronaut.png") as image:
        return image.convert("RGB")


def encoded(image: Image.Image, name: str, **options: Any) -> bytes:
    """The picture as a file."""
    if name == "HEIF":
        from pillow_heif import register_heif_opener

        register_heif_opener()
    out = BytesIO()
    image.save(out, name, **options)
    return out.getvalue()


def on_disk(data: bytes) -> BinaryIO:
    """A file without a name that holds these bytes."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
    file.write(data)
    file.flush()
    return file


def noise(width: int, height: int, mode: str = "L") -> Image.Image:
    """A picture that no format makes small, and always the same one."""
    size = width * height * len(mode)
    return Image.frombytes(mode, (width, height), random.Random(7).randbytes(size))


def see_through(image: Image.Image) -> Image.Image:
    """With more and more to be seen from the top down."""
    image = image.copy()
    image.putalpha(Image.linear_gradient("L").resize(image.size))
    return image


def png(chunks: Chunks) -> bytes:
    """A PNG of these chunks."""
    return MAGIC + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )


def header(width: int, height: int, depth: int = 8, colour: int = 2, interlaced: int = 0) -> tuple[bytes, bytes]:
    """What a PNG says of itself."""
    return b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlaced)


def lying_png(width: int, height: int) -> bytes:
    """A PNG that claims to be that large, and is a few hundred bytes."""
    return png([header(width, height), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b"")])


def gif(width: int, height: int) -> bytes:
    """A GIF that claims to be that large."""
    screen = struct.pack("<HHBBB", width, height, 0x80, 0, 0)
    return b"GIF89a" + screen + bytes(6) + b"," + struct.pack("<HHHHB", 0, 0, width, height, 0) + b"\x02\x01\x44\0;"


def webp(width: int, height: int) -> bytes:
    """A WebP that claims to be that large."""
    body = b"VP8L" + struct.pack("<I", 5) + b"\x2f" + struct.pack("<I", (width - 1) | (height - 1) << 14) + b"\0"
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WEBP" + body


def plain_png(width: int, height: int) -> bytes:
    """A true PNG of black pixels, a thousandth as large as they are."""
    packer, row = zlib.compressobj(9), bytes(1 + 3 * width)
    data = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    return png([header(width, height), (b"IDAT", data), (b"IEND", b"")])


def parts(data: bytes) -> Chunks:
    """The chunks of a PNG."""
    return list(_parts(data))


def _parts(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(MAGIC)
    while at < len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        yield data[at + 4 : at + 8], data[at + 8 : at + 8 + size]
        at += 12 + size


def with_chunk(data: bytes, kind: bytes, body: bytes) -> bytes:
    """The PNG with one more chunk behind its header."""
    first, *rest = parts(data)
    return png([first, (kind, body), *rest])


def srgb() -> bytes:
    """The usual profile."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def profile_of(**colourants: tuple[float, float, float]) -> bytes:
    """The usual profile with other colourants, as XYZ under D50: `rXYZ`, `gXYZ`, `bXYZ`."""
    profile = bytearray(srgb())
    for name, xyz in colourants.items():
        entry = profile.index(name.encode())
        at = int.from_bytes(profile[entry + 4 : entry + 8], "big")
        profile[at : at + 20] = b"XYZ \0\0\0\0" + b"".join(struct.pack(">i", round(65536 * each)) for each in xyz)
    return bytes(profile)


def display_p3() -> bytes:
    """The colours of Apple's screens and cameras."""
    return profile_of(
        rXYZ=(0.51512, 0.24120, -0.00105), gXYZ=(0.29198, 0.69225, 0.04189), bXYZ=(0.15710, 0.06657, 0.78407)
    )


def press(inks: dict[tuple[int, int, int, int], tuple[float, float, float]]) -> bytes:
    """A profile for print: Lab colours of full inks (cyan, magenta, yellow, black: 0 or 1), white for the others."""
    corners = [(c, m, y, k) for c in (0, 1) for m in (0, 1) for y in (0, 1) for k in (0, 1)]
    colours = [inks.get(corner, (100.0, 0.0, 0.0)) for corner in corners]
    straight = bytes(range(256))
    grid = bytes(value for light, a, b in colours for value in (round(light * 2.55), round(a + 128), round(b + 128)))
    unity = struct.pack(">9i", *(65536 * (at % 4 == 0) for at in range(9)))
    table = b"mft1" + bytes(4) + bytes([4, 3, 2, 0]) + unity + straight * 4 + grid + straight * 3
    white = b"XYZ " + bytes(4) + struct.pack(">3i", 63190, 65536, 54061)
    return _icc([(b"A2B0", table), (b"wtpt", white)])


def _icc(tags: Chunks) -> bytes:
    at, entries, body = 132 + 12 * len(tags), b"", b""
    for name, content in tags:
        padded = content + bytes(-len(content) % 4)
        entries += name + struct.pack(">II", at + len(body), len(content))
        body += padded
    front = (
        struct.pack(">I", at + len(body)) + bytes(4) + bytes([2, 0x40, 0, 0]) + b"prtrCMYKLab " + bytes(12) + b"acsp"
    )
    front += bytes(28) + struct.pack(">3i", 63190, 65536, 54061)
    return front.ljust(128, b"\0") + struct.pack(">I", len(tags)) + entries + body
