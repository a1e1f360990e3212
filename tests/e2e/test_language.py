"""Everybody is answered in their language: by their last press or command, else by their server."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing

import pytest

from bot.catalogue import load_catalogue
from bot.cookbook import translations
from bot.language import SERVED, speaking
from bot.sandbox import Member, Post
from bot.sandbox.discord import seed
from bot.sandbox.discord.nouns import Json
from tests.e2e.stage import BOT, DEADLINE, Canvas, Stage, receipt

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

CATALOGUE = load_catalogue()


def said(language: str, key: str, **values: object) -> re.Pattern[str]:
    """What the catalogue says in a language, whatever stands for the values that are not given."""
    section, _, name = key.partition(".")
    sentence = CATALOGUE.others[language][section][name]
    assert sentence != CATALOGUE.texts[section][name]
    pieces = re.split(r"\{(\w+)\}", sentence)
    return re.compile(
        "".join(re.escape(each) if at % 2 == 0 else str(values.get(each, ".*")) for at, each in enumerate(pieces)),
        re.DOTALL,
    )


async def speaks(stage: Stage, member: Member, locale: str) -> None:
    """Discord tells the bot of a language with a command, whichever."""
    await member.read_in(locale)
    await member.slash("studio", "help")
    await stage.until(lambda: kept(stage, member) == locale)


def kept(stage: Stage, member: Member) -> str | None:
    """What the bot has written down of somebody's language."""
    with closing(sqlite3.connect(stage.bot.folder / "data" / "easel.db")) as database:
        row = database.execute("SELECT locale FROM locales WHERE member = ?", [member.user_id]).fetchone()
    return row[0] if row else None


async def whisper(member: Member, words: re.Pattern[str]) -> Post:
    return await member.wait_for(lambda post: post.is_whisper and words.search(post.text) is not None, None, DEADLINE)


async def refused(canvas: Canvas, words: str) -> Post:
    return await canvas.answer(await canvas.say(words))


@pytest.fixture(autouse=True)
def english_again(stage: Stage):
    yield
    stage.sandbox.world.guilds[seed.GUILD].locale = "en-US"


async def test_who_commanded_in_german_gets_status_buttons_receipt_and_refusals_in_german(stage: Stage):
    await speaks(stage, stage.ana, "de")
    canvas = await stage.canvas()
    async with stage.held():
        ask = await canvas.say("put the hat of v9 on it")
        status = await canvas.status(ask)
    assert said("de", "status.painting").match(status.text)
    assert list(status.buttons) == [CATALOGUE.others["de"]["cancel"]["counts"]]
    answer = await canvas.answer(ask)
    assert CATALOGUE.others["de"]["row"]["edit"] in answer.buttons
    assert said("de", "receipt.unknown_version", number=9, newest=1).search(receipt(answer))
    link = await refused(canvas, "https://example.org/cat.png")
    assert link.text == CATALOGUE.others["de"]["error"]["link_only"]


async def test_two_people_in_a_thread_are_each_answered_in_their_own_language(stage: Stage):
    await speaks(stage, stage.ana, "de")
    await speaks(stage, stage.ben, "fr")
    canvas = await stage.canvas()
    first = await canvas.first()
    hers = await canvas.ask("make it v9")
    his = await canvas.seen_by(stage.ben).ask("make it v8")
    assert said("de", "receipt.unknown_version", number=9).search(receipt(hers))
    assert said("fr", "receipt.unknown_version", number=8).search(receipt(his))
    await stage.ben.press(first, first.buttons[CATALOGUE.others["de"]["row"]["more"]])
    await whisper(stage.ben, said("fr", "more.panel", number=1))


async def test_a_press_speaks_the_language_of_its_presser_at_once(stage: Stage):
    await speaks(stage, stage.ana, "de")
    canvas = await stage.canvas()
    first = await canvas.first()
    await stage.ben.read_in("ja")
    outcome = await stage.ben.press(first, first.buttons[CATALOGUE.others["de"]["row"]["edit"]])
    assert outcome.form is not None
    assert said("ja", "form.edit", number=1).fullmatch(outcome.form.title)
    await stage.ben.submit(outcome.form, words="make it v9")
    answer = await stage.ben.wait_for(
        lambda post: "“make it v9”" in post.text or "v9" in receipt(post), canvas.id, DEADLINE
    )
    assert said("ja", "receipt.unknown_version", number=9).search(receipt(answer))
    assert said("ja", "receipt.asked_by", name="Ben").search(receipt(answer))


async def test_who_never_pressed_anything_is_answered_in_the_servers_language(stage: Stage):
    stage.sandbox.world.guilds[seed.GUILD].locale = "ja"
    await stage.restart()
    post = await stage.cleo.say("studio", f"{BOT} https://example.org/cat.png")
    answer = await stage.cleo.wait_for(lambda each: each.is_from_bot and each.reply_to == post.id, "studio", DEADLINE)
    assert answer.text == CATALOGUE.others["ja"]["error"]["link_only"]


async def test_a_language_that_nobody_has_written_is_answered_in_english(stage: Stage):
    await speaks(stage, stage.cleo, "fi")
    post = await stage.cleo.say("studio", f"{BOT} https://example.org/cat.png")
    answer = await stage.cleo.wait_for(lambda each: each.is_from_bot and each.reply_to == post.id, "studio", DEADLINE)
    assert answer.text == CATALOGUE.texts["error"]["link_only"]


async def test_an_ask_is_answered_in_its_language_after_a_crash_whatever_its_member_speaks_then(stage: Stage):
    await speaks(stage, stage.ana, "de")
    canvas = await stage.canvas()
    gate = stage.sandbox.faults.add("hold", "POST", "/gemini/*/models/*")
    ask = await canvas.say("put the hat of v9 on it")
    await stage.until(lambda: gate.seen)
    await stage.kill()
    gate.release()
    await stage.revive()
    answer = await canvas.answer(ask)
    assert said("de", "receipt.again").search(receipt(answer))
    await speaks(stage, stage.ana, "fr")
    assert said("fr", "receipt.unknown_version", number=9).search(receipt(await canvas.ask("bluer than v9")))


async def test_recipes_are_offered_called_and_asked_for_in_ones_own_language(stage: Stage):
    await speaks(stage, stage.ana, "es-419")
    told = translations("es-ES")
    outcome = await stage.ana.complete("studio", "recipe", "name", name="cartel")
    assert [each["value"] for each in outcome.choices] == ["poster"]
    assert outcome.choices[0]["name"] == f"{told['poster']['name']}: {told['poster']['description']}"
    form = (await stage.ana.slash("studio", "recipe", name="Cartel")).form
    assert form is not None
    assert form.title == "Cartel"
    labels = [each["label"] for each in form.data["components"]]
    assert labels[0] == told["poster"]["fields"]["headline"]["label"]
    outcome = await stage.ana.submit(form, headline="Verbena")
    assert outcome.ok


async def test_commands_are_told_in_every_language_and_their_own_names_in_one(stage: Stage):
    for command in stage.sandbox.world.commands:
        if command["type"] == 1:
            assert not command["name_localizations"]
            described(command, f"command.{command['name']}")
        else:
            menus = [words(f"menu.{each}") for each in ("edit", "information", "report")]
            assert translated(command, "name") in menus, command["name"]


def described(node: Json, key: str) -> None:
    """What a command, or a part of it, says of itself, and its options by their names as well."""
    assert translated(node, "description") == words(key), key
    for option in node.get("options", ()):
        if option["type"] in {1, 2}:
            described(option, f"{key}_{option['name']}")
            continue
        stem, number = re.sub(r"\d", "", option["name"]), re.sub(r"\D", "", option["name"])
        assert words(f"option.{stem}", place=number) == translated(option, "name")
        assert words(f"{key}_{stem}") == translated(option, "description")


async def test_the_help_describes_the_commands_in_the_language_of_its_reader(stage: Stage):
    await stage.ana.read_in("pt-BR")
    await stage.ana.slash("studio", "help")
    shown = await stage.ana.wait_for(lambda post: post.is_whisper and "help:rules" in str(post.data), None, DEADLINE)
    await stage.ana.press(shown, "help:rules")
    spoken = CATALOGUE.others["pt-BR"]["command"]["imagine"]
    await stage.ana.wait_for(lambda post: post.is_whisper and f"`/imagine` {spoken}" in str(post.data), None, DEADLINE)


def translated(node: Json, field: str) -> Json:
    """By locale; where none is told, the English words hold."""
    told = node.get(f"{field}_localizations") or {}
    return {locale: told.get(locale, node[field]) for locale in SERVED}


def words(key: str, **values: object) -> Json:
    found = {}
    for locale in SERVED:
        with speaking(locale):
            found[locale] = CATALOGUE.say(key, **values)
    return found
