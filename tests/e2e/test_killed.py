"""Asked once, painted once, charged once, posted once: through kill -9 at every step, and through every stop."""

from __future__ import annotations

import asyncio
import random
import time

import pytest

from bot.sandbox import Post
from bot.sandbox.discord import seed
from bot.sandbox.discord.rules import MIB
from bot.sandbox.discord.sandbox import listen
from bot.sandbox.discord.traffic import AFTER, BEFORE
from bot.sandbox.gemini.painting import Painting
from cogs.postman import LOOK_BACK
from tests.e2e import moments
from tests.e2e.moments import kill_at
from tests.e2e.sketches import photo
from tests.e2e.stage import BOT, DEADLINE, Canvas, Stage, is_status, numbers, receipt, sentence

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

WORDS = "put this on the roof"
STEPS = {
    "fetching the photo": moments.fetching,
    "telling the status": moments.telling,
    "painting": moments.painting,
    "posting the picture": moments.posting,
    "erasing the status": moments.erasing,
}
INTERRUPTED = sentence("receipt.again")


@pytest.mark.parametrize("phase", [BEFORE, AFTER])
@pytest.mark.parametrize("step", STEPS)
async def test_killed_at_any_step_of_an_edit_the_next_start_finishes_it_and_what_waited_behind_it(
    stage: Stage, step: str, phase: str
):
    canvas = await stage.canvas()
    stage.gemini.delay = 2 if "status" in step else 0
    dead = kill_at(stage, phase, STEPS[step])
    ask = await canvas.say(WORDS, [photo("gold")])
    waiting = await canvas.say("add a boat")
    async with asyncio.timeout(DEADLINE):
        await dead.wait()
    stage.gemini.delay = 0
    await stage.revive()
    await answered_once(canvas, [ask, waiting])


@pytest.mark.parametrize("phase", [BEFORE, AFTER])
async def test_killed_while_it_opens_a_thread_the_next_start_paints_in_that_thread(stage: Stage, phase: str):
    dead = kill_at(stage, phase, moments.opening)
    ask = await stage.ana.say("studio", f"{BOT} {WORDS}", [photo("gold")])
    async with asyncio.timeout(DEADLINE):
        await dead.wait()
    await stage.revive()
    canvas = await stage.opened(ask)
    first = await canvas.first()
    second = await canvas.ask("add a boat")
    assert (numbers(first), numbers(second)) == (["v2"], ["v3"])
    assert list(await canvas.pictures()) == ["v2", "v3"]
    assert len(stage.requests(WORDS)) == 1


async def test_killed_before_it_opened_a_thread_the_next_start_hears_the_mention_once(stage: Stage):
    await stage.canvas()
    dead = kill_at(stage, BEFORE, moments.fetching)
    ask = await stage.ana.say("studio", f"{BOT} {WORDS}", [photo("gold")])
    async with asyncio.timeout(DEADLINE):
        await dead.wait()
    later = await stage.ben.say("studio", f"{BOT} a house that was asked for while nobody listened")
    await stage.revive()
    for each in (ask, later):
        await (await stage.opened(each)).first()
    await stage.restart()
    await stage.meanwhile()
    assert list(await (await stage.opened(ask)).pictures()) == ["v2"]
    assert len(stage.requests(WORDS)) == 1


async def test_killed_while_google_paints_it_asks_google_once_more_and_the_receipt_says_so(stage: Stage):
    canvas = await stage.canvas()

    def killing(_: object) -> Painting:
        if len(stage.requests(WORDS)) == 1:
            stage.bot.kill()
        return Painting((stage.painter.picture(),))

    stage.painter.on(WORDS, killing)
    ask = await canvas.say(WORDS)
    await stage.revive()
    answer = await canvas.answer(ask)
    assert len(stage.requests(WORDS)) == 2
    assert INTERRUPTED in receipt(answer)
    await answered_once(canvas, [ask])


async def test_killed_twice_while_google_paints_it_gives_up_says_so_and_the_thread_goes_on(stage: Stage):
    canvas = await stage.canvas()

    def killing(_: object) -> Painting:
        stage.bot.kill()
        return Painting((stage.painter.picture(),))

    stage.painter.on(WORDS, killing)
    ask = await canvas.say(WORDS)
    await stage.revive()
    await stage.revive()
    assert (await canvas.answer(ask)).text == sentence("error.interrupted")
    assert len(stage.requests(WORDS)) == 2
    await canvas.ask("add a boat")
    assert await canvas.saw("add a boat") == ["v1"]
    assert list(await canvas.pictures()) == ["v1", "v2"]


async def test_killed_in_the_middle_of_a_story_it_posts_the_rest_and_nothing_twice(stage: Stage):
    stage.painter.on("a story", lambda _: stage.painter.story("One.", "Two.", "Three."))
    canvas = await stage.canvas()
    dead = kill_at(stage, AFTER, lambda seen, said: moments.posting(seen, said) and "Two." in said["content"])
    ask = await canvas.say("tell a story")
    async with asyncio.timeout(DEADLINE):
        await dead.wait()
    await stage.revive()
    await canvas.by.wait_for(lambda post: "Three." in post.text, canvas.id, DEADLINE)
    told = [post.text.splitlines()[0] for post in await canvas.posts() if post.reply_to == ask.id]
    assert told == ["One.", "Two.", "Three."]
    assert list(await canvas.pictures()) == ["v1", "v2", "v3", "v4"]


async def test_a_large_picture_owed_to_a_boosted_server_arrives_as_it_was_painted_before_the_gateway_is_there(
    stage: Stage,
):
    guild = stage.sandbox.world.guilds[seed.GUILD]
    guild.tier, stage.painter.size = 2, (2048, 1800)
    try:
        dead = kill_at(stage, BEFORE, moments.posting)
        ask = await stage.ana.say("studio", f"{BOT} a large house")
        async with asyncio.timeout(DEADLINE):
            await dead.wait()
        await stage.bot.ended()
        with listen(0) as silent:  # a gateway where nobody ever answers
            stage.bot.configure(discord={"gateway_url": f"ws://127.0.0.1:{silent.getsockname()[1]}"})
            await stage.bot.start(lambda: True)
            first = await (await stage.opened(ask)).first()
            await stage.kill()
        assert len(await stage.ana.fetch(first.pictures[0])) > 10 * MIB
        assert await stage.digest(first) == stage.painter.made[0]
        assert sentence("receipt.shrunk") not in receipt(first)
    finally:
        stage.bot.configure(discord={"gateway_url": stage.sandbox.gateway_url})
        guild.tier, stage.painter.size = 0, (96, 64)


async def test_late_in_a_busy_thread_a_crash_posts_nothing_twice_even_when_the_nonce_is_forgotten(stage: Stage):
    stage.sandbox.world.rules.nonce_lives = 0.0
    opening = await stage.ana.say("studio", "who paints with me?")
    canvas = Canvas(stage, await stage.ana.open_thread(opening, "a busy thread"), stage.ana)
    dead = kill_at(stage, AFTER, moments.posting)
    async with stage.held() as is_painting:
        await canvas.say(f"{BOT} a red house")
        await stage.until(is_painting)
        for number in range(LOOK_BACK + 1):
            await canvas.say(f"chatter {number}")
    async with asyncio.timeout(DEADLINE):
        await dead.wait()
    await stage.revive()
    await canvas.first()
    await stage.meanwhile()
    shown = [post for post in await canvas.posts() if post.pictures]
    assert [numbers(each) for each in shown] == [["v1"]]


async def test_a_stop_lets_what_is_painted_finish_and_ends_with_0(stage: Stage):
    canvas = await stage.canvas()
    stage.gemini.delay = 1.0
    ask = await canvas.say("make it night")
    waiting = await canvas.say("add a boat")
    await stage.until(lambda: stage.requests("make it night"))
    began = time.monotonic()
    assert await stage.bot.stop() == 0
    assert time.monotonic() - began < 8
    assert list(await canvas.pictures()) == ["v1", "v2"]
    stage.gemini.delay = 0
    await stage.start()
    await answered_once(canvas, [ask, waiting])
    assert len(stage.requests("make it night")) == len(stage.requests("add a boat")) == 1


async def test_a_stop_that_takes_too_long_leaves_the_rest_to_the_next_start_and_ends_with_0(stage: Stage):
    async with stage.configured(discord={"stop_seconds": 0.5}):
        canvas = await stage.canvas()
        stage.gemini.delay = 30
        ask = await canvas.say("make it night")
        await stage.until(lambda: stage.requests("make it night"))
        began = time.monotonic()
        assert await stage.bot.stop() == 0
        assert time.monotonic() - began < 5
    stage.gemini.delay = 0
    await stage.start()
    assert INTERRUPTED in receipt(await canvas.answer(ask))
    await answered_once(canvas, [ask])


async def test_through_kills_at_any_moment_everybody_gets_exactly_one_answer_to_everything(stage: Stage):
    chance = random.Random(11)
    canvases = [await stage.canvas(f"house {number}") for number in range(3)]
    stage.gemini.delay = 0.1
    asks: list[tuple[Canvas, Post]] = []
    for again in range(3):
        asks += [(each, await each.say(f"add boat {again} {name}")) for each in canvases for name in ("one", "two")]
        await asyncio.sleep(chance.uniform(0.02, 0.5))
        await stage.kill()
        asks.append((canvases[0], await canvases[0].say(f"add a moon {again}")))
        await stage.start()
    for canvas, ask in asks:
        await canvas.answer(ask)
    for canvas in canvases:
        await canvas.ask("done")
        mine = [ask for each, ask in asks if each is canvas]
        replies = [post.reply_to for post in await canvas.posts() if not is_status(post)]
        assert [replies.count(ask.id) for ask in mine] == [1] * len(mine)
        assert all(len(stage.requests(ask.text)) <= 2 * 3 for ask in mine)
        shown = list(await canvas.pictures())
        assert shown == [f"v{number}" for number in range(1, len(shown) + 1)]


async def answered_once(canvas: Canvas, asks: list[Post]) -> None:
    """Each ask has one picture, the numbers have no holes, each was painted from the one before, no status is left."""
    answers = [await canvas.answer(ask) for ask in asks]
    assert [numbers(each) for each in answers] == [[f"v{number}"] for number in range(2, len(asks) + 2)]
    await canvas.ask("add a moon")
    replies = [post.reply_to for post in await canvas.posts() if not is_status(post)]
    assert all(replies.count(ask.id) == 1 for ask in asks)
    assert list(await canvas.pictures()) == [f"v{number}" for number in range(1, len(asks) + 3)]
    for ask, answer in zip(asks, answers, strict=True):
        calls = canvas.stage.requests(ask.text)
        assert len(calls) == 1 or (len(calls) == 2 and INTERRUPTED in receipt(answer))
        base = numbers(answer)[0]
        assert await canvas.name(calls[-1].pictures[0].sha256) == f"v{int(base[1:]) - 1}"
    assert not [post for post in await canvas.posts() if is_status(post)]
