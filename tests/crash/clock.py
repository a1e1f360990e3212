"""The real program with a clock that is set back: by so many seconds at its start, and by an hour at each SIGUSR1."""

from __future__ import annotations

import os
import signal
import sys
import time

BEHIND = "EASEL_BEHIND"  #: the variable with the seconds
BACK = 3600.0  #: seconds


class Clock:
    """What `time.time` tells from now on."""

    def __init__(self) -> None:
        self._true = time.time
        self._behind = float(os.environ.get(BEHIND, "0"))

    def __call__(self) -> float:
        return self._true() - self._behind

    def set_back(self, *_: object) -> None:
        self._behind += BACK


if __name__ == "__main__":
    clock = Clock()
    time.time = clock
    signal.signal(signal.SIGUSR1, clock.set_back)
    from bot.__main__ import main

    sys.exit(main())
