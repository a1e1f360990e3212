"""Encrypted at rest: with a key in the environment, nothing that people said or painted can be read on the disk."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.e2e.sketches import photo
from tests.e2e.stage import Canvas, Stage, open_stage, receipt

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

FIRST, SECOND, WRONG = ("first " * 8, "second " * 8, "wrong " * 8)
WORDS = ("sentinel-lighthouse", "sentinel-night", "sentinel-photo")


@pytest_asyncio.fixture(loop_scope="module")
async def theatre(tmp_path: Path) -> AsyncIterator[Stage]:
    """A stage for each test: a database that is new would catch up with what was asked in the tests before."""
    async with open_stage(tmp_path, {}) as stage:
        yield stage


async def test_words_and_pictures_can_be_read_in_no_file_while_the_bot_runs_and_after(stage: Stage):
    async with encrypted(stage, FIRST):
        canvas, seen = await played(stage)
        assert (await stage.ana.slash(canvas.id, "history")).ok
        assert readable(stage, *WORDS, *seen) == []
        await stage.restart()
        await canvas.ask("make it sharper", reply_to=(await canvas.pictures())["v2"])
        assert await canvas.saw("make it sharper") == ["v2"]
        assert receipt((await canvas.pictures())["v4"]).startswith("v4 ← v2")
        assert await stage.bot.stop() == 0
        assert readable(stage, *WORDS, *seen) == []


async def test_what_was_there_is_encrypted_and_the_key_exchanged_and_the_thread_goes_on(stage: Stage):
    canvas, seen = await played(stage)
    assert set(readable(stage, *WORDS, *seen)) == {*WORDS, *seen}, "they are there to be found"
    await stage.bot.stop()
    async with encrypted(stage, FIRST, start=False):
        status, said = await stage.bot.call("rotate")
        assert (status, "Done." in said) == (0, True), said
        assert readable(stage, *WORDS, *seen) == []
        await stage.start()
        await canvas.ask("add a boat")
        await stage.bot.stop()
    async with encrypted(stage, SECOND, FIRST):
        await canvas.ask("add a second boat")
        status, said = await stage.bot.call("rotate")
        assert (status, "Another Easel" in said) == (1, True), "not while the bot runs"
        await stage.bot.stop()
        assert (await stage.bot.call("rotate"))[0] == 0
    async with encrypted(stage, SECOND):
        await canvas.ask("add a third boat", reply_to=(await canvas.pictures())["v2"])
        assert await canvas.saw("add a third boat") == ["v2"]
        await stage.bot.stop()
    async with encrypted(stage, "", SECOND, start=False):
        assert (await stage.bot.call("rotate"))[0] == 0
    await stage.start()
    await canvas.ask("add a fourth boat")
    assert set(readable(stage, *WORDS, *seen)) == {*WORDS, *seen}


@pytest.mark.parametrize(("keys", "told"), [((), "no key is configured"), ((WRONG,), "another key")])
async def test_without_the_right_key_the_bot_says_so_and_does_not_start(stage: Stage, keys: tuple[str, ...], told: str):
    async with encrypted(stage, FIRST):
        canvas = await stage.canvas("a red house")
        await stage.bot.stop()
        stage.bot.configure(storage={"encryption_keys_env": [f"EASEL_KEY_{number}" for number in range(len(keys))]})
        stage.bot.export(**{f"EASEL_KEY_{number}": key for number, key in enumerate(keys)})
        for command in ("run", "rotate", "check"):
            status, said = await stage.bot.call(command)
            assert status == 1
            assert told in " ".join(said.split())
            assert "Traceback" not in said
            assert WRONG.strip() not in said
    async with encrypted(stage, FIRST):
        await canvas.ask("make it night")
        status, said = await stage.bot.call("check")
        assert re.search(r"encrypted with key [0-9a-f]{8}", " ".join(said.split()))


async def test_a_key_that_is_too_short_or_not_there_is_told(stage: Stage):
    await stage.bot.stop()
    stage.bot.configure(storage={"encryption_keys_env": ["EASEL_SHORT", "EASEL_NONE"]})
    stage.bot.export(EASEL_SHORT="short")
    status, said = await stage.bot.call("run")
    stage.bot.configure(storage={"encryption_keys_env": []})
    assert status == 1
    assert "too short for a key" in said
    assert "EASEL_NONE that is empty or not set" in said


# -- props -----------------------------------------------------------------------------------------------------------


class encrypted:  # noqa: N801 - reads as what it is
    """The bot with these keys, the first one sealing; at the end it rests, and knows none."""

    def __init__(self, stage: Stage, *keys: str, start: bool = True) -> None:
        self.stage, self.keys, self.begin = stage, keys, start

    async def __aenter__(self) -> None:
        names = [f"EASEL_KEY_{number}" if key else "" for number, key in enumerate(self.keys)]
        await self.stage.bot.stop()
        self.stage.bot.configure(storage={"encryption_keys_env": names})
        self.stage.bot.export(**{name: key for name, key in zip(names, self.keys, strict=True) if name})
        if self.begin:
            await self.stage.start()

    async def __aexit__(self, *_: object) -> None:
        await self.stage.bot.stop()
        self.stage.bot.configure(storage={"encryption_keys_env": []})


async def played(stage: Stage) -> tuple[Canvas, list[bytes]]:
    """Words of all kinds, and pictures painted and brought; some bytes of each picture."""
    name, data = photo("teal")
    canvas = await stage.canvas(f"{WORDS[0]} by the sea")
    await canvas.ask(f"{WORDS[1]}, please")
    await canvas.ask("put that in", [(f"{WORDS[2]}-{name}", data)])
    painted = [await stage.ana.fetch(post.pictures[0]) for post in (await canvas.pictures()).values()]
    brought = next(stage.painter.shown[each] for each in stage.painter.shown if stage.painter.colour(each) == "teal")
    return canvas, [each[60:120] for each in (*painted, brought)]


def readable(stage: Stage, *traces: str | bytes) -> list[str | bytes]:
    """Those that are found in any file of the data."""
    files = [
        each.read_bytes() for each in Path(stage.bot.sections["storage"]["directory"]).rglob("*") if each.is_file()
    ]
    sought = {each: each.encode() if isinstance(each, str) else each for each in traces}
    return [each for each, mark in sought.items() if any(mark in data for data in files)]
