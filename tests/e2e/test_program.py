"""The program as its operator meets it: what it says when it can't start, how it ends, and the modes it has."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.sandbox.discord import seed
from tests.e2e.process import ROOT
from tests.e2e.sketches import photo
from tests.e2e.stage import BOT, DEADLINE, Stage, sentence

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

LEFT_FOR_STARTING = 60.0
ANA = {"Authorization": "ana"}


# -- that can't start ------------------------------------------------------------------------------------------------


async def test_a_token_that_discord_does_not_know_is_told_in_a_sentence(stage: Stage):
    await stage.bot.stop()
    status, said = await run_to_its_end(stage, DISCORD_TOKEN="nonsense")
    assert status == 1
    assert said.startswith(sentence("error.token_refused", variable="DISCORD_TOKEN"))


async def test_a_discord_that_is_not_there_is_told_in_a_sentence(stage: Stage):
    await stage.bot.stop()
    stage.bot.configure(discord={"api_url": "http://127.0.0.1:9/api/v10"})
    try:
        status, said = await run_to_its_end(stage)
    finally:
        stage.bot.configure(discord={"api_url": stage.sandbox.api_url})
    assert status == 1
    assert said.startswith(sentence("error.discord_away", url="http://127.0.0.1:9/api/v10"))


async def test_a_configuration_with_problems_is_told_with_all_of_them(stage: Stage):
    await stage.bot.stop()
    usual = stage.bot.sections
    stage.bot.sections = {**usual, "gemini": {"model": "no-such-model"}, "health": {"listen": "nowhere"}}
    try:
        status, said = await run_to_its_end(stage)
    finally:
        stage.bot.sections = usual
    assert status == 1
    assert "gemini.model" in said
    assert "health.listen" in said


# -- its modes -------------------------------------------------------------------------------------------------------


async def test_without_the_message_content_intent_names_pings_buttons_and_commands_still_do_everything(stage: Stage):
    with without_content(stage):
        async with stage.configured(discord={"message_content_intent": False}):
            await everything_but_plain_words(stage)


async def test_where_the_operator_says_so_only_age_restricted_channels_are_painted_in(stage: Stage):
    async with stage.configured(discord={"age_restricted_channels_only": True}):
        ask = await stage.ana.say("studio", f"{BOT} a red house")
        answer = await stage.ana.wait_for(lambda post: post.reply_to == ask.id, "studio", DEADLINE)
        assert answer.text == sentence("error.age_restricted_only")
        canvas = await stage.opened(await stage.ana.say("after-dark", f"{BOT} a blue house"))
        await canvas.first()
        await canvas.ask("make it night")
    assert [len(stage.requests(each)) for each in ("a red house", "a blue house", "make it night")] == [0, 1, 1]


async def test_pictures_and_numbers_outlive_a_restart(stage: Stage):
    canvas = await stage.canvas()
    v2 = await canvas.ask("make it night")
    await stage.restart()
    await canvas.ask("add a boat", reply_to=v2)
    await canvas.ask("add the roof of v1")
    assert await canvas.saw("add a boat") == ["v2"]
    assert await canvas.saw("add the roof of v1") == ["v3", "v1"]


async def test_ctrl_c_ends_it_with_0(stage: Stage):
    os.kill(stage.bot.pid, signal.SIGINT)
    assert await stage.bot.ended() == 0


async def everything_but_plain_words(stage: Stage) -> None:
    canvas = await stage.canvas("put the hat on him", [photo("teal"), photo("gold")])
    unheard = [await canvas.say("nobody hears this"), await canvas.say("nor this", reply_to=await canvas.first())]
    v3 = await canvas.ask("make it night", reply_to=await canvas.first(), ping=True)
    await canvas.ask(f"{BOT} add a boat", reply_to=v3)
    blended = await canvas.ask(BOT, [photo("navy")])
    assert (await stage.ana.press(blended, blended.buttons[sentence("button.use_as_base")])).ok
    assert (await stage.ana.slash(canvas.id, "imagine", prompt="a green dragon")).ok
    said = await stage.ana.wait_for(lambda post: "asks: a green dragon" in post.text, canvas.id, DEADLINE)
    await canvas.answer(said)
    for each in unheard:
        await stage.ana.delete(each)
    assert await canvas.saw("put the hat on him") == ["teal", "gold"]
    assert await canvas.saw("make it night") == ["v2"]
    assert await canvas.saw("add a boat") == ["v3"]
    assert len(stage.gemini.ledger.requests) == 5


# -- the sandbox -----------------------------------------------------------------------------------------------------


async def test_the_sandbox_prints_its_address_runs_the_bot_and_paints(tmp_path: Path):
    async with sandbox(tmp_path / "log") as address, aiohttp.ClientSession(address) as page:
        async with page.get("/") as answer:
            assert (answer.status, answer.content_type) == (200, "text/html")
        messages = f"/api/v10/channels/{seed.STUDIO}/messages"
        said = await call(page.post(messages, json={"content": f"{BOT} a red house"}, headers=ANA))
        async with asyncio.timeout(LEFT_FOR_STARTING):
            while not (names := await painted(page, said["id"])):  # noqa: ASYNC110 - as a browser would ask
                await asyncio.sleep(0.1)
        assert re.fullmatch(r"easel-\d+-v1\.\w+", names[0])


async def painted(page: aiohttp.ClientSession, thread: str) -> list[str]:
    """The pictures in a thread, if it is there."""
    said = await call(page.get(f"/api/v10/channels/{thread}/messages", headers=ANA))
    return [file["filename"] for each in said for file in each["attachments"]] if isinstance(said, list) else []


async def call(request: Any) -> Any:
    async with request as answer:
        return await answer.json()


@asynccontextmanager
async def sandbox(log: Path) -> AsyncIterator[str]:
    """`python -m bot sandbox` with its bot running, at its address; Ctrl-C has to end it with 0."""
    command = [sys.executable, "-m", "bot", "sandbox", "--port", "0"]
    with log.open("wb") as words:
        process = await asyncio.create_subprocess_exec(
            *command, cwd=ROOT, stdin=asyncio.subprocess.DEVNULL, stdout=words, stderr=words
        )
    try:
        async with asyncio.timeout(LEFT_FOR_STARTING):
            while not (address := address_in(log)):
                assert process.returncode is None
                await asyncio.sleep(0.05)
            async with aiohttp.ClientSession(address) as page:
                while not (await call(page.get("/sandbox/state")))["bot"]["running"]:  # noqa: ASYNC110 - likewise
                    await asyncio.sleep(0.05)
        yield address
        process.send_signal(signal.SIGINT)
        assert await asyncio.wait_for(process.wait(), DEADLINE) == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert "Traceback" not in words_in(log)


def address_in(log: Path) -> str | None:
    found = re.match(r"http://\S+", words_in(log))
    return found and found[0]


def words_in(log: Path) -> str:
    return log.read_text()


async def run_to_its_end(stage: Stage, **environ: str) -> tuple[int | None, str]:
    """The exit status of a program that can't start, and the sentence it leaves behind."""
    since = stage.bot.log.stat().st_size
    with pytest.raises(AssertionError, match="the bot ended at its start"):
        await stage.bot.start(lambda: False, **environ)
    said = stage.bot.said(since)
    assert "Traceback" not in said
    return await stage.bot.ended(), "\n".join(line for line in said.splitlines() if not re.match(r"\d{4}-", line))


@contextmanager
def without_content(stage: Stage) -> Iterator[None]:
    """The portal's switch for message content is off."""
    application = stage.sandbox.world.application
    stage.sandbox.world.application = replace(application, message_content=False)
    try:
        yield
    finally:
        stage.sandbox.world.application = application
