"""What workers do: a file in, a picture encoded anew out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from io import BytesIO
from types import MappingProxyType
from typing import BinaryIO

from PIL import Image

from bot.errors import BadPicture
from bot.pictures.cutout import sticker
from bot.pictures.drawing import drawn
from bot.pictures.formats import open_source
from bot.pictures.looking import looked_at
from bot.pictures.orders import LOOK, Heavy, Limits, Made, Order, mib
from bot.pictures.shrinking import shrunk
from bot.pictures.source import PIXEL, Source, size_of
from bot.pictures.thumbnail import thumbnail

QUALITY = 92  #: of a JPEG for the model: hardly smaller files below, visible loss after a few edits
PACKED = 4  #: how hard a PNG is packed: harder takes twice as long, for three parts in a hundred
QUALITIES = (95, 92, 88, 84, 80, 75)  #: tried in turn for a copy that Discord takes
SHRINK = 0.8  #: then each side, again and again
NARROW, SMALL = 1.5, 3  #: how often the narrow picture and the finished one are there for a moment
COPY = 15  #: bytes of a pixel, for a copy in full size: the picture, a smaller one, and what a codec makes of it
SEE_THROUGH = 8_000_000  #: pixels of a copy in WebP, whose codec wants 25 bytes for each
BESIDE = 2**24  #: bytes for all the rest; Pillow takes memory in blocks as large


def carried_out(order: Order, file: BinaryIO) -> Made | Heavy:
    """The picture that was ordered. Raises BadPicture."""
    try:
        if order.work == "draw":
            return drawn(file)
        if order.work == "copy":
            return _copied(order, file)
        if order.work == "small" and (made := thumbnail(order, file)):
            return made
        small = _small(order, file)
        return small if isinstance(small, Heavy) else MADE_OF_SMALL[order.work](small)
    except BadPicture:
        raise
    except MemoryError as error:
        raise BadPicture("heavy") from error
    except Exception as error:  # a hostile file makes a codec raise anything at all
        raise BadPicture("truncated") from error


def _small(order: Order, file: BinaryIO) -> Image.Image | Heavy:
    if (size := size_of(file)) > order.limits.size:
        raise BadPicture("too_many_bytes", size=mib(size), limit=mib(order.limits.size))
    source = open_source(file, order.longest)
    _refuse_by_size(source, order.limits)
    if heavy := _heavy(source, order, _shrinking(source, order.longest)):
        return heavy
    del source  # opened anew, so that nothing holds on to the pixels once they are shrunk
    return shrunk(open_source(file, order.longest).read(), order.longest)


def _looked_at(image: Image.Image) -> Made:
    return Made(looked_at(image), LOOK, *image.size)


def _normalised(image: Image.Image) -> Made:
    name = "PNG" if image.mode == "RGBA" else "JPEG"
    return _made(image, name, QUALITY, subsampling="4:4:4", compress_level=PACKED)  # a red line stays a line


MADE_OF_SMALL: Mapping[str, Callable[[Image.Image], Made]] = MappingProxyType(
    {"look": _looked_at, "normalise": _normalised, "small": _normalised, "cut_out": sticker}
)


def _copied(order: Order, file: BinaryIO) -> Made | Heavy:
    source = open_source(file, None)
    if heavy := _heavy(source, order, max(source.held + source.area * PIXEL, source.area * COPY)):
        return heavy
    largest, area = max(source.size), source.area
    del source  # as above
    image = shrunk(open_source(file, None).read(), largest)
    name = "WEBP" if image.mode == "RGBA" else "JPEG"
    if name == "WEBP" and area > SEE_THROUGH:
        image = _scaled(image, (SEE_THROUGH / area) ** 0.5)
    for copy in _copies(image, name):
        if len(copy.data) <= order.largest:
            return copy
    raise BadPicture("too_many_bytes", size=mib(size_of(file)), limit=mib(order.largest))


def _refuse_by_size(source: Source, limits: Limits) -> None:
    width, height = source.size
    megapixels = source.area / 1_000_000
    if megapixels > limits.megapixels:
        raise BadPicture("too_large_pixels", megapixels=round(megapixels), limit=limits.megapixels)
    if min(source.size) < limits.shortest_side:
        raise BadPicture("too_small", width=width, height=height)


def _heavy(source: Source, order: Order, work: int) -> Heavy | None:
    """What it will weigh, if that is more than it may take now. Raises BadPicture if it is more than there ever is."""
    weight = max(source.weight, work)
    room = order.limits.memory - BESIDE
    if weight > room:
        megapixels = source.area / 1_000_000
        raise BadPicture(
            "too_large_kind",
            kind=source.kind,
            megapixels=round(megapixels),
            limit=int(megapixels * room / weight),
        )
    return Heavy(weight + BESIDE) if weight + BESIDE > order.memory else None


def _shrinking(source: Source, longest: int) -> int:
    """Bytes that it takes to make it small: narrow and still high beside the whole, then small beside that."""
    scale = min(1.0, longest / max(source.size))
    narrow = PIXEL * source.area * scale
    return int(max(source.held + narrow, NARROW * narrow + SMALL * scale * narrow))


def _made(image: Image.Image, name: str, quality: int, **options: object) -> Made:
    image.info.clear()  # some of it would be written into the file
    out = BytesIO()
    image.save(out, name, quality=quality, **options)
    return Made(out.getvalue(), name, image.width, image.height)


def _copies(image: Image.Image, name: str) -> Iterable[Made]:
    """The same picture in ever fewer bytes: first a lower quality, then fewer pixels."""
    for quality in QUALITIES:
        yield _made(image, name, quality)
    while min(image.size) * SHRINK >= 1:
        image = _scaled(image, SHRINK)
        yield _made(image, name, QUALITIES[2])


def _scaled(image: Image.Image, scale: float) -> Image.Image:
    return image.resize((int(image.width * scale), int(image.height * scale)), Image.Resampling.LANCZOS)
