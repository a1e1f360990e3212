"""What passes goes in small steps: few rows in each, however many have come due at once, and nobody waits long."""

import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.deleting.erasure import ROWS
from bot.kept import WINDOW
from bot.moments import DAY
from bot.store import Store, open_store

SERVER, GONE, MANY = 9, 50, 1500
NOW = WINDOW + 10 * DAY  #: seconds since the epoch
LEFT = ("heard", "handed", "audit", "stances", "turns", "versions", "parts", "claims", "fingerprints", "conversations")
COUNTED = " UNION ALL ".join(f"SELECT count(*) AS rows FROM {table}" for table in LEFT)
EACH = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :many)"
OLD = {  #: rows by table, one for each i
    "heard (ask, conversation, member, outcome, at)": "i, 50, 7, 'over', 0",
    "handed (form, position, id, name, url, size, at)": "i, 0, i, 'a.png', 'url', 1, 0",
    "audit (id, server, at, kind, told, message)": "i, 9, 0, 'turn', '{}', 1",
    "stances (server, kind, subject, allowed, reason, until, member, at)": "i, 'member', -i, FALSE, '', 1, 7, 0",
    "turns (id, conversation, kind, parent, member, member_name, words, notes, model, memory, offer, state, asked_at,"
    " erased_at)": "i, 50, 'paint', nullif(i - 1, 0), 7, '', '', '[]', 'm', 'focused', FALSE, 'posted', 0, 1",
    "versions (conversation, number, turn, position, digest, mime, width, height, bytes)": (
        "50, i, i, 0, '', '', 1, 1, 0"
    ),
    "fingerprints (place, conversation, number, bits, colours)": "9, 50, i, x'00', x'00'",
    "parts (turn, position, text, thought)": "i, 0, '', FALSE",
    "claims (turn, member, server, at, pictures, micros, state)": "i, 7, 9, 0, 1, 1, 'settled'",
}


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """Everything in it came due at once, as after a month in which the bot was off."""
    async with open_store(tmp_path) as store:
        async with store.write() as desk:
            await desk.query.tell(
                "INSERT INTO conversations (id, server, memory, created_at, gone_at) VALUES (50, 9, 'focused', 0, 1)"
            )
            for table, row in OLD.items():
                await desk.query.tell(f"INSERT INTO {table} {EACH} SELECT {row} FROM n", many=MANY)
        yield store


async def left(store: Store) -> int:
    return sum(row["rows"] for row in await store.query.all(COUNTED))


async def test_each_step_takes_few_rows_and_the_last_one_leaves_nothing(store: Store):
    before, longest = await left(store), 0.0
    while True:
        began = time.perf_counter()
        async with store.write() as desk:
            told = await desk.remains.tidy(NOW, ROWS)
        longest = max(longest, time.perf_counter() - began)
        after = await left(store)
        assert before - after <= len(LEFT) * ROWS
        before = after
        if not told:
            break
    assert after == 0
    assert longest < 0.5, "of a busy machine; nobody else writes in it"


async def test_what_was_told_to_an_audit_channel_fades_in_small_steps_too(store: Store):
    async with store.write() as desk:
        assert await desk.remains.fade(SERVER, NOW, ROWS) == ROWS


async def test_what_is_not_old_stays(store: Store):
    async with store.write() as desk:
        assert await desk.remains.tidy(0.0, ROWS) == 0
