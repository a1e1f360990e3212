"""Pictures of up to a hundred megapixels, and what they may cost: the bot with its workers stays under 500 MB."""

from __future__ import annotations

import asyncio
import random
import threading
import time
import zlib
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from io import BytesIO

import psutil
import pytest
import pytest_asyncio
from PIL import Image, ImageChops, ImageStat

from bot.errors import BadPicture
from bot.pictures import Limits, Pictures, png
from bot.pictures.formats import open_source
from bot.pictures.shrinking import shrunk
from tests.files import encoded, header, on_disk, photograph, see_through
from tests.files import png as png_of

pytestmark = [pytest.mark.asyncio(loop_scope="module")]
WORKERS = 330e6  #: bytes of all workers together; a bot at work has some 120 MB of its own


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pictures() -> AsyncIterator[Pictures]:
    async with Pictures(limits=Limits(seconds=60.0)) as door:  # however busy the machine is
        yield door


async def normalised(pictures: Pictures, data: bytes) -> Image.Image:
    with on_disk(data) as file:
        made, _ = await pictures.normalise(file, 1536)
    return Image.open(BytesIO(made))


def difference(one: Image.Image, other: Image.Image) -> float:
    return max(ImageStat.Stat(ImageChops.difference(one.convert("RGBA"), other.convert("RGBA"))).mean)


class Watch:
    """The most memory that the workers had together, their shared pages counted once."""

    def __init__(self) -> None:
        self.most = 0

    @contextmanager
    def over(self, pictures: Pictures) -> Iterator[None]:
        done = threading.Event()

        def look() -> None:
            while not done.wait(0.005):
                self.most = max(self.most, sum(_memory(pid) for pid in pictures.pids))

        thread = threading.Thread(target=look)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()


def _memory(pid: int) -> int:
    try:
        return int(psutil.Process(pid).memory_full_info().pss)
    except psutil.Error:
        return 0


def scene(size: tuple[int, int], mode: str = "RGB") -> Image.Image:
    """A photograph in coarse squares, at any size: quickly made, and quickly packed."""
    image = photograph().resize((64, 64)).resize(size, Image.Resampling.NEAREST)
    return see_through(image) if mode == "RGBA" else image.convert(mode)


MP100, MP48, MP24, MP20 = (11_500, 8_690), (8_064, 6_048), (5_656, 4_242), (5_164, 3_873)
QUICK = {"quality": 10, "tile_size": 2048, "enc_params": {"preset": "ultrafast"}}
GIANTS: dict[str, Callable[[], bytes]] = {
    "a JPEG of 100 megapixels": lambda: encoded(scene(MP100), "JPEG"),
    "a print of 100 megapixels": lambda: encoded(scene(MP100, "CMYK"), "JPEG"),
    "a progressive JPEG of 48 megapixels": lambda: encoded(scene(MP48), "JPEG", progressive=True),
    "a PNG of 100 megapixels": lambda: encoded(scene(MP100), "PNG", compress_level=1),
    "a see-through PNG of 48 megapixels": lambda: encoded(scene(MP48, "RGBA"), "PNG", compress_level=1),
    "a PNG with a palette, of 48 megapixels": lambda: encoded(scene(MP48, "P"), "PNG", compress_level=1),
    "a GIF of 100 megapixels": lambda: encoded(scene(MP100, "L"), "GIF"),
    "a BMP of 48 megapixels": lambda: encoded(scene(MP48, "L"), "BMP"),
    "a TIFF of 48 megapixels": lambda: encoded(scene(MP48), "TIFF", compression="jpeg"),
    "a fax of 100 megapixels": lambda: encoded(Image.new("1", MP100), "TIFF", compression="group4"),
    "a HEIC of 48 megapixels": lambda: encoded(Image.new("RGB", MP48, "teal"), "HEIF", **QUICK),
    "a WebP of 20 megapixels": lambda: encoded(scene(MP20), "WEBP", method=0),
    "a lossless WebP of 20 megapixels": lambda: encoded(scene(MP20), "WEBP", lossless=True, method=0, quality=0),
    "an AVIF of 24 megapixels": lambda: encoded(scene(MP24), "AVIF", speed=10),
}
TOO_MUCH: dict[str, Callable[[], bytes]] = {
    "AVIF": lambda: encoded(scene(MP48), "AVIF", speed=10),
    "TIFF": lambda: encoded(scene(MP100), "TIFF", compression="jpeg"),
    "progressive JPEG": lambda: encoded(scene(MP100), "JPEG", progressive=True),
    "WebP": lambda: encoded(scene(MP24), "WEBP", method=0),
}


@pytest.mark.parametrize("make", GIANTS.values(), ids=GIANTS)
async def test_a_giant_is_read_within_the_memory_there_is(pictures, make):
    data, watch = make(), Watch()
    with watch.over(pictures):
        image = await normalised(pictures, data)
    assert max(image.size) == 1536
    assert 0 < watch.most < WORKERS


@pytest.mark.parametrize(("kind", "make"), TOO_MUCH.items(), ids=TOO_MUCH)
async def test_what_its_kind_can_not_do_in_that_memory_is_said_with_what_it_can(pictures, kind, make):
    with pytest.raises(BadPicture) as caught:
        await normalised(pictures, make())
    assert caught.value.values["kind"] == kind
    assert 18 <= int(str(caught.value.values["limit"])) < int(str(caught.value.values["megapixels"]))


@pytest.mark.parametrize(
    ("name", "mode", "extension"), [("PNG", "RGB", "jpg"), ("JPEG", "RGB", "jpg"), ("PNG", "RGBA", "webp")]
)
async def test_of_the_largest_picture_that_a_model_paints_a_copy_is_made(pictures, name, mode, extension):
    data, watch = encoded(scene((4096, 4096), mode), name, **({"compress_level": 1} if name == "PNG" else {})), Watch()
    with watch.over(pictures):
        copy, kind = await pictures.fit(data, len(data) // 2)
    assert (kind, len(copy) <= len(data) // 2) == (extension, True)
    assert watch.most < WORKERS


async def test_a_crowd_of_giants_goes_one_after_the_other(pictures):
    giants = [encoded(scene(MP100), "JPEG"), encoded(scene(MP48), "JPEG", progressive=True)]
    giants += [encoded(scene(MP20), "WEBP", method=0), encoded(scene(MP48), "TIFF", compression="jpeg")]
    watch = Watch()
    with watch.over(pictures):
        made = await asyncio.gather(*(normalised(pictures, each) for each in (*giants, giants[1])))
    assert {max(each.size) for each in made} == {1536}
    assert watch.most < WORKERS


async def test_what_was_taken_for_giants_is_given_back(pictures):
    async with asyncio.timeout(10):
        while sum(_memory(pid) for pid in pictures.pids) > 120e6:  # noqa: ASYNC110 - other processes' memory
            await asyncio.sleep(0.05)


async def test_a_small_picture_need_not_wait_for_a_giant(pictures):
    giant, small = encoded(scene(MP100), "PNG", compress_level=1), encoded(scene((64, 64)), "PNG")
    task = asyncio.create_task(normalised(pictures, giant))
    await asyncio.sleep(0.2)
    began = time.monotonic()
    await normalised(pictures, small)
    waited = time.monotonic() - began
    began = time.monotonic()
    await task
    assert waited < time.monotonic() - began


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "P", "CMYK"])
async def test_a_giant_looks_as_it_would_had_it_been_shrunk_whole(pictures, mode):
    source = photograph().resize((7_000, 5_000), Image.Resampling.BICUBIC)
    source = see_through(source) if mode == "RGBA" else source.convert(mode)
    name = "JPEG" if mode == "CMYK" else "PNG"
    made = await normalised(pictures, encoded(source, name, **({} if mode == "CMYK" else {"compress_level": 1})))
    whole = source.convert("RGBA" if mode == "RGBA" else "RGB").resize((1536, 1097), Image.Resampling.LANCZOS)
    assert made.size == whole.size
    assert difference(made, whole) < 2.5


TYPES = [(1, 0), (2, 0), (4, 0), (8, 0), (16, 0), (8, 2), (16, 2), (1, 3), (2, 3), (4, 3), (8, 3)]
TYPES += [(8, 4), (16, 4), (8, 6), (16, 6)]
SIZE = (1_531, 1_400)  #: three bands, and rows that end within a byte


@pytest.mark.parametrize(("depth", "colour"), TYPES)
@pytest.mark.parametrize("transparent", [False, True])
async def test_a_png_in_bands_is_to_the_bit_what_pillow_makes_of_it_whole(monkeypatch, depth, colour, transparent):
    """Any bytes are rows of some picture, and each row is told in one of five ways."""
    chance, width = random.Random(depth * 10 + colour), SIZE[0]
    row = (width * {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour] * depth + 7) // 8
    rows = b"".join(bytes([chance.randrange(5)]) + chance.randbytes(row) for _ in range(SIZE[1]))
    palette = [(b"PLTE", chance.randbytes(3 << depth))] if colour == 3 else []
    hidden = {0: b"\0\1", 2: bytes(6), 3: bytes([0, 128])}.get(colour) if transparent and depth < 16 else None
    shown = [(b"tRNS", hidden)] if hidden else []
    data = png_of([header(*SIZE, depth, colour), *palette, *shown, (b"IDAT", zlib.compress(rows, 1)), (b"IEND", b"")])
    made = []
    for large in (0, 2**40):
        monkeypatch.setattr(png, "LARGE", large)
        with on_disk(data) as file:
            made.append(shrunk(open_source(file, 900).read(), 900))
    assert made[0].mode == made[1].mode
    assert made[0].tobytes() == made[1].tobytes()


async def test_a_large_png_that_ends_too_early_is_refused(pictures):
    whole = encoded(scene((6_000, 4_000)), "PNG", compress_level=1)
    for part in (0.2, 0.98):
        with pytest.raises(BadPicture) as caught:
            await normalised(pictures, whole[: int(len(whole) * part)])
        assert caught.value.key == "truncated"
