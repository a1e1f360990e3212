"""What audit channels were not told yet says nothing of whoever or whatever is gone: words, names, ids, reasons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.kept import Scope
from bot.rules.rules import Subject
from bot.store.audit import COLUMNS, REPORT, SETTING, AuditTable, Entry, entry_of
from bot.store.erasures import Erasure
from bot.store.marks import Marks
from bot.store.query import Query

PAGE = 200  #: entries read at once
SILENT = {"words": "", "why": ""}


@dataclass(frozen=True)
class Hearsay:
    """Questions about what entries say. It can be sealed, so that nobody but us can look for something in it."""

    query: Query
    marks: Marks

    async def about(self, erasure: Erasure) -> list[int]:
        """The entries that name a member, or what happened in a thread: all of them are read, some at a time."""
        found, after = list[int](), 0
        while page := await self._page(after):
            found += [each.id for each in page if self._left(each, erasure) != each]
            after = page[-1].id
        return found

    async def forget(self, entries: Iterable[int], erasure: Erasure) -> None:
        """They say nothing of it any more."""
        for number in entries:
            entry = await AuditTable(self.query).get(number)
            left = self._left(entry, erasure) if entry else None
            if left is None:
                await self.query.tell("DELETE FROM audit WHERE id = :id", id=number)
            else:
                await AuditTable(self.query).revise(left)

    async def hush(self, turn: int) -> None:
        """What was said in an ask, or about it, is not told; that it was asked, and what it cost, is."""
        for entry in await self._of(turn):
            told = dict(entry.told) | (SILENT if "why" in entry.told else {"words": ""})
            await AuditTable(self.query).revise(replace(entry, told=told))

    async def forget_asker(self, turn: int, mark: int) -> None:
        """What became of an ask is not told any more; a report about it stays for moderators, and names nobody."""
        await self.query.tell(
            "DELETE FROM audit WHERE turn = :turn AND kind <> :report",
            turn=turn,
            report=REPORT,
        )
        for entry in await self._of(turn):
            told = {**entry.told, "asker": mark, "asker_name": ""}
            await AuditTable(self.query).revise(replace(entry, told=told))

    async def forget_reporter(self, member: int) -> None:
        """What they did is not told any more; what they reported stays for moderators, without their words."""
        sql = "DELETE FROM audit WHERE member = :member AND kind <> :report"
        await self.query.tell(sql, member=member, report=REPORT)
        sql = f"SELECT {COLUMNS} FROM audit WHERE member = :member"  # noqa: S608 - our own names
        for row in await self.query.all(sql, member=member):
            entry = entry_of(row)
            await AuditTable(self.query).revise(replace(entry, told={**entry.told, "reason": ""}))

    async def _page(self, after: int) -> list[Entry]:
        sql = f"SELECT {COLUMNS} FROM audit WHERE id > :after ORDER BY id LIMIT {PAGE}"  # noqa: S608 - our own names
        return [entry_of(row) for row in await self.query.all(sql, after=after)]

    async def _of(self, turn: int) -> list[Entry]:
        """Those about a turn that say anything still."""
        sql = f"SELECT {COLUMNS} FROM audit WHERE turn = :turn"  # noqa: S608 - our own names
        return [entry for row in await self.query.all(sql, turn=turn) if (entry := entry_of(row)).told]

    def _left(self, entry: Entry, erasure: Erasure) -> Entry | None:
        """What is left of it; None where nothing is."""
        if erasure.scope is Scope.MEMBER:
            told = _unnamed(entry, erasure.subject, self.marks.of(erasure.subject))
            return replace(entry, told=told)
        if entry.kind == SETTING and entry.told.get("thread") == erasure.subject:
            return None
        there = entry.told.get("channel") == erasure.subject and entry.kind != REPORT and "why" in entry.told
        return replace(entry, told={**entry.told, **SILENT}) if there else entry


def _unnamed(entry: Entry, member: int, mark: int) -> Mapping[str, Any]:
    """What it tells, with a mark in the place of the member, and nothing of why they were let in or kept out."""
    told = dict(entry.told)
    if told.get("of") == Subject.MEMBER and told.get("subject") == member:
        told = _reasonless(told) | {"subject": mark}
    if told.get("asker") == member:
        told |= {"asker": mark, "asker_name": ""} if "asker_name" in told else {"asker": mark}
    if told.get("by") == member:
        told["by"] = mark
    if "deeds" in told:
        told["deeds"] = [[deed, mark if by == member else by] for deed, by in told["deeds"]]
    for name in ("before", "after"):
        if told.get("name") == "invited" and told.get(name):
            told[name] = ", ".join(each for each in told[name].split(", ") if each != f"<@{member}>")
    return told


def _reasonless(told: Mapping[str, Any]) -> dict[str, Any]:
    """Whatever a reason is part of, too."""
    blank = {"reason": ""}
    return {
        name: blank[name] if name in blank else _reasonless(value) if isinstance(value, dict) else value
        for name, value in told.items()
    }
