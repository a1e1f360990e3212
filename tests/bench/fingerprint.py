"""How well a picture is found again, and how fast: `python -m tests.bench.fingerprint`.

The photographs of scikit-image, pictures of the offline painter, and edits of both: kept as versions are, then shown
again in other formats and sizes. A picture and its edits are the hard part: each must be told from the others.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from itertools import combinations
from pathlib import Path
from typing import BinaryIO

from PIL import Image, ImageDraw

from bot.fingerprint import ALIKE, BITS, COLOURS, Fingerprint, nearest, telling
from bot.gallery import open_gallery
from bot.model import Member, Memory, Picture, Place, Turn
from bot.pictures import Pictures
from bot.pictures.looking import looked_at
from bot.recognition import CLOSEST, NAMED, Recognition
from bot.sandbox.gemini.painter.compose import compose
from bot.sandbox.gemini.painter.draw import render
from bot.sandbox.gemini.painter.intent import understand
from bot.sandbox.gemini.painter.repaint import Task, repaint_scene
from bot.store import Spot, Store, open_store
from tests.files import PHOTOS

SIDE = 1024  #: pixels of a painted scene
SCENES = (
    *("a cat", "a red house by the sea", "a dog in a park", "a mountain lake", "a car in the city", "a robot"),
    *("a tree on a hill", "a bowl of fruit", "a woman in a garden", "a horse in a field", "a boat at sea", "a castle"),
)
EDITS = ("add a hat", "make it night", "add a boat", "make it snow", "add a tree", "make it blue")
FORMS = [
    *((kind, quality, 1) for kind in ("JPEG", "WEBP") for quality in (50, 75, 95)),
    *((kind, quality, part) for kind, quality in (("PNG", 0), ("JPEG", 75), ("JPEG", 50)) for part in (2, 3, 4)),
]
KEPT = 100_000  #: versions of one server, to be searched


@dataclass
class Tally:
    """What came of showing pictures again in one form."""

    shown: int = 0
    found: int = 0  #: among those that are named
    certain: int = 0  #: named alone
    wrong: int = 0  #: named alone, and another one
    furthest: list[int] = field(default_factory=list)  #: bits between each and its copy


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - what the command is for


def main() -> None:
    """Measure and print."""
    pictures = dict(_pictures())
    looks = {name: _look(image) for name, image in pictures.items()}
    say(f"{len(pictures)} pictures: {sum('+' not in name for name in pictures)} and their edits\n")
    total = _shown_again(pictures, looks)
    strangers = _strangers(looks)
    say(f"\nin all: found {total.found / total.shown:.2%}, told for certain {total.certain / total.shown:.2%},")
    say(f"told for certain and wrong {total.wrong / total.shown:.2%} ({total.wrong} of {total.shown})")
    say(f"unrelated pictures taken for each other: {strangers[0]} of {strangers[1]} pairs; nearest {strangers[2]} bits")
    say(f"\nedits shown while only the picture itself is kept, and taken for it for certain: {_only_kin(looks)}")
    asyncio.run(_search())


def _pictures() -> Iterator[tuple[str, Image.Image]]:
    """By names: an edit's is its picture's, a plus, and the words. Those that show the same are left out."""
    known = set()
    for name, image in [*_photographs(), *_scenes()]:
        pixels = image.tobytes()
        if pixels not in known:
            known.add(pixels)
            yield name, image


def _photographs() -> Iterator[tuple[str, Image.Image]]:
    for path in sorted(PHOTOS.iterdir()):
        if path.suffix in {".png", ".jpg"}:
            with Image.open(path) as opened:
                image = Image.new("RGB", opened.size)
                image.paste(opened.convert("RGB"))  # without its profile: a copy that loses it has other colours
            yield path.name, image
            yield f"{path.name}+a hat", _with_hat(image)


def _with_hat(image: Image.Image) -> Image.Image:
    hatted, (width, height) = image.copy(), image.size
    ImageDraw.Draw(hatted).ellipse((width * 0.4, height * 0.05, width * 0.6, height * 0.17), fill="purple")
    return hatted


def _scenes() -> Iterator[tuple[str, Image.Image]]:
    size = (SIDE, SIDE)
    for words in SCENES:
        scene = compose(words, understand(words), 1.0, 0)
        yield words, render(scene, size).convert("RGB")
        for edit in EDITS:
            task = Task(edit, understand(edit), [], size)
            yield f"{words}+{edit}", repaint_scene(scene, task).image.convert("RGB")


def _look(image: Image.Image) -> Fingerprint:
    made = looked_at(image)
    return Fingerprint(made[:BITS], made[BITS:])


def _shown_again(pictures: Mapping[str, Image.Image], looks: Mapping[str, Fingerprint]) -> Tally:
    """Every picture in every form, against all that is kept."""
    total = Tally()
    say(f"{'form':<16}{'found':>9}{'certain':>9}{'wrong':>8}{'bits: median':>14}{'largest':>9}")
    for kind, quality, part in FORMS:
        tally = Tally()
        for name, image in pictures.items():
            _count(tally, name, _look(_again(image, kind, quality, part)), looks)
        row = (tally.found / tally.shown, tally.certain / tally.shown, tally.wrong / tally.shown)
        bits = (statistics.median(tally.furthest), max(tally.furthest))
        size = f"1/{part}" if part > 1 else ""
        named = f"{kind} {quality or ''} {size}"
        say(f"{named:<16}{row[0]:>9.1%}{row[1]:>9.1%}{row[2]:>8.1%}{bits[0]:>14.0f}{bits[1]:>9}")
        for each in ("shown", "found", "certain", "wrong"):
            setattr(total, each, getattr(total, each) + getattr(tally, each))
    return total


def _again(image: Image.Image, kind: str, quality: int, part: int) -> Image.Image:
    """Downloaded, perhaps shrunk, and encoded anew."""
    small = image.resize((image.width // part, image.height // part), Image.Resampling.BICUBIC, reducing_gap=3.0)
    file = BytesIO()
    small.save(file, kind, quality=quality)
    return Image.open(file).convert("RGB")


def _count(tally: Tally, name: str, shown: Fingerprint, looks: Mapping[str, Fingerprint]) -> None:
    named, certain = _named(shown, looks)
    tally.shown += 1
    tally.found += name in named
    tally.certain += certain
    tally.wrong += certain and named != [name]
    tally.furthest.append(_bits(shown, looks[name]))


def _named(shown: Fingerprint, looks: Mapping[str, Fingerprint]) -> tuple[list[str], bool]:
    """As the bot itself decides."""
    names = list(looks)
    alike = sorted(nearest(shown.bits, [looks[each].bits for each in names]))[:CLOSEST]
    ranked = sorted((shown.difference(looks[names[place]]), names[place]) for _, place in alike)
    count, certain = telling([difference for difference, _ in ranked], NAMED)
    return [name for _, name in ranked[:count]], certain


def _strangers(looks: Mapping[str, Fingerprint]) -> tuple[int, int, int]:
    """Pairs that have nothing to do with each other: how many look alike, how many there are, and the nearest."""
    apart = [_bits(one, other) for (a, one), (b, other) in combinations(looks.items(), 2) if _kin(a) != _kin(b)]
    return sum(each <= ALIKE for each in apart), len(apart), min(apart)


def _only_kin(looks: Mapping[str, Fingerprint]) -> str:
    """An edit that nobody kept must not be told to be its picture."""
    edits = [name for name in looks if "+" in name and _kin(name) in looks]
    taken = [name for name in edits if _named(looks[name], {_kin(name): looks[_kin(name)]})[1]]
    return f"{len(taken)} of {len(edits)} {sorted(Counter(name.split('+')[1] for name in taken).items()) or ''}"


def _kin(name: str) -> str:
    own, _, _ = name.partition("+")
    return own.replace("GRAY", "RGB")  # one chessboard in two files


def _bits(one: Fingerprint, other: Fingerprint) -> int:
    return (int.from_bytes(one.bits) ^ int.from_bytes(other.bits)).bit_count()


async def _search() -> None:
    """One picture among many, in a store of the bot's own; and how long the loop stands still for it."""
    with tempfile.TemporaryDirectory() as folder:
        async with open_store(Path(folder)) as store, Pictures() as pictures:
            await _fill(store)
            recognition = Recognition(store, open_gallery(Path(folder) / "pictures"), pictures)
            with (PHOTOS / "astronaut.png").open("rb") as file:
                await recognition.recognise(file, 9)
                took, stall = await _timed(recognition, file)
    say(f"\none of {KEPT:,} versions: {1000 * took:.0f} ms, in which the loop stood still for {1000 * stall:.0f} ms")


async def _fill(store: Store) -> None:
    chance = random.Random(1)
    turn = Turn(1, 50, Member(1, "Ana"), "words", "m", 0.0, server=9)
    picture = Picture("", "image/png", 64, 64, 1)
    async with store.write() as desk:
        await desk.turns.open(Place(50, 50, server=9), Memory.FOCUSED)
        await desk.turns.add(turn)
        for version in await desk.versions.add(turn, [picture] * KEPT):
            look = Fingerprint(chance.randbytes(BITS), bytes(COLOURS))
            await desk.prints.keep(Spot(50, version.number), look)


async def _timed(recognition: Recognition, file: BinaryIO) -> tuple[float, float]:
    """Seconds that it takes, and those of the longest standstill meanwhile."""
    stalls = [0.0]

    async def watch() -> None:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(0.001)
            stalls.append(time.perf_counter() - began - 0.001)

    async with asyncio.TaskGroup() as group:
        watching = group.create_task(watch())
        began = time.perf_counter()
        await recognition.recognise(file, 9)
        took = time.perf_counter() - began
        watching.cancel()
    return took, max(stalls)


if __name__ == "__main__":
    main()
