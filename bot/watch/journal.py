"""What becomes of asks and of calls to Google, told once: a line for the log and a number for `/metrics`."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from bot.alarm import Watch
from bot.breaker import Breaker
from bot.errors import Blank, Declined, EaselError, Failure
from bot.model import Ask, Painting, Turn
from bot.watch.metrics import Metrics

log = logging.getLogger(__name__)


@dataclass
class Google:
    """How the last calls went, as seconds since the epoch; None where there was none yet."""

    answered: float | None = None
    failed: float | None = None
    reason: str | None = None  #: of the last failure, as in the catalogue

    @property
    def well(self) -> bool | None:
        """Whether the last call was answered."""
        return None if not (self.answered or self.failed) else (self.answered or 0) > (self.failed or 0)


@dataclass(frozen=True)
class Journal:
    """Hears of everything worth telling an operator. Never a member's words or id."""

    metrics: Metrics = field(default_factory=Metrics)
    google: Google = field(default_factory=Google)
    breakers: dict[str, Breaker] = field(default_factory=dict)
    watch: Watch = field(default_factory=Watch)

    def breaker(self, model: str) -> Breaker:
        """The one of a model."""
        if model not in self.breakers:
            own = self.breakers[model] = Breaker(model)
            self.metrics.breaker.labels(model).set_function(lambda: own.is_open)
        return self.breakers[model]

    def asked(self, ask: Ask, turn: Turn) -> None:
        """An ask became a turn."""
        origin = _origin(ask)
        self.metrics.asks.labels(origin, turn.kind).inc()
        _tell("asked by %s: %s", origin, turn.kind, event="asked", origin=origin, kind=turn.kind, model=turn.model)

    def refused(self, error: EaselError) -> None:
        """An ask was turned away, free."""
        self._ended("refused", error.key)
        self.watch.refused(error)
        _tell("refused: %s", error.key, event="refused", reason=error.key)

    def painted(self, painting: Painting) -> None:
        """A turn's pictures or words are kept."""
        seconds, dollars = round(painting.seconds, 3), round(painting.dollars, 6)
        values = {"event": "painted", "seconds": seconds, "dollars": dollars, "model": painting.model}
        _tell("painted in %.1f s for $%.4f", seconds, dollars, **values)

    def failed(self, failure: EaselError) -> None:
        """A turn came to nothing."""
        self._ended("failed", failure.key)
        dollars = round(failure.dollars, 6) if isinstance(failure, Failure) else 0.0
        _tell("failed: %s, $%.4f", failure.key, dollars, event="failed", reason=failure.key, dollars=dollars)

    def cancelled(self) -> None:
        """A waiting ask was withdrawn."""
        self._ended("cancelled")
        _tell("cancelled", event="cancelled")

    def delivered(self, turn: Turn, pictures: int | None) -> None:
        """A turn's messages are in its thread, with so many pictures; None where Discord takes none there."""
        outcome = "undelivered" if pictures is None else "told" if turn.failure else "posted"
        if turn.failure is None:
            self._ended(outcome)
        self.metrics.pictures.inc(pictures or 0)
        _tell("%s, pictures: %s", outcome, pictures or 0, event=outcome, pictures=pictures or 0)

    def late(self, _turn: Turn, pictures: int | None) -> None:
        """What a closed thread did not take is there now, unless it is closed again, of which was told."""
        if pictures is None:
            return
        self.metrics.pictures.inc(pictures)
        _tell("posted late, pictures: %s", pictures, event="late", pictures=pictures)

    async def call(self, model: str, answer: Awaitable[Painting], stake: float = 0.0) -> Painting:
        """One call to Google, with its outcome, its price and its tokens noted. `stake` is lost where it is cut off."""
        self.metrics.calling.inc()
        try:
            painting = await answer
        except Failure as failure:
            self._called(model, failure.key, failure.dollars)
            self._heard(model, failure)
            raise
        except asyncio.CancelledError:
            self._called(model, "stopped", stake)
            raise
        finally:
            self.metrics.calling.dec()
        self._called(model, "answered", painting.dollars)
        self._heard(model, None)
        self._paid(painting)
        return painting

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Note how long it takes, however it ends."""
        began = time.monotonic()
        try:
            yield
        finally:
            self.took(name, time.monotonic() - began)

    def took(self, name: str, seconds: float) -> None:
        """A stage of an ask is over."""
        self.metrics.seconds.labels(name).observe(seconds)

    def _ended(self, outcome: str, reason: str = "") -> None:
        self.metrics.outcomes.labels(outcome, reason).inc()

    def _called(self, model: str, reason: str, dollars: float) -> None:
        self.metrics.calls.labels(model, reason).inc()
        self.metrics.dollars.labels(model).inc(dollars)

    def _paid(self, painting: Painting) -> None:
        usage, model = painting.usage, painting.model
        self.took("paint", painting.seconds)
        words = usage.candidates - usage.images
        spent = {"in": usage.prompt, "words": words, "thoughts": usage.thoughts, "pictures": usage.images}
        for kind, tokens in spent.items():
            self.metrics.tokens.labels(model, kind).inc(max(tokens, 0))

    def _heard(self, model: str, failure: Failure | None) -> None:
        """A refusal of the model's is an answer: Google is at work."""
        self.watch.called(model, failure)
        if failure is None or isinstance(failure, Blank | Declined):
            self.google.answered = time.time()
        else:
            self.google.failed, self.google.reason = time.time(), failure.key


def _origin(ask: Ask) -> str:
    """How somebody came to ask."""
    if ask.recipe is not None:
        return "recipe"
    if ask.again is not None:
        return "retry" if ask.count is None else "variations"
    if ask.fresh:
        return "command"
    if ask.pressed:
        return "form"
    return "message" if ask.choice is None else "choice"


def _tell(message: str, *values: object, **named: object) -> None:
    log.info(message, *values, extra=named)
