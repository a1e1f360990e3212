"""The lines under and above a result: what was edited, from what, how long it took, what it cost. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.catalogue import Catalogue
from bot.letters import cut
from bot.model import Kind, Turn, Version
from bot.quota import MICROS, Fence

WORDS = 80  #: characters of the instruction in a receipt
ALT = 1000  #: characters of a picture's description; Discord takes 1024
WHICH = 80  #: of them, kept for which of several it is

LINES = 900  #: characters of a receipt with all its notes

_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")  # would turn the rest of the line round
_MARKDOWN = re.compile(r"([\\*_~`|>#\[\]()<:@-])")


@dataclass(frozen=True)
class Result:
    """All that a receipt tells of."""

    turn: Turn
    versions: Sequence[Version]
    base: Version | None = None
    brought: Turn | None = None  #: the base's own turn, where a member brought the picture


def line(result: Result, catalogue: Catalogue) -> str:
    """The receipt of a painted turn, e.g. `v7 ← v5 · “make the sky orange” · 6.2 s · $0.04`."""
    turn = result.turn
    cost = {"seconds": f"{turn.seconds:.1f}", "dollars": dollars(turn.dollars)}
    if not result.versions:
        return _small([catalogue.say("receipt.words_only", **cost), *turn.notes])
    told = catalogue.say(
        "receipt.line",
        numbers=span(result.versions),
        base=catalogue.say("receipt.base", base=_base(result, catalogue)) if result.base else "",
        also="" if _worked_in(turn, catalogue) else _also(turn, catalogue),
        words=said(turn, catalogue),
        **cost,
    )
    return _small([told, *turn.notes])


def started(versions: Sequence[Version], catalogue: Catalogue) -> str:
    """What is said to pictures that came without words."""
    several = len(versions) > 1
    key, first = ("answer.several", {"first": f"v{versions[0].number}"}) if several else ("answer.one", {})
    return catalogue.say(key, versions=span(versions), **first)


def page(versions: Sequence[Version]) -> str:
    """The small line under the pictures of a message that does not bear the receipt."""
    return f"-# {span(versions)}"


def alt(result: Result, catalogue: Catalogue, version: Version | None = None) -> str:
    """What a picture's description says: built from the words, without a second charge."""
    base = f"v{result.base.number}" if result.base else ""
    turn = result.turn
    names = catalogue.listed(each.name for each in turn.references)
    worked_in = catalogue.say("receipt.worked_in", names=names)
    words = worked_in if _worked_in(turn, catalogue) else " ".join((turn.recipe or turn.words).split())
    told = catalogue.say("alt.edited", base=base, words=words) if base else catalogue.say("alt.painted", words=words)
    if version is None or result.turn.count == 1:
        return cut(told, ALT)
    told = cut(told, ALT - WHICH)
    return catalogue.say("alt.take", told=told, number=version.number, all=span(result.versions))


def said(turn: Turn, catalogue: Catalogue) -> str:
    """The member's words; where pictures came without any, what is done with them."""
    if _worked_in(turn, catalogue):
        return catalogue.say("receipt.worked_in", names=references(turn, catalogue))
    return plain(turn.recipe) if turn.recipe else catalogue.say("receipt.words", words=plain(turn.words))


def span(versions: Sequence[Version]) -> str:
    """`v7`, or `v7–v9`."""
    first, last = versions[0].number, versions[-1].number
    return f"v{first}" if first == last else f"v{first}–v{last}"


def dollars(amount: float) -> str:
    """Money as people read it."""
    return f"${amount:.2f}" if amount >= 0.005 or amount == 0 else "<$0.01"


def amount(fence: Fence, counted: int) -> str:
    """So much of what a fence counts, as people read it."""
    return dollars(counted / MICROS) if fence.is_money else str(counted)


def plain(words: str, limit: int = WORDS) -> str:
    """Somebody's words on one line, cut, their markdown shown instead of obeyed."""
    return _MARKDOWN.sub(r"\\\1", cut(flat(words), limit))


def flat(words: str) -> str:
    """Words on one line, which they can't turn round."""
    return " ".join(_TURNING.sub("", words).split())


def pieces(text: str, limit: int) -> list[str]:
    """A long text in messages, broken where a reader would break it."""
    found = []
    text = text.strip()
    while len(text) > limit:
        stops = (text.rfind(". ", 1, limit) + 1, text.rfind("。", 1, limit) + 1)
        end = max(text.rfind("\n", 1, limit), *stops) or text.rfind(" ", 1, limit)
        end = end if end > 0 else limit
        found.append(text[:end].rstrip())
        text = text[end:].lstrip()
    return [*found, text] if text else found


def references(turn: Turn, catalogue: Catalogue) -> str:
    """The pictures that went along: versions by their numbers, files by their names."""
    names = [f"v{each.version}" if each.version else _file(each.name, catalogue) for each in turn.references]
    return catalogue.listed(names)


def _base(result: Result, catalogue: Catalogue) -> str:
    assert result.base is not None
    if result.brought is None or result.brought.kind is not Kind.UPLOAD or not result.brought.words:
        return f"v{result.base.number}"
    return catalogue.say("receipt.brought", number=result.base.number, file=_file(result.brought.words, catalogue))


def _also(turn: Turn, catalogue: Catalogue) -> str:
    return catalogue.say("receipt.also", names=references(turn, catalogue)) if turn.references else ""


def _file(name: str, catalogue: Catalogue) -> str:
    return catalogue.say("receipt.file", name=plain(name, 40))


def _worked_in(turn: Turn, catalogue: Catalogue) -> bool:
    """Nobody said the words: pictures came alone."""
    return bool(turn.references) and catalogue.means(turn.words, "ask.blend")


def _small(lines: Sequence[str]) -> str:
    return cut("\n".join(f"-# {each}" for each in lines), LINES)
