"""How a canvas begins."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from bot.sandbox.discord import seed
from bot.sandbox.discord.nouns import Overwrite
from bot.sandbox.discord.permissions import Permission
from tests.e2e.sketches import photo
from tests.e2e.stage import BOT, DEADLINE, Canvas, Stage, receipt, sentence

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

OPENING = "/channels/{channel_id}/messages/{message_id}/threads"


async def test_a_mention_with_words_opens_a_thread_with_the_first_picture_in_it(stage: Stage):
    canvas = await stage.canvas("a red house by the sea")
    [post] = (await canvas.pictures()).values()
    assert await stage.digest(post) == stage.painter.made[0]
    assert receipt(post).startswith("v1 · “a red house by the sea” · ")
    assert stage.request("a red house by the sea").pictures == ()


async def test_a_mention_with_pictures_alone_takes_them_as_versions_and_asks_what_to_change(stage: Stage):
    canvas = await stage.opened(await stage.ana.say("studio", BOT, [photo("teal"), photo("gold")]))
    assert (await canvas.first()).text == sentence("answer.several", versions="v1–v2", first="v1")
    await canvas.ask("add a boat")
    assert await canvas.saw("add a boat") == ["teal"]
    assert list(await canvas.pictures()) == ["v3"]


async def test_a_mention_with_words_and_pictures_edits_the_first_and_uses_the_others(stage: Stage):
    canvas = await stage.canvas("put the hat on him", [photo("teal"), photo("gold")])
    assert await canvas.saw("put the hat on him") == ["teal", "gold"]
    assert receipt(await canvas.first()).startswith("v2 ← v1 “teal.png” with “gold.png” · ")


async def test_a_mention_of_the_bots_own_role_is_a_mention_of_the_bot(stage: Stage):
    canvas = await stage.opened(await stage.ana.say("studio", f"<@&{seed.EASEL}> a lighthouse"))
    await canvas.first()
    assert stage.request("a lighthouse")


async def test_the_thread_is_named_after_the_words_when_it_is_opened_and_never_renamed(stage: Stage):
    seen = len(stage.sandbox.traffic)
    canvas = await stage.canvas("**a  red house**\nby the sea " + "at sunset " * 20)
    name = stage.ana.channels[canvas.id]["name"]
    assert name.startswith("a red house by the sea at sunset")
    assert len(name) <= 90
    sent = [(each.method, each.route) for each in list(stage.sandbox.traffic)[seen:]]
    assert sent.count(("POST", OPENING)) == 1
    assert ("PATCH", "/channels/{channel_id}") not in sent


async def test_a_message_that_does_not_name_the_bot_is_left_alone(stage: Stage):
    aside = await stage.ana.say("studio", "a red house by the sea")
    await stage.canvas()
    assert aside.id not in stage.ana.channels
    assert len(stage.gemini.ledger.requests) == 1


async def test_a_mention_without_words_and_pictures_gets_a_sentence_and_no_thread(stage: Stage):
    ask = await stage.ana.say("studio", BOT)
    answer = await stage.ana.wait_for(lambda post: post.reply_to == ask.id, "studio", DEADLINE)
    assert answer.text == sentence("error.nothing_asked")
    assert ask.id not in stage.ana.channels
    assert not stage.gemini.ledger.requests


async def test_where_the_bot_may_open_no_thread_it_says_so_and_paints_nothing(stage: Stage):
    with forbidden(stage, Permission.CREATE_PUBLIC_THREADS):
        ask = await stage.ana.say("lounge", f"{BOT} a red house")
        answer = await stage.ana.wait_for(lambda post: post.reply_to == ask.id, "lounge", DEADLINE)
    assert "Create Public Threads" in answer.text
    assert "Nothing was charged" in answer.text
    assert not stage.gemini.ledger.requests


async def test_in_a_thread_that_people_opened_the_bot_answers_to_its_name_and_to_replies(stage: Stage):
    thread = await stage.ana.open_thread(await stage.ana.say("studio", "what shall we paint?"), "Ours")
    canvas = Canvas(stage, thread, stage.ana)
    await canvas.say("a boat perhaps")
    v1 = await canvas.ask(f"{BOT} a lighthouse")
    await canvas.say("nice, a dog next")
    await canvas.ask("make it night", reply_to=v1)
    await canvas.ask(f"{BOT} add a moon")
    assert await canvas.saw("a lighthouse") == []
    assert await canvas.saw("make it night") == ["v1"]
    assert await canvas.saw("add a moon") == ["v2"]
    assert len(stage.gemini.ledger.requests) == 3


async def test_the_first_message_of_a_forum_post_may_name_the_bot_and_so_may_later_ones(stage: Stage):
    first = await stage.ana.open_post("showcase", "My house", f"{BOT} a red house", [photo("teal")])
    canvas = Canvas(stage, first.channel_id, stage.ana)
    await canvas.answer(first)
    await canvas.say("what do you think?")
    await canvas.ask(f"{BOT} make it night")
    assert await canvas.saw("a red house") == ["teal"]
    assert await canvas.saw("make it night") == ["v2"]
    assert len(stage.gemini.ledger.requests) == 2


async def test_a_forum_post_that_named_the_bot_only_later_is_a_canvas_too(stage: Stage):
    first = await stage.ben.open_post("showcase", "My photo", "look", [photo("navy")])
    canvas = Canvas(stage, first.channel_id, stage.ben)
    await canvas.ask(f"{BOT} make it night", reply_to=first)
    assert await canvas.saw("make it night") == ["navy"]


async def test_imagine_paints_in_a_new_thread_with_pictures_ratio_and_size(stage: Stage):
    options = {"prompt": "a family portrait", "ratio": "16:9", "size": "2K"}
    images = {"image1": photo("teal"), "image2": photo("gold"), "image3": photo("navy"), "image4": photo("red")}
    assert (await stage.ana.slash("studio", "imagine", **options, **images)).ok
    canvas = await imagined(stage, "a family portrait")
    assert (await canvas.first()).pictures
    assert await canvas.saw("a family portrait") == ["teal", "gold", "navy", "red"]
    asked = stage.request("a family portrait").config["imageConfig"]
    assert asked == {"aspectRatio": "16:9", "imageSize": "2K"}


async def test_imagine_takes_a_long_prompt_full_of_signs(stage: Stage):
    assert (await stage.ana.slash("studio", "imagine", prompt="a *-* " * 600)).ok
    canvas = await imagined(stage, r"a \*\-\* a")
    assert (await canvas.first()).pictures


async def test_imagine_in_a_thread_answers_there_and_begins_from_a_blank_canvas(stage: Stage):
    canvas = await stage.canvas()
    assert (await stage.ana.slash(canvas.id, "imagine", prompt="a green dragon")).ok
    said = await stage.ana.wait_for(lambda post: "asks: a green dragon" in post.text, canvas.id, DEADLINE)
    await canvas.answer(said)
    assert await canvas.saw("a green dragon") == []
    await canvas.ask("give it wings")
    assert await canvas.saw("give it wings") == ["v2"]


async def test_a_direct_message_is_a_canvas_where_the_operator_allows_it(stage: Stage):
    dm = Canvas(stage, await stage.cleo.channel_id("dm"), stage.cleo)
    await dm.ask("a red house by the sea")
    await dm.ask("make it night", [photo("gold")])
    assert await dm.saw("make it night") == ["v1", "gold"]


async def test_a_direct_message_gets_a_sentence_where_the_operator_does_not(stage: Stage):
    async with stage.configured(discord={"direct_messages": False}):
        ask = await stage.ben.say("dm", "a red house by the sea")
        answer = await stage.ben.wait_for(lambda post: post.reply_to == ask.id, "dm", DEADLINE)
        assert answer.text == sentence("error.direct_messages_off")
        assert not stage.gemini.ledger.requests


async def imagined(stage: Stage, words: str) -> Canvas:
    said = await stage.ana.wait_for(lambda post: f"asks: {words}" in post.text, "studio", DEADLINE)
    return await stage.opened(said)


@contextmanager
def forbidden(stage: Stage, permission: Permission) -> Iterator[None]:
    """The bot may not do that in #lounge for a while."""
    world = stage.sandbox.world
    usual = world.channel(seed.LOUNGE)
    bans = tuple(Overwrite(each, deny=int(permission)) for each in (seed.EASEL, seed.GUILD))
    world.change(usual, overwrites=(*usual.overwrites, *bans))
    try:
        yield
    finally:
        world.change(replace(world.channel(seed.LOUNGE)), overwrites=usual.overwrites)
