"""A parcel: all messages of a turn before they are sent, each with its words, its pictures and what can be pressed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot import receipt
from bot.catalogue import Catalogue
from bot.letters import TEXT_LIMIT, Button, Letter, Sighting, cut, file_name
from bot.model import Turn, Version
from bot.painting.answer import Panel
from bot.receipt import Result
from bot.store import Said
from bot.views import row
from bot.words import without

FILES = 10  #: in one message
WORDING = 300  #: characters that are shown of other words; all of them are asked with
UNSAID = "…"  #: stands for words that may not be said
SPARE = 200  #: characters of a message kept for what is said of its picture


@dataclass(frozen=True)
class Draft:
    """A message to be, its picture not loaded yet."""

    text: str
    versions: tuple[Version, ...] = ()
    alts: tuple[str, ...] = ()
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True)
class Parcel:
    """All messages of a turn."""

    turn: Turn
    drafts: Sequence[Draft]
    catalogue: Catalogue

    @property
    def kind(self) -> Said:
        """What its messages are."""
        return Said.FAILURE if self.turn.failure else Said.ANSWER

    @property
    def muted(self) -> Parcel:
        """The same with nothing in its messages that anybody said."""
        told = f"-# {self.catalogue.say('receipt.muted')}"
        bare = [Draft(told, each.versions, ("",) * len(each.alts), each.buttons) for each in self.drafts]
        return replace(self, drafts=[_numbered(each) for each in bare])

    def is_in(self, sighting: Sighting, position: int) -> bool:
        """Pictures are known by their names, words by what they reply to and by all that Discord may have left."""
        turn, draft = self.turn, self.drafts[position]
        if draft.versions and sighting.files:
            return any(name.startswith(f"{file_name(turn.id, draft.versions[0].number)}.") for name in sighting.files)
        called = f"<@{turn.member.id}>\n"  # who has no message to be answered is called by name
        said = sighting.text.removeprefix(called)
        below = f"-# {self.catalogue.say('receipt.unshown')}" if draft.versions else ""
        texts = {joined(each.drafts[position].text, below).strip() for each in (self, self.muted)}
        return not sighting.files and sighting.reply_to == turn.message and said in texts


def composed(result: Result, pages: Sequence[Panel], catalogue: Catalogue) -> list[Draft]:
    """What was painted: a picture and what was said of it, several of one ask together, a story in its order."""
    return (_together if result.turn.count > 1 else _in_order)(result, pages, catalogue)


def started(result: Result, catalogue: Catalogue) -> Draft:
    """Pictures that were brought, and that a thread begins with."""
    told = [receipt.started(result.versions, catalogue), *(f"-# {note}" for note in result.turn.notes)]
    return Draft(cut("\n".join(told), TEXT_LIMIT))


def hushed(turn: Turn, pages: Sequence[Panel], bad: frozenset[str], catalogue: Catalogue) -> tuple[Turn, list[Panel]]:
    """Both without what may not be said; the pictures stay."""
    heard = [replace(page, text=None) if page.text in bad else page for page in pages]
    quiet = without(turn, bad, UNSAID)
    notes = (*quiet.notes, catalogue.say("receipt.hushed"))
    return replace(quiet, notes=notes), [page for page in heard if page.text or page.painted]


def _in_order(result: Result, pages: Sequence[Panel], catalogue: Catalogue) -> list[Draft]:
    """Drafts in the model's own order; the last one bears the receipt."""
    versions, drafts = list(result.versions), list[Draft]()
    for panel in pages:
        digest = panel.painted.picture.digest if panel.painted else None
        shown = tuple(each for each in versions if each.picture.digest == digest)[:1]
        versions = [each for each in versions if each not in shown]
        drafts += _pieces(panel.text or "", shown, result, catalogue)
    for each in versions:  # what was said went with another picture of the same answer that was deleted
        drafts += _pieces("", (each,), result, catalogue)
    return _signed(drafts or [Draft("")], result, catalogue)


def _together(result: Result, pages: Sequence[Panel], catalogue: Catalogue) -> list[Draft]:
    """Takes of one ask: all pictures in one message, and above them what was said to any."""
    text, versions = _said(pages, result.versions), tuple(result.versions)
    *before, last = [versions[start : start + FILES] for start in range(0, len(versions), FILES)] or [()]
    drafts = [draft for group in before for draft in _pieces("", group, result, catalogue)]
    return _signed([*drafts, *_pieces(text, last, result, catalogue)], result, catalogue)


def _said(pages: Sequence[Panel], versions: Sequence[Version]) -> str:
    """The same words once; different ones with the number of their picture."""
    numbers = iter(versions)
    told = [(f"v{next(numbers).number}: " if panel.painted else "", panel.text) for panel in pages]
    texts = {text for _, text in told if text}
    return texts.pop() if len(texts) == 1 else "\n".join(f"{number}{text}" for number, text in told if text)


def _pieces(text: str, versions: tuple[Version, ...], result: Result, catalogue: Catalogue) -> list[Draft]:
    """Words in as many messages as they need, the last of them with the pictures."""
    room = TEXT_LIMIT - len(receipt.line(result, catalogue)) - SPARE
    *before, last = receipt.pieces(text, room) or [""]
    alts = tuple(receipt.alt(result, catalogue, each) for each in versions)
    return [*(Draft(each) for each in before), Draft(last, versions, alts, row.under(result.turn, versions, catalogue))]


def _signed(drafts: Sequence[Draft], result: Result, catalogue: Catalogue) -> list[Draft]:
    """The last message bears the receipt."""
    *others, last = drafts
    text = joined(last.text, receipt.line(result, catalogue))
    offer = (Button(catalogue.say("button.use_as_base"), f"base:{result.turn.id}"),) if result.turn.offer else ()
    last = replace(last, text=text, buttons=(*last.buttons, *offer))
    return [*(_numbered(each) for each in others), last]


def _numbered(draft: Draft) -> Draft:
    return replace(draft, text=joined(draft.text, receipt.page(draft.versions))) if draft.versions else draft


def sorry(turn: Turn, why: str, catalogue: Catalogue) -> Draft:
    """Why there is no picture, with other words where there are some, and the same once more where that may help."""
    say, places = catalogue.say, [place for place, words in enumerate(turn.wordings, start=1) if words]
    shown = [(place, receipt.plain(turn.wordings[place - 1], WORDING)) for place in places]
    lines = [say("rewording.line", place=place, words=words) for place, words in shown]
    told = [why, *([say("rewording.offer"), *lines] if lines else [])]
    others = [Button(say("rewording.button", place=place), f"reword:{turn.id}:{place}") for place in places]
    again = [Button(say("button.again"), f"again:{turn.id}")] if turn.offer else []
    return Draft(cut("\n".join(told), TEXT_LIMIT), buttons=(*others, *again))


def unshown(letter: Letter, catalogue: Catalogue) -> Letter:
    """The letter without its pictures, and that they can't be posted."""
    return replace(letter, text=joined(letter.text, f"-# {catalogue.say('receipt.unshown')}"))


def joined(text: str, below: str) -> str:
    """Both, where there are both, one below the other."""
    return "\n".join(filter(None, [text, below]))
