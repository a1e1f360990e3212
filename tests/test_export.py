"""What is kept of a member, handed out in ZIP files: whole, in parts where it is much, and nothing of others'."""

import csv
import io
import json
import os
import zipfile
from dataclasses import replace
from typing import Any

from PIL import Image

from bot.deleting.export import SPARE, Export
from bot.deleting.removal import Removal
from bot.pictures import Pictures
from bot.rules.rules import Consent
from tests.players import ADA, BOB, CATALOGUE, THREAD, Bot, World, png

HERE = THREAD.conversation
PLENTY = 10 * 2**20


def noise() -> bytes:
    """A picture that can't be made smaller."""
    out = io.BytesIO()
    Image.frombytes("RGB", (200, 200), os.urandom(120_000)).save(out, "PNG")
    return out.getvalue()


async def packed(bot: Bot, member: int = ADA.id, limit: int = PLENTY) -> list[dict[str, bytes]]:
    """The contents of every part, by name."""
    parts = []
    async with Pictures() as pictures:
        export = Export(bot.store, bot.gallery, pictures, bot.world.directory)
        async for file in export.volumes(member, limit):
            data = file.read()
            assert len(data) <= limit
            with zipfile.ZipFile(io.BytesIO(data)) as part:
                assert part.testzip() is None
                parts.append({name: part.read(name) for name in part.namelist()})
        assert file.closed
    return parts


def asks(part: dict[str, bytes]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(part["asks.json"])
    return found


async def test_asks_pictures_and_ledger_are_in_it_as_they_are_kept(world: World):
    async with world.bot() as bot:
        photo = replace(world.cdn.holds("photo.png", png("#abcdef")), name="../my photo.png")
        await bot.hear(world.ask("make it blue", photo))
        await bot.settle()
        await bot.hear(world.ask("and this", world.cdn.holds("roof.png", png("#123456"))))
        await bot.settle()
        await bot.hear(world.ask("not Ada's", member=BOB))
        await bot.settle()
        [part] = await packed(bot)
        told = {each["words"]: each for each in asks(part)}
        assert {"make it blue", "and this"} < set(told)
        assert "not Ada's" not in told
        for number in (1, 2, 3):
            version = await bot.store.versions.get(HERE, number)
            assert version is not None
            [name] = [each for each in part if each.startswith(f"pictures/{HERE}/v{number}.")]
            assert part[name] == await bot.gallery.get(version.picture.digest)
        assert f"pictures/{HERE}/v4.png" not in part
        [roof] = told["and this"]["went_along"]
        assert roof["name"] == "roof.png"
        assert roof["file"] in part
        assert told["and this"]["pictures"] == [{"version": 3, "file": f"pictures/{HERE}/v3.png", "deleted": False}]
        assert not [name for name in part if ".." in name]
        lines = list(csv.DictReader(io.StringIO(part["ledger.csv"].decode())))
        assert {line["kind"] for line in lines} == {"claim", "call"}
        assert {line["dollars"] for line in lines} == {"0.04"}


async def test_what_is_too_much_for_one_comes_in_parts_each_whole_in_itself(world: World):
    async with world.bot() as bot:
        world.painter.will(*([noise()] for _ in range(8)))
        await bot.paint(*(f"picture {number}" for number in range(8)))
        version = await bot.store.versions.get(HERE, 1)
        assert version is not None
        parts = await packed(bot, limit=2 * SPARE + 2 * version.picture.size)
        assert len(parts) > 2
        assert sum(len(asks(part)) for part in parts) == 8
        for part in parts:
            named = {each["file"] for ask in asks(part) for each in ask["pictures"]}
            assert named == {name for name in part if name.startswith("pictures/")}


async def test_of_somebody_unknown_there_is_an_empty_one(world: World):
    async with world.bot() as bot:
        [part] = await packed(bot, 4711)
        assert asks(part) == []
        assert json.loads(part["member.json"])["member"] == 4711


async def test_a_deleted_picture_is_named_and_not_there(world: World):
    async with world.bot() as bot:
        await bot.paint("a house")
        await Removal(bot.store, bot.gallery, world.discord, CATALOGUE).remove(HERE, 1)
        [part] = await packed(bot)
        assert asks(part)[0]["pictures"] == [{"version": 1, "file": None, "deleted": True}]


async def test_what_hangs_on_no_ask_is_told_too(world: World):
    async with world.bot() as bot:
        async with bot.store.write() as desk:
            await desk.locales.note(ADA.id, "de")
            await desk.preferences.invite(HERE, [ADA.id])
        await bot.hear(world.ask(""))
        await bot.settle()
        [part] = await packed(bot)
        told = json.loads(part["member.json"])
        assert (told["language"], told["invited_to"]) == ("de", [HERE])
        assert [each["outcome"] for each in told["asks_without_a_picture"]] == ["nothing_asked"]


async def test_what_one_said_about_others_editing_is_in_it(world: World):
    async with world.bot() as bot:
        async with bot.store.write() as desk:
            await desk.consent.stand(9, ADA.id, Consent.NEVER, 5.0)
            await desk.consent.stand(9, BOB.id, Consent.ALWAYS, 5.0)
        [part] = await packed(bot)
    assert json.loads(part["member.json"])["others_may_edit"] == [{"server": 9, "stance": "never", "at": 5.0}]
