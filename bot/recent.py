"""Pictures that have just been painted, in memory for those who need them next: the delivery, and the next edit."""

from __future__ import annotations

import time
from collections import OrderedDict

ROOM = 16 * 2**20  #: bytes in all
MOMENT = 120.0  #: seconds; in a thread at work the next edit comes within


class Recent:
    """Bytes by name, the oldest of them let go first. Raises nothing: what is not here is read from where it lies."""

    def __init__(self, room: int = ROOM, moment: float = MOMENT) -> None:
        self.moment = moment
        self._room = room
        self._kept: OrderedDict[str, tuple[float, bytes]] = OrderedDict()
        self._size = 0
        self._forgotten = 0

    @property
    def mark(self) -> int:
        """To be taken before something is written, and shown when it is remembered."""
        return self._forgotten

    def remember(self, name: str, data: bytes, mark: int) -> None:
        """Keep it for a moment; not where anything was forgotten since the mark, for that may have been it."""
        if mark != self._forgotten or name in self._kept or len(data) > self._room:
            return
        self._kept[name] = (time.monotonic(), data)
        self._size += len(data)
        while self._size > self._room:
            self._let_go(self._oldest)

    def get(self, name: str) -> bytes | None:
        """The bytes, if they are still here."""
        self.tidy()
        found = self._kept.get(name)
        return found[1] if found else None

    def forget(self, name: str) -> None:
        """It is deleted: nobody gets it from here any more."""
        self._forgotten += 1
        if name in self._kept:
            self._let_go(name)

    def tidy(self) -> None:
        """Let go of what has been here for its moment."""
        while self._kept and self._kept[self._oldest][0] <= time.monotonic() - self.moment:
            self._let_go(self._oldest)

    @property
    def _oldest(self) -> str:
        return next(iter(self._kept))

    def _let_go(self, name: str) -> None:
        _, data = self._kept.pop(name)
        self._size -= len(data)
