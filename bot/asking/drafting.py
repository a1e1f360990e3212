"""The turn that an ask is to become: its words, shape, size and references, and what its receipt says besides. Pure."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot import receipt
from bot.asking import ratio, target
from bot.asking.context import refers_back
from bot.asking.target import Surroundings, Target
from bot.catalogue import Catalogue
from bot.config import Settings
from bot.language import spoken
from bot.model import Ask, Kind, Memory, Model, Reference, State, Turn
from bot.store import Conversation


@dataclass(frozen=True)
class Drafting:
    """Drafts turns as this operator's settings and this language have them."""

    settings: Settings
    catalogue: Catalogue

    def turn(self, ask: Ask, decision: Target, conversation: Conversation) -> Turn:
        """The turn of an ask that is admitted."""
        like, words = decision.like, self._words(ask, decision)
        turn = Turn(
            id=ask.id,
            conversation=ask.place.conversation,
            member=ask.member,
            words=words,
            model=self.settings.gemini.model,
            asked_at=time.time(),
            kind=Kind.UPLOAD if decision.upload else Kind.PAINT,
            parent=decision.parent,
            base=decision.base,
            ratio=ask.ratio or ratio.asked(ask.words) or (like.ratio if like else self._usual_ratio(decision)),
            size=self._able(ask.size) or self._able(like.size if like else self.settings.gemini.size),
            server=ask.place.server,
            channel=ask.place.channel,
            title=ask.place.title,
            message=ask.message,
            memory=_memory(conversation, words),
            state=State.PAINTED if decision.upload else State.ASKED,
            count=ask.count or (like.count if like and like.failure is not None else 1),
            offer=decision.blend and decision.parent is not None,
            recipe=_recipe(ask, like),
            finish=_finish(ask, like),
            language=spoken(),
        )
        return self._within(turn, decision.references)

    def rewritten(self, turn: Turn, ask: Ask, around: Surroundings, conversation: Conversation) -> Turn:
        """A waiting turn with the new words of its ask, and the shape and the versions that those name."""
        words = ask.words or self.catalogue.say("ask.blend")
        shape = ratio.asked(words) or (None if turn.ratio == ratio.asked(turn.words) else turn.ratio)
        changed = replace(turn, words=words, ratio=shape, memory=_memory(conversation, words))
        changed = self._within(changed, (*target.attached(turn), *target.named(around, turn.base)))
        return noted(changed, self.remarks(ask, around))

    def remarks(self, ask: Ask, around: Surroundings, unusable: Sequence[str] = ()) -> list[str]:
        """What the receipt says besides: files that could not be used, versions that are not there, links."""
        say = self.catalogue.say
        there = {each.number for each in around.named}
        missing = [number for number in target.numbers(ask.words) if number not in there]
        remarks = []
        if unusable:
            remarks.append(say("receipt.unused", files=self.catalogue.listed(unusable)))
        if missing and around.newest:
            remarks.append(say("receipt.unknown_version", number=missing[0], newest=around.newest))
        if ask.size and not self._able(ask.size):
            remarks.append(say("receipt.no_size", model=self._model.name, size=ask.size))
        if ask.link:
            remarks.append(say("receipt.link"))
        if ask.unseen:
            remarks.append(say("receipt.asked_by", name=receipt.plain(ask.member.name)))
        return remarks

    def _words(self, ask: Ask, decision: Target) -> str:
        if ask.words or decision.like:
            return ask.words or (decision.like.words if decision.like else "")
        return self.catalogue.say("ask.blend") if decision.blend else ""

    def _usual_ratio(self, decision: Target) -> str | None:
        """A new picture's; an edit keeps the shape of its base."""
        new = decision.parent is None and decision.base is None and not decision.starts
        return self.settings.gemini.ratio or None if new else None

    def _able(self, size: str | None) -> str | None:
        """The size, where the model paints it."""
        return size if size in self._model.sizes else None

    @property
    def _model(self) -> Model:
        gemini = self.settings.gemini
        return gemini.models[gemini.model]

    def _within(self, turn: Turn, references: Sequence[Reference]) -> Turn:
        """With as many references as its model takes beside the base; the receipt names the others."""
        limit = self.settings.gemini.models[turn.model].pictures
        turn = replace(turn, references=tuple(references[: limit - 1]))
        left_out = self.catalogue.listed(each.name for each in references[limit - 1 :])
        surplus = self.catalogue.say("receipt.surplus", limit=limit, names=receipt.plain(left_out))
        return noted(turn, [surplus] if left_out else [])


def noted(turn: Turn, notes: Sequence[str]) -> Turn:
    """The turn with more notes, each once."""
    return replace(turn, notes=tuple(dict.fromkeys((*turn.notes, *notes))))


def _recipe(ask: Ask, like: Turn | None) -> str | None:
    """Who says it in words of their own has left the recipe."""
    if ask.recipe:
        return ask.recipe.title
    return like.recipe if like and not ask.words else None


def _finish(ask: Ask, like: Turn | None) -> str | None:
    if ask.recipe:
        return ask.recipe.finish
    return like.finish if like and (not ask.words or ask.again is not None) else None


def _memory(conversation: Conversation, words: str) -> Memory:
    return Memory.FULL if conversation.memory is Memory.FULL or refers_back(words) else Memory.FOCUSED
