"""One bot at a time on a data directory: two would paint the same asks twice."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import Unstartable


@contextmanager
def alone(directory: Path) -> Iterator[None]:
    """Hold the directory; the system lets go of it however the process ends. Raises Unstartable where it is held."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        file = (directory / "easel.lock").open("a")
    except OSError as error:
        raise Unstartable("database_broken", path=str(directory), detail=str(error)) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Unstartable("already_running", directory=str(directory)) from error
        yield
