"""PNG: texts that nobody reads are left out, and a large picture is unpacked a few rows at a time, never whole.

Each band of rows is wrapped up as a small PNG of its own, which Pillow decodes. A row is told by its difference to the
row above, so the first of each is the last one of the band before, plain.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from io import BytesIO
from typing import BinaryIO, NamedTuple

from PIL import Image

from bot.errors import BadPicture
from bot.pictures.gamut import profile_of
from bot.pictures.source import Pixels, Source, cut, memory, size_of, turned, whole

MAGIC = b"\x89PNG\r\n\x1a\n"
LARGE = 48 * 2**20  #: bytes in memory; a smaller picture is decoded whole, which is faster
WORDS, PROFILE = 2**16, 2**20  #: bytes of a text and of a profile that are read
BOMB = 2**24  #: bytes that all of them together never have
PIECE = 2**16  #: bytes that are unpacked at a time
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  #: by the type of colour
COLOURS = {1: 0, 2: 4, 3: 2, 4: 6}  #: types of colour without a palette, by their channels
PACKED = {b"zTXt", b"iTXt", b"iCCP"}
READ = {b"IHDR", b"PLTE", b"tRNS", b"eXIf", b"tEXt", *PACKED}


class Chunk(NamedTuple):
    """A part of the file: what it is, and where its contents are."""

    kind: bytes
    at: int
    size: int


class Header(NamedTuple):
    """What IHDR says."""

    width: int
    height: int
    depth: int
    colour: int
    compression: int
    filtering: int
    interlaced: int

    @property
    def channels(self) -> int:
        """Numbers of a pixel."""
        return CHANNELS[self.colour]

    @property
    def row(self) -> int:
        """Bytes of a row, with the one in front that says how it is written."""
        return 1 + (self.width * self.channels * self.depth + 7) // 8


def open_source(file: BinaryIO) -> Source:
    """A PNG, its pixels unread."""
    chunks = list(_chunks(file))
    header = Header(*struct.unpack(">IIBBBBB", _contents(file, chunks[0])))
    front = MAGIC + b"".join(_front(file, chunks))
    head = Image.open(BytesIO(front + _chunk(b"IDAT", b"")), formats=("PNG",))
    profile = head.info.get("icc_profile") or _named(file, chunks)
    data = [each for each in chunks if each.kind == b"IDAT"]
    if header.interlaced or memory(head) < LARGE:
        held = memory(head) + 2 * size_of(file)
        kind = "interlaced PNG" if header.interlaced else "PNG"
        return Source(kind, head.size, held, held, lambda: replace(_whole(file, front, data), profile=profile))
    _, step = next(cut(head.size))
    held = (step + 1) * (3 * header.row + 12 * header.width)
    bands = _bands(head, header, _unpacked(file, data))
    pixels = Pixels(head.size, bands, profile, turned(head))
    return Source("PNG", head.size, held, held, lambda: pixels)


def _named(file: BinaryIO, chunks: Sequence[Chunk]) -> bytes | None:
    """The colours that it names by a number."""
    said = [_contents(file, each) for each in chunks if each.kind == b"cICP" and each.size == 4]
    return profile_of(said[0][0]) if said else None


def _chunks(file: BinaryIO) -> Iterator[Chunk]:
    at, end = len(MAGIC), size_of(file)
    while True:
        file.seek(at)
        start = file.read(8)
        size, kind = min(int.from_bytes(start[:4], "big"), end), start[4:]  # as much as it says would be made room for
        if len(kind) < 4 or kind == b"IEND":
            return
        yield Chunk(kind, at + 8, size)
        at += 12 + size


def _front(file: BinaryIO, chunks: Sequence[Chunk]) -> Iterator[bytes]:
    """What stands before the pixels, but for long texts, for which Pillow would refuse it. Raises BadPicture."""
    room = BOMB
    for chunk in (each for each in chunks if each.kind in READ):
        size = chunk.size
        if chunk.kind in PACKED:
            size = _unpacked_size(file, chunk, room)
            room -= size
            if room <= 0:
                raise BadPicture("bomb")
        if size <= (PROFILE if chunk.kind == b"iCCP" else WORDS):
            yield _copied(file, chunk)


def _unpacked_size(file: BinaryIO, chunk: Chunk, most: int) -> int:
    """Bytes of a text or a profile, no more of them unpacked than may be."""
    _, _, packed = _contents(file, chunk).partition(b"\0")
    start = packed.find(b"\x78")  # zlib's first byte, behind what each of them says of itself
    try:
        unpacked = zlib.decompressobj().decompress(packed[start:], most) if start >= 0 else b""
    except zlib.error:
        unpacked = b""  # a text that is not packed
    return max(len(unpacked), len(packed))


def _contents(file: BinaryIO, chunk: Chunk) -> bytes:
    file.seek(chunk.at)
    return file.read(chunk.size)


def _copied(file: BinaryIO, chunk: Chunk) -> bytes:
    file.seek(chunk.at - 8)
    return file.read(chunk.size + 12)


def _chunk(kind: bytes, contents: bytes) -> bytes:
    return b"".join((len(contents).to_bytes(4, "big"), kind, contents, zlib.crc32(kind + contents).to_bytes(4, "big")))


def _whole(file: BinaryIO, front: bytes, data: Sequence[Chunk]) -> Pixels:
    pieces = (front, *(_copied(file, each) for each in data), _chunk(b"IEND", b""))
    return whole(Image.open(BytesIO(b"".join(pieces)), formats=("PNG",))).read()


def _unpacked(file: BinaryIO, data: Sequence[Chunk]) -> Iterator[bytes]:
    """The rows as they are written, in pieces of a few bytes up to PIECE times four."""
    stream = zlib.decompressobj()
    for chunk in data:
        for start in range(0, chunk.size, PIECE):
            file.seek(chunk.at + start)
            packed = file.read(min(PIECE, chunk.size - start))
            while packed:
                yield stream.decompress(packed, 4 * PIECE)
                packed = stream.unconsumed_tail


def _bands(head: Image.Image, header: Header, unpacked: Iterator[bytes]) -> Iterator[Image.Image]:
    above, rest = bytes(1 + (header.row - 1) // (2 if header.depth == 16 else 1)), b""
    for top, bottom in cut(head.size):
        written, wanted = bytearray(rest), (bottom - top) * header.row
        while len(written) < wanted:
            piece = next(unpacked, None)
            if piece is None:
                raise BadPicture("truncated")
            written += piece
        rest = bytes(written[wanted:])
        del written[wanted:]
        band, above = _decoded(header, above, written)
        yield _meant(band, head, header)


def _decoded(header: Header, above: bytes, written: bytearray) -> tuple[Image.Image, bytes]:
    """The rows below `above` as bytes that stand for themselves, and the last of them as the next ones need it."""
    if header.depth == 16:  # the upper halves of its numbers are a PNG of eight bits
        written = _upper(written, header.row)
    channels = header.channels if header.depth >= 8 else 1
    width, rows = (len(above) - 1) // channels, len(written) // len(above)
    front = struct.pack(">IIBBBBB", width, rows + 1, 8, COLOURS[channels], 0, 0, 0)
    data = zlib.compress(above + written, 0)
    image = Image.open(BytesIO(MAGIC + _chunk(b"IHDR", front) + _chunk(b"IDAT", data)), formats=("PNG",))
    last = image.crop((0, rows, width, rows + 1)).tobytes()
    return image.crop((0, 1, width, rows + 1)), b"\0" + last


def _upper(written: bytearray, row: int) -> bytearray:
    return bytearray().join(
        written[start : start + 1] + written[start + 1 : start + row : 2] for start in range(0, len(written), row)
    )


def _meant(band: Image.Image, head: Image.Image, header: Header) -> Image.Image:
    """The bytes as the picture's pixels."""
    if header.depth < 8 or head.mode == "P":
        layout = head.tile[0].args  # type: ignore[attr-defined]  # of files alone
        band = Image.frombytes(head.mode, (head.width, band.height), band.tobytes(), "raw", layout)
    if head.palette is not None:
        layout, colours = head.palette.getdata()
        band.putpalette(colours, layout)
    if header.depth < 16 and "transparency" in head.info:
        band.info["transparency"] = head.info["transparency"]
    return band
