"""Versions that are deleted: what stays, what goes, and whose bytes are needed still."""

from pathlib import Path

import pytest

from bot.fingerprint import Fingerprint
from bot.model import Memory, Painted, Painting, Reference, Text, Turn
from bot.store import Spot, Store, open_store
from bot.tokens import Usage
from tests.players import ADA, THREAD, picture

LOOK = Fingerprint(bytes(32), bytes(768))


@pytest.fixture
async def store(tmp_path: Path):
    async with open_store(tmp_path) as opened:
        yield opened


async def painted(store: Store, number: int, *digests: str, base: int | None = None, refers: str = "") -> None:
    """A turn with these pictures, its parts verbatim."""
    references = (Reference(picture(refers), "a.png"),) if refers else ()
    turn = Turn(number, THREAD.conversation, ADA, "words", "m", 0.0, base=base, references=references, server=9)
    answer = tuple(Painted(picture(each), signature=b"s") for each in digests)
    async with store.write() as desk:
        await desk.turns.open(THREAD, Memory.FOCUSED)
        await desk.turns.add(turn)
        await desk.turns.keep(turn, Painting((Text("here"), *answer), Usage(), 0.04, "m"))
        await desk.versions.add(turn, [picture(each) for each in digests])
        await desk.turns.posted(number)


async def bury(store: Store, number: int) -> list[str]:
    async with store.write() as desk:
        version = await desk.versions.get(THREAD.conversation, number)
        assert version is not None
        return await desk.versions.bury(version, THREAD.conversation)


async def test_a_deleted_version_is_found_only_as_a_tombstone_and_its_number_is_never_given_again(store: Store):
    await painted(store, 1, "a")
    assert await bury(store, 1) == ["a"]
    assert await store.versions.get(50, 1) is None
    assert await store.versions.of_turn(1) == await store.versions.named(50, [1]) == []
    tombstone = await store.versions.find(50, 1)
    assert tombstone is not None
    assert (tombstone.gone, tombstone.turn, tombstone.picture.digest) == (True, 1, "")
    await painted(store, 2, "b")
    assert [each.number for each in await store.versions.of_turn(2)] == [2]


async def test_bytes_that_another_version_or_reference_shows_are_needed_still(store: Store):
    await painted(store, 1, "a")
    await painted(store, 2, "a")
    await painted(store, 3, "c")
    await painted(store, 4, "d", refers="c")
    assert await bury(store, 1) == []
    assert await bury(store, 2) == ["a"]
    assert await bury(store, 3) == []


async def test_the_answer_goes_with_the_picture_and_its_drafts_with_the_answer(store: Store):
    turn = Turn(1, THREAD.conversation, ADA, "words", "m", 0.0, server=9)
    answer = (Painted(picture("draft"), thought=True), Painted(picture("a"), signature=b"s"))
    async with store.write() as desk:
        await desk.turns.open(THREAD, Memory.FOCUSED)
        await desk.turns.add(turn)
        await desk.turns.keep(turn, Painting(answer, Usage(), 0.04, "m"))
        await desk.versions.add(turn, [picture("a")])
    assert await bury(store, 1) == ["a", "draft"]
    assert await store.turns.parts(1) == ()


async def test_the_other_pictures_of_an_answer_are_kept(store: Store):
    await painted(store, 1, "a", "b", "c")
    assert await bury(store, 2) == ["b"]
    assert [each.number for each in await store.versions.of_turn(1)] == [1, 3]
    assert [each.gone for each in await store.versions.every_of_turn(1)] == [False, True, False]


async def test_what_a_deleted_version_was_painted_from_stands_in_for_it(store: Store):
    await painted(store, 1, "a")
    await painted(store, 2, "b", base=1)
    await painted(store, 3, "c", base=2)
    await bury(store, 2)
    for number, stands in ((3, 3), (2, 1), (1, 1)):
        found = await store.versions.standing(50, number)
        assert found is not None
        assert found.number == stands
    await bury(store, 1)
    assert await store.versions.standing(50, 2) is None
    assert await store.versions.path(50, 3) == [1, 2, 3]
    assert [each.number for each in await store.versions.edits(50, 2)] == [3]


async def test_every_version_is_looked_at_once_and_a_deleted_one_never(store: Store):
    await painted(store, 1, "a")
    await painted(store, 2, "b")
    await painted(store, 3, "c")
    assert [version.number for _, version in await store.prints.missing(2)] == [3, 2]
    await bury(store, 1)
    async with store.write() as desk:
        await desk.prints.keep(Spot(50, 1), LOOK)
        await desk.prints.keep(Spot(50, 2), LOOK)
        await desk.prints.keep(Spot(50, 3), None)
    assert await store.prints.missing(9) == []
    assert [page async for page in store.prints.pages(9)] == [[(Spot(50, 2), LOOK.bits)]]
    assert [page async for page in store.prints.pages(8)] == []
    assert await store.prints.looks([Spot(50, 2), Spot(50, 3)]) == {Spot(50, 2): LOOK}
    assert await store.prints.of_digest(9, "b") == [Spot(50, 2)]
    await bury(store, 2)
    assert [page async for page in store.prints.pages(9)] == []
