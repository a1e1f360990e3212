"""Which picture an ask edits, and what goes along with it: the table of README's "Which picture is edited", row by row.

Pure: it decides from the ask, its pictures and what the store knows of the conversation, and touches nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.errors import NothingAsked, UnusablePictures, WordWanted
from bot.forward import Forward
from bot.model import Ask, Picture, Reference, State, Turn, Version

NAMES = 30  #: versions named in one ask; more than any model takes
OTHER = "[^\\W\u3040-\u30ff\u4e00-\u9fff]"  # a letter, but for those of Japanese, which leaves no gaps between words
NAMED = re.compile(rf"(?<!{OTHER})v(\d{{1,9}})(?!{OTHER})", re.IGNORECASE)


@dataclass(frozen=True)
class Brought:
    """A picture that came with an ask, fit for use; `id` is its attachment's."""

    id: int
    name: str
    picture: Picture


@dataclass(frozen=True)
class Surroundings:
    """What the store knows around an ask."""

    head: Turn | None = None
    head_number: int | None = None
    spoken: bool = False  #: the head is an answer of words alone
    replied: Turn | None = None  #: the turn that the quoted message of the bot's belongs to
    seen: Sequence[Version] = ()  #: the versions to be seen in the quoted message
    status: bool = False  #: the quoted message says that an ask waits
    own: bool = False  #: the quoted message is the bot's
    named: Sequence[Version] = ()  #: those versions named in the words that exist
    newest: int = 0
    lent: bool = False  #: the quoted picture may be edited, though it is somebody else's


@dataclass(frozen=True)
class Target:
    """The decision. `starts` become versions first, the base is the first of them; `changes` is a waiting ask."""

    parent: int | None = None
    base: int | None = None
    starts: tuple[Brought, ...] = ()
    references: tuple[Reference, ...] = ()
    upload: bool = False  #: there is nothing to paint yet: the pictures only become versions
    blend: bool = False  #: no words came along: the references are to be worked in
    like: Turn | None = None  #: it goes on from this one: its words, ratio and size where the ask has none
    changes: Turn | None = None


@dataclass(frozen=True)
class Question:
    """The ask fits several pictures. `labels` name them in order; the position is the answer."""

    labels: tuple[str, ...]


def numbers(words: str) -> list[int]:
    """The first version numbers that words name, each once, in order."""
    return list(dict.fromkeys(int(each) for each in NAMED.findall(words)))[:NAMES]


def resolve(ask: Ask, brought: Sequence[Brought], around: Surroundings) -> Target | Question:
    """Decide. `brought` are the ask's own pictures, then the chosen one of a quoted person's message.

    Raises NothingAsked, WordWanted, and UnusablePictures where the quoted picture is not among those brought.
    """
    own = [each for each in brought if each.id in {upload.id for upload in ask.uploads}]
    if around.replied is not None and not around.seen:
        return _reply_to_words(ask, own, around, around.replied)
    shown = ask.quoted.uploads if ask.quoted and not around.own else ()
    if around.seen and len(around.seen) >= len(shown):
        return _reply_to_versions(ask, own, around)
    if shown:
        return _reply_to_person(ask, own, [each for each in brought if each not in own], around)
    return _plain(ask, own, around)


def _plain(ask: Ask, brought: Sequence[Brought], around: Surroundings) -> Target:
    if not ask.words and not brought:
        raise NothingAsked("nothing_asked")
    if ask.fresh or around.head is None:
        return _begin(ask, brought, around)
    edit = _edit(ask, brought, around, Target(around.head.id, around.head_number))
    return _going_on(edit, around.head) if around.spoken else edit


def _begin(ask: Ask, brought: Sequence[Brought], around: Surroundings) -> Target:
    """The first picture of a conversation, or a fresh one: from words, or from the first picture attached."""
    if not brought:
        return Target(references=named(around, None))
    if not ask.words:
        return Target(starts=tuple(brought), upload=True)
    return Target(starts=tuple(brought[:1]), references=(*_carried(brought[1:]), *named(around, None)))


def _edit(ask: Ask, brought: Sequence[Brought], around: Surroundings, target: Target) -> Target:
    references = (*_carried(brought), *named(around, target.base))
    return replace(target, references=references, blend=not ask.words)


def _going_on(target: Target, turn: Turn) -> Target:
    """The ask takes up another: that one's references go along, and its words where the ask has none."""
    return replace(target, references=_merged(turn.references, target.references), like=turn, blend=False)


def _reply_to_versions(ask: Ask, brought: Sequence[Brought], around: Surroundings) -> Target | Question:
    version = _chosen(ask, around)
    if version is None:
        return Question(tuple(f"v{each.number}" for each in around.seen))
    if not ask.words and not brought:
        raise NothingAsked("nothing_asked_of", version=version.number)
    return _edit(ask, brought, around, Target(version.turn, version.number))


def _chosen(ask: Ask, around: Surroundings) -> Version | None:
    if len(around.seen) == 1:
        return around.seen[0]
    if ask.choice is not None and ask.choice in range(len(around.seen)):
        return around.seen[ask.choice]
    here = {each.number: each for each in around.seen}
    return next((here[number] for number in numbers(ask.words) if number in here), None)


def _reply_to_words(ask: Ask, brought: Sequence[Brought], around: Surroundings, turn: Turn) -> Target:
    """A turn is asked again, a waiting ask is changed, a text-only answer is gone on from."""
    if not ask.words and not brought and ask.again is None:
        raise NothingAsked("nothing_asked")
    again = _edit(ask, brought, around, Target(turn.parent, turn.base))
    if around.status and turn.state is State.ASKED and turn.member.id == ask.member.id:
        changed = replace(turn, references=attached(turn)) if ask.words else turn
        return replace(_going_on(again, changed), changes=turn)
    if turn.failure is not None or ask.again is not None:
        return _going_on(again, turn)
    after = _edit(ask, brought, around, Target(turn.id))
    return _going_on(after, turn) if turn.ended else after


def _reply_to_person(
    ask: Ask, brought: Sequence[Brought], starts: Sequence[Brought], around: Surroundings
) -> Target | Question:
    quoted = ask.quoted
    assert quoted is not None
    if len(quoted.uploads) > 1 and ask.choice not in range(len(quoted.uploads)):
        return Question(tuple(each.name for each in quoted.uploads))
    if is_foreign(ask) and not around.lent:
        raise WordWanted("foreign_picture", whose=quoted.author or 0, whose_name=quoted.name)
    if not starts:
        raise UnusablePictures("unusable_pictures", files=[each.name for each in quoted.uploads])
    if not ask.words and not ask.uploads:
        return Target(starts=tuple(starts), upload=True)
    return _edit(ask, brought, around, Target(starts=tuple(starts)))


def is_foreign(ask: Ask) -> bool:
    """Whether the quoted picture is another member's, where others edit it only with consent."""
    quoted = ask.quoted
    if quoted is None or not quoted.uploads or quoted.free:
        return False
    if forward := quoted.uploads[0].forward:
        return is_forwarded(forward, ask)
    return quoted.author != ask.member.id and not ask.place.shared


def is_forwarded(forward: Forward, ask: Ask) -> bool:
    """Whether a forwarded picture is another's, and stands where others edit it only with consent."""
    return forward.author != ask.member.id and not (forward.painted or forward.inside)


def attached(turn: Turn) -> tuple[Reference, ...]:
    """The references that were brought along, not named."""
    return tuple(each for each in turn.references if each.version is None)


def _carried(brought: Sequence[Brought]) -> tuple[Reference, ...]:
    return tuple(Reference(each.picture, each.name) for each in brought)


def named(around: Surroundings, base: int | None) -> tuple[Reference, ...]:
    """The versions that the words name, but for the base."""
    return tuple(
        Reference(each.picture, f"v{each.number}", each.number) for each in around.named if each.number != base
    )


def _merged(old: tuple[Reference, ...], new: tuple[Reference, ...]) -> tuple[Reference, ...]:
    """Both, each picture once."""
    return tuple({each.picture.digest: each for each in (*old, *new)}.values())
