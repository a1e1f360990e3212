"""Ends the bot's own repeats at a model that fails again and again. Whoever asks always gets one try."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

ROW = 10  #: failures without an answer between them
WITHIN = 60.0  #: seconds that they take at most
REST = 60.0  #: seconds without a failure, after which a repeat is worth it again

log = logging.getLogger(__name__)


@dataclass
class Breaker:
    """One model's. It opens after a row of failures, and closes with the first answer, or half after a rest.

    It is never asked whether somebody's ask may go out: the bot is back in the moment in which the model is.
    """

    model: str
    clock: Callable[[], float] = time.monotonic
    _failures: deque[float] = field(default_factory=lambda: deque(maxlen=ROW))
    _opened: float | None = None  #: no answer has come since

    @property
    def is_open(self) -> bool:
        """Whether repeats are in vain."""
        return self._opened is not None and self.clock() - self._failures[-1] < REST

    @property
    def lasted(self) -> float:
        """Seconds from the failure that opened it to the last one; 0 where an answer has come since."""
        return 0.0 if self._opened is None else self._failures[-1] - self._opened

    def failed(self) -> None:
        """The model did not manage. After a rest, one failure more opens it again."""
        now = self.clock()
        self._failures.append(now)
        if self._opened is None and len(self._failures) == ROW and now - self._failures[0] <= WITHIN:
            self._opened = now
            log.warning("%s failed %s times in a row: it is not tried again until it answers", self.model, ROW)

    def answered(self) -> None:
        """It paints, or says no: it is at work."""
        if self._opened is not None:
            log.warning("%s answers again, after %.0f s", self.model, self.clock() - self._opened)
        self._failures.clear()
        self._opened = None
