"""Whose word an ask needs before it may edit a picture, whether it has it, and how the owner is asked.

A picture has an owner where a member brought it: what was painted from it belongs to its thread. In the bot's threads
everybody's pictures are there to be edited, unless the thread is set to ask first.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace

from bot import receipt
from bot.asking.target import Target, attached, is_foreign, is_forwarded
from bot.catalogue import Catalogue
from bot.errors import ForeignPicture, WordWanted
from bot.letters import Button
from bot.model import Ask, Turn
from bot.moments import relative
from bot.rules.rules import Consent
from bot.store import Desk
from bot.store.consent import Bringing, Petition

WORDS = 1000  #: characters of an ask that its picture's owner reads
MARK = 40  #: hex digits; two texts with the same could be sought for ever, and Discord's ids hold 100 characters


@dataclass(frozen=True)
class Owner:
    """Somebody whose picture an ask would edit; `which` is its version, where it is one."""

    id: int  #: 0 where nobody knows any more
    name: str = ""
    which: int | None = None
    elsewhere: bool = False  #: it is forwarded from where nobody here can look; a webhook has at least a name

    @property
    def called(self) -> str:
        """For sentences that ring nobody's device."""
        return receipt.plain(self.name) if self.name else f"<@{self.id}>"


@dataclass(frozen=True)
class Lending:
    """What the owners of an ask's pictures say to it."""

    desk: Desk
    ask: Ask

    async def lends(self) -> bool:
        """Whether what is quoted and forwarded may be fetched and edited. Raises ForeignPicture where it never may."""
        owners = [*forwarded(self.ask), *filter(None, [quoted_owner(self.ask)])]
        return all([await self._agrees(each) for each in owners])

    async def check_forwarded(self) -> None:
        """Before the ask's own pictures are looked for, which are not fetched without a word. Raises WordWanted."""
        for owner in forwarded(self.ask):
            await self._require(owner)

    async def check(self, target: Target) -> list[str]:
        """The names of owners who have agreed. Raises WordWanted for the first who is to be asked, ForeignPicture."""
        names = []
        for owner in await self._owners(target):
            await self._require(owner)
            if await self._has_said(owner):
                names.append(owner.called)
        return list(dict.fromkeys(names))

    async def withhold(self, target: Target) -> None:
        """Note where an edit still to come would fall back onto a picture that nobody has asked for."""
        parent = await self.desk.turns.get(target.parent) if target.base is None else None
        while parent is not None and parent.base is None:
            parent = await self.desk.turns.get(parent.parent)
        if parent is None or parent.base is None:
            return
        if any([await self._bars(each) for each in await self._of_versions([parent.base])]):
            await self.desk.consent.withhold(self.ask.id)

    async def without_foreign(self, turn: Turn) -> Turn:
        """A waiting turn with other words: it takes along no version whose owner would have to be asked."""
        named = [each.version for each in turn.references if each.version]
        kept = {each for each in named if not [one for one in await self._of_versions([each]) if await self._bars(one)]}
        references = tuple(each for each in turn.references if each.version is None or each.version in kept)
        return replace(turn, references=references)

    async def _require(self, owner: Owner) -> None:
        if not await self._agrees(owner):
            raise WordWanted("foreign_picture", whose=owner.id, whose_name=owner.name, which=owner.which)

    async def _bars(self, owner: Owner) -> bool:
        try:
            return not await self._agrees(owner)
        except ForeignPicture:
            return True

    async def _agrees(self, owner: Owner) -> bool:
        """Whether the owner agrees; False where they are to be asked. Raises ForeignPicture."""
        if not owner.id and not owner.elsewhere:
            raise ForeignPicture("foreign_unknown")
        word = await self._word(owner)
        if not owner.id and word is not Consent.ALWAYS:
            raise ForeignPicture("foreign_unknown")
        if word is Consent.NEVER:
            raise ForeignPicture("foreign_never", name=owner.called)
        return word is Consent.ALWAYS or await self._has_agreed(owner)

    async def _word(self, owner: Owner) -> Consent:
        """What the owner has said once for all, or else the server's moderators."""
        server = self.ask.place.server or 0
        return await self.desk.consent.stance(server, owner.id) or (await self.desk.rules.of(server)).consent

    async def _has_said(self, owner: Owner) -> bool:
        """It was the owner's own word."""
        said = await self.desk.consent.stance(self.ask.place.server or 0, owner.id)
        return said is Consent.ALWAYS or await self._has_agreed(owner)

    async def _has_agreed(self, owner: Owner) -> bool:
        """To this ask, or to one that came to nothing and of which this is a repetition."""
        if owner.id in await self.desk.consent.agreed(self.ask.id):
            return True
        lost = await self.desk.turns.get(self.ask.again) if self.ask.again is not None else None
        if lost is None or not lost.lost:
            return False
        return owner.id == lost.member.id or owner.id in await self.desk.consent.agreed(lost.id)

    async def _owners(self, target: Target) -> list[Owner]:
        """All others whose pictures would be edited or go along."""
        ask, quoted, like = self.ask, quoted_owner(self.ask), target.like
        starts = {each.id for each in target.starts} - {each.id for each in ask.uploads}
        found = [*forwarded(ask), *([quoted] if quoted and starts else [])]
        numbers = [target.base, *(each.version for each in target.references)]
        found += await self._of_versions([each for each in numbers if each is not None])
        if like and attached(like) and ask.words and ask.again is None:  # it goes along with other words
            found += [Owner(each) for each in await self.desk.consent.agreed(like.id)]
            found += [] if ask.place.shared else [Owner(like.member.id, like.member.name)]
        return [each for each in found if each.id != ask.member.id]

    async def _of_versions(self, numbers: list[int]) -> list[Owner]:
        found = await self.desk.consent.brought(self.ask.place.conversation, numbers)
        return [
            Owner(each.author, which=number)
            for number, each in found.items()
            if each.author != self.ask.member.id and (each.outside or not self.ask.place.shared)
        ]


def quoted_owner(ask: Ask) -> Owner | None:
    """Whose the quoted picture is, where others may not edit it without a word."""
    quoted = ask.quoted
    if not is_foreign(ask) or quoted is None:
        return None
    elsewhere = quoted.author is None and quoted.uploads[0].forward is not None and not quoted.name
    return Owner(quoted.author or 0, quoted.name, elsewhere=elsewhere)


def forwarded(ask: Ask) -> list[Owner]:
    """Whose the pictures are that the ask forwards, where others may not edit them without a word."""
    forwards = [each.forward for each in ask.uploads if each.forward]
    found = dict.fromkeys(each for each in forwards if is_forwarded(each, ask))
    return [Owner(each.author, each.name, elsewhere=not each.author and not each.name) for each in found]


def bringing(ask: Ask, upload: int) -> Bringing | None:
    """Whose picture an ask brings with this file; None where it is the asker's own, or nobody's."""
    quoted = ask.quoted
    brought = [each for each in (*ask.uploads, *(quoted.uploads if quoted else ())) if each.id == upload]
    if forward := next((each.forward for each in brought if each.forward), None):
        return Bringing(forward.author, outside=True) if forward.author and is_forwarded(forward, ask) else None
    if quoted is None or quoted.free or upload in {each.id for each in ask.uploads}:
        return None
    if quoted.author == ask.member.id:
        return None
    return Bringing(quoted.author or 0, ask.place.outside)


# -- how the owner is asked


def mark(ask: Ask) -> str:
    """Tells whether an ask is still the one that the owner was shown; short enough for the id of a button."""
    files = [each.id for each in ask.uploads]
    shown = [ask.words, files, ask.count or 1, ask.recipe and asdict(ask.recipe)]
    return hashlib.sha256(json.dumps(shown).encode()).hexdigest()[:MARK]


def words(ask: Ask, catalogue: Catalogue) -> str:
    """The words of an ask as its picture's owner reads them."""
    if ask.recipe:
        return receipt.plain(ask.recipe.title)
    if not ask.words:
        return catalogue.say("consent.wordless")
    said = catalogue.say("receipt.words", words=receipt.plain(ask.words, WORDS))
    return catalogue.say("receipt.several", words=said, count=ask.count) if (ask.count or 1) > 1 else said


def question(petition: Petition, until: float, catalogue: Catalogue) -> str:
    """What the owner is asked, and the asker told in the same place."""
    key = "consent.asks" if petition.which is None else "consent.asks_version"
    version = {} if petition.which is None else {"number": petition.which}
    told = {
        "owner": f"<@{petition.author}>",
        "asker": receipt.plain(petition.ask.member.name),
        "until": relative(until),
    }
    return catalogue.say(key, **told, **version, words=words(petition.ask, catalogue))


def buttons(petition: Petition, catalogue: Catalogue) -> tuple[Button, ...]:
    """What the owner can say. Their ids hold a mark of the words that are said yes to."""
    which = f"{petition.ask.id}:{petition.author}:{petition.mark}"
    return (
        Button(catalogue.say("consent.once"), f"consent:once:{which}", primary=True),
        Button(catalogue.say("consent.always"), f"consent:always:{which}"),
        Button(catalogue.say("consent.never"), f"consent:never:{which}"),
    )


def settled(petition: Petition, outcome: str, catalogue: Catalogue) -> str:
    """What came of it, in the place of the question."""
    told = {"owner": f"<@{petition.author}>", "asker": receipt.plain(petition.ask.member.name)}
    return catalogue.say(f"consent.told_{outcome}", **told, words=words(petition.ask, catalogue))


def noted(owners: list[str], catalogue: Catalogue) -> list[str]:
    """What the receipt says of those who agreed."""
    names = catalogue.listed(owners)
    return [catalogue.say("consent.receipt", names=names)] if owners else []
