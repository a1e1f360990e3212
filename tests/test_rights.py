"""Who may press what: the page for people and the program's table, row by row, person by person."""

from dataclasses import fields
from pathlib import Path
from typing import Any, cast

import discord
import pytest

from bot.catalogue import load_catalogue
from bot.check.command import Nobody
from bot.config import load
from bot.rights import RIGHTS, TOLD, Person, Right, may, right
from cogs.assembly import Tools, add_cogs, add_words
from cogs.client import Client
from cogs.gate import named
from cogs.router import Router

PAGE = Path(__file__).parents[1] / "docs" / "rights.md"
PEOPLE = {
    "asker": Person(),
    "participant": Person(own=False),
    "invited": Person(own=False),
    "moderator": Person(own=False, moderates_here=True, moderates=True),
    "manager": Person(own=False, moderates=True, expels=True, manages=True),
    "stranger": Person(own=False, welcome=False),
    "silent": Person(own=False, writes=False),
    "alone": Person(),
}
HEAD, _, *LINES = [line.strip("| ").split(" | ") for line in PAGE.read_text("utf-8").splitlines() if line[:1] == "|"]
ROWS = {key.strip("`"): dict(zip(HEAD[2:], marks, strict=True)) for key, _, *marks in LINES}


def test_every_row_of_the_table_stands_on_the_page_in_its_order():
    assert list(ROWS) == list(RIGHTS)
    assert HEAD[2:] == list(PEOPLE)


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("key", RIGHTS)
def test_everybody_may_what_the_page_says(key: str, who: str):
    assert ROWS[key][who] == ("✓" if may(RIGHTS[key], PEOPLE[who]) else "–")


@pytest.mark.parametrize("key", RIGHTS)
def test_who_moderates_a_closed_thread_asks_there_no_more_than_others(key: str):
    moderator = Person(own=False, welcome=False, moderates_here=True, moderates=True)
    assert may(RIGHTS[key], moderator) == (ROWS[key]["moderator"] == "✓" and RIGHTS[key] is not Right.ASK)


@pytest.mark.parametrize("key", RIGHTS)
def test_who_may_write_no_more_keeps_what_is_their_own(key: str):
    asker = Person(writes=False)
    assert may(RIGHTS[key], asker) == (ROWS[key]["asker"] == "✓" and RIGHTS[key] not in {Right.ASK, Right.WRITE})


async def test_every_verb_and_every_command_has_its_row_and_every_row_its_verb_or_command():
    client = Client(load(None, {"DISCORD_TOKEN": "t", "GEMINI_API_KEY": "k"}).discord, load_catalogue())
    async with client:
        nobody = cast("Any", Nobody())
        tools = Tools(*[nobody] * len(fields(Tools)))
        settings = load(None, {"DISCORD_TOKEN": "t", "GEMINI_API_KEY": "k"})
        await add_cogs(nobody, tools, client, settings, load_catalogue())
        await add_words(nobody, tools, client)
        router = client.get_cog("Router")
        assert isinstance(router, Router)
        commands = {named(each) for kind in KINDS for each in client.tree.get_commands(type=kind)}
        there = router.verbs | commands
        assert client.gate is not None
    lacking = sorted(key for key in there if not _rows(key))
    idle = sorted(key for key in RIGHTS if key.partition(":")[0] not in there)
    assert (lacking, idle) == ([], []), "a row in bot/rights.py and on docs/rights.md"


def test_a_longer_key_goes_before_its_verb_and_unknown_ones_have_no_right():
    assert right("set:server:ratio") is Right.MODERATE
    assert right("set:here:ratio") is Right.TAKE_BACK
    assert right("judge:block:7") is Right.EXPEL
    assert right("edit:3-5") is Right.ASK
    assert right("limits:form:money:5") is Right.MANAGE
    for unknown in ("set", "set:elsewhere", "judge:praise:7", "nothing", ""):
        assert right(unknown) is None


def test_whoever_is_turned_away_is_told_why():
    silent = {each for each in Right if not may(each, Person(writes=False))}
    assert silent == set(TOLD), "what is somebody's own is told by who knows whose"
    assert all(load_catalogue().say(key) for key in TOLD.values())


def _rows(verb: str) -> list[str]:
    return [key for key in RIGHTS if key == verb or key.startswith(f"{verb}:")]


KINDS = (discord.AppCommandType.chat_input, discord.AppCommandType.message, discord.AppCommandType.user)
