"""Whether moderators let an ask be asked at all, and what of it: who, where, and how large, by which model. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.asking.drafting import noted
from bot.catalogue import Catalogue
from bot.errors import Barred, Refusal
from bot.model import Ask, Model, Place, Turn
from bot.moments import relative
from bot.receipt import plain
from bot.rules.allowance import Allowance, Block, Row
from bot.rules.dimension import DIMENSIONS
from bot.rules.rules import Subject
from bot.size import pixels

USUAL = "1K"  #: the size of a model that has no others
MOST_AT_ONCE = 1_000_000  #: more than ever happens, and a number that a database takes
REASON = 200  #: characters of a moderator's reason
NAMED = 5  #: channels in a sentence


@dataclass(frozen=True)
class Permit:
    """What holds for whoever asks: in a server one allowance, in direct messages one for each server that is shared.

    There the strictest counts. `now` in seconds since the epoch.
    """

    held: Sequence[Allowance]
    place: Place
    now: float

    def check(self, model: str, models: Mapping[str, Model], *, waiting: bool = False) -> None:
        """Pass, or raise Refusal: what needs no look at the ledger. What is `waiting` already is held by a pause."""
        for held in self.held:
            self._check_server(held, waiting)
            self._check_model(held, model, models)

    def lets(self, model: str) -> bool:
        """Whether it may be painted with this model."""
        return all(model in allowed for allowed in self._lists)

    def other(self, model: str, models: Mapping[str, Model], today: date) -> Model | None:
        """A model that may be painted with, where this one may not: the first that moderators list."""
        if self.lets(model):
            return None
        there = [models[each] for each in self._lists[0] if each in models and self.lets(each)]
        return next((each for each in there if each.retires is None or each.retires > today), None)

    def fitted(self, turn: Turn, ask: Ask, model: Model, catalogue: Catalogue) -> Turn:
        """The turn as far as it is allowed, its receipt naming what is not. Raises Refusal for what was asked for."""
        turn = self._variations(self._size(turn, ask, model, catalogue), catalogue)
        ranks = [each.value("priority") for each in self.held if "priority" in each.grants]
        at_once = [each.value("at_once") for each in self.held if "at_once" in each.grants]
        return replace(
            turn,
            priority=min(ranks, default=0),
            at_once=min(*at_once, MOST_AT_ONCE) if at_once else None,
        )

    @property
    def _lists(self) -> list[Sequence[str]]:
        """The models to choose among, wherever some are listed."""
        return [allowed for each in self.held if (allowed := each.value("models")) is not None]

    def called(self, held: Allowance, role: int) -> str | tuple[str]:
        """A role by its name, as Discord shows it; of another server's there is none."""
        if self.place.server is None:
            return ("allowance.shared",)
        return "@everyone" if role == held.server else f"<@&{role}>"

    def giver(self, held: Allowance, name: str) -> str | tuple[str]:
        """The role that gives what holds in a dimension."""
        return self.called(held, held.grants[name].role)

    def better(self, held: Allowance, name: str) -> Row | None:
        """The row of a role that has more, where one can be told of."""
        return held.more(name, self.now) if self.place.server is not None else None

    def check_again(self) -> None:
        """Pass where neither who asks nor the place is kept out, of what has waited since. Raises Barred."""
        for held in self.held:
            self._check_block(held)
            if self.place.within:  # else nobody knows what is around it
                self._check_channel(held)

    @property
    def paused(self) -> frozenset[int]:
        """The servers of those it falls under that are paused."""
        return frozenset(each.server for each in self.held if each.rules.paused)

    def _check_block(self, held: Allowance) -> None:
        if block := held.blocked(self.now):
            raise self._barred(held, block)

    def _check_server(self, held: Allowance, waiting: bool) -> None:
        self._check_block(held)
        if held.rules.paused and not waiting:
            raise Barred("paused" if self.place.server is not None else "paused_shared")
        if self.place.server is None:
            return
        self._check_channel(held)
        self._check_place(held)

    def _barred(self, held: Allowance, block: Block) -> Barred:
        why = plain(block.reason, REASON) or "–"
        if self.place.server is None:
            return Barred("barred_shared", why=why)
        if block.key == "not_let_in":
            return Barred("not_let_in")
        if block.role is not None:
            return Barred("blocked_role", role=self.called(held, block.role), why=why)
        if block.until is None:
            return Barred("blocked_member", why=why)
        return Barred("blocked_member_until", why=why, when=relative(block.until))

    def _check_channel(self, held: Allowance) -> None:
        decided, here = held.decisions, {self.place.channel, *self.place.within}
        if decided.kept_out(Subject.CHANNEL, here, self.now):
            raise Barred("channel_kept_out")
        if (welcome := decided.let_in(Subject.CHANNEL, self.now)) and not here & welcome:
            raise Barred("channel_not_let_in", channels=_channels(sorted(welcome)))

    def _check_place(self, held: Allowance) -> None:
        allowed, here = held.value("channels"), {self.place.channel, *self.place.within}
        if allowed is not None and not here & set(allowed):
            raise Barred("not_here", channels=_channels(allowed), role=self.giver(held, "channels"))
        if self.place.title is not None and held.value("may_start_threads") is False:
            raise Barred("may_not_start", role=self.giver(held, "may_start_threads"))

    def _check_model(self, held: Allowance, model: str, models: Mapping[str, Model]) -> None:
        allowed = held.value("models")
        if allowed is not None and model not in allowed:
            names = [models[each].name for each in allowed if each in models] or "–"
            name = models[model].name if model in models else model
            raise Refusal("model_not_allowed", model=name, models=names, role=self.giver(held, "models"))

    def _size(self, turn: Turn, ask: Ask, model: Model, catalogue: Catalogue) -> Turn:
        """A size that somebody asked for is refused where it is too large; a usual one is made smaller."""
        held = self._strictest("largest_size")
        if held is None or pixels(turn.size or USUAL) <= pixels(largest := held.value("largest_size")):
            return turn
        fitting = [each for each in model.sizes if pixels(each) <= pixels(largest)]
        if not fitting or (ask.size and ask.size == turn.size):
            values = {"role": self.giver(held, "largest_size"), "largest": largest, "size": turn.size or USUAL}
            if row := self.better(held, "largest_size"):
                raise Refusal("size_not_allowed_more", **values, better=self.called(held, row.role), more=row.value)
            raise Refusal("size_not_allowed", **values)
        size = max(fitting, key=pixels)
        note = catalogue.say("receipt.lowered", size=size)
        return replace(noted(turn, [note]), size=size)

    def _variations(self, turn: Turn, catalogue: Catalogue) -> Turn:
        held = self._strictest("variations")
        if held is None or turn.count <= max(most := held.value("variations"), 1 if turn.count == 1 else 0):
            return turn
        if most == 0:
            raise Refusal("no_variations", role=self.giver(held, "variations"))
        note = catalogue.say("receipt.fewer_allowed", count=most, asked=turn.count)
        return replace(noted(turn, [note]), count=most)

    def _strictest(self, name: str) -> Allowance | None:
        """Whose allowance gives least in a dimension; None where none sets it."""
        found = [each for each in self.held if name in each.grants]
        least = [each for each in found if all(_most(name, each, other) == other.value(name) for other in found)]
        return least[0] if least else None


def _most(name: str, one: Allowance, other: Allowance) -> object:
    return DIMENSIONS[name].best([one.value(name), other.value(name)])


def _channels(ids: Sequence[int]) -> list[str]:
    """Channels and categories as Discord shows them; the first of many."""
    return [f"<#{each}>" for each in ids[:NAMED]] or ["–"]
