"""A server's rules on words: its own list and its AutoMod's, held against what is asked and what the model says."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from itertools import islice

from bot import receipt
from bot.automod import AutoMod, Book, KeywordRule
from bot.catalogue import Catalogue
from bot.errors import Refusal, Unreachable
from bot.language import speaking
from bot.letters import TEXT_LIMIT, Letter, Pace, Postman, cut, patiently
from bot.limits.roster import PATIENCE, Roster
from bot.model import Ask, Member, Turn
from bot.rules.rules import Rules
from bot.store import Desk, Entry, Store
from bot.wordlist import Wordlist, looks

LISTS = 100  #: of servers, ready in memory
ALERTS = 20  #: on their way at once; more are dropped, and stand in the audit log all the same
TRIES = 5  #: pauses to wait for Discord with an alert
CLOSING = 5.0  #: seconds for the alerts on their way at the end
QUOTED = 900  #: characters of an ask in an alert
WORD = 100  #: … and of what it goes against

Kept = tuple[str, Rules]  #: the digest of a server's own list, and its rules

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Said:
    """Words, and who has them said where. `what` is `ask` or `answer`."""

    what: str
    texts: tuple[str, ...]
    server: int
    channel: int
    member: int
    roles: frozenset[int] = frozenset()
    message: int | None = None
    turn: int | None = None


@dataclass(frozen=True)
class Match:
    """A text that goes against a rule; one of the server's own list is none of AutoMod's."""

    text: str
    word: str
    rule: KeywordRule | None = None


@dataclass
class Words:
    """Judges words; what it finds goes into the audit log, and to whom the rule says."""

    store: Store
    book: Book
    postman: Postman
    catalogue: Catalogue
    roster: Roster
    group: asyncio.TaskGroup
    pace: Pace = field(default_factory=Pace)
    _lists: OrderedDict[str, Wordlist] = field(default_factory=OrderedDict)
    _alerts: set[asyncio.Task[None]] = field(default_factory=set)

    async def check(self, ask: Ask, kept: Kept | None = None) -> None:
        """Refuse an ask whose words, or whose files' names, go against a rule; what its server has `kept` may be known.

        Raises Refusal.
        """
        place, server = ask.place, ask.place.server
        again = await self.store.turns.get(ask.again)
        texts = (ask.words or (again.words if again else ""), *(each.name for each in ask.uploads))
        if server is None:
            await self._check_shared(texts, [each.server for each in ask.member.shared])
            return
        message = None if ask.pressed else ask.id
        said = Said("ask", texts, server, place.channel, ask.member.id, ask.member.roles or frozenset(), message)
        if found := await self._matches(said, kept):
            await self._tell(said, found)
            custom = next((each.rule.message for each in found if each.rule and each.rule.message), None)
            raise Refusal("words_told", words=receipt.plain(custom, QUOTED)) if custom else Refusal("words")

    async def _check_shared(self, texts: Sequence[str], servers: Iterable[int]) -> None:
        """In direct messages the servers' own lists hold, and no server is told of what is said there."""
        for each in servers:
            if _found(texts, await self._own(each), []):
                raise Refusal("words_shared")

    async def against(self, turn: Turn, texts: Iterable[str | None], kept: Kept | None = None) -> frozenset[str]:
        """Those of the texts to a turn that go against a rule; what its server has `kept` may be known."""
        given = tuple(dict.fromkeys(each for each in texts if each))
        member = turn.member
        if turn.server is None:
            return await self._against_shared(given, member)
        said = Said(
            "answer",
            given,
            turn.server,
            turn.conversation,
            member.id,
            member.roles or frozenset(),
            turn.message,
            turn.id,
        )
        found = await self._matches(said, kept)
        if found:
            await self._tell(said, found)
        return frozenset(each.text for each in found)

    async def _against_shared(self, texts: Sequence[str], member: Member) -> frozenset[str]:
        """Where Discord does not tell whether a server is shared, it is."""
        await self.roster.gathered()
        listing = set(await self.store.words.servers()) & set(self.roster.servers) if texts else set()
        bad = set[str]()
        for server in listing:
            found = _found(texts, await self._own(server), [])
            if found and await self._shares(server, member.id):
                bad |= {each.text for each in found}
        return frozenset(bad)

    async def _shares(self, server: int, member: int) -> bool:
        try:
            async with asyncio.timeout(PATIENCE):
                return await self.roster.find(server, member) is not None
        except (Unreachable, TimeoutError):
            return True

    async def automod(self, server: int) -> AutoMod:
        """The server's AutoMod as far as it holds here; `why` says why it does not."""
        return await self._automod(server, await self.store.rules.of(server))

    async def _matches(self, said: Said, kept: Kept | None = None) -> list[Match]:
        """One for each text that goes against anything."""
        if kept is None:
            kept = await self.store.visit(lambda desk: keeping(desk, said.server))
        digest, held = kept
        own, automod = await self._list(said.server, digest), await self._automod(said.server, held)
        rules = [] if self._is_above(said) else self._holding(automod, said)
        if not (own.entries or rules):
            return []
        if any(each.patterns for each in rules):  # they take their time; the loop does not wait for them
            return await asyncio.to_thread(_found, said.texts, own, rules)
        return _found(said.texts, own, rules)

    async def _automod(self, server: int, rules: Rules) -> AutoMod:
        return await self.book.of(server) if rules.automod else AutoMod(why="words.off")

    def _is_above(self, said: Said) -> bool:
        return self.book.source.is_above(said.server, said.member, said.roles)

    def _holding(self, automod: AutoMod, said: Said) -> list[KeywordRule]:
        places = self.book.source.around(said.channel)
        return [each for each in automod.rules if not each.spares(said.roles, places)]

    async def _own(self, server: int) -> Wordlist:
        return await self._list(server, await self.store.words.digest(server))

    async def _list(self, server: int, digest: str) -> Wordlist:
        """The server's own list, made ready once for each change of it."""
        if digest not in self._lists:
            digest, entries = await self.store.words.whole(server)
            self._lists[digest] = await asyncio.to_thread(Wordlist, entries)
            if len(self._lists) > LISTS:
                self._lists.popitem(last=False)
        self._lists.move_to_end(digest)
        return self._lists[digest]

    async def _tell(self, said: Said, found: Sequence[Match]) -> None:
        if (await self.store.rules.of(said.server)).audit is not None:
            async with self.store.write() as desk:
                for each in {each.text: each for each in reversed(found)}.values():
                    await desk.audit.note(_entry(said, each))
        with speaking(self.book.source.locale(said.server)):
            for each in found:
                for channel in each.rule.alerts if each.rule else ():
                    self._alert(channel, said, each)

    def _alert(self, channel: int, said: Said, found: Match) -> None:
        if len(self._alerts) >= ALERTS:
            log.warning("an alert for channel %s is dropped: %s are on their way", channel, ALERTS)
            return
        task = self.group.create_task(self._send(Letter(channel, self._text(said, found), quiet=True)))
        self._alerts.add(task)
        task.add_done_callback(self._alerts.discard)

    async def _send(self, letter: Letter) -> None:
        try:
            await patiently(lambda: self.postman.send(letter), islice(self.pace.pauses(), TRIES))
        except Unreachable as error:
            log.warning("an alert can't be posted in channel %s: %s", letter.channel, error)

    def _text(self, said: Said, found: Match) -> str:
        assert found.rule is not None
        where = f"<#{said.channel}>"
        if said.message is not None:
            where = f"https://discord.com/channels/{said.server}/{said.channel}/{said.message}"
        told = self.catalogue.say(
            f"words.alert_{said.what}",
            member=f"<@{said.member}>",
            where=where,
            rule=receipt.plain(found.rule.name, WORD),
            word=receipt.plain(found.word, WORD),
            words=receipt.plain(found.text, QUOTED),
        )
        return cut(told, TEXT_LIMIT)

    async def close(self) -> None:
        """Give the alerts on their way a moment."""
        if self._alerts:
            await asyncio.wait(self._alerts, timeout=CLOSING)
        for task in list(self._alerts):
            task.cancel()


@asynccontextmanager
async def open_words(
    store: Store, book: Book, postman: Postman, catalogue: Catalogue, roster: Roster
) -> AsyncIterator[Words]:
    """The rules on words at work; leaving them waits a moment for alerts."""
    async with asyncio.TaskGroup() as group:
        words = Words(store, book, postman, catalogue, roster, group)
        try:
            yield words
        finally:
            await words.close()


def told_by(turn: Turn | None) -> list[str]:
    """Everything of a turn's own that its receipt and its pictures' descriptions may tell."""
    if turn is None:
        return []
    names = [each.name for each in turn.references]
    return [each for each in (turn.words, turn.recipe, *names, *turn.notes) if each]


def without(turn: Turn, bad: frozenset[str], instead: str) -> Turn:
    """The turn as people may read of it: `instead` stands for whatever is not to be said."""
    names = tuple(replace(each, name=instead) if each.name in bad else each for each in turn.references)
    words = instead if turn.words in bad else turn.words
    recipe = instead if turn.recipe in bad else turn.recipe
    notes = tuple(each for each in turn.notes if each not in bad)
    wordings = tuple("" if each in bad else each for each in turn.wordings)  # buttons know them by their places
    return replace(turn, words=words, recipe=recipe, references=names, notes=notes, wordings=wordings)


async def keeping(desk: Desk, server: int) -> Kept:
    """Which list of its own a server has, and its rules."""
    return await desk.words.digest(server), await desk.rules.of(server)


def _found(texts: Sequence[str], own: Wordlist, rules: Sequence[KeywordRule]) -> list[Match]:
    found = list[Match]()
    for text in texts:
        seen = looks(text)
        if word := own.first(*seen):
            found.append(Match(text, word))
        hits = ((rule.first(text, seen), rule) for rule in rules)
        found += [Match(text, word, rule) for word, rule in hits if word]
    return found


def _entry(said: Said, found: Match) -> Entry:
    met = f"{found.rule.name}: {found.word}" if found.rule else found.word
    told = {
        "what": f"{'automod' if found.rule else 'own'}_{said.what}",
        "words": cut(found.text, QUOTED),
        "why": receipt.plain(met, 2 * WORD),
        "channel": said.channel,
        "message": said.message,
    }
    return Entry(said.server, time.time(), "words", told, turn=said.turn or said.message, member=said.member)
