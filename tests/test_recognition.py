import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from bot.chores import beside
from bot.errors import BadPicture
from bot.gallery import open_gallery
from bot.model import Member, Memory, Place, Turn
from bot.pictures import Pictures
from bot.recognition import Recognised, Recognition
from bot.store import Spot, open_store
from tests.files import PHOTOS, encoded, on_disk

SERVER = 9


@pytest.fixture
async def recognition(tmp_path: Path) -> AsyncIterator[Recognition]:
    async with open_store(tmp_path) as store, Pictures() as pictures:
        yield Recognition(store, open_gallery(tmp_path / "pictures"), pictures)


def photo(name: str) -> Image.Image:
    with Image.open(PHOTOS / name) as opened:
        return opened.convert("RGB")


async def kept(recognition: Recognition, number: int, image: Image.Image, place: Place | None = None) -> str:
    """A turn with this picture; its digest."""
    data = encoded(image, "PNG")
    picture = recognition.pictures.described(data)
    await recognition.gallery.put(data)
    place = place or Place(50, 50, server=SERVER)
    turn = Turn(number, place.conversation, Member(1, "Ada"), "words", "m", 0.0, server=place.server)
    async with recognition.store.write() as desk:
        await desk.turns.open(place, Memory.FOCUSED)
        await desk.turns.add(turn)
        await desk.versions.add(turn, [picture])
    return picture.digest


async def recognised(
    recognition: Recognition, image: Image.Image, kind: str = "JPEG", place: int = SERVER
) -> Recognised:
    with on_disk(encoded(image, kind)) as file:
        return await recognition.recognise(file, place)


async def test_the_very_bytes_are_known_without_a_look(recognition):
    await kept(recognition, 1, photo("coffee.png"))
    assert await recognised(recognition, photo("coffee.png"), "PNG") == Recognised((Spot(50, 1),), certain=True)
    assert len(await recognition.store.prints.missing(9)) == 1


async def test_a_copy_is_known_at_once_though_nobody_had_looked_at_the_picture_yet(recognition):
    await kept(recognition, 1, photo("coffee.png"))
    await kept(recognition, 2, photo("chelsea.png"))
    image = photo("chelsea.png")
    small = image.resize((image.width // 3, image.height // 3))
    assert await recognised(recognition, small) == Recognised((Spot(50, 2),), certain=True)


async def test_a_stranger_is_not_known(recognition):
    await kept(recognition, 1, photo("coffee.png"))
    assert await recognised(recognition, photo("chelsea.png")) == Recognised()


async def test_another_servers_pictures_are_not_told_of(recognition):
    await kept(recognition, 1, photo("coffee.png"), Place(60, 60, server=8))
    assert await recognised(recognition, photo("coffee.png")) == Recognised()
    assert await recognised(recognition, photo("coffee.png"), place=8) == Recognised((Spot(60, 1),), certain=True)


async def test_a_direct_message_knows_its_own(recognition):
    await kept(recognition, 1, photo("coffee.png"), Place(70, 70))
    assert (await recognised(recognition, photo("coffee.png"), place=70)).certain


async def test_two_that_look_the_same_are_both_told_and_none_for_certain(recognition):
    await kept(recognition, 1, photo("coffee.png"))
    await kept(recognition, 2, photo("coffee.png"))
    found = await recognised(recognition, photo("coffee.png"))
    assert (sorted(found.spots), found.certain) == ([Spot(50, 1), Spot(50, 2)], False)


async def test_a_picture_whose_bytes_are_gone_is_looked_for_once(recognition):
    digest = await kept(recognition, 1, photo("coffee.png"))
    await recognition.gallery.delete(digest)
    assert await recognition.catch_up(9) == 1
    assert await recognition.catch_up(9) == 0
    assert await recognised(recognition, photo("coffee.png")) == Recognised()


async def test_old_versions_are_looked_at_in_the_background_and_the_end_ends_that(recognition):
    for number, name in enumerate(("coffee.png", "chelsea.png", "astronaut.png"), start=1):
        await kept(recognition, number, photo(name))
    async with beside(recognition=recognition.run()), asyncio.timeout(20):
        while await recognition.store.prints.missing(1):  # noqa: ASYNC110 - the store tells nobody
            await asyncio.sleep(0.01)
    assert [len(page) async for page in recognition.store.prints.pages(SERVER)] == [3]


# -- what was painted in an age-restricted channel

AFTER_DARK = Place(60, 60, server=SERVER, restricted=True)


async def is_refused(recognition: Recognition, place: Place, image: Image.Image) -> bool:
    with on_disk(encoded(image, "JPEG")) as file:
        try:
            await recognition.check(file, place)
        except BadPicture as error:
            return error.key == "restricted"
    return False


async def test_a_copy_of_what_was_painted_after_dark_is_worked_with_only_there(recognition):
    await kept(recognition, 1, photo("coffee.png"), AFTER_DARK)
    assert await is_refused(recognition, Place(50, 50, server=SERVER), photo("coffee.png"))
    assert not await is_refused(recognition, AFTER_DARK, photo("coffee.png"))
    assert not await is_refused(recognition, Place(61, 61, server=SERVER, restricted=True), photo("coffee.png"))
    assert not await is_refused(recognition, Place(50, 50, server=SERVER), photo("chelsea.png"))
    assert not await is_refused(recognition, Place(50, 50, server=8), photo("coffee.png"))


async def test_a_channel_that_loses_its_flag_sets_its_pictures_free_nowhere_else(recognition):
    await kept(recognition, 1, photo("coffee.png"), AFTER_DARK)
    calm = replace(AFTER_DARK, restricted=False)
    await kept(recognition, 2, photo("chelsea.png"), calm)
    assert not await is_refused(recognition, calm, photo("coffee.png"))
    assert await is_refused(recognition, Place(50, 50, server=SERVER), photo("coffee.png"))
    assert await recognition.store.prints.restricted([Spot(60, 1), Spot(60, 2)]) == {Spot(60, 1), Spot(60, 2)}


async def test_what_a_member_brought_there_is_theirs_to_bring_elsewhere(recognition):
    await kept(recognition, 1, photo("coffee.png"), AFTER_DARK)
    async with recognition.store.write() as desk:
        await desk.turns.query.tell("UPDATE turns SET kind = 'upload'")
    assert not await is_refused(recognition, Place(50, 50, server=SERVER), photo("coffee.png"))
    assert await recognition.store.prints.restricted([Spot(60, 1)]) == {Spot(60, 1)}


async def test_what_was_painted_elsewhere_too_is_no_secret(recognition):
    await kept(recognition, 1, photo("coffee.png"), AFTER_DARK)
    await kept(recognition, 2, photo("coffee.png"), Place(70, 70, server=SERVER))
    assert not await is_refused(recognition, Place(50, 50, server=SERVER), photo("coffee.png"))
