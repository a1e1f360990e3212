"""The Message Content intent: withheld by Discord, given later, and not wanted. Plain words of the time without it are
nobody's ask, whenever they are read."""

from __future__ import annotations

import pytest
import pytest_asyncio

from bot.sandbox.discord import seed
from bot.sandbox.discord.gateway import DISALLOWED_INTENTS
from tests.e2e.sketches import photo
from tests.e2e.stage import BOT, DEADLINE, Canvas, Stage, numbers, sentence
from tests.e2e.test_program import everything_but_plain_words, without_content

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]


async def test_without_it_the_bot_says_what_that_means_and_serves_names_pings_buttons_and_commands(stage: Stage):
    since = stage.bot.log.stat().st_size
    with without_content(stage):
        await stage.restart()
        assert told(stage, since)
        await everything_but_plain_words(stage)
    await stage.restart()


async def test_a_reply_without_a_ping_is_told_why_it_is_not_read_and_plain_words_once_in_a_thread(stage: Stage):
    with without_content(stage):
        await stage.restart()
        canvas = await stage.canvas()
        plain = await canvas.say("make it night")
        assert (await canvas.answer(plain)).text == sentence("error.unheard")
        more, reply = await canvas.say("add a moon"), await canvas.say("add a boat", reply_to=await canvas.first())
        assert (await canvas.answer(reply)).text == sentence("error.unheard")
        await canvas.ask("add a boat", reply_to=await canvas.first(), ping=True)
        assert more.id not in {each.reply_to for each in await canvas.posts()}
    await stage.restart()
    assert counted(stage, "make it night", "add a moon", "add a boat") == [0, 0, 1]


async def test_switched_off_while_it_runs_it_is_done_without(stage: Stage):
    since = stage.bot.log.stat().st_size
    with without_content(stage):
        stage.sandbox.gateway.invalidate(seed.BOT)
        await stage.until(lambda: not stage.sandbox.bot_is_connected)
        await stage.until(lambda: stage.sandbox.bot_is_connected)
        assert told(stage, since)
        canvas = await stage.canvas()
        await canvas.ask(f"{BOT} make it night")
    await stage.restart()


async def test_switched_off_it_is_done_without_where_the_session_before_is_taken_up_again_too(stage: Stage):
    since = stage.bot.log.stat().st_size
    with without_content(stage):
        stage.sandbox.gateway.close(4000, seed.BOT)
        await stage.until(lambda: told(stage, since))
        await stage.until(lambda: stage.sandbox.bot_is_connected)
        canvas = await stage.canvas()
        await canvas.ask(f"{BOT} make it night")
    await stage.restart()


async def test_refused_though_it_asks_for_none_any_more_it_ends_with_a_sentence(stage: Stage):
    await stage.bot.stop()
    for wanted, refusals in ((True, 2), (False, 1)):
        stage.bot.configure(discord={"message_content_intent": wanted})
        stage.sandbox.gateway.turned_away.extend([DISALLOWED_INTENTS] * refusals)
        status, said = await stage.bot.call()
        assert status == 1
        assert said.rstrip().endswith(sentence("error.intents_refused"))
        assert "Traceback" not in said
    stage.bot.configure(discord={"message_content_intent": True})


async def test_switched_on_the_next_start_hears_plain_words_but_not_those_of_the_time_without(stage: Stage):
    with without_content(stage):
        await stage.restart()
        canvas = await stage.canvas()
        await canvas.say("nobody hears this")
        assert await stage.bot.stop() == 0
        await canvas.say("nor this")
        missed = await canvas.say(f"{BOT} add a boat")
    await stage.start()
    await canvas.answer(missed)
    await canvas.ask("make it night")
    assert counted(stage, "nobody hears this", "nor this", "add a boat", "make it night") == [0, 0, 1, 1]


async def test_once_it_is_heard_again_plain_words_are_caught_up_with_as_ever(stage: Stage):
    with without_content(stage):
        await stage.restart()
        canvas = await stage.canvas()
        await canvas.say("nobody hears this")
    await stage.restart()
    await canvas.ask("make it night")
    assert await stage.bot.stop() == 0
    missed = await canvas.say("add a boat")
    await stage.start()
    await canvas.answer(missed)
    assert counted(stage, "nobody hears this", "make it night", "add a boat") == [0, 1, 1]


async def test_where_the_operator_does_not_want_it_plain_words_are_not_caught_up_with_either(stage: Stage):
    async with stage.configured(discord={"message_content_intent": False}):
        canvas, dm = await stage.canvas(), Canvas(stage, await stage.cleo.channel_id("dm"), stage.cleo)
        await dm.ask("a red house")
        assert await stage.bot.stop() == 0
        await canvas.say("nobody hears this")
        await canvas.say("nor this", reply_to=await canvas.first())
        pinged = await canvas.say("make it night", reply_to=await canvas.first(), ping=True)
        direct = await dm.say("a lighthouse")
        await stage.start()
        await canvas.answer(pinged)
        await dm.answer(direct)
    assert counted(stage, "nobody hears this", "nor this", "make it night", "a lighthouse") == [0, 0, 1, 1]


def told(stage: Stage, since: int) -> bool:
    return " ".join(sentence("check.intent_missing").split()) in stage.bot.said(since)


def counted(stage: Stage, *words: str) -> list[int]:
    return [len(stage.requests(each)) for each in words]


# -- the whole table of "Which picture is edited", by mention, reply with a ping, buttons, forms and commands ----------


@pytest_asyncio.fixture(loop_scope="module")
async def deaf(stage: Stage) -> Stage:
    """Discord shows the bot only what calls it."""
    if stage.bot.sections["discord"].get("message_content_intent", True):
        await stage.restart(discord={"message_content_intent": False})
    return stage


async def test_words_edit_the_head_and_begin_a_thread(deaf: Stage):
    canvas = await deaf.canvas()
    await canvas.ask(f"{BOT} make it night")
    await canvas.seen_by(deaf.ben).ask(f"{BOT} add a boat")
    assert await canvas.saw("add a boat") == ["v2"]


async def test_a_reply_with_a_ping_edits_exactly_that_picture(deaf: Stage):
    canvas = await deaf.canvas()
    first = await canvas.first()
    await canvas.ask(f"{BOT} make it night")
    await canvas.ask("make it snow", [photo("gold")], reply_to=first, ping=True)
    assert await canvas.saw("make it snow") == ["v1", "gold"]


async def test_a_reply_to_several_pictures_edits_the_named_one_or_asks_which(deaf: Stage):
    canvas = await deaf.opened(await deaf.ana.say("studio", BOT, [photo("teal"), photo("gold")]))
    both = await canvas.first()
    await canvas.ask("make v2 a painting", reply_to=both, ping=True)
    ask = await canvas.say("make it a drawing", reply_to=both, ping=True)
    picker = await canvas.answer(ask)
    assert picker.text == sentence("picker.which")
    assert (await deaf.ana.press(picker, picker.buttons["v1"])).ok
    await canvas.by.wait_for(lambda post: post.reply_to == ask.id and bool(post.pictures), canvas.id, DEADLINE)
    assert (await canvas.saw("make v2 a painting"), await canvas.saw("make it a drawing")) == (["gold"], ["teal"])


async def test_a_reply_to_a_refusal_asks_the_same_with_the_new_words(deaf: Stage):
    canvas = await deaf.canvas()
    deaf.fault("blocked:SAFETY", "add a rude man")
    refusal = await canvas.ask(f"{BOT} add a rude man", [photo("gold")])
    await canvas.ask("add a polite man", reply_to=refusal, ping=True)
    assert await canvas.saw("add a polite man") == ["v1", "gold"]


async def test_an_answer_of_words_alone_is_gone_on_from(deaf: Stage):
    canvas = await deaf.canvas()
    deaf.fault("text-only", "move the tree", text="The left tree or the right one?")
    question = await canvas.ask(f"{BOT} move the tree")
    await canvas.ask(f"{BOT} the left one")
    await canvas.ask("no, the right one", reply_to=question, ping=True)
    for words in ("the left one", "no, the right one"):
        assert "The left tree or the right one?" in " ".join(deaf.request(words).texts)


async def test_a_reply_to_a_status_changes_the_waiting_ask(deaf: Stage):
    canvas = await deaf.canvas()
    async with deaf.held() as there:
        await canvas.say(f"{BOT} make it night")
        await deaf.until(there)
        waiting = await canvas.say(f"{BOT} add a boat")
        await canvas.say("add a ship", reply_to=await canvas.status(waiting), ping=True)
        await deaf.meanwhile()
    await canvas.answer(waiting)
    assert counted(deaf, "add a boat", "add a ship") == [0, 1]


async def test_pictures_alone_begin_a_thread_or_are_worked_in_and_a_button_makes_them_the_base(deaf: Stage):
    canvas = await deaf.opened(await deaf.ana.say("studio", BOT, [photo("teal")]))
    await canvas.first()
    blended = await canvas.ask(BOT, [photo("gold")])
    assert await canvas.saw(sentence("ask.blend")) == ["teal", "gold"]
    assert (await deaf.ben.press(blended, blended.buttons[sentence("button.use_as_base")])).ok
    based = sentence("button.based", version="v3")
    await canvas.by.wait_for(lambda post: post.text == based, canvas.id, DEADLINE)
    await canvas.ask(f"{BOT} put the hat of v2 on it")
    assert await canvas.saw("put the hat of v2 on it") == ["gold", "v2"]


async def test_a_reply_to_somebodys_hidden_picture_is_told_and_edits_nothing_else(deaf: Stage):
    canvas = await deaf.canvas()
    shown = await canvas.seen_by(deaf.ben).say("look at my cat", [photo("teal")])
    answer = await canvas.ask(f"{BOT} give it a hat", reply_to=shown)
    assert answer.text == sentence("error.hidden_reply")
    called = await canvas.seen_by(deaf.ben).say(f"{BOT} // look at my cat", [photo("teal")])
    await canvas.ask(f"{BOT} give it a scarf", reply_to=called)
    assert counted(deaf, "give it a hat", "give it a scarf") == [0, 1]
    assert await canvas.saw("give it a scarf") == ["teal"]


async def test_the_menu_of_a_message_edits_the_picture_that_is_hidden_otherwise(deaf: Stage):
    canvas = await deaf.canvas()
    shown = await canvas.seen_by(deaf.ben).say("look at my cat", [photo("teal")])
    form = (await deaf.ana.menu(shown, sentence("menu.edit"))).form
    assert form is not None
    assert (await deaf.ana.submit(form, words="give it a crown")).ok
    await deaf.until(lambda: deaf.requests("give it a crown"))
    assert await canvas.saw("give it a crown") == ["teal"]


async def test_a_forwarded_picture_which_can_call_nobody_is_told_in_a_sentence(deaf: Stage):
    canvas = await deaf.canvas()
    forwarded = await deaf.ana.forward(await deaf.ben.say("lounge", "look", [photo("teal")]), canvas.id)
    assert (await canvas.answer(forwarded)).text == sentence("error.unheard")


async def test_talk_among_people_is_no_ask_and_a_link_is_never_opened(deaf: Stage):
    canvas = await deaf.canvas()
    aside = await canvas.say(f"{BOT} // shall we?")
    await canvas.seen_by(deaf.ben).say("yes", reply_to=aside)
    link = f"{deaf.sandbox.page_url}cat.png"
    assert (await canvas.ask(f"{BOT} {link}")).text == sentence("error.link_only")
    await canvas.ask(f"{BOT} make it night")
    assert len(deaf.gemini.ledger.requests) == 2


async def test_the_form_with_pictures_shape_and_size_retry_undo_and_the_command_need_no_intent(deaf: Stage):
    canvas = await deaf.canvas()
    first = await canvas.first()
    form = (await deaf.ben.press(first, first.buttons["Edit…"])).form
    assert form is not None
    await deaf.ben.submit(form, [photo("teal")], words="add a hat", ratio=["16:9"], size=["2K"], pictures=[0])
    second = await canvas.by.wait_for(lambda post: "v2" in numbers(post), canvas.id, DEADLINE)
    assert await canvas.saw("add a hat") == ["v1", "teal"]
    assert deaf.request("add a hat").config["imageConfig"] == {"aspectRatio": "16:9", "imageSize": "2K"}
    assert (await deaf.ben.press(second, second.buttons["Retry"])).ok
    third = await canvas.by.wait_for(lambda post: "v3" in numbers(post), canvas.id, DEADLINE)
    assert (await deaf.ben.press(third, third.buttons["Undo"])).ok
    await canvas.by.wait_for(lambda post: "went back a step" in post.text, canvas.id, DEADLINE)
    await canvas.ask(f"{BOT} make it night")
    assert await canvas.saw("make it night") == ["v1"]
    assert (await deaf.ana.slash(canvas.id, "imagine", prompt="a green dragon", image1=photo("gold"))).ok
    await deaf.until(lambda: deaf.requests("a green dragon"))
    assert await canvas.saw("a green dragon") == ["gold"]
