"""Which picture an ask edits, and what goes along with it: the table of README's "Which picture is edited", row by row.

Pure: it decides from the ask, its pictures and what the store knows of the conversation, and touches nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.errors import ForeignPicture, NothingAsked
from bot.model import Ask, Picture, Reference, State, Turn, Version

NAMED = re.compile(r"(?<!\w)v(\d{1,9})(?!\w)", re.IGNORECASE)


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
    replied: Turn | None = None  #: the turn that the quoted message of the bot's belongs to
    seen: Sequence[Version] = ()  #: the versions to be seen in the quoted message
    status: bool = False  #: the quoted message says that an ask waits
    own: bool = False  #: the quoted message is the bot's
    ours: bool = False  #: the conversation is the bot's own thread
    named: Sequence[Version] = ()  #: those versions named in the words that exist
    newest: int = 0


@dataclass(frozen=True)
class Target:
    """The decision. `starts` become versions first, the base is the first of them; `changes` is a waiting ask."""

    parent: int | None = None
    base: int | None = None
    starts: tuple[Brought, ...] = ()
    references: tuple[Reference, ...] = ()
    upload: bool = False  #: there is nothing to paint yet: the pictures only become versions
    blend: bool = False  #: no words came along: the references are to be worked in
    changes: Turn | None = None


@dataclass(frozen=True)
class Question:
    """The ask fits several pictures. `labels` name them in order; the position is the answer."""

    labels: tuple[str, ...]


def numbers(words: str) -> list[int]:
    """The version numbers that words name, each once, in order."""
    return list(dict.fromkeys(int(each) for each in NAMED.findall(words)))


def resolve(ask: Ask, brought: Sequence[Brought], around: Surroundings) -> Target | Question:
    """Decide. `brought` are the ask's own pictures, then the chosen one of a quoted person's message.

    Raises NothingAsked and ForeignPicture.
    """
    if around.replied is not None and not around.seen:
        return _reply_to_words(ask, brought, around, around.replied)
    shown = ask.quoted.uploads if ask.quoted and not around.own else ()
    if around.seen and len(around.seen) >= len(shown):
        return _reply_to_versions(ask, brought, around)
    if shown:
        return _reply_to_person(ask, brought, around)
    return _plain(ask, brought, around)


def _plain(ask: Ask, brought: Sequence[Brought], around: Surroundings) -> Target:
    if not ask.words and not brought:
        raise NothingAsked("nothing_asked")
    if ask.fresh or around.head is None:
        return _begin(ask, brought, around)
    return _edit(ask, brought, around, Target(around.head.id, around.head_number))


def _begin(ask: Ask, brought: Sequence[Brought], around: Surroundings) -> Target:
    """The first picture of a conversation, or a fresh one: from words, or from the first picture attached."""
    if not brought:
        return Target(references=_named(around, None))
    if not ask.words:
        return Target(starts=tuple(brought), upload=True)
    return Target(starts=tuple(brought[:1]), references=(*_attached(brought[1:]), *_named(around, None)))


def _edit(ask: Ask, brought: Sequence[Brought], around: Surroundings, target: Target) -> Target:
    references = (*_attached(brought), *_named(around, target.base))
    return replace(target, references=references, blend=not ask.words)


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
    if ask.choice is not None and 0 <= ask.choice < len(around.seen):
        return around.seen[ask.choice]
    here = {each.number: each for each in around.seen}
    return next((here[number] for number in numbers(ask.words) if number in here), None)


def _reply_to_words(ask: Ask, brought: Sequence[Brought], around: Surroundings, turn: Turn) -> Target:
    """A refusal is asked again with new words, a waiting ask is changed, a text-only answer is gone on from."""
    if not ask.words and not brought:
        raise NothingAsked("nothing_asked")
    if around.status and turn.state is State.ASKED:
        return replace(_edit(ask, brought, around, Target(turn.parent, turn.base)), changes=turn)
    if turn.failure is not None:
        again = _edit(ask, brought, around, Target(turn.parent, turn.base))
        return replace(again, references=_merged(turn.references, again.references))
    return _edit(ask, brought, around, Target(turn.id))


def _reply_to_person(ask: Ask, brought: Sequence[Brought], around: Surroundings) -> Target | Question:
    quoted = ask.quoted
    assert quoted is not None
    if quoted.author != ask.member.id and not around.ours:
        raise ForeignPicture("foreign_picture")
    if len(quoted.uploads) > 1 and ask.choice is None:
        return Question(tuple(each.name for each in quoted.uploads))
    own = {each.id for each in ask.uploads}
    starts = tuple(each for each in brought if each.id not in own)
    if not starts:
        return _plain(ask, brought, around)
    if not ask.words and not ask.uploads:
        return Target(starts=starts, upload=True)
    rest = _attached([each for each in brought if each.id in own])
    return Target(starts=starts, references=(*rest, *_named(around, None)), blend=not ask.words)


def _attached(brought: Sequence[Brought]) -> tuple[Reference, ...]:
    return tuple(Reference(each.picture, each.name) for each in brought)


def _named(around: Surroundings, base: int | None) -> tuple[Reference, ...]:
    return tuple(
        Reference(each.picture, f"v{each.number}", each.number) for each in around.named if each.number != base
    )


def _merged(old: tuple[Reference, ...], new: tuple[Reference, ...]) -> tuple[Reference, ...]:
    """Both, each picture once."""
    return tuple({each.picture.digest: each for each in (*old, *new)}.values())
