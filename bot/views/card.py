"""What is known of a version, on a card: what was asked, from what, by whom, how, for how much, and where it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot import receipt
from bot.catalogue import Catalogue
from bot.model import Kind, Model, Turn, Version
from bot.moments import moment
from bot.store import Store

WORDS = 600  #: characters of the ask
NEAREST = 6  #: numbers of a branch and of its edits; a long one is told by its ends
UNITS = (("MB", 1_000_000), ("KB", 1_000))


@dataclass(frozen=True)
class Card:
    """A version and its surroundings: `path` leads from its branch's first picture to it, `edits` were made of it."""

    version: Version
    turn: Turn
    base: Version | None
    path: Sequence[int]
    edits: Sequence[int]


async def read(store: Store, conversation: int, number: int) -> Card | None:
    """The card of a version; None for one that is gone."""
    version = await store.versions.get(conversation, number)
    turn = await store.turns.get(version.turn) if version else None
    if version is None or turn is None:
        return None
    edits = await store.versions.edits(conversation, number)
    return Card(
        version,
        turn,
        await store.versions.find(conversation, turn.base),
        await store.versions.path(conversation, number),
        [each.number for each in edits],
    )


def lines(card: Card, models: Mapping[str, Model], catalogue: Catalogue) -> str:
    """The card as people read it."""
    turn, say = card.turn, catalogue.say
    told = [say("card.head", **_pixels(card.version), link=link(turn, card.version))]
    if turn.kind is Kind.UPLOAD:
        told.append(
            say(
                "card.brought",
                name=receipt.plain(turn.member.name),
                file=receipt.plain(turn.words),
                when=moment(turn.asked_at),
            )
        )
    else:
        told += [say("card.words", words=receipt.plain(turn.words, WORDS)), *_made(card, models, catalogue)]
    return "\n".join([*told, *_place(card, catalogue)])


def link(turn: Turn, version: Version) -> str:
    """Where it can be seen."""
    return address(turn.server, turn.conversation, version.message)


def address(server: int | None, channel: int, message: int | None) -> str:
    """A message's address, or the thread's where none is known."""
    where = f"https://discord.com/channels/{server or '@me'}/{channel}"
    return f"{where}/{message}" if message else where


def _made(card: Card, models: Mapping[str, Model], catalogue: Catalogue) -> list[str]:
    turn, say = card.turn, catalogue.say
    model = models[turn.model].name if turn.model in models else turn.model
    shape = " ".join(filter(None, [turn.size, turn.ratio]))
    cost = {"seconds": f"{turn.seconds:.1f}", "dollars": receipt.dollars(turn.dollars)}
    painted = say(
        "card.painted",
        name=receipt.plain(turn.member.name),
        when=moment(turn.asked_at),
        model=model,
        shape=f" ({shape})" if shape else "",
        **cost,
    )
    return [painted, *_sources(card, catalogue)]


def _sources(card: Card, catalogue: Catalogue) -> list[str]:
    turn, base, say = card.turn, card.base, catalogue.say
    told = []
    if base is not None and base.gone:
        told.append(say("card.base_gone", number=base.number))
    elif base is not None:
        told.append(say("card.base", number=base.number, link=address(turn.server, turn.conversation, base.message)))
    if turn.references:
        told.append(say("card.references", names=receipt.references(turn, catalogue)))
    return told


def _place(card: Card, catalogue: Catalogue) -> list[str]:
    told = []
    if len(card.path) > 1:
        told.append(catalogue.say("card.path", path=" → ".join(_ends(card.path))))
    if card.edits:
        told.append(catalogue.say("card.edits", numbers=catalogue.enumerated(_ends(card.edits))))
    return told


def _ends(numbers: Sequence[int]) -> list[str]:
    named = [f"v{each}" for each in numbers]
    half = NEAREST // 2
    return named if len(named) <= NEAREST else [*named[:half], "…", *named[-half:]]


def _pixels(version: Version) -> dict[str, object]:
    picture = version.picture
    return {
        "number": version.number,
        "width": picture.width,
        "height": picture.height,
        "kind": picture.mime.removeprefix("image/").upper(),
        "size": weight(picture.size),
    }


def weight(size: int) -> str:
    """Bytes as people read them."""
    return next((f"{size / unit:.1f} {name}" for name, unit in UNITS if size >= unit), f"{size} B")
