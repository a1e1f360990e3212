"""What the verdict lets pass, and what it complains of."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.rights import RIGHTS
from bot.sandbox.discord import seed
from bot.sandbox.discord.nouns import Message, Origin
from tests.crash.books import Books
from tests.crash.verdict import ASKING, Evidence, _presses
from tests.e2e.stage import sentence

PRESS, CHANNEL = 77, 5


@pytest.fixture
def evidence(tmp_path: Path) -> Iterator[Evidence]:
    """A press that became neither a turn nor a refusal; v3 was deleted, v4 was not."""
    with closing(sqlite3.connect(":memory:")) as database:
        database.row_factory = sqlite3.Row
        database.executescript(
            "CREATE TABLE turns (id, state); CREATE TABLE heard (ask);"
            "CREATE TABLE versions (conversation, number, deleted_at);"
            f"INSERT INTO versions VALUES ({CHANNEL}, 3, 1.0), ({CHANNEL}, 4, NULL);"
        )
        evidence = Evidence(Books(database), seed.paint_club(), tmp_path, [], 0, set(), set(), set(), {}, 0)
        evidence.acknowledged[PRESS] = f"retry in {CHANNEL}"
        yield evidence


def whispered(evidence: Evidence, text: str) -> list[str]:
    """What is complained of where the presser read this."""
    origin = Origin(PRESS, 3, seed.ANA)
    evidence.world.whispers[1] = Message(1, CHANNEL, seed.BOT, 0.0, content=text, origin=origin)
    return list(_presses(evidence))


@pytest.mark.parametrize("text", [sentence("error.version_gone", number=3), sentence("error.stopping")])
def test_a_press_is_answered_by_why_nothing_comes_of_it(evidence: Evidence, text: str):
    assert whispered(evidence, text) == []


@pytest.mark.parametrize(
    "text",
    ["", "…", sentence("error.version_gone", number=4), sentence("error.stale_button"), sentence("error.asked_amiss")],
)
def test_a_press_is_not_answered_by_any_other_whisper(evidence: Evidence, text: str):
    assert whispered(evidence, text) == [f"press {PRESS} (retry in {CHANNEL}) came to 0 outcomes"]


def test_all_that_is_to_become_a_turn_is_something_that_the_bot_has():
    assert {name if name in RIGHTS else f"/{name}" for name in ASKING} <= set(RIGHTS)
