"""Rules on words: the server's own list and its AutoMod's, wherever words come from, and before anything is painted."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from typing import Any

import pytest

from bot.sandbox import Member, Post
from bot.sandbox.discord import seed
from bot.sandbox.discord.permissions import Permission
from bot.sandbox.gemini.painting import Painting
from bot.sandbox.gemini.request import Part, Request
from tests.e2e.sketches import photo
from tests.e2e.stage import BOT, DEADLINE, Stage, is_answer, receipt, sentence

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

REFUSED, TOLD = sentence("error.words"), "Dogs only."
RULES = f"/guilds/{seed.GUILD}/auto-moderation/rules"
RULE: dict[str, Any] = {
    "name": "No cats",
    "event_type": 1,
    "trigger_type": 1,
    "trigger_metadata": {"keyword_filter": ["*kitten*"], "regex_patterns": ["purr+s?"]},
    "actions": [
        {"type": 1, "metadata": {"custom_message": TOLD}},
        {"type": 2, "metadata": {"channel_id": str(seed.LOUNGE)}},
    ],
    "enabled": True,
}


async def words(member: Member, command: str, **options: Any) -> str:
    """What `/words` answers."""
    newest = max(member.seen, default=0)
    assert (await member.slash("studio", f"words {command}", **options)).ok
    post = await member.wait_for(
        lambda post: post.is_whisper and post.id > newest and not post.is_thinking, None, DEADLINE
    )
    return post.text


@asynccontextmanager
async def listed(stage: Stage, *entries: str) -> AsyncIterator[None]:
    """The server's own list has these."""
    await words(stage.ana, "add", words=", ".join(entries))
    try:
        yield
    finally:
        for each in entries:
            await words(stage.ana, "remove", word=each)


@asynccontextmanager
async def managing(stage: Stage) -> AsyncIterator[None]:
    """The bot may manage the server, and so read its rules."""
    role, path = stage.sandbox.world.guild(seed.GUILD).roles[seed.EASEL], f"/guilds/{seed.GUILD}/roles/{seed.EASEL}"
    june = stage.sandbox.member("june")
    await june.call("PATCH", path, {"permissions": str(role.permissions | Permission.MANAGE_GUILD)})
    try:
        yield
    finally:
        await june.call("PATCH", path, {"permissions": str(role.permissions)})


@asynccontextmanager
async def automod(stage: Stage, **fields: Any) -> AsyncIterator[str]:
    """A rule of the server's AutoMod; its path."""
    made = await stage.ana.call("POST", RULES, RULE | fields)
    try:
        yield f"{RULES}/{made['id']}"
    finally:
        await stage.ana.call("DELETE", f"{RULES}/{made['id']}")


async def whisper(member: Member, said: str) -> Post:
    return await member.wait_for(lambda post: post.is_whisper and said in post.text, None, DEADLINE)


async def alert(stage: Stage, said: str) -> Post:
    return await stage.ana.wait_for(lambda post: post.text.startswith("🛡️") and said in post.text, "lounge", DEADLINE)


def nothing_was_painted(stage: Stage, *said: str) -> None:
    assert [each for each in said if stage.requests(each)] == []


# -- the server's own list ---------------------------------------------------------------------------------------------


async def test_a_message_with_a_listed_word_is_refused_free_and_opens_no_thread(stage: Stage):
    async with listed(stage, "kitten*"):
        ask = await stage.ben.say("studio", f"{BOT} two KÍTTENS at play")
        told = await stage.ben.wait_for(lambda post: is_answer(post) and post.reply_to == ask.id, "studio", DEADLINE)
    assert told.text == REFUSED
    assert ask.id not in stage.ben.channels
    assert not stage.gemini.ledger.requests


async def test_in_a_thread_plain_words_replies_and_edits_by_form_meet_the_same_list(stage: Stage):
    canvas = await stage.canvas(by=stage.cleo)
    first = await canvas.first()
    async with listed(stage, "kitten"):
        assert (await canvas.ask("add a kitten")).text == REFUSED
        assert (await canvas.ask("a k\u200bitten there", reply_to=first)).text == REFUSED
        form = (await stage.cleo.press(first, first.buttons["Edit…"])).form
        assert form is not None
        assert (await stage.cleo.submit(form, words="a kitten, please")).ok
        await whisper(stage.cleo, REFUSED)
        named = ("kitten.png", photo("red")[1])
        assert (await canvas.ask("work this in", [named])).text == REFUSED
        await canvas.ask("kittens are fine")
    nothing_was_painted(stage, "add a kitten", "a kitten, please", "work this in")


async def test_a_command_is_refused_before_anybody_else_reads_it(stage: Stage):
    async with listed(stage, "kitten"):
        newest = (await stage.ana.messages("studio", 1))[0].id
        assert (await stage.ben.slash("studio", "imagine", prompt="a kitten")).ok
        await whisper(stage.ben, REFUSED)
        assert (await stage.ben.messages("studio", 1))[0].id == newest
    nothing_was_painted(stage, "a kitten")


async def test_what_was_painted_before_a_word_was_listed_is_not_asked_for_once_more(stage: Stage):
    canvas = await stage.canvas("a kitten on a wall")
    first = await canvas.first()
    async with listed(stage, "kitten"):
        assert (await stage.ana.press(first, first.buttons["Retry"])).ok
        await whisper(stage.ana, REFUSED)
        newest = max(stage.ana.seen)
        assert (await stage.ana.press(first, first.buttons["Variations"])).ok
        await stage.ana.wait_for(lambda post: post.id > newest and REFUSED in post.text, None, DEADLINE)
    assert len(stage.requests("a kitten on a wall")) == 1


async def test_a_recipes_field_is_looked_at_too(stage: Stage):
    async with listed(stage, "kitten"):
        found = (await stage.ana.complete("studio", "recipe", "name", name="poster")).choices
        assert (await stage.ana.slash("studio", "recipe", name=found[0]["value"], detail1="a kitten")).ok
        await whisper(stage.ana, REFUSED)
    assert not stage.gemini.ledger.requests


async def test_a_waiting_ask_that_is_edited_into_a_listed_word_is_refused_and_cancelled_free(stage: Stage):
    canvas = await stage.canvas()
    async with listed(stage, "kitten"):
        async with stage.held():
            await canvas.say("make it night")
            waiting = await canvas.say("add a boat")
            await canvas.status(waiting)
            await stage.ana.edit(waiting, "add a kitten")
            assert (await canvas.answer(waiting)).text == REFUSED
        await canvas.ask("add a tree")
    nothing_was_painted(stage, "add a boat", "add a kitten")


async def test_of_the_models_words_those_that_are_not_listed_are_posted_and_the_picture_always(stage: Stage):
    def script(request: Request) -> Painting:
        return Painting((Part(text="Here is your kitten."), stage.painter.picture()))

    stage.painter.on("a surprise", script)
    async with listed(stage, "kitten"):
        canvas = await stage.canvas("a surprise")
    answer = await canvas.first()
    assert len(answer.pictures) == 1
    assert "kitten" not in answer.text
    assert sentence("receipt.hushed") in receipt(answer)


async def test_words_that_are_listed_while_they_wait_stand_in_no_receipt_and_no_description(stage: Stage):
    canvas = await stage.canvas()
    async with stage.held():
        asked = await canvas.say("add a puppy")
        await canvas.status(asked)
        await words(stage.ana, "add", words="puppy")
    answer = await canvas.answer(asked)
    await words(stage.ana, "remove", word="puppy")
    assert "puppy" not in answer.text
    assert "puppy" not in json.dumps(answer.data["attachments"])
    assert len(answer.pictures) == 1


# -- who keeps the list ------------------------------------------------------------------------------------------------


async def test_only_those_who_manage_the_server_find_the_command(stage: Stage):
    assert "words" in {each["name"] for each in await stage.ana.commands("studio")}
    assert "words" not in {each["name"] for each in await stage.ben.commands("studio")}


async def test_the_list_is_added_to_shown_and_taken_from_and_survives_a_restart(stage: Stage):
    assert "**" not in await words(stage.ana, "add", words="Badger, *weasel*, bádger")
    await stage.restart()
    shown = await words(stage.ana, "show")
    assert "own list: **2**" in shown
    assert "> Badger" in shown
    assert "> \\*weasel\\*" in shown
    choices = (await stage.ana.complete("studio", "words remove", "word", word="WEA")).choices
    assert [each["value"] for each in choices] == ["*weasel*"]
    assert "is off the list" in await words(stage.ana, "remove", word="badger")
    assert "is not on the list" in await words(stage.ana, "remove", word="badger")
    await words(stage.ana, "remove", word="*weasel*")


@pytest.mark.parametrize(("entry", "key"), [("c*t", "word_star"), ("*a*", "word_empty"), ("x" * 61, "word_too_long")])
async def test_what_can_not_stand_on_a_list_is_told_why(stage: Stage, entry: str, key: str):
    assert (await words(stage.ana, "add", words=entry)).startswith(sentence(f"error.{key}"))
    assert sentence("words.own_none") in await words(stage.ana, "show")


async def test_a_list_is_imported_from_a_file_shown_as_one_and_replaced_by_another(stage: Stage):
    file = "\n".join([f"word{number}" for number in range(9_999)] + ["c*t", ""]).encode()
    told = await words(stage.ana, "import", file=("list.txt", file))
    assert "New on the list (9999): “word0”, “word1”," in told
    assert "(1): 10000" in told
    await words(stage.ana, "show")
    shown = await stage.ana.wait_for(lambda post: post.is_whisper and bool(post.data["attachments"]), None, DEADLINE)
    assert "own list: **9999**" in shown.text
    canvas = await stage.canvas()
    assert (await canvas.ask("a Word77 there")).text == REFUSED
    assert "10000 entries at most" in await words(stage.ana, "add", words="one, two")
    assert "Entries in all: 1." in await words(stage.ana, "import", file=("one.txt", b"one\n"), instead=True)
    await canvas.ask("a Word77 here")
    await words(stage.ana, "remove", word="one")


@pytest.mark.parametrize(("data", "key"), [(b"\xff\x00\xff", "words_file"), (b"x" * 100_001, "words_file_large")])
async def test_a_file_that_is_no_list_changes_nothing(stage: Stage, data: bytes, key: str):
    assert (await words(stage.ana, "import", file=("list.bin", data))).startswith(sentence(f"error.{key}"))


async def test_every_change_of_the_list_is_written_for_the_audit_log(stage: Stage):
    async with listed(stage, "stoat"):
        pass
    with closing(sqlite3.connect(stage.bot.folder / "data" / "easel.db")) as database:
        rows = database.execute("SELECT told, member FROM audit WHERE kind = 'change' ORDER BY id").fetchall()
    told = [(json.loads(told), member) for told, member in rows if "stoat" in told]
    assert [(each["added"], each["removed"], member) for each, member in told] == [
        (["stoat"], [], seed.ANA),
        ([], ["stoat"], seed.ANA),
    ]


async def test_the_audit_channel_reads_in_one_line_what_was_met_and_what_was_left_out(stage: Stage):
    stage.painter.on("surprise me", lambda _: Painting((Part(text="Look, a marten."), stage.painter.picture())))
    async with audited(stage), listed(stage, "marten"):
        canvas = await stage.canvas("surprise me")
        await canvas.ask("a marten in ermine")
        told = [await logged(stage, "📕", each) for each in ("a marten in ermine", "Look, a marten")]
        changed = await logged(stage, "changed the server's list of words: + marten")
    assert f"<@{seed.ANA}>" in told[0]
    assert "turned away" in told[0]
    assert "left out" in told[1]
    assert changed.endswith("+ marten")


@asynccontextmanager
async def audited(stage: Stage) -> AsyncIterator[None]:
    """Moderators have chosen a channel that is told of everything."""
    newest = max(stage.ana.seen, default=0)
    assert (await stage.ana.slash("studio", "audit", channel=seed.PHOTOS)).ok
    asked = await stage.ana.wait_for(lambda post: post.is_whisper and post.id > newest, None, DEADLINE)
    assert (await stage.ana.press(asked, asked.buttons["Choose it all the same"])).ok
    try:
        yield
    finally:
        newest = max(stage.ana.seen)
        assert (await stage.ana.slash("studio", "audit")).ok
        shown = await stage.ana.wait_for(lambda post: post.is_whisper and post.id > newest, None, DEADLINE)
        assert (await stage.ana.press(shown, shown.buttons["Turn it off"])).ok


async def logged(stage: Stage, *said: str) -> str:
    """The one line in the audit channel with all of this."""
    post = await stage.ana.wait_for(
        lambda post: post.is_from_bot and any(holds(line, *said) for line in post.text.splitlines()), "photos", DEADLINE
    )
    [line] = [each for each in post.text.splitlines() if holds(each, *said)]
    return line


def holds(line: str, *said: str) -> bool:
    return all(each in line for each in said)


# -- AutoMod -----------------------------------------------------------------------------------------------------------


async def test_where_the_bot_may_not_read_them_the_panel_says_so_and_the_own_list_holds_alone(stage: Stage):
    async with automod(stage), listed(stage, "badger"):
        assert sentence("words.forbidden") in await words(stage.ana, "show")
        canvas = await stage.canvas("a kitten", by=stage.ben)
        assert (await canvas.ask("and a badger")).text == REFUSED


async def test_a_rule_holds_with_its_own_words_and_the_alert_goes_where_it_says(stage: Stage):
    async with managing(stage), automod(stage):
        canvas = await stage.canvas(by=stage.ben)
        refused = await canvas.ask("add a kitten || here")
        assert refused.text.startswith("This goes against this server's rules on words")
        assert refused.text.endswith(TOLD)
        told = await alert(stage, "kitten")
        assert f"<@{seed.BEN}>" in told.text
        assert "“No cats”" in told.text
        assert "||add a kitten \\|\\| here||" in told.text
        assert TOLD in (await canvas.ask("it purrrs")).text
        assert "“No cats”" in await words(stage.ana, "show")
    nothing_was_painted(stage, "add a kitten || here", "it purrrs")


async def test_exempt_roles_and_channels_and_those_who_manage_the_server_are_spared(stage: Stage):
    exempt = {"exempt_roles": [str(seed.GUEST)], "exempt_channels": [str(seed.PHOTOS)]}
    async with managing(stage), automod(stage, **exempt):
        canvas = await stage.canvas(by=stage.ben)
        assert TOLD in (await canvas.ask("a kitten of ben's")).text
        await canvas.seen_by(stage.cleo).ask(f"{BOT} a kitten of cleo's")
        await canvas.seen_by(stage.ana).ask(f"{BOT} a kitten of ana's")
        asked = await stage.ben.say("photos", f"{BOT} a kitten in photos")
        photos = await stage.opened(asked, stage.ben)
        await photos.first()
        await photos.ask("two kittens in photos")


async def test_a_change_of_a_rule_holds_at_once_and_one_that_is_off_or_gone_does_not(stage: Stage):
    async with managing(stage):
        canvas = await stage.canvas(by=stage.ben)
        async with automod(stage) as path:
            assert TOLD in (await canvas.ask("a first kitten")).text
            await stage.ana.call("PATCH", path, {"trigger_metadata": {"keyword_filter": ["badger"]}})
            await stage.meanwhile()
            await canvas.ask("a second kitten")
            assert TOLD in (await canvas.ask("a badger")).text
            await stage.ana.call("PATCH", path, {"enabled": False})
            await stage.meanwhile()
            await canvas.ask("another badger")


async def test_moderators_switch_automods_rules_off_for_what_is_painted(stage: Stage):
    async with managing(stage), automod(stage):
        canvas = await stage.canvas(by=stage.ben)
        assert sentence("words.off") in await words(stage.ana, "automod", on=False)
        await canvas.ask("a kitten after all")
        assert "“No cats”" in await words(stage.ana, "automod", on=True)
        assert TOLD in (await canvas.ask("no kitten any more")).text


async def test_what_of_automod_can_not_be_held_is_named(stage: Stage):
    preset = {"name": "Slurs", "trigger_type": 4, "trigger_metadata": {"presets": [3]}}
    odd = {"trigger_metadata": {"keyword_filter": [], "regex_patterns": ["[a-z&&[^b]]"]}}
    async with managing(stage), automod(stage, **preset), automod(stage, **odd):
        shown = await words(stage.ana, "show")
    assert "“Slurs”" in shown
    assert "&&" in shown


async def test_while_discord_does_not_tell_the_rules_the_own_list_holds_and_nobody_waits_for_long(stage: Stage):
    async with managing(stage), automod(stage) as path, listed(stage, "badger"):
        stage.sandbox.faults.add("answer", "GET", "/guilds/*/auto-moderation/rules", times=9)
        await stage.ana.call("PATCH", path, {"name": "No cats at all"})
        canvas = await stage.canvas("a kitten while away", by=stage.ben)
        assert (await canvas.ask("and a badger")).text == REFUSED
        assert sentence("words.away") in await words(stage.ana, "show")


async def test_commas_of_every_script_stand_between_entries_and_the_answer_shows_what_was_taken_in(stage: Stage):
    told = await words(stage.ana, "add", words="vole, *鼠*、*猫*；stoat，big shrew;vole")
    shown = "“vole”, “*鼠*”, “*猫*”, “stoat”, “big shrew”"
    assert f"New on the list (5): {shown}. Entries in all: 5." in told.replace("\\*", "*")
    assert "was on the list already" in await words(stage.ana, "add", words="Vole; stoat")
    for each in ("vole", "*鼠*", "*猫*", "stoat", "big shrew"):
        await words(stage.ana, "remove", word=each)
