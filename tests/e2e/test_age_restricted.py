"""Age-restricted channels: how careful the painter is asked to be, and that nothing of them is shown elsewhere."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from bot.sandbox import Member, Post
from bot.sandbox.discord import seed
from tests.e2e.denials import change
from tests.e2e.stage import BOT, DEADLINE, Canvas, Stage, is_answer, receipt, sentence
from tests.e2e.test_menus import EDIT, paints, told
from tests.e2e.test_moderation_panel import audit, database, panel, press, whisper, write
from tests.test_recognition import photo

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

STRICTEST, MILDER = "BLOCK_LOW_AND_ABOVE", "BLOCK_ONLY_HIGH"
SEXUAL = "HARM_CATEGORY_SEXUALLY_EXPLICIT"
SETTINGS = {"gemini": {"relaxed_safety": {SEXUAL: MILDER}}}


@pytest.fixture(autouse=True)
def clean(stage: Stage) -> Iterator[None]:
    """Nothing is decided, and after dark it is age-restricted."""
    write(stage, "DELETE FROM rules", "DELETE FROM stances", "DELETE FROM audit")
    yield
    flag(stage, nsfw=True)


def flag(stage: Stage, *, nsfw: bool) -> None:
    channel = stage.sandbox.world.channels[seed.AFTER_DARK]
    if channel.nsfw is not nsfw:
        change(stage, channel, nsfw=nsfw)


def relax(stage: Stage) -> None:
    write(stage, f"INSERT INTO rules VALUES ({seed.GUILD}, 'relaxed', 'true')")


async def after_dark(stage: Stage, words: str, by: Member | None = None) -> Canvas:
    """A thread in the age-restricted channel, with its first picture."""
    by = by or stage.ana
    canvas = await stage.opened(await by.say("after-dark", f"{BOT} {words}"), by)
    await canvas.first()
    return canvas


def thresholds(stage: Stage, words: str) -> dict[str, str]:
    """How careful the painter was asked to be."""
    return stage.request(words).safety


async def server_page(stage: Stage) -> Post:
    return await press(stage.ana, await panel(stage.ana), "Whole server")


async def shared(stage: Stage, canvas: Canvas, where: str, name: str = "found.png") -> Post:
    """Somebody posts a copy of a thread's first picture in another channel."""
    [shown] = (await canvas.first()).pictures
    return await stage.ben.say(where, "look what I found", [(name, await stage.ben.fetch(shown))])


# -- how careful -------------------------------------------------------------------------------------------------------


async def test_a_moderator_lets_the_filters_be_milder_and_takes_it_back(stage: Stage):
    shown = await server_page(stage)
    assert sentence("limits.filters_strictest") in shown.text
    shown = await press(stage.ana, shown, sentence("limits.button_relax"))
    assert sentence("limits.filters_milder") in shown.text
    await after_dark(stage, "a masked ball")
    assert thresholds(stage, "a masked ball") == {
        **dict.fromkeys(thresholds(stage, "a masked ball"), STRICTEST),
        SEXUAL: MILDER,
    }
    shown = await press(stage.ana, shown, sentence("limits.button_relax_not"))
    assert sentence("limits.filters_strictest") in shown.text
    canvas = await after_dark(stage, "a bare stage")
    await canvas.ask("with a curtain")
    assert set(thresholds(stage, "a bare stage").values()) == {STRICTEST}
    assert set(thresholds(stage, "with a curtain").values()) == {STRICTEST}
    assert [(each["name"], each["after"]) for each in audit(stage)] == [("relaxed", True), ("relaxed", False)]


async def test_everywhere_else_they_stay_the_strictest(stage: Stage):
    relax(stage)
    await stage.canvas("a calm studio")
    assert set(thresholds(stage, "a calm studio").values()) == {STRICTEST}
    await stage.ana.say("dm", "a calm letter")
    await stage.until(lambda: stage.requests("a calm letter"))
    assert set(thresholds(stage, "a calm letter").values()) == {STRICTEST}


async def test_a_thread_follows_its_channels_flag_at_every_ask(stage: Stage):
    relax(stage)
    canvas = await after_dark(stage, "a velvet room")
    assert thresholds(stage, "a velvet room")[SEXUAL] == MILDER
    flag(stage, nsfw=False)
    await stage.meanwhile()
    await canvas.ask("by daylight")
    assert set(thresholds(stage, "by daylight").values()) == {STRICTEST}
    flag(stage, nsfw=True)
    await stage.meanwhile()
    await canvas.ask("by candlelight")
    assert thresholds(stage, "by candlelight")[SEXUAL] == MILDER


async def test_a_command_a_press_and_variations_are_asked_as_their_channel_is(stage: Stage):
    relax(stage)
    canvas = await after_dark(stage, "a slow dance")
    first = await canvas.first()
    assert (await stage.ben.press(first, first.buttons["Variations"])).ok
    await stage.until(lambda: len(stage.requests("a slow dance")) == 4)
    assert {each.safety[SEXUAL] for each in stage.requests("a slow dance")} == {MILDER}
    assert (await stage.ben.slash("after-dark", "imagine", prompt="a slow waltz")).ok
    await stage.until(lambda: stage.requests("a slow waltz"))
    assert thresholds(stage, "a slow waltz")[SEXUAL] == MILDER


async def test_where_the_operator_does_not_allow_it_nobody_is_offered_it(stage: Stage):
    relax(stage)
    async with stage.configured(gemini={"relaxed_safety": {}}):
        shown = await server_page(stage)
        assert sentence("limits.button_relax_not") not in shown.buttons
        assert "filters" not in shown.text
        await after_dark(stage, "a closed door")
        assert set(thresholds(stage, "a closed door").values()) == {STRICTEST}


async def test_where_only_age_restricted_channels_are_painted_in_they_alone_are(stage: Stage):
    async with stage.configured(discord={"age_restricted_channels_only": True}):
        refused = await stage.ana.say("studio", f"{BOT} a garden gate")
        answer = await stage.ana.wait_for(lambda post: post.reply_to == refused.id, "studio", DEADLINE)
        assert sentence("error.age_restricted_only") in answer.text
        await after_dark(stage, "a garden at night")


# -- what is shown where -----------------------------------------------------------------------------------------------


async def test_picture_information_tells_nothing_of_it_where_others_read_along(stage: Stage):
    paints(stage, "a secret coffee", photo("coffee.png"))
    canvas = await after_dark(stage, "a secret coffee")
    assert "a secret coffee" in await told(stage.ana, await canvas.first())
    outside = await told(stage.ana, await shared(stage, canvas, "lounge"))
    assert outside == sentence("origin.hidden")
    assert "a secret coffee" in await told(stage.ana, await shared(stage, canvas, "after-dark"))


async def test_a_copy_of_it_is_not_edited_where_others_see_it(stage: Stage):
    paints(stage, "a secret cat", photo("chelsea.png"))
    canvas = await after_dark(stage, "a secret cat")
    copy = await shared(stage, canvas, "studio", "cat.png")
    form = (await stage.ben.menu(copy, EDIT)).form
    assert form is not None
    assert (await stage.ben.submit(form, words="with a hat")).ok
    await whisper(stage.ben, sentence("picture.restricted", name="cat.png"))
    [shown] = (await canvas.first()).pictures
    asked = await stage.ben.say("studio", f"{BOT} with a scarf", [("cat.png", await stage.ben.fetch(shown))])
    answer = await stage.ben.wait_for(lambda post: post.is_from_bot and post.reply_to == asked.id, None, DEADLINE)
    assert sentence("picture.restricted", name="cat.png") in answer.text
    assert stage.requests("with a hat") == stage.requests("with a scarf") == []
    inside = await shared(stage, canvas, "after-dark", "cat.png")
    form = (await stage.ben.menu(inside, EDIT)).form
    assert form is not None
    assert (await stage.ben.submit(form, words="with a bow")).ok
    await stage.until(lambda: stage.requests("with a bow"))


async def test_it_stays_apart_when_the_channel_loses_its_flag(stage: Stage):
    paints(stage, "a secret astronaut", photo("astronaut.png"))
    canvas = await after_dark(stage, "a secret astronaut")
    flag(stage, nsfw=False)
    await stage.meanwhile()
    copy = await shared(stage, canvas, "lounge")
    assert await told(stage.ana, copy) == sentence("origin.hidden")
    answer = await canvas.ask("look up")
    assert is_answer(answer)
    assert receipt(answer).startswith("v2 ← v1")


async def test_a_report_never_shows_it_even_after_the_flag_is_gone(stage: Stage):
    canvas = await after_dark(stage, "a reported room")
    flag(stage, nsfw=False)
    await stage.meanwhile()
    form = (await stage.ben.menu(await canvas.first(), "Report this picture")).form
    assert form is not None
    assert (await stage.ben.submit(form, reason="not nice")).ok
    await whisper(stage.ben, sentence("reports.kept"))
    with closing(sqlite3.connect(database(stage), timeout=10)) as connection:
        [[restricted]] = connection.execute(
            "SELECT json_extract(told, '$.restricted') FROM audit WHERE kind = 'report'"
        ).fetchall()
    assert restricted == 1


async def test_a_forward_of_what_was_painted_there_is_told_why_it_is_not_edited_elsewhere(stage: Stage):
    first = await (await after_dark(stage, "a dark kiss", stage.ben)).first()
    light = await stage.canvas("a light wall", by=stage.ben)
    answer = await light.answer(await stage.ben.forward(first, light.id))
    assert "age-restricted" in answer.text
    assert not answer.pictures
    other = await after_dark(stage, "a dim hall", stage.ben)
    forward = await stage.ben.forward(first, other.id)
    await stage.ben.wait_for(lambda post: bool(post.pictures) and post.reply_to == forward.id, other.id, DEADLINE)
