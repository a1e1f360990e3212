"""What is kept, sealed anew: words and pictures, with the first key, whatever stopped it before."""

import io
import os
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from bot.catalogue import load_catalogue
from bot.config import Secret, load
from bot.errors import Unstartable
from bot.fingerprint import Fingerprint
from bot.gallery import Gallery, Missing, open_gallery
from bot.model import Ask, Memory, Painted, Painting, Place, Reference, Text, Turn, Upload
from bot.rotation import Rotation, Teller, rotate
from bot.rules.rules import Stance, Subject
from bot.sealing import Keyring
from bot.store import Entry, Spot, Store, open_store
from bot.store.consent import Petition
from bot.store.private import COLUMNS
from bot.tokens import Usage
from tests.players import ADA, THREAD, picture

OLD, NEW = "an old key of thirty-two characters", "a new key of thirty-two characters"
SECRET = "Sentinel"


@dataclass
class House:
    """A data folder."""

    folder: Path

    def store(self, *secrets: str) -> Any:
        return open_store(self.folder, Keyring.of(secrets))

    def gallery(self, *secrets: str) -> Gallery:
        return open_gallery(self.folder / "pictures", Keyring.of(secrets))

    async def fill(self, *secrets: str, turns: Sequence[int] = (1,)) -> list[str]:
        """Turns with words and a picture each; the pictures' digests."""
        gallery = self.gallery(*secrets)
        digests = [await gallery.put(f"{SECRET} picture {each} ".encode() + bytes(5000)) for each in turns]
        await gallery.put_small(digests[0], 320, f"{SECRET} small".encode())
        async with self.store(*secrets) as store, store.write() as desk:
            await desk.turns.open(THREAD, Memory.FOCUSED)
            for number, digest in zip(turns, digests, strict=True):
                await _say(desk, number, digest)
        return digests

    async def rotate(self, *secrets: str) -> str:
        out = io.StringIO()
        async with self.store(*secrets) as store:
            await Rotation(store, self.gallery(*secrets), Teller(load_catalogue(), out)).run()
        return out.getvalue()

    def holds(self, words: str) -> list[str]:
        """The files in which these words can be read."""
        files = [each for each in self.folder.rglob("*") if each.is_file()]
        return [each.name for each in files if words.encode() in each.read_bytes()]


async def _say(desk: Any, number: int, digest: str) -> None:
    shown = replace(picture(digest), digest=digest)
    made = Turn(
        number, THREAD.conversation, replace(ADA, name=f"{SECRET} Ada"), f"{SECRET} words", "m", 5.0, server=9,
        title=f"{SECRET} title", notes=(f"{SECRET} note",), recipe=f"{SECRET} recipe", wordings=(f"{SECRET} other",),
        references=(Reference(shown, f"{SECRET}.png"),),
    )  # fmt: skip
    await desk.turns.add(made)
    await desk.turns.keep(
        made, Painting((Text(f"{SECRET} said"), Painted(shown, signature=SECRET.encode())), Usage(), 0.1, "m")
    )
    await desk.versions.add(made, [shown])
    await desk.prints.keep(Spot(THREAD.conversation, number), Fingerprint(bytes(32), SECRET.encode() * 96))
    await desk.turns.fail(made, f"{SECRET} failure", "odd", 0.0)
    await desk.handed.keep(number, [Upload(1, f"{SECRET}.png", f"https://{SECRET}", 3)], 7, 5.0)
    await desk.audit.note(Entry(9, 1.0, "turn", {"words": f"{SECRET} told"}))
    ask = Ask(number, Place(THREAD.conversation, 5, 9), replace(ADA, name=f"{SECRET} Ada"), f"{SECRET} words")
    await desk.consent.put(Petition(ask, 3, f"{SECRET} owner", 1.0))
    await desk.words.write(9, [f"{SECRET} bad word"])
    await desk.locales.note(number, "de")
    await desk.rules.stand(
        9, Stance(Subject.MEMBER, number, allowed=False, reason=f"{SECRET} reason", until=None, member=1, at=1.0)
    )


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


async def test_with_a_key_neither_words_nor_pictures_can_be_read_in_any_file(house: House):
    digests = await house.fill(NEW)
    assert house.holds(SECRET) == []
    assert not [each for each in (house.folder / "pictures").rglob("*") if digests[0] in each.name]
    assert (await house.gallery(NEW).get(digests[0])).startswith(f"{SECRET} picture 1".encode())
    async with house.store(NEW) as store:
        turn = await store.turns.get(1)
        assert turn is not None
        assert (turn.words, turn.title, turn.member.name) == (f"{SECRET} words", f"{SECRET} title", f"{SECRET} Ada")
        assert (turn.notes, turn.wordings, turn.failure) == (
            (f"{SECRET} note",),
            (f"{SECRET} other",),
            f"{SECRET} failure",
        )
        assert turn.references[0].name == f"{SECRET}.png"
        assert [node.words for node in await store.nodes.of(THREAD.conversation)] == [f"{SECRET} words"]
        text, painted = await store.turns.parts(1)
        assert isinstance(text, Text)
        assert (text.text, painted.signature) == (f"{SECRET} said", SECRET.encode())


async def test_without_a_key_all_of_it_can_be_read(house: House):
    await house.fill()
    assert len(house.holds(SECRET)) >= 3


@pytest.mark.parametrize(
    ("before", "after"),
    [((), (NEW,)), ((OLD,), (NEW, OLD)), ((OLD,), ("", OLD))],
    ids=["from no key", "from key to key", "to no key"],
)
async def test_all_that_is_kept_is_sealed_anew_and_the_other_key_is_needed_no_more(
    house: House, before: tuple[str, ...], after: tuple[str, ...]
):
    digests = await house.fill(*before, turns=range(1, 251))
    said = await house.rotate(*after)
    assert "pictures and their small copies: 251" in said
    assert bool(house.holds(SECRET)) == (not after[0])
    async with house.store(after[0]) as store:
        turn = await store.turns.get(250)
        assert turn is not None
        assert turn.words == f"{SECRET} words"
        assert (await store.audit.waiting(9, 1))[0].told == {"words": f"{SECRET} told"}
    for digest in digests:
        assert await house.gallery(after[0]).get(digest)
    assert len([each for each in (house.folder / "pictures").rglob("*") if each.is_file()]) == 250


async def test_what_a_write_that_was_cut_off_has_left_in_plain_is_gone_as_well(house: House):
    [digest] = await house.fill()
    (house.folder / "pictures" / digest[:2] / f"{digest}#1").write_bytes(f"{SECRET} half".encode())
    await house.rotate(NEW)
    assert house.holds(SECRET) == []


async def test_a_disk_that_takes_no_more_is_told_with_what_to_do(house: House, monkeypatch: pytest.MonkeyPatch):
    await house.fill()
    settings = load(None, {"DISCORD_TOKEN": "t", "GEMINI_API_KEY": "k"})
    storage = settings.storage.model_copy(update={"directory": house.folder})
    settings = settings.model_copy(update={"storage": storage, "keys": (Secret(NEW),)})
    with monkeypatch.context() as full:
        full.setattr(Gallery, "_write", _full)
        with pytest.raises(Unstartable, match="rotation_stopped"):
            await rotate(settings, io.StringIO())
    assert await rotate(settings, io.StringIO())
    assert house.holds(SECRET) == []


def _full(*_: object) -> None:
    raise OSError(28, "No space left on device")


async def test_a_second_call_finds_nothing_to_do(house: House):
    await house.fill()
    await house.rotate(NEW)
    said = await house.rotate(NEW)
    assert "database: 0\n" in said
    assert "copies: 0\n" in said


@pytest.mark.parametrize("stop", range(0, 40, 3))
async def test_one_that_was_interrupted_anywhere_goes_on(house: House, stop: int, monkeypatch: pytest.MonkeyPatch):
    digests = await house.fill(OLD, turns=range(1, 12))
    monkeypatch.setattr("bot.store.resealing.STEP", 2)
    async with house.store(NEW, OLD) as store:
        halting: Any = Halting(store, stop)
        rotation = Rotation(halting, Failing(**vars(house.gallery(NEW, OLD))), Teller(load_catalogue(), io.StringIO()))
        with pytest.raises(PowerFailure):
            await rotation.run()
    async with house.store(NEW, OLD) as store:  # the bot may run meanwhile, with both keys
        assert [turn.words for turn in await store.turns.unfinished()] == [f"{SECRET} words"] * 11
    assert all([await house.gallery(NEW, OLD).get(each) for each in digests])
    await house.rotate(NEW, OLD)
    assert house.holds(SECRET) == []
    async with house.store(NEW) as store:
        assert len(await store.turns.unfinished()) == 11
    assert all([await house.gallery(NEW).get(each) for each in digests])


class PowerFailure(Exception): ...


class Halting:
    """A store that stops after so many steps."""

    def __init__(self, store: Store, steps: int) -> None:
        self.store, self.steps = store, steps

    async def reseal(self) -> Any:
        done = 0
        async for each in self.store.reseal():
            if done == self.steps:
                raise PowerFailure
            done += 1
            yield each


class Failing(Gallery):
    """A gallery that stops between a new file and the old one's end."""

    async def _drop(self, name: str) -> None:
        if "." not in name and int(name[:2], 16) > 128:
            raise PowerFailure
        await super()._drop(name)


@pytest.mark.parametrize(("given", "told"), [((), "key_missing"), ((OLD,), "key_wrong"), (("", OLD), "key_wrong")])
async def test_without_the_right_key_nothing_starts_and_nothing_is_changed(
    house: House, given: tuple[str, ...], told: str
):
    await house.fill(NEW)
    for _ in range(2):
        with pytest.raises(Unstartable) as refused:
            async with house.store(*given):
                pass
        assert refused.value.key == told
        assert refused.value.values == {"ids": Keyring.of([NEW]).current}


async def test_a_key_that_comes_later_seals_what_is_new_and_opens_what_is_old(house: House):
    [first] = await house.fill()
    [second] = await house.fill(NEW, turns=[2])
    async with house.store(NEW) as store:
        assert [each.words for each in await store.turns.unfinished()] == [f"{SECRET} words"] * 2
    assert (house.folder / "pictures" / first[:2] / first).exists()
    assert not (house.folder / "pictures" / second[:2] / second).exists()
    with pytest.raises(Unstartable):
        async with house.store():
            pass


async def test_a_picture_sealed_with_an_old_key_can_be_deleted_before_it_is_sealed_anew(house: House):
    [digest] = await house.fill(OLD)
    gallery = house.gallery(NEW, OLD)
    await gallery.delete(digest)
    assert not await gallery.has(digest)
    assert not [each for each in (house.folder / "pictures").rglob("*") if each.is_file() and "." not in each.name]


async def test_a_damaged_picture_is_missing_and_told_and_holds_nothing_up(
    house: House, caplog: pytest.LogCaptureFixture
):
    first, second = await house.fill(OLD, turns=[1, 2])
    name = Keyring.of([OLD]).name(first)
    file = house.folder / "pictures" / name[:2] / name
    file.write_bytes(file.read_bytes()[:-1] + b"!")
    with pytest.raises(Missing):
        await house.gallery(OLD).get(first)
    said = await house.rotate(NEW, OLD)
    assert name in said
    assert await house.gallery(NEW).get(second)
    assert file.exists()
    caplog.clear()


async def test_pictures_exchanged_for_each_other_are_noticed(house: House):
    first, second = await house.fill(NEW, turns=[1, 2])
    files = [house.folder / "pictures" / name[:2] / name for name in map(Keyring.of([NEW]).name, (first, second))]
    files[0].write_bytes(files[1].read_bytes())
    with pytest.raises(Missing):
        await house.gallery(NEW).get(first)


# -- which columns ---------------------------------------------------------------------------------------------------


async def test_every_private_column_is_sealed(house: House):
    await house.fill(NEW)
    with closing(sqlite3.connect(house.folder / "easel.db")) as database:
        for table, columns in COLUMNS.items():
            for column in columns:
                values = [
                    each for (each,) in database.execute(f"SELECT {column} FROM {table} WHERE length({column}) > 0")
                ]
                marks = [each[:7] in {"sealed:", b"sealed:"} for each in values]
                assert set(marks) == {True}, f"{table}.{column}"


async def test_large_pictures_are_sealed_and_opened_beside_the_event_loop(house: House):
    gallery, keys, data = house.gallery(NEW), Keyring.of([NEW]), os.urandom(20_000_000)
    began = time.thread_time()
    assert await gallery.get(await gallery.put(data)) == data
    kept = time.thread_time()
    assert keys.open(keys.seal(data)) == data
    assert kept - began < time.thread_time() - kept
