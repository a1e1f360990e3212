"""The Pillow door: what a file is, and the picture in it made fit for a model or for Discord.

Decoding takes milliseconds to seconds, so it happens on an executor: a few threads of our own, or whatever executor
is handed in (the functions that run there are plain ones that travel to another process as well).
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from types import TracebackType
from typing import Self, TypeVar

from PIL import Image, ImageCms, ImageOps

from bot.errors import BadPicture
from bot.model import Picture

Result = TypeVar("Result")

MIMES = {
    "PNG": "image/png",
    "JPEG": "image/jpeg",
    "WEBP": "image/webp",
    "GIF": "image/gif",
    "BMP": "image/bmp",
    "TIFF": "image/tiff",
    "HEIF": "image/heic",
    "AVIF": "image/avif",
}
STILL = {
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF87a": "GIF",
    b"GIF89a": "GIF",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"BM": "BMP",
}
MOVING = (b"\x1aE\xdf\xa3", b"FLV\x01", b"OggS", b"\0\0\1\xba", b"\0\0\1\xb3", b"0&\xb2u\x8ef\xcf\x11")
HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
QUALITY = 92  #: of a JPEG for the model: hardly smaller files below, visible loss after a few edits
QUALITIES = (95, 92, 88, 84, 80, 75)  #: tried in turn for a copy that Discord takes
SHRINK = 0.8  #: then each side, again and again


@dataclass(frozen=True, slots=True)
class Limits:
    """What is refused before a single pixel is decoded."""

    size: int = 50 * 2**20  #: bytes
    megapixels: int = 100
    shortest_side: int = 8  #: pixels; less is a tracking dot or a mistake


LIMITS = Limits()


class Pictures:
    """Decodes and encodes, `at_once` pictures at a time; the others wait."""

    def __init__(self, at_once: int = 2, *, executor: Executor | None = None, limits: Limits = LIMITS) -> None:
        self._executor = executor or ThreadPoolExecutor(at_once, thread_name_prefix="pictures")
        self._lent = executor is not None
        self._limits = limits

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self._lent:
            await asyncio.to_thread(self._executor.shutdown, cancel_futures=True)

    async def normalise(self, data: bytes, longest_side: int) -> tuple[bytes, Picture]:
        """Any picture as an upright sRGB PNG (where something shows through) or JPEG without metadata.

        `longest_side` is in pixels; smaller pictures keep their size. Raises BadPicture.
        """
        return await self._run(_normalise, data, longest_side, self._limits)

    async def fit(self, data: bytes, limit: int) -> tuple[bytes, str]:
        """Bytes and file extension of at most `limit` bytes: the original if it fits, else the best copy that does."""
        return await self._run(_fit, data, limit)

    async def describe(self, data: bytes) -> Picture:
        """What these bytes are. They are neither decoded nor changed. Raises BadPicture."""
        return await self._run(_describe, data)

    async def _run(self, work: Callable[..., Result], *args: object) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._executor, work, *args)


def sniff(data: bytes) -> str:
    """Pillow's name of the format, by the first bytes and never by the file's name. Raises BadPicture."""
    if not data:
        raise BadPicture("empty")
    for magic, name in STILL.items():
        if data.startswith(magic):
            return name
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    return _container(data) or _refused(data)


def _container(data: bytes) -> str | None:
    """HEIC and AVIF share their box format with video; the brands tell."""
    if data[4:8] != b"ftyp":
        return None
    size = min(int.from_bytes(data[:4], "big"), 256)
    brands = {data[8:12], *(data[at : at + 4] for at in range(16, size, 4))}
    if brands & {b"avif", b"avis"}:
        return "AVIF"
    return "HEIF" if brands & HEIC_BRANDS else None


def _refused(data: bytes) -> str:
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"%!PS") or (head.startswith(b"<") and b"<svg" in head.lower()):
        raise BadPicture("vector")
    boxed = data[4:8] in {b"ftyp", b"moov", b"mdat"}
    if boxed or data.startswith(MOVING) or (data[:4] == b"RIFF" and data[8:12] == b"AVI "):
        raise BadPicture("video")
    raise BadPicture("not_a_picture")


def _normalise(data: bytes, longest_side: int, limits: Limits) -> tuple[bytes, Picture]:
    if len(data) > limits.size:
        raise BadPicture("too_many_bytes", size=_mib(len(data)), limit=_mib(limits.size))
    with _opened(data) as image:
        _refuse_by_size(image, limits)
        pixels = _without_dull_alpha(_pixels(image, longest_side))
        name = "PNG" if pixels.mode == "RGBA" else "JPEG"
        encoded = _encoded(pixels, name, quality=QUALITY, subsampling="4:4:4")  # a red line on blue stays a line
    return encoded, _described(encoded, name, pixels.size)


def _fit(data: bytes, limit: int) -> tuple[bytes, str]:
    name = sniff(data)
    if len(data) <= limit:
        return data, MIMES[name].removeprefix("image/").replace("jpeg", "jpg")
    with _opened(data) as image:
        pixels = _pixels(image, max(image.size))
    name = "WEBP" if pixels.mode == "RGBA" else "JPEG"
    small_enough = (copy for copy in _copies(pixels, name) if len(copy) <= limit)
    copy = next(small_enough, None)
    if copy is None:
        raise BadPicture("too_many_bytes", size=_mib(len(data)), limit=_mib(limit))
    return copy, name.lower().replace("jpeg", "jpg")


def _describe(data: bytes) -> Picture:
    with _opened(data) as image:
        return _described(data, sniff(data), image.size)


def _described(data: bytes, name: str, size: tuple[int, int]) -> Picture:
    return Picture(hashlib.sha256(data).hexdigest(), MIMES[name], *size, size=len(data))


@contextmanager
def _opened(data: bytes) -> Iterator[Image.Image]:
    name = sniff(data)
    if name == "HEIF":
        _learn_heif()
    Image.MAX_IMAGE_PIXELS = None  # ours is the limit, and it is asked first; Pillow's would warn below it
    try:
        with Image.open(BytesIO(data), formats=(name,)) as image:
            yield image
    except BadPicture:
        raise
    except Exception as error:  # a hostile file makes a codec raise anything at all
        raise BadPicture("truncated") from error


def _learn_heif() -> None:
    from pillow_heif import register_heif_opener  # noqa: PLC0415  # a large library that few pictures need

    if "HEIF" not in Image.OPEN:
        register_heif_opener()


def _refuse_by_size(image: Image.Image, limits: Limits) -> None:
    megapixels = image.width * image.height / 1_000_000
    if megapixels > limits.megapixels:
        raise BadPicture("too_large_pixels", megapixels=round(megapixels), limit=limits.megapixels)
    if min(image.size) < limits.shortest_side:
        raise BadPicture("too_small", width=image.width, height=image.height)


def _pixels(image: Image.Image, longest_side: int) -> Image.Image:
    """The picture as people see it, upright and in sRGB: RGB, or RGBA where the file has transparency."""
    profile = image.info.get("icc_profile")
    if image.mode not in {"RGB", "L", "CMYK", "YCbCr"} or image.has_transparency_data:
        image = _true_colour(image)
    image.thumbnail((longest_side, longest_side), Image.Resampling.LANCZOS, reducing_gap=3.0)
    return _srgb(ImageOps.exif_transpose(image), profile)


def _true_colour(image: Image.Image) -> Image.Image:
    """Palettes, bits and deep greys as eight-bit channels, which alone can be shrunk well."""
    if image.mode.startswith("I;16"):
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    try:
        if profile:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=mode)
            image = converted or image
    except (ImageCms.PyCMSError, OSError):
        pass  # a broken profile, or one of another colour space: the numbers as they are come closest
    return image if image.mode == mode else image.convert(mode)


def _without_dull_alpha(image: Image.Image) -> Image.Image:
    """Transparency that hides nothing would only make a PNG of a photograph."""
    if image.mode == "RGBA" and image.getchannel("A").getextrema() == (255, 255):
        return image.convert("RGB")
    return image


def _encoded(image: Image.Image, name: str, **options: object) -> bytes:
    image.info.clear()  # some of it would be written into the file
    out = BytesIO()
    image.save(out, name, **options)
    return out.getvalue()


def _copies(image: Image.Image, name: str) -> Iterable[bytes]:
    """The same picture in ever fewer bytes: first a lower quality, then fewer pixels."""
    for quality in QUALITIES:
        yield _encoded(image, name, quality=quality)
    while min(image.size) * SHRINK >= 1:
        image = image.resize((int(image.width * SHRINK), int(image.height * SHRINK)), Image.Resampling.LANCZOS)
        yield _encoded(image, name, quality=QUALITIES[2])


def _mib(size: int) -> str:
    return f"{size / 2**20:.3g} MiB"
