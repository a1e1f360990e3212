"""What is drawn: sheets, comparisons and films, seen by their pixels, through the door."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from io import BytesIO
from typing import Any

import pytest
import pytest_asyncio
from PIL import Image, ImageDraw, ImageStat

from bot.errors import BadPicture
from bot.pictures import Blink, Card, Comparison, Film, Pictures, Sheet, Wipe
from tests.files import encoded, photograph, see_through

pytestmark = pytest.mark.asyncio(loop_scope="module")
LABELS, WORDS = ("v1", "v2"), ("a house", "make it night")
MIB = 2**20


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pictures() -> AsyncIterator[Pictures]:
    async with Pictures() as door:
        yield door


def jpeg(image: Image.Image, quality: int = 92) -> bytes:
    return encoded(image, "JPEG", quality=quality)


def boxed(part: float) -> Image.Image:
    """The photograph with a box over this part of its area, away from its edges."""
    image = photograph()
    side = round(image.width * part**0.5)
    ImageDraw.Draw(image).rectangle((60, 60, 60 + side - 1, 60 + side - 1), fill="magenta")
    return image


def opened(data: bytes) -> Any:
    return Image.open(BytesIO(data))


def cards(count: int, **more: Any) -> Sequence[Card]:
    return [Card(f"v{each}", "Ana", "make it night", 0, 0, **more) for each in range(1, count + 1)]


@pytest.mark.parametrize(("count", "width"), [(1, 628), (3, 628), (9, 912), (16, 1196), (25, 1480)])
async def test_a_sheet_is_as_wide_as_a_phone_can_show_it(pictures: Pictures, count: int, width: int):
    drawing = await pictures.draw(Sheet("A house", "9 versions", cards(count)), [jpeg(photograph())] * count)
    image = opened(drawing.data)
    assert image.size[0] == width
    assert (image.format, drawing.extension) == ("JPEG", "jpg")


async def test_the_head_is_marked_by_its_shape_and_a_word(pictures: Pictures):
    plain = await pictures.draw(Sheet("", "", cards(2)), [jpeg(photograph())] * 2)
    marked = await pictures.draw(Sheet("", "", cards(2, badge="◆ head")), [jpeg(photograph())] * 2)
    ring = (44 + 100, 128 + 48 - 5, 44 + 150, 128 + 48 - 2)
    assert min(ImageStat.Stat(opened(marked.data).crop(ring)).mean) > 220
    assert max(ImageStat.Stat(opened(plain.data).crop(ring)).mean) < 120


async def test_a_tombstone_needs_no_picture(pictures: Pictures):
    plan = Sheet("", "", [*cards(1, instead="deleted"), *cards(1)])
    image = opened((await pictures.draw(plan, [jpeg(photograph())])).data)
    empty, full = ((44 + left + 80, 128 + 48 + 60, 44 + left + 180, 128 + 48 + 90) for left in (0, 284))
    assert max(ImageStat.Stat(image.crop(empty)).mean) < 60
    assert max(ImageStat.Stat(image.crop(full)).mean) > 60


async def test_every_shape_and_transparency_fits_a_tile(pictures: Pictures):
    shapes = [photograph().resize(size) for size in ((800, 100), (100, 800), (9, 9))]
    data = [*(jpeg(each) for each in shapes), encoded(see_through(photograph()), "PNG")]
    await pictures.draw(Sheet("", "", cards(4)), data)


async def test_a_plan_that_can_not_be_drawn_is_no_more_than_a_bad_picture(pictures: Pictures):
    with pytest.raises(BadPicture):
        await pictures.draw(Sheet("", "", cards(2)), [b"no picture"])


async def test_another_encoding_of_the_same_picture_is_no_change(pictures: Pictures):
    plan = Comparison(LABELS, WORDS, "% changed")
    drawing = await pictures.draw(plan, [jpeg(photograph(), 95), jpeg(photograph(), 60)])
    assert drawing.measured < 0.005


@pytest.mark.parametrize("part", [0.04, 0.25])
async def test_the_share_that_changed_is_told_within_a_percent(pictures: Pictures, part: float):
    drawing = await pictures.draw(Comparison(LABELS, WORDS, "%"), [jpeg(photograph()), jpeg(boxed(part))])
    assert drawing.measured == pytest.approx(part, abs=0.012)


async def test_wide_pictures_stand_below_each_other(pictures: Pictures):
    plan = Comparison(LABELS, WORDS, "%")
    wide = opened((await pictures.draw(plan, [jpeg(photograph().resize((800, 450)))] * 2)).data)
    tall = opened((await pictures.draw(plan, [jpeg(photograph().resize((450, 800)))] * 2)).data)
    assert wide.width < wide.height * 1.1
    assert tall.width > tall.height * 0.9


@pytest.mark.parametrize(("kind", "frames"), [(Wipe, 28), (Blink, 2)])
async def test_two_pictures_move_for_ever(pictures: Pictures, kind: Any, frames: int):
    drawing = await pictures.draw(kind(LABELS, MIB), [jpeg(photograph()), jpeg(boxed(0.2))])
    image = opened(drawing.data)
    assert (image.format, drawing.extension) == ("WEBP", "webp")
    assert (image.n_frames, image.info["loop"]) == (frames, 0)


async def test_a_film_has_a_frame_for_each_and_the_last_one_stays(pictures: Pictures):
    shapes = [photograph().resize(size) for size in ((512, 512), (300, 600), (640, 360))]
    plan = Film(["v1 · Ana", "v2 · Ben", "v3 · Cleo"], ["a house", "make it night", "wider"], MIB)
    film = opened((await pictures.draw(plan, [jpeg(each) for each in shapes])).data)
    durations = []
    for place in range(film.n_frames):
        film.seek(place)
        film.load()
        durations.append(film.info["duration"])
    assert len(durations) == 3
    assert min(durations) >= 900
    assert durations[-1] > durations[0]
    assert film.width / (film.height - 118) == pytest.approx(16 / 9, abs=0.01)


async def test_what_moves_is_made_to_fit_the_limit(pictures: Pictures):
    frames = [photograph().rotate(10 * each) for each in range(12)]
    plan = Film(["v"] * 12, ["w"] * 12, 90_000)
    assert len((await pictures.draw(plan, [jpeg(each) for each in frames])).data) <= 90_000


async def test_where_nothing_fits_it_is_said(pictures: Pictures):
    with pytest.raises(BadPicture, match="too_many_bytes"):
        await pictures.draw(Blink(LABELS, 100), [jpeg(photograph()), jpeg(boxed(0.2))])
