"""A data folder with a long past: straight into the file, for a million edits would take a day."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bot.moments import MONTH
from bot.sandbox import World
from bot.sandbox.discord.nouns import PUBLIC_THREAD, Channel, Message, ThreadState
from bot.sandbox.discord.seed import ANA, BOT, GUILD, STUDIO
from bot.store import open_store
from tests.bench.orders import MODEL

LENGTH = 100  #: turns of a thread
THREADS = 200  #: at least, and so many Discord still knows: the newest, of which a start sees whether they stand
PAGE = 100  #: messages that are looked at there
MEMBERS = 2000
EPOCH = 1_420_070_400  #: Discord's, in seconds

# A busy server's last month: one thread after the other, each a chain of edits. A turn's id is `:first + i * :step`.
CONVERSATIONS = """
INSERT INTO conversations (id, server, head, numbers, memory, created_at)
WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + :length FROM n WHERE i + :length < :turns)
SELECT :first + i * :step, :server, :first + (i + :length - 1) * :step, :length, 'focused', :since
  FROM n
"""
TURNS = """
INSERT INTO turns (id, conversation, kind, parent, base, member, member_name, server, channel, title, message, words,
                   notes, model, size, memory, offer, state, attempts, seconds, micros, asked_at, ended_at)
WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :turns)
SELECT :first + i * :step, :first + (i - i % :length) * :step, 'paint',
       CASE WHEN i % :length THEN :first + (i - 1) * :step END, nullif(i % :length, 0), i % :members + 1, 'Member',
       :server, :studio, CASE WHEN i % :length = 0 THEN 'a picture' END, :first + i * :step,
       'make the sky a little warmer, as on a late summer evening', '[]', :model, '1K', 'focused', FALSE, 'posted', 1,
       6.0, 40000, :since + :month * i / :turns, :since + :month * i / :turns + 8 FROM n
"""
OTHERS = """
INSERT INTO versions
       (conversation, number, turn, position, digest, mime, width, height, bytes, message, looked_at)
SELECT conversation, coalesce(base, 0) + 1, id, 0, hex(randomblob(32)), 'image/jpeg', 1024, 1024, 1500000, id + 1, TRUE
  FROM turns;
INSERT INTO parts (turn, take, position, digest, mime, width, height, bytes, thought, signature)
SELECT turn, 0, 0, digest, mime, width, height, bytes, FALSE, randomblob(64) FROM versions;
INSERT INTO messages (id, conversation, turn, kind) SELECT id + 1, conversation, id, 'answer' FROM turns;
INSERT INTO fingerprints (place, conversation, number, bits, colours)
SELECT :server, conversation, number, randomblob(32), randomblob(48) FROM versions;
INSERT INTO claims (turn, member, server, at, pictures, micros, state)
SELECT id, member, server, asked_at, 1, micros, 'settled' FROM turns;
INSERT INTO calls (turn, attempt, model, started_at, ended_at, seconds, outcome, micros, prompt, candidates, images)
SELECT id, 1, model, asked_at, ended_at, 6.0, 'painted', micros, 1300, 1290, 1290 FROM turns;
INSERT INTO hours (server, hour, pictures, micros)
SELECT server, CAST(at / 3600 AS INTEGER), sum(pictures), sum(micros) FROM claims GROUP BY 1, 2
UNION ALL SELECT 0, CAST(started_at / 3600 AS INTEGER), 0, sum(micros) FROM calls GROUP BY 2;
INSERT INTO heard (ask, conversation, member, outcome, at)
SELECT id + 2, conversation, member, 'over', asked_at FROM turns WHERE id % 10 = 0
"""


@dataclass(frozen=True)
class Archive:
    """So many turns of the last month, in a folder. `since` is when they begin, in seconds since the epoch.

    Statements are written down where a file for them is named.
    """

    folder: Path
    turns: int
    since: float
    statements: Path | None = None

    @property
    def first(self) -> int:
        """The id of the first turn, and of its thread."""
        return round((self.since - EPOCH) * 1000) << 22

    @property
    def step(self) -> int:
        """From one id to the next."""
        return (MONTH * 1000 // self.turns) << 22

    @property
    def length(self) -> int:
        """Turns of a thread."""
        return min(LENGTH, max(self.turns // THREADS, 1))

    def furnish(self, world: World) -> None:
        """Let Discord know the newest threads: they are archived, and their newest messages are there."""
        for first in list(range(0, self.turns, self.length))[-THREADS:]:
            thread, at = self.first + first * self.step, self._at(first)
            state = ThreadState(BOT, at, at, archived=True)
            world.channels[thread] = Channel(thread, PUBLIC_THREAD, "a picture", GUILD, STUDIO, thread=state)
            shown = min(self.length, PAGE // 2)
            for turn in range(first + self.length - shown, first + self.length):
                for place in range(PAGE // shown):  # the ask, its answer, and more that nobody has to answer
                    number, author = self.first + turn * self.step + place, BOT if place else ANA
                    world.keep(Message(number, thread, author, self._at(turn), content="as on a summer evening"))

    def _at(self, turn: int) -> float:
        return self.since + MONTH * turn / self.turns


async def made(folder: Path, turns: int) -> Archive:
    """A new archive; a million turns take about a minute."""
    async with open_store(folder):
        pass
    archive = Archive(folder, turns, time.time() - MONTH)
    values = {
        "first": archive.first,
        "step": archive.step,
        "since": archive.since,
        "month": float(MONTH),
        "turns": turns,
        "length": archive.length,
        "members": MEMBERS,
        "server": GUILD,
        "studio": STUDIO,
        "model": MODEL,
    }
    with closing(sqlite3.connect(folder / "easel.db")) as database:
        database.executescript("PRAGMA synchronous = OFF; PRAGMA cache_size = -500000")
        for sql in (CONVERSATIONS, TURNS, *OTHERS.split(";")):
            database.execute(sql, values)
        database.commit()
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return archive
