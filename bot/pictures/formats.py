"""How each kind of file is opened. Large pictures are not decoded whole where their format can do without."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, BinaryIO

from PIL import AvifImagePlugin, Image, _webp

from bot.errors import BadPicture
from bot.pictures import gamut, png
from bot.pictures.kinds import HEAD, sniff
from bot.pictures.source import PIXEL, Pixels, Source, cut, size_of, turned, whole

THREADS = 2  #: of one decoder; each wants memory of its own
BOXES = 2**16  #: bytes in which a HEIC or AVIF describes itself
REDUCED, DNG = 254, 50706  #: tags of TIFF
WEBP = 12  #: bytes of a pixel: two canvases for an animation, be it of one picture, and a copy
HEIF, AVIF = (5, 9), (10, 14)  #: bytes of a pixel of eight bits, and of one of more


def open_source(file: BinaryIO, longest: int | None) -> Source:
    """The picture in a file; its pixels need not be finer than `longest` asks for. Raises whatever a codec does."""
    Image.MAX_IMAGE_PIXELS = None  # ours is the limit, and it is asked first; Pillow's would warn below it
    file.seek(0)
    kind = sniff(file.read(HEAD))
    file.seek(0)
    if kind == "JPEG":
        return _jpeg(file, longest)
    others: dict[str, Callable[[BinaryIO], Source]] = {
        "PNG": png.open_source,
        "WEBP": _webp_source,
        "HEIF": _heif,
        "AVIF": _avif,
        "TIFF": _tiff,
    }
    return others[kind](file) if kind in others else whole(Image.open(file, formats=(kind,)))


def _jpeg(file: BinaryIO, longest: int | None) -> Source:
    image = Image.open(file, formats=("JPEG",))
    size, kept = image.size, _coefficients(image)
    if longest is not None:
        finer = 2 * longest / max(size)  # than it will be: from there on it is shrunk well
        image.draft(None, (round(image.width * finer) or 1, round(image.height * finer) or 1))
    source = whole(image)
    kind = "progressive JPEG" if kept else "JPEG"
    return replace(source, kind=kind, size=size, weight=source.held + kept)


def _coefficients(image: Image.Image) -> int:
    """Bytes that a progressive JPEG's decoder keeps of the whole picture, however coarse it is wanted."""
    if not image.info.get("progressive"):
        return 0
    layers: list[tuple[int, int]] = [(across, down) for _, across, down, _ in image.layer]  # type: ignore[attr-defined]  # of JPEG alone
    finest = max(across for across, _ in layers) * max(down for _, down in layers)
    return 2 * image.width * image.height * sum(across * down for across, down in layers) // finest


def _tiff(file: BinaryIO) -> Source:
    image = Image.open(file, formats=("TIFF",))
    tags = image.tag_v2  # type: ignore[attr-defined]  # of TIFF alone
    if DNG in tags or int(tags.get(REDUCED, 0)) & 1:  # a camera's own format, with a preview as its first picture
        raise BadPicture("raw")
    source = whole(image)
    copies = 1 if turned(image) == 1 else 2
    return replace(source, weight=source.held * copies + size_of(file))


def _avif(file: BinaryIO) -> Source:
    AvifImagePlugin.DEFAULT_MAX_THREADS = THREADS
    head = file.read(BOXES)
    file.seek(0)
    image = Image.open(file, formats=("AVIF",))
    image.info.setdefault("icc_profile", gamut.profile_of(gamut.number_in(head)))
    source = whole(image)
    return replace(source, weight=source.area * AVIF[_is_deep(head)] + 2 * size_of(file))


def _is_deep(head: bytes) -> bool:
    """Whether AV1 says that its pixels have more than eight bits. Where it says nothing, they may."""
    _, found, said = head.partition(b"av1C")
    return not found or len(said) < 3 or bool(said[2] & 0x40)


def _webp_source(file: BinaryIO) -> Source:
    """Past Pillow's plugin, which would lay out a canvas before the size is known, and copy each pixel twice."""
    size = _webp_size(file.read(30))

    def read() -> Pixels:
        file.seek(0)
        decoder = _webp.WebPAnimDecoder(file.read())
        size, *_, layout = decoder.get_info()
        profile, exif = decoder.get_chunk("ICCP"), decoder.get_chunk("EXIF")
        data, _ = decoder.get_next()
        bands = _rows(size, data, (layout.replace("X", ""), layout, len(layout) * size[0]))
        return Pixels(size, bands, profile, _exif(exif))

    area = size[0] * size[1]
    return Source("WebP", size, area * WEBP + 2 * size_of(file), area * PIXEL, read)


def _webp_size(head: bytes) -> tuple[int, int]:
    def number(at: int, size: int) -> int:
        return int.from_bytes(head[at : at + size], "little")

    match head[12:16]:
        case b"VP8X":
            return number(24, 3) + 1, number(27, 3) + 1
        case b"VP8L":
            return (number(21, 4) & 0x3FFF) + 1, (number(21, 4) >> 14 & 0x3FFF) + 1
        case b"VP8 ":
            return number(26, 2) & 0x3FFF, number(28, 2) & 0x3FFF
    raise BadPicture("truncated")


def _exif(data: bytes | None) -> int:
    note = Image.new("L", (1, 1))
    note.info["exif"] = data
    return turned(note)


def _heif(file: BinaryIO) -> Source:
    """Past its plugin for Pillow, which would copy all of it once more."""
    import pillow_heif  # noqa: PLC0415  # a large library that few pictures need

    options = pillow_heif.options
    options.DECODE_THREADS, options.THUMBNAILS, options.DEPTH_IMAGES, options.AUX_IMAGES = THREADS, False, False, False
    head = file.read(BOXES)
    found = pillow_heif.open_heif(file, convert_hdr_to_8bit=True, remove_stride=False)
    image = found[found.primary_index]
    said: Mapping[str, Any] = image.info

    def read() -> Pixels:  # how it was held is in its pixels already
        bands = _rows(image.size, image.data, (image.mode, image.mode, image.stride))
        return Pixels(image.size, bands, said.get("icc_profile") or gamut.profile_of(gamut.number_in(head)))

    area = image.size[0] * image.size[1]
    weight = area * HEIF[said["bit_depth"] > 8] + 2 * size_of(file)
    return Source("HEIC", image.size, weight, area * len(image.mode), read)


def _rows(size: tuple[int, int], data: Any, layout: tuple[str, str, int]) -> Iterator[Image.Image]:
    """Bands of pixels as a codec hands them out: their mode, their layout in its bytes, and the bytes of a row."""
    mode, raw, stride = layout
    view: Any = memoryview(data)  # which Pillow takes as well as bytes
    for top, bottom in cut(size):
        band = view[top * stride : bottom * stride]
        yield Image.frombuffer(mode, (size[0], bottom - top), band, "raw", raw, stride, 1)
