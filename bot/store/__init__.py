"""The store: everything that must outlive the process, in one SQLite file. One method per question, all SQL in sight.

`store.turns`, `.versions`, `.messages` and `.ledger` ask questions; `async with store.write() as desk` is one
transaction with the same nouns, all of it or nothing. Each question is a hop to the database's thread, and a hop costs
twenty times what SQLite takes for an answer: `store.visit(talk)` and `store.change(talk)` are the same two in one hop,
for coroutines that wait for nothing but their desk.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from bot.sealing import Keyring
from bot.store.alarms import Alarms
from bot.store.audit import AuditTable, Entry
from bot.store.backlog import BacklogTable
from bot.store.belongings import LOWEST, Belongings, Booking, Count
from bot.store.connection import open_database
from bot.store.consent import ConsentTable
from bot.store.database import Database, Trouble
from bot.store.erasures import Erasure, Erasures, Unposted
from bot.store.handed import Handed
from bot.store.hearing import Hearing
from bot.store.hearsay import Hearsay
from bot.store.ledger import Ledger
from bot.store.locales import Locales
from bot.store.marks import Marks, open_marks
from bot.store.messages import Message, Messages, Said
from bot.store.nodes import Node, Nodes
from bot.store.offers import Offers
from bot.store.preferences import Preferences
from bot.store.prints import Prints, Spot
from bot.store.promises import Promise, PromiseTable
from bot.store.query import Query
from bot.store.remains import Remains
from bot.store.resealing import forget_others, reseal
from bot.store.rules import RuleTable
from bot.store.spending import Outcome, Spending, Spent, Tally
from bot.store.traces import Traces
from bot.store.turns import Conversation, Turns
from bot.store.versions import Versions
from bot.store.words import WordTable

__all__ = [
    "LOWEST",
    "Booking",
    "Conversation",
    "Count",
    "Desk",
    "Entry",
    "Erasure",
    "Ledger",
    "Marks",
    "Message",
    "Node",
    "Outcome",
    "Promise",
    "Said",
    "Spent",
    "Spot",
    "Store",
    "Tally",
    "Trouble",
    "Unposted",
    "open_store",
]


Result = TypeVar("Result")


class Desk:
    """The nouns over one way to the database: to read, or within a transaction. Each is made when it is wanted."""

    def __init__(self, query: Query, marks: Marks) -> None:
        self.query = query
        self.marks = marks

    turns = cached_property(lambda desk: Turns(desk.query))
    versions = cached_property(lambda desk: Versions(desk.query))
    prints = cached_property(lambda desk: Prints(desk.query))
    messages = cached_property(lambda desk: Messages(desk.query))
    hearing = cached_property(lambda desk: Hearing(desk.query))
    handed = cached_property(lambda desk: Handed(desk.query))
    offers = cached_property(lambda desk: Offers(desk.query))
    ledger = cached_property(lambda desk: Ledger(desk.query, desk.marks))
    backlog = cached_property(lambda desk: BacklogTable(desk.query))
    preferences = cached_property(lambda desk: Preferences(desk.query))
    nodes = cached_property(lambda desk: Nodes(desk.query))
    locales = cached_property(lambda desk: Locales(desk.query))
    promises = cached_property(lambda desk: PromiseTable(desk.query))
    rules = cached_property(lambda desk: RuleTable(desk.query, desk.marks))
    audit = cached_property(lambda desk: AuditTable(desk.query))
    consent = cached_property(lambda desk: ConsentTable(desk.query))
    erasures = cached_property(lambda desk: Erasures(desk.query, desk.marks))
    traces = cached_property(lambda desk: Traces(desk.query, desk.marks))
    remains = cached_property(lambda desk: Remains(desk.query))
    hearsay = cached_property(lambda desk: Hearsay(desk.query, desk.marks))
    belongings = cached_property(lambda desk: Belongings(desk.query, desk.marks))
    spending = cached_property(lambda desk: Spending(desk.query, desk.marks))
    words = cached_property(lambda desk: WordTable(desk.query))
    alarms = cached_property(lambda desk: Alarms(desk.query))


class Store(Desk):
    """A desk for reading that can open another for writing."""

    def __init__(self, database: Database, marks: Marks) -> None:
        super().__init__(database.read, marks)
        self._database = database
        self.audited = asyncio.Event()  #: something was written down for an audit channel
        self.heeding: list[Callable[[int], Awaitable[None]]] = []  #: hear of servers whose rules may have changed

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Desk]:
        """One transaction."""
        async with self._database.write() as query:
            desk = Desk(query, self.marks)
            yield desk
        if desk.audit.noted:
            self.audited.set()

    async def visit(self, talk: Callable[[Desk], Coroutine[Any, Any, Result]]) -> Result:
        """All that `talk` asks, in one hop to the database's thread. It waits for nothing but its desk."""
        return await self.query.visit(lambda query: talk(Desk(query, self.marks)))

    async def change(self, talk: Callable[[Desk], Coroutine[Any, Any, Result]]) -> Result:
        """One transaction, all that `talk` asks and tells in one hop. It waits for nothing but its desk."""

        async def told(query: Query) -> tuple[Result, bool]:
            desk = Desk(query, self.marks)
            return await talk(desk), desk.audit.noted

        result, noted = await self._database.change(told)
        if noted:
            self.audited.set()
        return result

    def reseal(self) -> AsyncIterator[int]:
        """Seal with the first key what is not: how many rows, some at a time. Nobody else may be at work meanwhile."""
        return reseal(self._database)

    async def sealed_anew(self) -> None:
        """All is sealed with the first key, and of what was before nothing is left in the file."""
        await forget_others(self._database)

    async def touch(self) -> None:
        """Write something that changes nothing. Raises sqlite3.Error where the disk takes nothing any more."""
        await self._database.touch()

    async def scrub(self) -> bool:
        """Leave nothing of what was deleted in the write-ahead log; False where somebody reads it in this moment."""
        return await self._database.scrub()


@asynccontextmanager
async def open_store(directory: Path, keys: Keyring | None = None) -> AsyncIterator[Store]:
    """Open `easel.db` in the directory, migrated to this program's schema. Raises Unstartable."""
    async with open_database(directory / "easel.db", keys) as database:
        yield Store(database, await asyncio.to_thread(open_marks, directory / "marks.key"))
