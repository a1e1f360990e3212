"""Reports: a member shows moderators a picture, once; what they do about it is written down once, whoever is first."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, replace

from bot.audit.scribe import Scribe
from bot.catalogue import Catalogue
from bot.deleting.removal import Removal, Removed
from bot.errors import BadPicture, Unreachable
from bot.gallery import Gallery, Missing
from bot.letters import Button, File, Letter, Postman, cut, file_name, veiled
from bot.limits.moderation import Moderation
from bot.model import Member, Version
from bot.moments import HOUR
from bot.pictures import Pictures
from bot.rules.rules import Stance, Subject
from bot.store import Desk, Entry, Store
from bot.store.audit import REPORT

MOST = 10  #: reports of one member within an hour
ALT = 300  #: characters of a picture's description

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Complaint:
    """What somebody finds wrong with a version. `restricted`: it is in an age-restricted channel."""

    server: int
    conversation: int
    number: int
    by: Member
    reason: str = ""
    restricted: bool = False


@dataclass(frozen=True)
class Page:
    """A report as it reads now."""

    text: str
    buttons: tuple[Button, ...]
    version: Version | None  #: None where it is gone


@dataclass(frozen=True)
class Reports:
    """Takes reports in, and carries out what moderators decide. Whether somebody may is asked before."""

    store: Store
    gallery: Gallery
    pictures: Pictures
    removal: Removal
    catalogue: Catalogue

    @property
    def _postman(self) -> Postman:
        return self.removal.postman

    async def hindrance(self, complaint: Complaint) -> str | None:
        """Why it can't be reported, `reports.<key>`; None where it can."""
        return await _hindrance(self.store, complaint)

    async def take(self, complaint: Complaint) -> str:
        """What became of it, `reports.<key>`: it goes to the moderators, or waits until they chose a channel."""
        async with self.store.write() as desk:
            if key := await _hindrance(desk, complaint):
                return key
            version = await desk.versions.get(complaint.conversation, complaint.number)
            turn = await desk.turns.get(version.turn) if version else None
            if version is None or turn is None:
                return "gone_now"
            conversation = await desk.turns.conversation(complaint.conversation)
            restricted = complaint.restricted or (conversation is not None and conversation.restricted)
            told = {
                "channel": complaint.conversation,
                "number": complaint.number,
                "asker": turn.member.id,
                "asker_name": turn.member.name,
                "words": turn.recipe or turn.words,
                "reason": complaint.reason,
                "restricted": restricted,
                "deeds": [],
            }
            entry = Entry(complaint.server, time.time(), REPORT, told, turn=turn.id, member=complaint.by.id)
            await desk.audit.note(entry)
            heard = (await desk.rules.of(complaint.server)).audit is not None
        return "taken" if heard else "kept"

    async def page(self, entry: Entry) -> Page:
        """How it reads."""
        version = await self.store.versions.get(entry.told["channel"], entry.told["number"])
        links = {entry.id: version.message} if version and version.message else {}
        scribe, gone = Scribe(self.catalogue, links), version is None
        return Page(scribe.report(entry, gone=gone), scribe.report_buttons(entry, gone=gone), version)

    async def letter(self, channel: int, entry: Entry) -> Letter:
        """The message that it goes to moderators in: the picture veiled, and not at all where only some may see it."""
        page = await self.page(entry)
        shown = page.version if not entry.told["restricted"] else None
        files = await self._files(entry, shown) if shown else ()
        return Letter(channel, page.text, files, page.buttons)

    async def _files(self, entry: Entry, version: Version) -> tuple[File, ...]:
        limit = await self._postman.upload_limit(entry.server)
        try:
            data, extension = await self.pictures.fit(await self.gallery.get(version.picture.digest), limit)
        except (BadPicture, Missing):
            log.exception("the picture of report %s can't be shown", entry.id)
            return ()
        alt = cut(entry.told["words"], ALT)
        return (File(f"{veiled(file_name(version.turn, version.number))}.{extension}", data, alt),)

    # -- what moderators do ------------------------------------------------------------------------------------------

    async def delete(self, entry: Entry) -> Removed:
        """Delete the picture. Raises Unreachable with nothing deleted."""
        return await self.removal.remove(entry.told["channel"], entry.told["number"])

    async def block(self, entry: Entry, by: Member, reason: str) -> bool:
        """The bot paints nothing more for whoever asked for it; False where somebody has seen to that."""
        async with Moderation(self.store).change(entry.server, by) as change:
            if not await _done(change.desk, entry.id, "block", by):
                return False
            asker = entry.told["asker"]
            stance = Stance(
                Subject.MEMBER, asker, allowed=False, reason=reason, until=None, member=by.id, at=time.time()
            )
            await change.stand(stance)
        return True

    async def note(self, entry: Entry, deed: str, by: Member) -> bool:
        """Somebody has dealt with it so; False where somebody else had."""
        async with self.store.write() as desk:
            return await _done(desk, entry.id, deed, by)

    async def tell(self, letter: Letter) -> None:
        """Say something about it where the picture was, if anything can be said there."""
        try:
            await self._postman.send(letter)
        except Unreachable as error:
            log.info("a deletion can't be told in %s: %s", letter.channel, error)


async def _hindrance(desk: Desk, complaint: Complaint) -> str | None:
    version = await desk.versions.get(complaint.conversation, complaint.number)
    if version is None:
        return "gone_now"
    there = await desk.audit.reports(version.turn)
    if any(each.member == complaint.by.id and each.told["number"] == complaint.number for each in there):
        return "again"
    if await desk.audit.reported(complaint.by.id, time.time() - HOUR) >= MOST:
        return "many"
    return None


async def _done(desk: Desk, number: int, deed: str, by: Member) -> bool:
    entry = await desk.audit.get(number)
    if entry is None or any(known in {deed, "dismiss"} for known, _ in entry.told["deeds"]):
        return False
    deeds = [*entry.told["deeds"], [deed, by.id]]
    await desk.audit.revise(replace(entry, told={**entry.told, "deeds": deeds}))
    return True
