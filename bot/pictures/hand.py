"""A worker as the bot sees it: a process that is given one file at a time, and can be ended at any moment."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from bot.pictures.orders import PATIENCE, Order
from bot.pictures.wire import Answer, Hung, receive_answer, send_order

ROOT = Path(__file__).parents[2]
PASSED = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PYTHONHOME", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE")
LATE = {-signal.SIGPROF, -signal.SIGALRM}  #: how it ends when its time is up
CHANCE = {0, -signal.SIGKILL, -signal.SIGTERM}  #: and through no fault of the file: retired, or ended from without
LAST_BREATH = 2.0  #: seconds for a process that has hung up


class Lost(Exception):
    """The worker ended before it answered. `key` is what is said of the file; by `chance`, another may do better."""

    def __init__(self, key: str, status: int, *, chance: bool) -> None:
        super().__init__(f"a worker ended with status {status}")
        self.key = key
        self.chance = chance


class Hand:
    """One process. Its methods block: call them in a thread."""

    def __init__(self) -> None:
        """Start it. It knows nothing of the bot's secrets."""
        self._link, theirs = socket.socketpair()
        with theirs:
            self._process: subprocess.Popen[bytes] = subprocess.Popen(
                [sys.executable, "-m", "bot.pictures.worker"],
                cwd=ROOT,
                env={name: os.environ[name] for name in PASSED if name in os.environ},
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                process_group=0,  # Ctrl-C is for the bot, which ends its workers when it needs them no more
            )

    @property
    def pid(self) -> int:
        """The process."""
        return self._process.pid

    def ask(self, order: Order, file: int) -> Answer:
        """What becomes of a file, by its descriptor. Raises Lost; then the process is gone."""
        self._link.settimeout(order.seconds * PATIENCE + LAST_BREATH)
        try:
            send_order(self._link, order, file)
        except OSError as error:
            raise Lost("crashed", self.end(), chance=True) from error
        try:
            return receive_answer(self._link)
        except TimeoutError as error:
            raise Lost("endless", self.end(), chance=False) from error
        except (OSError, Hung) as error:
            status = self._ended()
            raise Lost("endless" if status in LATE else "crashed", status, chance=status in CHANCE) from error

    def kill(self) -> None:
        """End it now, whatever it does."""
        self._process.kill()

    def end(self) -> int:
        """End it, and nobody speaks to it any more; its exit status."""
        self._process.kill()
        self._link.close()
        return self._process.wait()

    def _ended(self) -> int:
        """How it ended by itself."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(LAST_BREATH)
        return self.end()
