"""Backups and the doctor, as operators call them: beside the real program, killed in the middle, on another machine."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.e2e.process import ROOT
from tests.e2e.sketches import photo
from tests.e2e.stage import Stage, open_stage, receipt, sentence

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(loop_scope="module")
async def theatre(tmp_path: Path) -> AsyncIterator[Stage]:
    """A stage for each test: a database that is new would catch up with what was asked in the tests before."""
    async with open_stage(tmp_path, {}) as stage:
        yield stage


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """The folder with the bot's data, and its backups beside them."""
    return tmp_path


async def test_a_bot_is_backed_up_while_it_paints_restored_elsewhere_and_answers_in_its_threads(
    stage: Stage, house: Path
):
    canvas = await stage.canvas("a red house", pictures=[photo("teal")])
    await canvas.ask("make it night")
    async with stage.held() as asked:
        waiting = await canvas.say("with a boat")
        await stage.until(asked)
        status, said = await stage.bot.call("backup")
        assert (status, "is whole" in said) == (0, True), said
    await canvas.answer(waiting)
    await stage.bot.stop()
    assert (await stage.bot.call("doctor")) == (0, (await stage.bot.call("doctor"))[1])
    stage.bot.configure(storage={"directory": str(house / "elsewhere")})
    status, said = await stage.bot.call("restore", str(house / "backups"))
    assert (status, "Done" in said) == (0, True), said
    requests = len(stage.gemini.ledger.requests)
    await stage.start()
    await stage.meanwhile()
    ask = await canvas.say("make it sharper", reply_to=(await canvas.pictures())["v2"])
    answer = await canvas.answer(ask)
    assert receipt(answer).split(" · ")[0].endswith("← v2")
    assert await canvas.saw("make it sharper") == ["v2"]
    assert len(stage.requests("with a boat")) == 1, "what was under way was answered since"
    assert len(stage.gemini.ledger.requests) == requests + 2
    assert (await stage.bot.call("doctor"))[0] == 0
    await stage.bot.stop()


async def test_a_backup_that_is_killed_leaves_nothing_that_could_be_taken_for_one_and_the_next_is_whole(
    stage: Stage, house: Path
):
    canvas = await stage.canvas("a red house")
    status, said = await stage.bot.call("backup")
    assert status == 0, said
    [first] = [each for each in (house / "backups").iterdir() if each.is_dir()]
    for pause in (0.05, 0.1, 0.2, 0.3, 0.4):
        await killed(stage, house, pause)
        assert [each for each in (house / "backups").iterdir() if each.is_dir() and each.name != ".unfinished"] == [
            first
        ]
    await canvas.ask("make it night")
    status, said = await stage.bot.call("backup")
    assert (status, "is whole" in said, "new: 0" in said) == (0, True, False), said
    assert not (house / "backups" / ".unfinished").exists()
    await stage.bot.stop()


async def killed(stage: Stage, house: Path, pause: float) -> None:
    """A backup that ends in the middle: it waits for ever where it would copy the database, and is killed there."""
    trap = (
        "import sys, time, bot.store.copying as c; do = c.snapshot;"
        "c.snapshot = lambda *both: (do(*both), time.sleep(99));"
        "import bot.__main__ as m; sys.exit(m.main())"
    )
    config = house.parent / "trap.toml"
    config.write_text(f'[storage]\ndirectory = "{house / "data"}"\n')
    environ = os.environ | {"DISCORD_TOKEN": "a token", "GEMINI_API_KEY": "a key"}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", trap, "backup", "--config", str(config), cwd=ROOT, env=environ,
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    await stage.until((house / "backups" / ".unfinished").exists)
    await asyncio.sleep(pause)
    process.kill()
    await process.wait()


async def test_a_running_bots_data_are_neither_replaced_nor_mended(stage: Stage, house: Path):
    await stage.canvas("a red house")
    assert (await stage.bot.call("backup"))[0] == 0
    for words in (("restore", str(house / "backups"), "--replace"), ("doctor", "--repair")):
        status, said = await stage.bot.call(*words)
        assert (status, "Another Easel is at work" in said) == (1, True), said
    status, said = await stage.bot.call("doctor")
    assert (status, "All is well." in said) == (0, True), said
    await stage.bot.stop()
    status, said = await stage.bot.call("restore", str(house / "backups"))
    assert (status, "--replace" in said) == (1, True), said


async def test_what_a_member_deleted_since_the_backup_is_not_back_after_it_took_the_place_of_the_data(
    stage: Stage, house: Path
):
    canvas = await stage.canvas("a sentinel-house")
    assert (await stage.bot.call("backup"))[0] == 0
    await canvas.ask("make it night")
    await stage.ana.delete((await canvas.pictures())["v1"])
    await stage.until(lambda: len(list((house / "data" / "pictures").glob("*/" + "?" * 64))) == 1)
    await stage.bot.stop()
    status, said = await stage.bot.call("restore", str(house / "backups"), "--replace")
    assert (status, "deleted again" in said) == (0, True), said
    shutil.rmtree(house / "data" / "replaced")
    await stage.start()
    await stage.until(lambda: not list((house / "data" / "pictures").glob("*/" + "?" * 64)))
    answer = await canvas.ask("make it day", reply_to=None)
    assert answer.pictures
    assert "v3" in receipt(answer), "no number is given twice"
    await stage.bot.stop()


async def test_a_doctor_tells_what_the_disk_has_spoilt_and_mends_it_from_a_backup_and_the_thread_goes_on(
    stage: Stage, house: Path
):
    canvas = await stage.canvas("a red house")
    assert (await stage.bot.call("backup"))[0] == 0
    [picture] = (house / "data" / "pictures").glob("*/" + "?" * 64)
    picture.write_bytes(b"damaged")
    status, said = await stage.bot.call("doctor")
    assert (status, picture.name[:12] in said) == (1, True), said
    await stage.bot.stop()
    status, said = await stage.bot.call("doctor", "--repair")
    assert (status, "mended" in said) == (0, True), said
    await stage.start()
    await canvas.ask("make it night")
    assert await canvas.saw("make it night") == ["v1"]
    assert sentence("doctor.well") in (await stage.bot.call("doctor"))[1]
    await stage.bot.stop()
