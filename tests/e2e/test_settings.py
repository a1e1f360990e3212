"""`/settings`: what is chosen holds, for whom it should, after a restart too, and everybody reads it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.sandbox import Member, Post
from bot.sandbox.discord import seed
from tests.e2e.stage import BOT, DEADLINE, Canvas, Stage, sentence

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

LITE = "gemini-3.1-flash-lite-image"


async def panel(member: Member, place: int | str) -> Post:
    """The panel as somebody sees it who calls for it."""
    newest = max(member.seen, default=0)
    assert (await member.slash(place, "settings")).ok
    return await member.wait_for(lambda post: post.is_whisper and post.id > newest, None, DEADLINE)


async def choose(member: Member, shown: Post, custom_id: str, *values: str) -> Post:
    """Choose, and look at the panel again."""
    before = member.seen[shown.id]
    assert (await member.choose(shown, custom_id, *values)).ok
    return await member.wait_for(lambda post: post.id == shown.id and post is not before, None, DEADLINE)


def chosen(post: Post, name: str, scope: str = "here") -> str:
    menu = post.component(f"set:{scope}:{name}")
    return str(next(each["label"] for each in menu["options"] if each.get("default")))


async def quiet_line(canvas: Canvas, words: str) -> Post:
    return await canvas.by.wait_for(
        lambda post: post.text.startswith("-# ⚙️") and words in post.text, canvas.id, DEADLINE
    )


async def whisper(member: Member, words: str) -> Post:
    return await member.wait_for(lambda post: post.is_whisper and words in post.text, None, DEADLINE)


# -- choosing ----------------------------------------------------------------------------------------------------------


async def test_the_starter_chooses_the_panel_shows_it_and_everybody_reads_one_quiet_line(stage: Stage):
    canvas = await stage.canvas(by=stage.cleo)
    shown = await panel(stage.cleo, canvas.id)
    assert chosen(shown, "model") == "As usual: Nano Banana 2.1"
    shown = await choose(stage.cleo, shown, "set:here:model", LITE)
    assert chosen(shown, "model") == "Nano Banana 2 Lite"
    line = await quiet_line(canvas.seen_by(stage.ben), "Nano Banana 2 Lite")
    assert line.text == "-# ⚙️ Cleo changed this thread's settings: **Model** is “Nano Banana 2 Lite” from now on."
    assert line.data["flags"] & 1 << 12, "nobody's device rings"
    await canvas.ask("make it night")
    assert stage.request("make it night").model == LITE


async def test_what_was_chosen_and_the_panel_itself_outlive_a_restart(stage: Stage):
    canvas = await stage.canvas(by=stage.cleo)
    shown = await panel(stage.cleo, canvas.id)
    await choose(stage.cleo, shown, "set:here:size", "2K")
    await stage.restart()
    await choose(stage.cleo, shown, "set:here:memory", "full")
    shown = await panel(stage.cleo, canvas.id)
    assert (chosen(shown, "size"), chosen(shown, "memory")) == ("2K", "Full")
    await canvas.ask("make it night")
    asked = stage.request("make it night")
    assert asked.config["imageConfig"]["imageSize"] == "2K"
    assert asked.roles == ("user", "model", "user")


async def test_what_an_ask_itself_says_goes_before_the_settings(stage: Stage):
    canvas = await stage.canvas(by=stage.cleo)
    await choose(stage.cleo, await panel(stage.cleo, canvas.id), "set:here:ratio", "16:9")
    assert (await stage.cleo.slash(canvas.id, "imagine", prompt="a wide dragon")).ok
    assert (await stage.cleo.slash(canvas.id, "imagine", prompt="a tall dragon", ratio="9:16", size="2K")).ok
    await stage.until(lambda: stage.requests("a wide dragon") and stage.requests("a tall dragon"))
    wide, tall = (stage.request(each).config["imageConfig"] for each in ("a wide dragon", "a tall dragon"))
    assert (wide["aspectRatio"], wide["imageSize"]) == ("16:9", "1K")
    assert (tall["aspectRatio"], tall["imageSize"]) == ("9:16", "2K")


async def test_the_same_choice_again_tells_nobody(stage: Stage):
    canvas = await stage.canvas(by=stage.cleo)
    shown = await panel(stage.cleo, canvas.id)
    shown = await choose(stage.cleo, shown, "set:here:size", "2K")
    await quiet_line(canvas, "“2K”")
    await choose(stage.cleo, shown, "set:here:size", "2K")
    await choose(stage.cleo, shown, "set:here:size", "-")
    await quiet_line(canvas, "“As usual: 1K”")
    assert len([each for each in await canvas.posts() if "⚙️" in each.text]) == 2


# -- whose settings they are -------------------------------------------------------------------------------------------


async def test_others_see_them_read_only_and_moderators_may_change_them(stage: Stage):
    canvas = await stage.canvas(by=stage.cleo)
    seen = await panel(stage.ben, canvas.id)
    assert f"Only <@{seed.CLEO}>, who started this thread, and moderators" in seen.text
    assert all(seen.component(f"set:here:{name}")["disabled"] for name in ("ratio", "size", "model", "asks", "hears"))
    shown = await choose(stage.ana, await panel(stage.ana, canvas.id), "set:here:size", "2K")
    assert chosen(shown, "size") == "2K"


async def test_who_is_no_moderator_any_more_changes_nothing_with_a_panel_of_before(stage: Stage):
    canvas = await stage.canvas(by=stage.cleo)
    shown = await panel(stage.ana, canvas.id)
    members = stage.sandbox.world.guilds[seed.GUILD].members
    usual, members[seed.ANA] = members[seed.ANA], replace(members[seed.ANA], roles=())
    try:
        shown = await choose(stage.ana, shown, "set:here:size", "2K")
        assert "who started this thread, and moderators" in shown.text
        assert chosen(shown, "size") == "As usual: 1K"
    finally:
        members[seed.ANA] = usual


async def test_moderators_choose_the_servers_defaults_which_threads_go_before(stage: Stage):
    assert "Only moderators" in (await panel(stage.ben, "studio")).text
    shown = await panel(stage.ana, "studio")
    assert shown.text.startswith("## Server defaults")
    try:
        shown = await choose(stage.ana, shown, "set:server:size", "2K")
        canvas = await stage.canvas("a quiet harbour", by=stage.cleo)
        assert stage.request("a quiet harbour").config["imageConfig"]["imageSize"] == "2K"
        here = await panel(stage.cleo, canvas.id)
        assert chosen(here, "size") == "As usual: 2K"
        await choose(stage.cleo, here, "set:here:size", "1K")
        await canvas.ask("make it night")
        assert stage.request("make it night").config["imageConfig"]["imageSize"] == "1K"
    finally:
        await choose(stage.ana, shown, "set:server:size", "-")


async def test_a_moderator_goes_from_a_thread_to_the_defaults_and_back(stage: Stage):
    canvas = await stage.canvas(by=stage.cleo)
    shown = await panel(stage.ana, canvas.id)
    shown = await turned(stage.ana, shown, "Server defaults…", "## Server defaults")
    await turned(stage.ana, shown, "Back to this thread", "## Settings of this thread")
    assert "Server defaults…" not in (await panel(stage.cleo, canvas.id)).buttons


async def turned(member: Member, shown: Post, label: str, heading: str) -> Post:
    assert (await member.press(shown, shown.buttons[label])).ok
    return await member.wait_for(lambda post: post.id == shown.id and post.text.startswith(heading), None, DEADLINE)


async def test_a_model_that_is_gone_gives_way_to_the_configured_one_and_the_panel_says_so(stage: Stage):
    mine = {"id": "mine", "name": "Mine", "sizes": ["1K"], "ratios": ["1:1"], "pictures": 3, "thinking": []}
    mine |= {"signatures": False, "seconds": 5.0, "longest_side": 1024}
    mine["price"] = {
        "text_in": 1.0,
        "text_out": 1.0,
        "image_out": 1.0,
        "picture_in_tokens": 1,
        "picture_out_tokens": {"1K": 1},
    }
    async with stage.configured(gemini={"models": [mine]}):
        canvas = await stage.canvas(by=stage.cleo)
        await choose(stage.cleo, await panel(stage.cleo, canvas.id), "set:here:model", "mine")
    await stage.start()
    shown = await panel(stage.cleo, canvas.id)
    assert "The model mine is no longer to be had, so Nano Banana 2.1 paints." in shown.text
    await canvas.ask("make it night")
    assert stage.request("make it night").model == "gemini-nano-banana-2.1"


# -- who may ask -------------------------------------------------------------------------------------------------------


async def test_in_a_thread_of_ones_own_others_are_told_once_where_they_call_and_never_where_they_talk(stage: Stage):
    canvas = await stage.canvas(by=stage.cleo)
    first = await canvas.first()
    await choose(stage.cleo, await panel(stage.cleo, canvas.id), "set:here:asks", "starter")
    ben = canvas.seen_by(stage.ben)
    await ben.say("just talking")
    called = await ben.say(f"{BOT} make it pink")
    told = await ben.answer(called)
    assert told.text.startswith(f"<@{seed.CLEO}> keeps this thread to themselves")
    await ben.say("make it blue", reply_to=first)
    assert (await stage.ben.press(first, first.buttons["Retry"])).ok
    await whisper(stage.ben, "keeps this thread to themselves")
    await canvas.ask("make it night")
    assert [len(stage.requests(each)) for each in ("just talking", "make it pink", "make it blue")] == [0, 0, 0]
    assert len([each for each in await canvas.posts() if "keeps this thread" in each.text]) == 1


async def test_those_whom_the_starter_invites_may_ask_and_nobody_else(stage: Stage):
    canvas = await stage.canvas(by=stage.cleo)
    shown = await panel(stage.cleo, canvas.id)
    shown = await choose(stage.cleo, shown, "set:here:asks", "invited")
    shown = await choose(stage.cleo, shown, "set:here:invited", str(seed.BEN), str(seed.BOT))
    assert [each["id"] for each in shown.component("set:here:invited")["default_values"]] == [str(seed.BEN)]
    assert (await quiet_line(canvas, "invited to ask here")).text.endswith(f": <@{seed.BEN}>.")
    await canvas.seen_by(stage.ben).ask("make it night")
    answer = await canvas.seen_by(stage.ana).ask(f"{BOT} make it pink")
    assert answer.text.startswith(f"In this thread I paint only for <@{seed.CLEO}>")
    await choose(stage.cleo, shown, "set:here:invited")
    await quiet_line(canvas, "nobody")
    assert not (await canvas.seen_by(stage.ben).ask(f"{BOT} make it red")).pictures


# -- when the bot listens ----------------------------------------------------------------------------------------------


async def test_where_it_listens_to_replies_and_mentions_only_plain_words_are_talk(stage: Stage):
    canvas = await stage.canvas(by=stage.cleo)
    await choose(stage.cleo, await panel(stage.cleo, canvas.id), "set:here:hears", "called")
    await canvas.say("what a day")
    await canvas.ask("make it night", reply_to=await canvas.first())
    await canvas.ask(f"{BOT} add a boat")
    assert not stage.requests("what a day")


async def test_automatic_hears_everything_until_a_second_person_talks_even_after_a_restart(stage: Stage):
    canvas = await stage.canvas(by=stage.cleo)
    await choose(stage.cleo, await panel(stage.cleo, canvas.id), "set:here:hears", "automatic")
    await canvas.ask("make it night")
    await canvas.seen_by(stage.ben).say("// oh, lovely")
    await canvas.say("thank you")
    await stage.restart()
    await canvas.say("I like it, too")
    await canvas.seen_by(stage.ben).ask(f"{BOT} add a boat")
    assert [len(stage.requests(each)) for each in ("thank you", "I like it, too", "make it night")] == [0, 0, 1]


async def test_in_a_thread_that_people_opened_it_listens_to_everything_where_its_opener_says_so(stage: Stage):
    thread = await stage.cleo.open_thread(await stage.cleo.say("studio", "our harbour"), "Harbour")
    canvas = Canvas(stage, thread, stage.cleo)
    await canvas.say("nobody hears this")
    await choose(stage.cleo, await panel(stage.cleo, thread), "set:here:hears", "everything")
    await canvas.ask("a harbour at dawn")
    assert not stage.requests("nobody hears this")


async def test_the_servers_default_does_not_open_the_bots_ears_to_what_people_say_in_their_own_threads(stage: Stage):
    shown = await choose(stage.ana, await panel(stage.ana, "studio"), "set:server:hears", "everything")
    try:
        thread = await stage.cleo.open_thread(await stage.cleo.say("studio", "our cats"), "Cats")
        canvas = Canvas(stage, thread, stage.cleo)
        await canvas.say("nobody hears this either")
        await canvas.ask(f"{BOT} a cat")
        assert not stage.requests("nobody hears this either")
    finally:
        await choose(stage.ana, shown, "set:server:hears", "-")


async def test_without_the_intent_the_panel_says_what_it_hears_and_offers_nothing_else(stage: Stage):
    async with stage.configured(discord={"message_content_intent": False}):
        canvas = await stage.canvas(by=stage.cleo)
        shown = await panel(stage.cleo, canvas.id)
        assert sentence("settings.deaf") in shown.text
        assert "set:here:hears" not in {each.get("custom_id") for each in shown._components()}
        await choose(stage.cleo, shown, "set:here:size", "2K")
        await canvas.ask(f"{BOT} make it night")
        assert stage.request("make it night").config["imageConfig"]["imageSize"] == "2K"
    await stage.start()


async def test_in_direct_messages_there_is_nobody_to_share_with(stage: Stage):
    shown = await panel(stage.cleo, "dm")
    names = {"ratio", "size", "model", "memory"}
    assert {each["custom_id"] for each in shown._components() if "custom_id" in each} == {
        f"set:here:{each}" for each in names
    }
    await choose(stage.cleo, shown, "set:here:size", "2K")
    dm = Canvas(stage, await stage.cleo.channel_id("dm"), stage.cleo)
    await dm.ask("a lonely lighthouse")
    assert stage.request("a lonely lighthouse").config["imageConfig"]["imageSize"] == "2K"
