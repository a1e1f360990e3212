"""`python -m tests.bench.sheet`: what a sheet of 25 versions of 1024 pixels takes, the first time and again."""

from __future__ import annotations

import asyncio
import io
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import psutil
import skimage
from PIL import Image, ImageEnhance, ImageOps

from bot.catalogue import load_catalogue
from bot.gallery import Gallery, open_gallery
from bot.model import Picture
from bot.pictures import Pictures
from bot.store import Node, Store
from bot.views.album import Album
from bot.views.thumbnails import Thumbnails
from bot.views.tree import PER_PAGE, Tree
from tests.bench.figures import Figure, against_floor

SIDE = 1024  #: pixels
MOST = 3.0  #: times a plain loop


@dataclass(frozen=True)
class Sheet:
    """Seconds by the clock, seconds of a processor in all processes, and the longest that the loop was held up."""

    wall: float
    processor: float
    late: float
    size: int


async def measured(album: Album, tree: Tree) -> Sheet:
    """One sheet."""
    lateness = asyncio.create_task(_lateness())
    await asyncio.sleep(0)
    before, began = _processor(album.pictures), time.perf_counter()
    file = await album.sheet(tree, tree.page(1), "A sheet")
    wall, processor = time.perf_counter() - began, _processor(album.pictures) - before
    lateness.cancel()
    return Sheet(wall, processor, max(await asyncio.gather(lateness)), len(file.data))


async def sheets(folder: Path, data: Sequence[bytes]) -> tuple[Sheet, Sheet]:
    """The first, with no thumbnail made yet, and the same again."""
    gallery = open_gallery(folder / "pictures")
    async with Pictures(folder) as pictures:
        album = Album(cast("Store", None), Thumbnails(gallery, pictures), pictures, load_catalogue())
        tree = Tree(await _kept(gallery, data), PER_PAGE)
        await _warmed_up(pictures, data[0])
        return await measured(album, tree), await measured(album, tree)


async def sheet_figures(folder: Path) -> list[Figure]:
    """Of the first sheet and the next, in multiples of a plain loop."""
    data = await asyncio.to_thread(photographs)
    plain = await asyncio.to_thread(plainly, data)
    first, again = await sheets(folder, data)
    title = "a sheet of 25 versions, processor s"
    return [
        against_floor("sheet", title, {"floor": plain, "easel": first.processor}, MOST),
        against_floor("sheet_again", f"{title}, again", {"floor": plain, "easel": again.processor}, 1.0),
    ]


def plainly(pictures: Sequence[bytes]) -> float:
    """Seconds of a processor that a plain loop takes to shrink as many and to paste them."""
    began, canvas = time.process_time(), Image.new("RGB", (1480, 2600))
    for place, data in enumerate(pictures):
        image = Image.open(io.BytesIO(data)).convert("RGB")
        image.thumbnail((256, 256), Image.Resampling.LANCZOS)
        canvas.paste(image, (place % 5 * 280, place // 5 * 500))
    canvas.save(io.BytesIO(), "JPEG", quality=88, subsampling="4:4:4", optimize=True)
    return time.process_time() - began


def photographs() -> list[bytes]:
    """25 different ones, as the model paints them."""
    with Image.open(Path(skimage.__file__).parent / "data" / "astronaut.png") as image:
        large = ImageOps.fit(image.convert("RGB"), (SIDE, SIDE))
    return [_encoded(ImageEnhance.Color(large).enhance(place / PER_PAGE)) for place in range(PER_PAGE)]


async def _kept(gallery: Gallery, data: Sequence[bytes]) -> list[Node]:
    """A chain of versions."""
    pictures = [Picture(await gallery.put(each), "image/png", SIDE, SIDE, len(each)) for each in data]
    return [Node(at, at, at - 1 or None, "Ana", "make it night", each) for at, each in enumerate(pictures, 1)]


async def _warmed_up(pictures: Pictures, data: bytes) -> None:
    """Both workers are there, as they are in a bot at work."""
    await asyncio.gather(*(pictures.small(data, 64) for _ in range(4)))


async def _lateness() -> float:
    """How long the event loop was held up at most."""
    worst = 0.0
    try:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(0.005)
            worst = max(worst, time.perf_counter() - began - 0.005)
    except asyncio.CancelledError:
        return worst


def _processor(pictures: Pictures) -> float:
    times = [psutil.Process(pid).cpu_times() for pid in pictures.pids]
    return time.process_time() + float(sum(each.user + each.system for each in times))


def _encoded(image: Image.Image) -> bytes:
    image.info.clear()  # its profile, which the model's pictures have not
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def main() -> int:
    """Measure and print."""
    data = photographs()
    with tempfile.TemporaryDirectory(prefix="easel-sheet-") as folder:
        first, again = asyncio.run(sheets(Path(folder), data))
    plain = plainly(data)
    for name, each in (("first", first), ("again", again)):
        told = f"{each.wall:.2f} s, {each.processor:.2f} s of one core, loop held up {1000 * each.late:.0f} ms at most"
        print(f"{name}: {told}, {each.size // 1000} kB")  # noqa: T201 - what the command is for
    print(f"a plain loop: {plain:.2f} s of one core, on the event loop")  # noqa: T201 - likewise
    return 0


if __name__ == "__main__":
    sys.exit(main())
