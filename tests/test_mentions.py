"""Nobody is called but who is meant: by the client's default, and by every place that says something else."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import discord

from bot.letters import Letter
from cogs.client import Client
from cogs.postman import _mentions
from tests.players import CATALOGUE, SETTINGS

ROOT = Path(__file__).parents[1]
NEVER = {"everyone": False, "roles": False}


def calls(name: str) -> Iterator[ast.Call]:
    """Every call in the cogs whose last name is this."""
    for path in (ROOT / "cogs").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == name:
                yield node


def said(mentions: discord.AllowedMentions) -> dict[str, Any]:
    """As Discord hears it."""
    return cast("dict[str, Any]", mentions.to_dict())


def test_a_message_that_says_nothing_of_it_calls_nobody():
    mentions = Client(SETTINGS.discord, CATALOGUE)._connection.allowed_mentions
    assert mentions is not None
    assert said(mentions) == {"parse": []}


def test_nowhere_is_a_role_called_or_everyone():
    told = [
        {each.arg: ast.literal_eval(each.value) for each in call.keywords if each.arg in NEVER}
        for call in calls("AllowedMentions")
    ]
    assert told
    assert all(each == NEVER for each in told)
    assert not [call for call in calls("all") if "AllowedMentions" in ast.unparse(call)]


def test_a_letter_calls_at_most_the_one_that_it_means():
    assert said(_mentions(Letter(1, "@everyone <@5>"))) == {"parse": []}
    assert said(_mentions(Letter(1, "late", ping=5))) == {"parse": [], "users": [5], "replied_user": True}
    assert said(_mentions(Letter(1, "<@6>", ping=5, calls=6)))["users"] == [6]
