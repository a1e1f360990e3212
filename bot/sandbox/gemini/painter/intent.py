"""What a member wants of the painter, as a list of edits; where no picture is given, they describe a new one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import zip_longest

from bot.sandbox.gemini.painter.phrases import Clause, Mention, read
from bot.sandbox.gemini.painter.scene import PLAIN

BOILERPLATE = re.compile(
    r"(?:change only|only change|keep (?:everything|all|the rest)|leave (?:everything|the rest)|do not change"
    r"|don't change)[^.!?\n]*[.!?\n]?|using the provided image,?",
    re.IGNORECASE,
)
QUESTION = re.compile(
    r"^(?:please )?(?:what|who|whose|whom|where|when|why|which|how|is|are|was|were|does|do|did|has|have|am)\b",
    re.IGNORECASE,
)
POINTING = re.compile(
    r"\b(?:this|that|these|those|here|there|it|picture|image|photo|scene|painting|painted|see)\b", re.IGNORECASE
)
WISH = re.compile(
    r"\b(?:draw|paint|make|add|show me|create|generate|turn|remove|replace|illustrate|story)\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Edit:
    """One change: what to do, to what, and how."""

    do: str
    what: Mention | None = None
    other: Mention | None = None  # what it becomes, for `replace`; who wears it, for `hat`
    value: str = ""
    place: str = ""
    colour: str = ""


@dataclass(frozen=True)
class Intent:
    """All edits of an instruction, and the words that meant nothing."""

    edits: tuple[Edit, ...]
    unknown: tuple[str, ...]


def is_question(text: str) -> bool:
    """Whether it asks for words, not for a picture."""
    plain = text.strip()
    return bool(QUESTION.match(plain)) and not WISH.search(plain)


def is_about_the_picture(text: str) -> bool:
    """Whether a question asks what is in the picture: it points there, or at a thing in it."""
    return bool(POINTING.search(text)) or any(edit.what and edit.what.definite for edit in understand(text).edits)


def understand(text: str) -> Intent:
    """The edits in a text, in order."""
    clauses = read(BOILERPLATE.sub(" ", text))
    edits = [edit for clause in _carried(clauses) for edit in _edits(clause)]
    unknown = list(dict.fromkeys(word for clause in clauses for word in clause.unknown))
    return Intent(tuple(edits), tuple(unknown))


def _carried(clauses: list[Clause]) -> Iterator[Clause]:
    """Colours that a comma cut off from their noun are handed to the next clause: "a red, shiny car"."""
    for clause, following in zip_longest(clauses, clauses[1:]):
        lonely = _lonely(clause)
        if lonely and following is not None and following.mentions and not following.mentions[0].colour:
            following.mentions[0] = replace(following.mentions[0], colour=clause.colour)
            clause.colour = ""
        yield clause


def _lonely(clause: Clause) -> bool:
    own = clause.verbs == ["make"] and not clause.inherits
    return bool(clause.colour) and not (clause.mentions or clause.whole or own)


def _edits(clause: Clause) -> Iterator[Edit]:
    special = [name for name in ("write", "frame", "beside", "overlay", "blend") if name in clause.verbs]
    if special and (special[0] != "write" or clause.texts or clause.unknown):
        yield _special(special[0], clause)
        return
    hat = next((mention for mention in clause.mentions if mention.sort == "hat"), None)
    if hat is not None:
        yield from _hatted(clause, hat)
    for finish in clause.finishes:
        yield _finish(finish, clause)
    if clause.whole and clause.colour and not clause.mentions and clause.verb in {"make", "change", "add"}:
        yield Edit("finish", value="tint", colour=clause.colour)
    if clause.colour and clause.inherits and not (clause.mentions or clause.whole or clause.finishes):
        yield Edit("spare", colour=clause.colour)
    yield from _by_verb(clause)


def _special(name: str, clause: Clause) -> Edit:
    if name == "write":
        text = clause.texts[0] if clause.texts else " ".join(clause.unknown)
        clause.unknown.clear()
        return Edit(
            "unwrite" if clause.verb == "remove" else "write", value=text, place=clause.place, colour=clause.colour
        )
    if name == "frame":
        wood = "wooden" if "wooden" in clause.unknown else ""
        return Edit("unframe" if clause.verb == "remove" else "frame", colour=_any_colour(clause) or wood)
    return Edit(name)


def _any_colour(clause: Clause) -> str:
    return next((mention.colour for mention in clause.mentions if mention.colour), clause.colour)


def _finish(name: str, clause: Clause) -> Edit:
    if clause.verb == "remove":
        return Edit("unfinish", value=name)
    if name == "rotate":
        quarter = clause.count if clause.count and clause.count % 90 == 0 else 90
        return Edit("rotate", value=str(quarter if clause.place == "left" else (360 - quarter) % 360))
    return Edit("finish", value=name)


def _hatted(clause: Clause, hat: Mention) -> Iterator[Edit]:
    """A hat goes to whoever the clause names, and what a clause makes new comes with its hat on."""
    clause.mentions = [mention for mention in clause.mentions if mention.sort != "hat"]
    wearer = next((mention for mention in clause.mentions if mention.sort == "thing"), None)
    colour = hat.colour or clause.colour
    if wearer is not None and not wearer.definite and clause.verb != "remove":
        clause.mentions[clause.mentions.index(wearer)] = replace(wearer, hat=colour or PLAIN)
        return
    clause.mentions.clear()
    worn = replace(hat, colour=colour)
    if clause.verb in {"grow", "shrink", "move"}:
        yield Edit(clause.verb, replace(worn, sort="thing"), place=clause.place)
    else:
        yield Edit("unhat" if clause.verb == "remove" else "hat", worn, wearer)


def _by_verb(clause: Clause) -> Iterator[Edit]:
    if clause.into is not None and clause.verb in {"make", "change"} and _becomes(clause):
        yield from _replaced(clause)
    elif clause.verb in {"grow", "shrink", "move", "remove"}:
        for mention in clause.mentions:
            yield Edit(clause.verb, mention, place=clause.place)
    elif _grows(clause):
        yield from (Edit(_grows(clause), mention) for mention in clause.mentions)
    else:
        # A part without a colour only says where something goes: "on the roof".
        shown = [mention for mention in clause.mentions if mention.sort != "part" or mention.colour]
        yield from (_shown(mention, clause) for mention in shown)


def _grows(clause: Clause) -> str:
    return next((verb for verb in clause.verbs if verb in {"grow", "shrink"}), "")


def _becomes(clause: Clause) -> bool:
    after = clause.mentions[clause.into :]
    return bool(after or clause.colour)


def _replaced(clause: Clause) -> Iterator[Edit]:
    before, after = clause.mentions[: clause.into], clause.mentions[clause.into :]
    for mention in before:
        if after:
            yield Edit("replace", mention, after[0])
        else:
            yield Edit("colour", mention, colour=clause.colour)


def _shown(mention: Mention, clause: Clause) -> Edit:
    if mention.sort == "part":
        return Edit("colour", mention, colour=mention.colour)
    wants = clause.verb in {"make", "change"} or (mention.definite and clause.verb != "add")
    if mention.sort == "thing" and wants and mention.colour and clause.verb_word != "draw":
        return Edit("colour", mention, colour=mention.colour)
    if mention.sort == "thing" and wants and mention.size != 1.0:
        return Edit("grow" if mention.size > 1 else "shrink", mention)
    return Edit("add", mention)
