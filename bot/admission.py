"""From an ask to a turn: pictures fetched and made fit, the base resolved, the turn written in one transaction."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from bot import receipt
from bot.asking import target
from bot.asking.drafting import Drafting, noted
from bot.asking.surroundings import check_standing, surroundings
from bot.asking.target import Brought, Question, Surroundings, Target
from bot.audit import witness
from bot.catalogue import Catalogue
from bot.config import Settings
from bot.downloads import Downloads
from bot.errors import BadPicture, NothingAsked, OverLimit, Refusal, UnusablePictures
from bot.gallery import Missing
from bot.language import speaking
from bot.limits import fallback, gate
from bot.limits.reserve import Reserve, least
from bot.limits.roster import Roster
from bot.model import Ask, Model, Place, State, Turn, Upload
from bot.owners import consent
from bot.owners.consent import Lending
from bot.recognition import Recognition
from bot.store import Desk
from bot.words import Kept, keeping

WORDS = 4000  #: characters of an ask
NAME = 40  #: characters of a file's name
AT_ONCE = 8  #: files on the disk for a moment, each up to 50 MiB, whoever brings them
LINK = re.compile(r"https?://\S+")


@dataclass(frozen=True)
class Fetched:
    """An ask's files: those that can be used, and a sentence for each that can't."""

    usable: tuple[Brought, ...] = ()
    unusable: tuple[str, ...] = ()


@dataclass(frozen=True)
class Met:
    """An ask whose member's roles are known, what its server has kept of words, and whether there is no room for it."""

    ask: Ask
    kept: Kept | None = None
    over: OverLimit | None = None


@dataclass(frozen=True)
class Admitted:
    """What became of an ask: a new turn, a waiting one with new words, or a question which picture is meant.

    `taken`: a button was pressed that somebody had pressed before. `refusal`: what the presser is to be told.
    `waits`: the owner of a picture in it is to say yes first.
    """

    turn: Turn | None = None
    changed: bool = False
    question: Question | None = None
    taken: bool = False
    refusal: str | None = None
    waits: bool = False
    stopping: bool = False  #: nothing became of it, because nothing new is taken


class Admission:
    """Takes asks in. A refusal ends here, free."""

    def __init__(self, recognition: Recognition, downloads: Downloads, roster: Roster) -> None:
        self._recognition = recognition
        self._store = recognition.store
        self._gallery = recognition.gallery
        self._pictures = recognition.pictures
        self._roster = roster
        self._downloads = downloads
        self._hands = asyncio.Semaphore(AT_ONCE)

    async def fetch(self, ask: Ask, model: Model, catalogue: Catalogue) -> Fetched:
        """All files of an ask in parallel, normalised into the gallery; none before its picture's owner has agreed."""
        if not await Lending(self._store, ask).lends():
            return Fetched()
        uploads = [*ask.uploads, *await self._quoted(ask)]
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._bring(upload, model, ask.place)) for upload in uploads]
        found = [task.result() for task in tasks]
        bad = [each for each in found if isinstance(each, BadPicture)]
        return Fetched(
            tuple(each for each in found if isinstance(each, Brought)),
            tuple(catalogue.say(f"picture.{each.key}", **each.values) for each in bad),
        )

    async def admit(self, ask: Ask, fetched: Fetched, settings: Settings, catalogue: Catalogue) -> Admitted:
        """One transaction: dedupe, resolve, write. Raises Refusal; an ask heard before gives an empty Admitted.

        A picture may have been erased with another message since it was fetched: it is fetched once more.
        """
        ask = _without_bare_link(ask)
        with suppress(Missing):
            return await self._written(ask, fetched, settings, catalogue)
        fetched = await self.fetch(ask, settings.gemini.models[settings.gemini.model], catalogue)
        try:
            return await self._written(ask, fetched, settings, catalogue)
        except Missing as erased:
            raise Refusal("picture_erased") from erased

    async def _written(self, ask: Ask, fetched: Fetched, settings: Settings, catalogue: Catalogue) -> Admitted:
        return await self._store.change(lambda desk: self._admit(Lending(desk, ask), fetched, settings, catalogue))

    async def _admit(self, lending: Lending, fetched: Fetched, settings: Settings, catalogue: Catalogue) -> Admitted:
        desk, ask, usual = lending.desk, lending.ask, settings.gemini.model
        self._check_there(fetched)
        if await _known(desk, ask):
            return Admitted()
        if ask.again is not None and not await desk.offers.take(ask.again):
            return Admitted(taken=True)
        conversation = await desk.turns.open(ask.place, settings.gemini.memory)
        await check_standing(desk, ask)
        permit, settings = await gate.permitted(desk, settings, ask, self._roster)
        permit.check(settings.gemini.model, settings.gemini.models)
        await lending.check_forwarded()
        around = replace(await surroundings(desk, ask), lent=await lending.lends())
        decision = _resolved(ask, fetched, around, catalogue)
        if isinstance(decision, Question):
            return Admitted(question=decision)
        owners = await lending.check(decision)
        _check_pictures(ask, decision)
        drafting = Drafting(settings, catalogue)
        turn = drafting.turn(ask, decision, conversation)
        turn = replace(turn, offer=turn.offer and not consent.forwarded(ask))  # as the base it would be the asker's
        turn = noted(turn, [*drafting.remarks(ask, around, fetched.unusable), *consent.noted(owners, catalogue)])
        turn = permit.fitted(turn, ask, settings.gemini.models[turn.model], catalogue)
        turn = fallback.backed(turn, settings.gemini, permit)
        if turn.model != usual:
            turn = noted(turn, [catalogue.say("receipt.other_model", model=settings.gemini.models[turn.model].name)])
        reserve = Reserve(desk, settings, permit)
        if decision.changes:
            return await _change(reserve, ask, turn, decision.changes)
        turn = await reserve.hold(turn, catalogue)
        await lending.withhold(decision)
        return Admitted(await _enter(desk, turn, decision, ask))

    def _check_there(self, fetched: Fetched) -> None:
        """Within the transaction, since a file is deleted only in one. Raises Missing."""
        for each in fetched.usable:
            if not self._gallery.lies(each.picture.digest):
                raise Missing(each.picture.digest)

    async def meet(self, ask: Ask, settings: Settings) -> Met:
        """What is known of an ask before anything is done for it. Raises Refusal."""
        known = await self.introduce(ask, settings)
        return await self._store.visit(lambda desk: self._met(desk, settings, known))

    async def _met(self, desk: Desk, settings: Settings, ask: Ask) -> Met:
        permit, held = await gate.permitted(desk, settings, ask, self._roster)
        permit.check(held.gemini.model, held.gemini.models)
        kept = await keeping(desk, ask.place.server) if ask.place.server else None
        try:
            await gate.check(desk.ledger, settings.limits, least(ask, settings), permit.now, permit)
        except OverLimit as over:
            return Met(ask, kept, over)
        return Met(ask, kept)

    async def introduce(self, ask: Ask, settings: Settings) -> Ask:
        """The ask, its member's roles known. Raises Refusal where Discord does not tell them."""
        return await gate.introduced(self._store, settings.limits, ask, self._roster)

    async def rewrite(self, ask: Ask, settings: Settings, catalogue: Catalogue) -> Turn | None:
        """New words for the ask's own turn while it waits; None where it does not. Raises Refusal."""
        async with self._store.write() as desk:
            turn = await desk.turns.of_message(ask.id)
            conversation = await desk.turns.conversation(ask.place.conversation)
            if turn is None or turn.state is not State.ASKED or conversation is None:
                return None
            if await desk.consent.agreed(ask.id):  # the owner of a picture said yes to these words and no others
                return None
            permit, settings = await gate.permitted(desk, settings, ask, self._roster)
            permit.check(turn.model, settings.gemini.models, waiting=True)
            around = await surroundings(desk, ask)
            with speaking(turn.language):
                changed = Drafting(settings, catalogue).rewritten(turn, ask, around, conversation)
                changed = await Lending(desk, ask).without_foreign(changed)
            await Reserve(desk, settings, permit).stretch(changed)
            return changed if await desk.turns.change(changed) else None

    async def _quoted(self, ask: Ask) -> Sequence[Upload]:
        """The picture that a person's message shows and that is not a version yet, if it may be fetched at all."""
        quoted = ask.quoted
        if quoted is None or not quoted.uploads:
            return ()
        known = await self._store.versions.of_message(ask.place.conversation, quoted.message)
        if len(known) >= len(quoted.uploads):
            return ()
        if ask.choice is not None:
            return quoted.uploads[ask.choice : ask.choice + 1]
        return quoted.uploads if len(quoted.uploads) == 1 else ()

    async def _bring(self, upload: Upload, model: Model, place: Place) -> Brought | BadPicture:
        try:
            async with self._hands, self._downloads.fetch(upload) as file:
                await self._recognition.check(file, place)
                data, picture = await self._pictures.normalise(file, model.longest_side)
        except BadPicture as error:
            return BadPicture(error.key, **{**error.values, "name": receipt.plain(upload.name, NAME)})
        await self._gallery.put(data, picture.digest)
        return Brought(upload.id, upload.name, picture)


async def _known(desk: Desk, ask: Ask) -> bool:
    """An answer to a picker, or a picture's owner, comes under the id of an ask that was heard, and is no turn yet."""
    if await desk.erasures.forgets(ask.member.id, ask.id):  # said before, and on its way meanwhile: none comes of it
        await desk.messages.hear(ask, "forgotten")
        return True
    if is_later(ask):
        return await desk.turns.get(ask.id) is not None
    return await desk.messages.heard(ask.id)


def _without_bare_link(ask: Ask) -> Ask:
    """A link alone says nothing that could be painted."""
    return replace(ask, words="") if ask.link and not LINK.sub("", ask.words).strip() else ask


def _resolved(ask: Ask, fetched: Fetched, around: Surroundings, catalogue: Catalogue) -> Target | Question:
    unusable = UnusablePictures("unusable_pictures", files=catalogue.listed(fetched.unusable))
    if fetched.unusable and not fetched.usable:
        raise unusable
    try:
        return target.resolve(ask, fetched.usable, around)
    except UnusablePictures as quoted:
        raise unusable from quoted
    except NothingAsked as nothing:
        if ask.link:
            raise NothingAsked("link_only") from nothing
        raise


async def _change(reserve: Reserve, ask: Ask, turn: Turn, waiting: Turn) -> Admitted:
    changed = replace(waiting, words=turn.words, ratio=turn.ratio, references=turn.references, memory=turn.memory)
    changed = noted(changed, turn.notes)
    await reserve.stretch(changed)
    await reserve.desk.messages.hear(ask, "changed")
    return Admitted(changed if await reserve.desk.turns.change(changed) else None, changed=True)


async def _enter(desk: Desk, turn: Turn, decision: Target, ask: Ask) -> Turn:
    """Write the turn; pictures it starts from become versions first, under a turn of their own."""
    if decision.upload:
        await desk.turns.add(turn)
        versions = await desk.versions.add(turn, [each.picture for each in decision.starts], turn.id)
        await _attribute(desk, turn, decision.starts[0], ask)
        await desk.turns.lead(turn.conversation, turn.id, versions[0].number)
        await witness.ended(desk, turn)
        return turn
    for start in decision.starts:
        turn = await _start_from(desk, turn, start, ask)
    await desk.turns.add(turn)
    return turn


async def _start_from(desk: Desk, turn: Turn, start: Brought, ask: Ask) -> Turn:
    """The picture becomes a version, under a turn of its own."""
    upload = turn.upload(start.name)
    await desk.turns.add(upload)
    own = start.id in {each.id for each in ask.uploads}
    seen_in = ask.quoted.message if ask.quoted and not own else ask.id
    [version] = await desk.versions.add(upload, [start.picture], seen_in)
    await _attribute(desk, upload, start, ask)
    return replace(turn, parent=upload.id, base=version.number)


def is_later(ask: Ask) -> bool:
    """It comes under the id of an ask that was heard: somebody has answered what it depended on."""
    return ask.choice is not None or ask.agreed


async def _attribute(desk: Desk, upload: Turn, start: Brought, ask: Ask) -> None:
    """Note whose picture it is, where it was brought by somebody else."""
    if bringing := consent.bringing(ask, start.id):
        await desk.consent.bring(upload.id, bringing)


def _check_pictures(ask: Ask, decision: Target) -> None:
    """Refuse a recipe that has too few pictures to work on."""
    there = len(decision.references) + (decision.parent is not None or bool(decision.starts))
    if ask.recipe and there < ask.recipe.pictures:
        raise Refusal("recipe_pictures", name=ask.recipe.title, count=ask.recipe.pictures)


def check_words(ask: Ask) -> None:
    """Refuse what is longer than anybody means. Raises Refusal."""
    if len(ask.words) > WORDS:
        raise Refusal("too_many_words", count=len(ask.words), limit=WORDS)
