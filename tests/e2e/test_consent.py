"""Somebody else's picture: nothing is fetched, sent or painted before its owner has said so, through any restart."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
import pytest_asyncio

from bot.sandbox import Member, Post
from bot.sandbox.discord import seed
from tests.e2e.sketches import photo
from tests.e2e.stage import BOT, DEADLINE, Canvas, Stage, receipt, sentence
from tests.e2e.test_menus import EDIT, whisper
from tests.e2e.test_settings import choose, panel

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

ONCE, ALWAYS, NEVER = (sentence(f"consent.{each}") for each in ("once", "always", "never"))
SETTLED = "This is settled already"


@pytest_asyncio.fixture(loop_scope="module", autouse=True)
async def fresh(stage: Stage) -> None:
    """Nothing waits, and nobody has said anything once for all."""
    for member in (stage.ana, stage.ben):
        await stands(member, "never")
        await stands(member, "-")
    shown = await consent(stage.ana, default="ask")
    assert "From now on" in shown.text


async def consent(member: Member, **options: str) -> Post:
    """The panel of `/consent`."""
    newest = max(member.seen, default=0)
    assert (await member.slash("lounge", "consent", **options)).ok
    return await member.wait_for(lambda post: post.is_whisper and post.id > newest, None, DEADLINE)


async def stands(member: Member, stance: str) -> Post:
    """What somebody says once for all."""
    shown = await consent(member)
    before = member.seen[shown.id]
    assert (await member.choose(shown, "stance", stance)).ok
    return await member.wait_for(lambda post: post.id == shown.id and post is not before, None, DEADLINE)


async def question(member: Member, place: int | str, after: Post) -> Post:
    """What the owner is asked, as somebody sees it."""
    return await member.wait_for(
        lambda post: post.is_from_bot and post.text.startswith("🙋") and post.id > after.id, place, DEADLINE
    )


async def turned(member: Member, asked: Post, words: str) -> Post:
    """The question, once it says something else; nobody can press it then."""
    post = await member.wait_for(lambda post: post.id == asked.id and words in post.text, None, DEADLINE)
    assert not post.buttons
    return post


async def reworded(member: Member, asked: Post, words: str) -> Post:
    return await member.wait_for(lambda post: post.id == asked.id and words in post.text, None, DEADLINE)


async def told(member: Member, place: int | str, words: str, after: Post) -> Post:
    return await member.wait_for(
        lambda post: post.is_from_bot and words in post.text and post.id > after.id, place, DEADLINE
    )


async def painted(canvas: Canvas, ask: Post) -> Post:
    """The picture for an ask."""
    return await canvas.by.wait_for(lambda post: bool(post.pictures) and post.reply_to == ask.id, canvas.id, DEADLINE)


def fetched(stage: Stage) -> list[str]:
    """Files that were asked for."""
    return [each.path for each in stage.sandbox.traffic if "attachments/" in each.path and each.method == "GET"]


async def asked_in_lounge(stage: Stage, words: str, colour: str = "lime") -> tuple[Post, Post, Post]:
    """Ben's picture, Cleo's ask, and the question to Ben."""
    shown = await stage.ben.say("lounge", "my garden", [photo(colour)])
    ask = await stage.cleo.say("lounge", f"{BOT} {words}", reply_to=shown, ping=False)
    return shown, ask, await question(stage.ben, "lounge", ask)


# -- asked by a message ------------------------------------------------------------------------------------------------


async def test_once_and_the_picture_is_painted_in_the_askers_thread_and_nothing_was_fetched_or_sent_before(
    stage: Stage,
):
    before = fetched(stage)
    shown, ask, asked = await asked_in_lounge(stage, "add a pond")
    assert asked.reply_to == shown.id
    assert "**Cleo** would like to change your picture: “add a pond”" in asked.text
    assert f"waits for <@{seed.BEN}>'s word, until <t:" in asked.text
    assert set(asked.buttons) == {ONCE, ALWAYS, NEVER}
    assert [each["id"] for each in asked.data["mentions"]] == [str(seed.BEN)]
    await stage.meanwhile()
    assert fetched(stage) == before
    assert not stage.requests("add a pond")
    assert (await stage.ben.press(asked, asked.buttons[ONCE])).ok
    canvas = await stage.opened(ask, stage.cleo)
    first = await canvas.first()
    assert await canvas.saw("add a pond") == ["lime"]
    assert receipt(first).startswith("v2 ← v1 “lime.png” · “add a pond”")
    assert "With Ben's consent." in receipt(first)
    await turned(stage.cleo, asked, f"<@{seed.BEN}> said yes to **Cleo**")


async def test_once_is_once_and_the_next_ask_waits_again(stage: Stage):
    shown, ask, asked = await asked_in_lounge(stage, "add a pond once")
    assert (await stage.ben.press(asked, asked.buttons[ONCE])).ok
    await (await stage.opened(ask, stage.cleo)).first()
    again = await stage.cleo.say("lounge", f"{BOT} add a bench", reply_to=shown)
    await question(stage.ben, "lounge", again)
    assert not stage.requests("add a bench")


async def test_always_is_remembered_for_everybody_and_answers_all_that_waits(stage: Stage):
    shown, first, asked = await asked_in_lounge(stage, "always one")
    second = await stage.ana.say("lounge", f"{BOT} always two", reply_to=shown)
    await question(stage.ben, "lounge", second)
    assert (await stage.ben.press(asked, asked.buttons[ALWAYS])).ok
    for ask, member in ((first, stage.cleo), (second, stage.ana)):
        await (await stage.opened(ask, member)).first()
    await stage.restart()
    third = await stage.cleo.say("lounge", f"{BOT} always three", reply_to=shown)
    answer = await (await stage.opened(third, stage.cleo)).first()
    assert "With Ben's consent." in receipt(answer)


async def test_never_is_told_calmly_and_remembered(stage: Stage):
    shown, ask, asked = await asked_in_lounge(stage, "never this")
    assert (await stage.ben.press(asked, asked.buttons[NEVER])).ok
    answer = await told(stage.cleo, "lounge", "Ben would rather not have their pictures edited by others", ask)
    assert answer.reply_to == ask.id
    assert "Nothing was charged" in answer.text
    await turned(stage.cleo, asked, "would rather not")
    again = await stage.ana.say("lounge", f"{BOT} never that", reply_to=shown)
    await told(stage.ana, "lounge", "Ben would rather not", again)
    outcome = await stage.cleo.menu(shown, EDIT)
    assert outcome.form is None
    await whisper(stage.cleo, "Ben would rather not", after=again.id)
    assert not stage.requests("never this")
    assert not stage.requests("never that")


async def test_only_the_owner_can_answer_though_they_may_not_write_there(stage: Stage):
    _, ask, asked = await asked_in_lounge(stage, "whose word")
    for other in (stage.cleo, stage.ana):
        assert (await other.press(asked, asked.buttons[ONCE])).ok
        await whisper(other, f"Only <@{seed.BEN}> can answer this", after=asked.id)
    assert not stage.requests("whose word")
    lounge = stage.sandbox.world.channel(seed.LOUNGE)
    members = stage.sandbox.world.guilds[seed.GUILD].members
    usual, members[seed.BEN] = members[seed.BEN], replace(members[seed.BEN], roles=())
    assert lounge
    try:
        assert (await stage.ben.press(asked, asked.buttons[ONCE])).ok
        await (await stage.opened(ask, stage.cleo)).first()
    finally:
        members[seed.BEN] = usual


async def test_pressed_twice_it_is_painted_once(stage: Stage):
    _, ask, asked = await asked_in_lounge(stage, "twice pressed")
    presses = [stage.ben.press(asked, asked.buttons[each]) for each in (ONCE, ONCE, ALWAYS)]
    assert all(each.ok for each in await asyncio.gather(*presses))
    canvas = await stage.opened(ask, stage.cleo)
    await canvas.first()
    await stage.meanwhile()
    assert len(stage.requests("twice pressed")) == 1
    await whisper(stage.ben, SETTLED, after=asked.id)


async def test_it_waits_through_two_restarts(stage: Stage):
    _, ask, asked = await asked_in_lounge(stage, "two restarts")
    await stage.restart()
    await stage.kill()
    await stage.revive()
    assert (await stage.ben.press(asked, asked.buttons[ONCE])).ok
    await (await stage.opened(ask, stage.cleo)).first()
    await stage.restart()
    await stage.meanwhile()
    assert len(stage.requests("two restarts")) == 1


async def test_what_was_agreed_to_just_before_a_kill_is_painted_by_the_next_start(stage: Stage):
    _, ask, asked = await asked_in_lounge(stage, "agreed and killed")
    gate = stage.sandbox.faults.add("hold", "GET", "/attachments/*/*/*", who="any")
    press = asyncio.create_task(stage.ben.press(asked, asked.buttons[ONCE]))
    await stage.until(lambda: gate.seen)
    await stage.kill()
    gate.release()
    await press
    await stage.revive()
    await (await stage.opened(ask, stage.cleo)).first()
    assert len(stage.requests("agreed and killed")) == 1


# -- a day passes ------------------------------------------------------------------------------------------------------


async def test_no_word_in_time_is_a_no_and_the_asker_is_told(stage: Stage):
    async with stage.configured(discord={"consent_hours": 2 / 3600}):
        _, ask, asked = await asked_in_lounge(stage, "too late")
        answer = await told(stage.cleo, "lounge", "Ben has not said a word about it in time", ask)
        assert answer.reply_to == ask.id
        await turned(stage.ben, asked, "no word came")
        assert not stage.requests("too late")


async def test_a_day_that_ends_while_the_bot_is_away_has_ended(stage: Stage):
    async with stage.configured(discord={"consent_hours": 3 / 3600}):
        _, ask, _ = await asked_in_lounge(stage, "late and away")
        await stage.bot.stop()
        await asyncio.sleep(3.2)
        await stage.start()
        await told(stage.cleo, "lounge", "Ben has not said a word about it in time", ask)
        assert not stage.requests("late and away")


# -- what becomes of the ask and of the picture meanwhile --------------------------------------------------------------


async def test_an_ask_that_is_taken_back_is_over(stage: Stage):
    _, ask, asked = await asked_in_lounge(stage, "taken back")
    await stage.meanwhile()
    await stage.cleo.delete(ask)
    await turned(stage.ben, asked, "has taken it back")
    assert not stage.requests("taken back")


async def test_an_ask_that_was_deleted_while_the_bot_was_away_is_over(stage: Stage):
    _, ask, asked = await asked_in_lounge(stage, "deleted away")
    await stage.bot.stop()
    await stage.cleo.delete(ask)
    await stage.start()
    assert (await stage.ben.press(asked, asked.buttons[ONCE])).ok
    await whisper(stage.ben, SETTLED, after=asked.id)
    assert not stage.requests("deleted away")


async def test_other_words_are_other_words_to_say_yes_to(stage: Stage):
    _, ask, asked = await asked_in_lounge(stage, "add a tree")
    await stage.cleo.edit(ask, f"{BOT} add a bear")
    asked = await reworded(stage.ben, asked, "add a bear")
    await stage.bot.stop()
    await stage.cleo.edit(ask, f"{BOT} add a crocodile")
    await stage.start()
    assert (await stage.ben.press(asked, asked.buttons[ONCE])).ok
    await whisper(stage.ben, "The words have just been changed", after=asked.id)
    changed = await reworded(stage.ben, asked, "add a crocodile")
    assert not stage.requests("add a crocodile")
    assert (await stage.ben.press(changed, changed.buttons[ONCE])).ok
    canvas = await stage.opened(ask, stage.cleo)
    await canvas.first()
    assert not stage.requests("add a tree")
    assert not stage.requests("add a bear")
    assert await canvas.saw("add a crocodile") == ["lime"]


async def test_an_edit_after_the_yes_takes_the_yes_back_and_asks_anew(stage: Stage):
    _, ask, asked = await asked_in_lounge(stage, "add a tiny pond")
    path = f"/channels/*/messages/{ask.id}"
    look = stage.sandbox.faults.add("hold", "GET", path)
    press = asyncio.create_task(stage.ben.press(asked, asked.buttons[ONCE]))
    await stage.until(lambda: look.seen)
    again = stage.sandbox.faults.add("hold", "GET", path)
    look.release()
    await press
    await stage.until(lambda: again.seen)  # it has been agreed to, and is read once more to be painted
    await stage.cleo.edit(ask, f"{BOT} make it burn")
    again.release()
    asked = await reworded(stage.ben, asked, "make it burn")
    assert set(asked.buttons) == {ONCE, ALWAYS, NEVER}
    await stage.meanwhile()
    assert not stage.requests("make it burn")
    assert not stage.requests("add a tiny pond")
    assert (await stage.ben.press(asked, asked.buttons[ONCE])).ok
    await (await stage.opened(ask, stage.cleo)).first()
    assert stage.requests("make it burn")


async def test_a_picture_that_is_deleted_is_waited_for_no_more(stage: Stage):
    shown, ask, asked = await asked_in_lounge(stage, "gone picture")
    await stage.meanwhile()
    await stage.ben.delete(shown)
    answer = await told(stage.cleo, "lounge", "was deleted before its owner said a word", ask)
    assert answer.reply_to == ask.id
    await turned(stage.ben, asked, "the picture was deleted meanwhile")
    assert not stage.requests("gone picture")


async def test_a_caption_that_is_edited_deletes_no_picture(stage: Stage):
    shown, ask, asked = await asked_in_lounge(stage, "another caption")
    await stage.ben.edit(shown, "my little garden")
    await stage.meanwhile()
    assert (await stage.ben.press(asked, asked.buttons[ONCE])).ok
    await (await stage.opened(ask, stage.cleo)).first()


async def test_nobody_is_asked_without_end(stage: Stage):
    shown = await stage.ana.say("lounge", "my dog", [photo("lime")])
    for words in ("first wish", "second wish", "third wish"):
        ask = await stage.cleo.say("lounge", f"{BOT} {words}", reply_to=shown)
        await question(stage.ana, "lounge", ask)
    ask = await stage.cleo.say("lounge", f"{BOT} fourth wish", reply_to=shown)
    await told(stage.cleo, "lounge", "I let them answer first", ask)


async def test_who_has_left_cannot_be_asked(stage: Stage):
    shown = await stage.ben.say("lounge", "my garden", [photo("lime")])
    members = stage.sandbox.world.guilds[seed.GUILD].members
    usual = members.pop(seed.BEN)
    try:
        ask = await stage.cleo.say("lounge", f"{BOT} left and gone", reply_to=shown)
        await told(stage.cleo, "lounge", "is not in this server any more", ask)
    finally:
        members[seed.BEN] = usual
    assert not stage.requests("left and gone")


# -- other ways to ask -------------------------------------------------------------------------------------------------


async def test_by_the_menu_the_asker_alone_is_told_that_it_waits_and_the_form_survives_a_restart(stage: Stage):
    shown = await stage.ben.say("lounge", "my garden", [photo("lime")])
    form = (await stage.cleo.menu(shown, EDIT)).form
    assert form is not None
    assert (await stage.cleo.submit(form, [photo("gold")], words="with this hat", pictures=[0])).ok
    await whisper(stage.cleo, f"waits for <@{seed.BEN}>'s word", after=shown.id)
    asked = await question(stage.ben, "lounge", shown)
    await stage.restart()
    assert not stage.requests("with this hat")
    assert (await stage.ben.press(asked, asked.buttons[ONCE])).ok
    canvas = await stage.opened(shown, stage.cleo)
    await canvas.first()
    assert await canvas.saw("with this hat") == ["lime", "gold"]


async def test_of_several_pictures_the_asker_says_which_before_anybody_is_bothered(stage: Stage):
    shown = await stage.ben.say("lounge", "mine", [photo("lime"), photo("navy")])
    ask = await stage.cleo.say("lounge", f"{BOT} which of them", reply_to=shown)
    picker = await told(stage.cleo, "lounge", "Which one shall I change?", ask)
    assert (await stage.cleo.press(picker, picker.buttons["navy.png"])).ok
    asked = await question(stage.ben, "lounge", ask)
    await stage.cleo.wait_for(lambda post: post.id == picker.id and "waits for the word" in post.text, None, DEADLINE)
    assert (await stage.ben.press(asked, asked.buttons[ONCE])).ok
    canvas = await stage.opened(ask, stage.cleo)
    await canvas.first()
    assert await canvas.saw("which of them") == ["navy"]


async def test_in_threads_and_posts_that_people_opened_it_is_the_same(stage: Stage):
    thread = await stage.ana.open_thread(await stage.ana.say("studio", "our cats"), "Cats")
    post = await stage.ben.open_post("showcase", "Mine", "look", [photo("teal")])
    for place, words in ((thread, "thread cat"), (post.channel_id, "post cat")):
        shown = await stage.ben.say(place, "mine", [photo("teal")])
        ask = await stage.ana.say(place, f"{BOT} {words}", reply_to=shown)
        asked = await question(stage.ben, place, ask)
        assert not stage.requests(words)
        assert (await stage.ben.press(asked, asked.buttons[ONCE])).ok
        canvas = Canvas(stage, place, stage.ana)
        answer = await painted(canvas, ask)
        assert "With Ben's consent." in receipt(answer)
        assert await canvas.saw(words) == ["teal"]


async def test_ones_own_pictures_ask_nobody_forwarded_or_not(stage: Stage):
    shown = await stage.ben.say("lounge", "my garden", [photo("lime")])
    await (await stage.opened(await stage.ben.say("lounge", f"{BOT} my own", reply_to=shown), stage.ben)).first()
    canvas = await stage.canvas(by=stage.ben)
    await canvas.answer(await stage.ben.forward(shown, canvas.id))
    assert await canvas.saw(sentence("ask.blend")) == ["v1", "lime"]


# -- forwards ----------------------------------------------------------------------------------------------------------


async def test_a_forwarded_picture_is_its_first_posters_through_forwards_of_forwards(stage: Stage):
    shown = await stage.ben.say("lounge", "my private face", [photo("purple")])
    canvas = await stage.canvas("a plain wall", by=stage.ana)
    before = fetched(stage)
    ask = await stage.ana.forward(await stage.cleo.forward(shown, "lounge"), canvas.id)
    asked = await question(stage.ben, canvas.id, ask)
    assert asked.reply_to == ask.id
    assert set(asked.buttons) == {ONCE, ALWAYS, NEVER}
    await stage.meanwhile()
    assert fetched(stage) == before
    assert not stage.requests(sentence("ask.blend"))
    assert (await stage.ben.press(asked, asked.buttons[ONCE])).ok
    answer = await painted(canvas, ask)
    assert await canvas.saw(sentence("ask.blend")) == ["v1", "purple"]
    assert "With Ben's consent." in receipt(answer)
    assert sentence("button.use_as_base") not in answer.buttons


async def test_a_never_holds_for_what_others_forward(stage: Stage):
    await stands(stage.ben, "never")
    shown = await stage.ben.say("lounge", "not for you", [photo("purple")])
    canvas = await stage.canvas("a bare wall", by=stage.ana)
    ask = await stage.ana.forward(shown, canvas.id)
    assert "would rather not" in (await canvas.answer(ask)).text
    reply = await canvas.say(f"{BOT} edit that", reply_to=ask)
    assert "would rather not" in (await canvas.answer(reply)).text
    assert not stage.requests("edit that")


async def test_a_reply_to_a_forward_asks_whose_picture_it_is_and_not_who_forwarded_it(stage: Stage):
    shown = await stage.ben.say("lounge", "mine", [photo("purple")])
    forward = await stage.ana.forward(shown, "studio")
    ask = await stage.ana.say("studio", f"{BOT} a frame for it", reply_to=forward)
    asked = await question(stage.ben, "studio", ask)
    assert asked.reply_to == forward.id
    assert (await stage.ben.press(asked, asked.buttons[ONCE])).ok
    canvas = await stage.opened(ask, stage.ana)
    await canvas.first()
    assert await canvas.saw("a frame for it") == ["purple"]
    named = await canvas.say("the tree of v1")
    assert "your picture v1" in (await question(stage.ben, canvas.id, named)).text


async def test_what_is_forwarded_from_where_nobody_can_look_is_for_the_default_to_say(stage: Stage):
    shown = await stage.ben.say("lounge", "soon gone", [photo("purple")])
    first = await stage.ben.forward(shown, "lounge")
    await stage.ben.delete(shown)
    canvas = await stage.canvas("a white wall", by=stage.ana)
    ask = await stage.ana.forward(first, canvas.id)
    assert (await canvas.answer(ask)).text == sentence("error.foreign_unknown")
    await consent(stage.ana, default="always")
    await painted(canvas, await stage.ana.forward(first, canvas.id))
    assert await canvas.saw(sentence("ask.blend")) == ["v1", "purple"]


async def test_while_discord_does_not_say_whose_it_is_nothing_is_done_with_it(stage: Stage):
    shown = await stage.ben.say("lounge", "whose", [photo("purple")])
    canvas = await stage.canvas("a grey wall", by=stage.ana)
    stage.sandbox.faults.add("answer", "GET", f"/channels/*/messages/{shown.id}", times=9)
    ask = await stage.ana.forward(shown, canvas.id)
    try:
        assert (await canvas.answer(ask)).text == sentence("error.foreign_slow")
    finally:
        stage.sandbox.faults.clear()


async def test_pictures_of_the_bots_threads_are_free_when_forwarded_but_for_those_where_it_asks_first(stage: Stage):
    source = await stage.canvas("a fountain", by=stage.ben)
    first = await source.first()
    posted = await source.say("// my cat", [photo("purple")])
    canvas = await stage.canvas("a square", by=stage.ana)
    await painted(canvas, await stage.ana.forward(first, canvas.id))
    await painted(canvas, await stage.ana.forward(posted, canvas.id))
    await choose(stage.ben, await panel(stage.ben, source.id), "set:here:others", "ask_first")
    ask = await stage.ana.forward(posted, canvas.id)
    await question(stage.ben, canvas.id, ask)


async def test_a_picture_that_a_bot_posted_has_nobody_to_ask(stage: Stage):
    canvas = await stage.canvas()
    first = await canvas.first()
    assert (await stage.ben.menu(first, EDIT)).form is not None


async def test_what_was_agreed_to_once_is_not_there_for_others_in_the_askers_thread(stage: Stage):
    _, ask, asked = await asked_in_lounge(stage, "a pond of mine")
    assert (await stage.ben.press(asked, asked.buttons[ONCE])).ok
    canvas = await stage.opened(ask, stage.cleo)
    first = await canvas.first()
    await canvas.ask("and a duck")
    named = await canvas.say("put the tree of v1 on it")
    again = await question(stage.ben, canvas.id, named)
    assert "your picture v1" in again.text
    assert not stage.requests("put the tree of v1 on it")
    assert (await stage.ben.press(again, again.buttons[ONCE])).ok
    await canvas.answer(named)
    assert first.pictures


# -- a thread that is set to ask first ---------------------------------------------------------------------------------


async def test_a_thread_that_asks_first_covers_pictures_posted_there_and_not_what_is_painted(stage: Stage):
    canvas = await stage.canvas(by=stage.cleo)
    await choose(stage.cleo, await panel(stage.cleo, canvas.id), "set:here:others", "ask_first")
    shown = await canvas.seen_by(stage.ben).say("// look at my cat", [photo("teal")])
    ask = await canvas.say(f"{BOT} a hat for the cat", reply_to=shown)
    asked = await question(stage.ben, canvas.id, ask)
    assert not stage.requests("a hat for the cat")
    assert (await stage.ben.press(asked, asked.buttons[ONCE])).ok
    answer = await canvas.answer(ask)
    assert await canvas.saw("a hat for the cat") == ["teal"]
    await canvas.seen_by(stage.ana).ask("make it night", reply_to=answer)
    assert await canvas.seen_by(stage.ana).saw("make it night") == ["v3"]
    own = await canvas.seen_by(stage.ben).ask("use this scarf", [photo("gold")])
    assert own.pictures


async def test_there_the_brought_picture_itself_needs_its_owner_by_name_and_as_the_newest(stage: Stage):
    canvas = await stage.canvas(by=stage.cleo)
    await choose(stage.cleo, await panel(stage.cleo, canvas.id), "set:here:others", "ask_first")
    shown = await canvas.seen_by(stage.ben).say("// mine", [photo("teal")])
    await canvas.seen_by(stage.ben).ask(f"{BOT} shade it", reply_to=shown)
    named = await canvas.say("the cat of v2 beside the house")
    asked = await question(stage.ben, canvas.id, named)
    assert "your picture v2" in asked.text
    assert (await stage.ben.press(asked, asked.buttons[NEVER])).ok
    answer = await canvas.answer(named)
    assert "would rather not" in answer.text
    assert not stage.requests("the cat of v2 beside the house")


async def test_waiting_words_that_come_to_name_such_a_picture_do_not_take_it_along(stage: Stage):
    async with stage.configured(gemini={"at_once": 1}):
        canvas = await stage.canvas(by=stage.cleo)
        await choose(stage.cleo, await panel(stage.cleo, canvas.id), "set:here:others", "ask_first")
        shown = await canvas.seen_by(stage.ben).say("// mine", [photo("teal")])
        ben = canvas.seen_by(stage.ben)
        await ben.ask(f"{BOT} shade it well", reply_to=shown)
        async with stage.held() as waiting:
            other = asyncio.create_task(stage.canvas("something else"))
            await stage.until(waiting)
            ask = await canvas.say("make it night")
            await canvas.status(ask)
            await stage.cleo.edit(ask, "make it night with the cat of v2")
            await asyncio.sleep(0.5)
        await other
        await canvas.answer(ask)
        assert "teal" not in await canvas.saw("make it night with the cat of v2")


# -- /consent ----------------------------------------------------------------------------------------------------------


async def test_the_panel_tells_what_one_has_said_and_what_waits(stage: Stage):
    _, _, asked = await asked_in_lounge(stage, "in the panel")
    await stage.meanwhile()
    for member, words in ((stage.ben, "waits for your word"), (stage.cleo, f"waits for <@{seed.BEN}>'s word")):
        shown = await consent(member)
        assert words in shown.text
        assert f"/{asked.id})" in shown.text
    shown = await stands(stage.ben, "never")
    assert "Nothing waits" in shown.text
    await turned(stage.cleo, asked, "would rather not")


async def test_saying_always_in_the_panel_answers_what_waits(stage: Stage):
    _, ask, _ = await asked_in_lounge(stage, "by the panel")
    await stands(stage.ben, "always")
    await (await stage.opened(ask, stage.cleo)).first()
    assert len(stage.requests("by the panel")) == 1


async def test_the_default_is_for_those_who_manage_the_server(stage: Stage):
    shown = await consent(stage.cleo, default="always")
    assert "Only those with “Manage Server”" in shown.text
    assert "**Always**" in (await consent(stage.ana, default="always")).text
    picture = await stage.ben.say("lounge", "my garden", [photo("lime")])
    ask = await stage.cleo.say("lounge", f"{BOT} by default", reply_to=picture)
    answer = await (await stage.opened(ask, stage.cleo)).first()
    assert "consent" not in receipt(answer)
    await consent(stage.ana, default="never")
    ask = await stage.cleo.say("lounge", f"{BOT} by default no", reply_to=picture)
    await told(stage.cleo, "lounge", "Ben would rather not", ask)
