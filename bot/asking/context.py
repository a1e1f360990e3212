"""Which pictures and words go into a request. Pure.

`focused`: one user turn with the base, the references, a recap in words and the instruction. Its cost does not grow
with the thread and it needs no signature. `full`: the branch's last turns verbatim, for words that refer back.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from types import MappingProxyType

from bot.asking import ratio
from bot.model import Content, Memory, Model, Painted, Part, Picture, Request, Text, Turn, Version

RECAP = 6  #: earlier instructions told in words
FULL_TURNS = 4  #: earlier turns sent verbatim
WORDS = 80  #: characters kept of each earlier instruction: few, so that the hundredth edit costs what the second did
ANSWER = 600  #: characters kept of an answer in words, and of what it answered

#: By language: words that lean on what was said earlier.
BACKWARD: Mapping[str, str] = MappingProxyType(
    {
        "en": r"\b(?:again|before|previous(?:ly)?|earlier|undo|go back|back to|as it was|like (?:the )?(?:first|last)"
        r"|original(?:ly)?)\b",
        "de": r"\b(?:noch ?(?:ein)?mal|wieder|vorher|vorhin|zuvor|früher\w*|rückgängig|zurück|ursprünglich\w*"
        r"|original\w*|wie (?:am anfang|zu beginn|(?:beim|das) (?:ersten?|letzten?)))\b",
        "fr": r"\b(?:encore une fois|(?:à|de) nouveau|comme avant|d['’]avant|précéde\w+|auparavant|annule[rz]?"
        r"|revien[st]|reviens|remets|origin\w+|comme (?:au début|(?:le|la) (?:premi|derni)\w+))\b",
        "es": r"\b(?:otra vez|de nuevo|antes|anterior\w*|previ[oa]s?|deshaz|deshacer|vuelve|volver|regresa|original\w*"
        r"|como (?:era|estaba|al principio|(?:el|la) (?:prim|últim)\w+))\b",
        "pt-BR": r"\b(?:de novo|outra vez|novamente|antes|anterior\w*|desfa[çz]\w*|volt[ae]\w*|original\w*"
        r"|como (?:era|estava|no início|[oa] (?:prim|últim)\w+))\b",
        "ja": r"もう(?:一度|いちど)|再び|さっき|先ほど|前の|以前|(?:元|もと|最初)(?:の|に戻)|戻して|やり直",
    }
)


@dataclass(frozen=True)
class Past:
    """An earlier turn of the branch: what it edited, and the model's answer."""

    turn: Turn
    base: Picture | None
    parts: tuple[Part, ...]

    @property
    def last_picture(self) -> str | None:
        """The digest of the last picture in what can be sent again."""
        digests = [part.picture.digest for part in self.spoken if isinstance(part, Painted)]
        return digests[-1] if digests else None

    @property
    def spoken(self) -> tuple[Part, ...]:
        """The answer without the model's thoughts, which are never sent back."""
        return tuple(part for part in self.parts if not part.thought)


def has_gaps(branch: Sequence[Past]) -> bool:
    """Whether something of what would go along verbatim was deleted."""
    return any(not past.parts or (past.base is None and past.turn.base is not None) for past in branch[-FULL_TURNS:])


def refers_back(words: str) -> bool:
    """Whether words lean on what was said earlier, so that the model should see it."""
    return any(re.search(said, words, re.IGNORECASE) for said in BACKWARD.values())


def compose(turn: Turn, base: Version | None, branch: Sequence[Past], model: Model) -> Request:
    """The request for a turn. `branch` holds its ancestors, oldest first."""
    replayed = _replayable(branch, model) if turn.memory is Memory.FULL else []
    while _pictures(contents := _contents(turn, base, branch, replayed)) > model.pictures and replayed:
        replayed = replayed[1:]
    return Request(model, contents, ratio.chosen(turn, base, model), _size(turn, model))


def _ask(turn: Turn, sent: Picture | None, base: Version | None, recap: Sequence[Past]) -> list[Part]:
    texts = [_labels(turn, sent, base), _recap(recap), _instruction(turn, base)]
    return [*_shown(sent, turn), *(Text(text) for text in texts if text)]


def _labels(turn: Turn, sent: Picture | None, base: Version | None) -> str:
    names = [f"the picture to edit (v{base.number})"] if sent and base else []
    names += [f"a reference ({each.name})" for each in turn.references]
    return " ".join(f"Picture {place} is {name}." for place, name in enumerate(names, start=1))


def _recap(branch: Sequence[Past]) -> str:
    if not branch:
        return ""
    said = "; ".join(
        _short(past.turn.recipe or past.turn.words, ANSWER if _words_alone(past) else WORDS)
        for past in branch[-RECAP:]
        if past.turn.words
    )
    return " ".join(filter(None, [f"Earlier in this thread: {said}." if said else "", _answered(branch[-1])]))


def _answered(past: Past) -> str:
    """A text-only answer, so that the words after it are understood."""
    words = _words_alone(past)
    return f"To that you answered: {_short(words, ANSWER)}" if words else ""


def _words_alone(past: Past) -> str:
    """What the model said where it painted nothing."""
    return " ".join(part.text for part in past.spoken if isinstance(part, Text)) if past.last_picture is None else ""


def _instruction(turn: Turn, base: Version | None) -> str:
    if base is None and not turn.references:
        return turn.words
    keep = "\nChange only this and keep everything else exactly as it is." if base and not turn.recipe else ""
    return f"Instruction: {turn.words}{keep}"


def _replayable(branch: Sequence[Past], model: Model) -> list[Past]:
    """The newest turns that can go verbatim: all that this model itself painted, without a gap."""
    newest = takewhile(lambda past: _is_replayable(past, model), reversed(branch[-FULL_TURNS:]))
    return list(newest)[::-1]


def _is_replayable(past: Past, model: Model) -> bool:
    """Another model's turn, or a picture that lacks its signature, would be refused with all the rest."""
    signed = all(part.signature for part in past.spoken if isinstance(part, Painted))
    return past.turn.model == model.id and bool(past.spoken) and (signed or not model.signatures)


def _contents(
    turn: Turn, base: Version | None, branch: Sequence[Past], replayed: Sequence[Past]
) -> tuple[Content, ...]:
    history: list[Content] = []
    at_hand = None  # the picture that the conversation has come to, which need not be sent again
    for past in replayed:
        sent = past.base if past.base and past.base.digest != at_hand else None
        said: tuple[Part, ...] = (*_shown(sent, past.turn), Text(past.turn.words))
        history += [Content("user", said), Content("model", past.spoken)]
        at_hand = past.last_picture or (past.base.digest if past.base else at_hand)
    sent = base.picture if base and base.picture.digest != at_hand else None
    return (*history, Content("user", tuple(_ask(turn, sent, base, () if replayed else branch))))


def _shown(base: Picture | None, turn: Turn) -> list[Painted]:
    return [Painted(picture) for picture in (*([base] if base else []), *(each.picture for each in turn.references))]


def _pictures(contents: Sequence[Content]) -> int:
    return sum(isinstance(part, Painted) for content in contents for part in content.parts)


def _size(turn: Turn, model: Model) -> str | None:
    return turn.size if turn.size in model.sizes else None


def _short(words: str, limit: int) -> str:
    line = " ".join(words.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"
