"""The keyword rules of a server's AutoMod: read where the bot may, kept while they are fresh, held against a text."""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import re2

from bot.errors import Unreachable
from bot.moments import HOUR
from bot.wordlist import EDGE, Marked, Wordlist

KEYWORD, PRESET = 1, 4  #: kinds of triggers, by Discord's numbers
SENT = 1  #: the event of a message that is sent
BLOCK, ALERT = 1, 2  #: actions
PATTERN_BYTES = 4 * 2**20  #: of memory for one pattern at most; one that needs more is left out

PATIENCE = 1.5  #: seconds that an ask waits for Discord to tell the rules
KEPT = HOUR  #: seconds for which they are kept, should a change of them go unheard
AGAIN = 60.0  #: seconds before they are asked for once more, where that failed
SERVERS = 200  #: whose rules are kept

#: What Rust's `\d`, `\w` and `\s` mean, in all scripts, written for RE2, whose own know English alone.
CLASSES: Mapping[str, str] = {"d": r"\p{Nd}", "w": r"\p{L}\p{M}\p{Nd}\p{Pc}", "s": r"\t\n\v\f\r \p{Z}"}
ATOMS = re.compile(r"\\[pP]\{[^}]*\}|\\x\{[^}]*\}|\\b\{|\\.|\[:\^?\w+:\]|\[\^?\]?|&&|--|~~|.", re.DOTALL)
OTHERWISE = frozenset({r"\<", r"\>", r"\b{"})  #: edges of words in Rust, and mere signs in RE2
SETS = frozenset({"&&", "--", "~~"})  #: within brackets: what two kinds of characters have in common, and the like

log = logging.getLogger(__name__)


class Unreadable(Exception):
    """A regular expression that would mean something else here, or nothing."""


@dataclass(frozen=True)
class KeywordRule:
    """One rule of the server's, ready to be held against a text. `unread` are patterns that can't be."""

    name: str
    words: Wordlist
    patterns: tuple[Any, ...] = ()
    allowed: Wordlist = field(default_factory=lambda: Wordlist(()))
    roles: frozenset[int] = frozenset()  #: who is exempt from it
    channels: frozenset[int] = frozenset()  #: … and where
    alerts: tuple[int, ...] = ()  #: channels that are told
    message: str | None = None  #: what whoever wrote it is told
    unread: tuple[str, ...] = ()

    def first(self, text: str, seen: Sequence[Marked]) -> str | None:
        """What of the rule a text goes against; seen are the looks at it, of which patterns need the first alone."""
        kept = [self.allowed.without(look) for look in seen]
        if word := self.words.first(*kept):
            return word
        shown = text if kept[0] == seen[0] else kept[0].replace(EDGE, "")
        return next((each.pattern for each in self.patterns if each.search(shown)), None)

    def spares(self, roles: frozenset[int], places: frozenset[int]) -> bool:
        """Whether it does not hold for these roles, or there."""
        return bool(self.roles & roles or self.channels & places)


@dataclass(frozen=True)
class AutoMod:
    """What a server's AutoMod says of words, as far as it can be read; `why` it can't is a key of the catalogue's."""

    rules: tuple[KeywordRule, ...] = ()
    presets: tuple[str, ...] = ()  #: names of rules whose lists are Discord's own, which nobody may read
    why: str | None = None

    @classmethod
    def read(cls, rows: Iterable[Mapping[str, Any]]) -> AutoMod:
        """From what Discord tells. A rule that can't be read is passed over; the others hold."""
        meant = [row for row in rows if row.get("enabled") and row.get("event_type") == SENT]
        presets = tuple(str(row.get("name")) for row in meant if row.get("trigger_type") == PRESET)
        return cls(tuple(_rule(row) for row in meant if row.get("trigger_type") == KEYWORD), presets)


class Source(Protocol):
    """Discord, as far as its AutoMod is concerned."""

    def may_read(self, server: int) -> bool:
        """Whether the bot is allowed to."""

    async def rows(self, server: int) -> Sequence[Mapping[str, Any]]:
        """The server's rules as Discord writes them. Raises Unreachable."""

    def is_above(self, server: int, member: int, roles: frozenset[int]) -> bool:
        """Whether AutoMod lets a member say anything: those who manage the server."""

    def around(self, channel: int) -> frozenset[int]:
        """A channel or thread, and what it is in."""

    def locale(self, server: int) -> str | None:
        """The server's language, as Discord names it."""


@dataclass
class Kept:
    """A server's rules, and until when they need not be asked for again."""

    automod: AutoMod = field(default_factory=AutoMod)
    until: float = 0.0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Book:
    """The rules of all servers, read lazily."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._servers: OrderedDict[int, Kept] = OrderedDict()

    async def of(self, server: int) -> AutoMod:
        """A server's rules; where they can't be read, what was known of them, or why."""
        if not self.source.may_read(server):
            self.forget(server)
            return AutoMod(why="words.forbidden")
        kept = self._kept(server)
        async with kept.lock:
            if kept.until <= time.monotonic():
                await self._refresh(server, kept)
        return kept.automod

    def forget(self, server: int) -> None:
        """They have changed, or may not be read any more."""
        self._servers.pop(server, None)

    def forget_all(self) -> None:
        """Changes may have gone unheard."""
        self._servers.clear()

    async def _refresh(self, server: int, kept: Kept) -> None:
        kept.until = time.monotonic() + KEPT  # a change meanwhile takes the whole of it out of the book
        try:
            async with asyncio.timeout(PATIENCE):
                rows = await self.source.rows(server)
            kept.automod = await asyncio.to_thread(AutoMod.read, rows)
        except (Unreachable, TimeoutError) as error:
            log.warning("the AutoMod rules of server %s can't be read: %s", server, error or "no answer in time")
            kept.until = time.monotonic() + AGAIN
            if not kept.automod.rules:
                kept.automod = AutoMod(why="words.away")

    def _kept(self, server: int) -> Kept:
        kept = self._servers.setdefault(server, Kept())
        self._servers.move_to_end(server)
        if len(self._servers) > SERVERS:
            self._servers.popitem(last=False)
        return kept


def _rule(row: Mapping[str, Any]) -> KeywordRule:
    trigger: Mapping[str, Any] = row.get("trigger_metadata") or {}
    actions = [(each.get("type"), each.get("metadata") or {}) for each in row.get("actions") or ()]
    patterns, unread = _patterns(trigger.get("regex_patterns") or ())
    return KeywordRule(
        name=str(row.get("name")),
        words=Wordlist(trigger.get("keyword_filter") or ()),
        patterns=patterns,
        allowed=Wordlist(trigger.get("allow_list") or ()),
        roles=frozenset(map(int, row.get("exempt_roles") or ())),
        channels=frozenset(map(int, row.get("exempt_channels") or ())),
        alerts=tuple(int(more["channel_id"]) for kind, more in actions if kind == ALERT and "channel_id" in more),
        message=next((more.get("custom_message") for kind, more in actions if kind == BLOCK), None),
        unread=unread,
    )


def _patterns(written: Iterable[str]) -> tuple[tuple[Any, ...], tuple[str, ...]]:
    """Those that can be matched in a time that grows with the text alone, and those that can't."""
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = PATTERN_BYTES
    found, unread = list[Any](), list[str]()
    for each in written:
        try:
            found.append(re2.compile(translated(each), options))
        except (re2.error, Unreadable):
            unread.append(each)
    return tuple(found), tuple(unread)


def translated(pattern: str) -> str:
    """A regular expression of Rust's as RE2 writes it. Raises Unreadable where both look alike and differ."""
    written, inside = list[str](), False
    if r"\b" in pattern.lower() and not pattern.isascii():
        raise Unreadable(pattern)  # RE2's words are English ones: there is no edge beside another letter
    for atom in ATOMS.findall(pattern):
        named, opens = atom.startswith("[:"), atom.startswith("[")
        if atom in OTHERWISE or (inside and (atom in SETS or (opens and not named))) or (named and not inside):
            raise Unreadable(pattern)
        written.append(_atom(atom, inside=inside))
        inside = (inside or opens) and atom != "]"
    return "".join(written)


def _atom(atom: str, *, inside: bool) -> str:
    kind = atom[1:] if atom.startswith("\\") else ""
    if kind in CLASSES:
        return CLASSES[kind] if inside else f"[{CLASSES[kind]}]"
    if kind and kind.lower() in CLASSES:
        if inside:
            raise Unreadable(atom)
        return f"[^{CLASSES[kind.lower()]}]"
    return atom
