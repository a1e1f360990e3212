"""The real program, which dies where it is told to: at any await of its own, around a commit, around a picture's write.

Nothing of this is in the program: its tasks and four of its functions are wrapped here, before it begins.
"""

from __future__ import annotations

import asyncio
import atexit
import functools
import json
import mmap
import os
import signal
import sys
from collections import Counter
from collections.abc import Callable, Coroutine, Generator
from pathlib import Path
from typing import Any

import uvloop
from discord.state import ConnectionState

import bot.gallery
from bot.__main__ import main
from bot.store.database import Database
from bot.store.near import Near

ROOT = Path(__file__).parents[2]
OURS = (f"{ROOT / 'bot'}{os.sep}", f"{ROOT / 'cogs'}{os.sep}")
GUILDS = 0.3  #: seconds that the library waits for one more server before it is ready; 2 as a rule
FOLDER = "EASEL_CRASH"  #: the variable that names the folder where orders lie


class Fate:
    """Counts the places that the program passes while the folder's `armed` byte is not 0; dies at the ordered one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with (folder / "armed").open("r+b") as file:
            self._armed = mmap.mmap(file.fileno(), 1)
        self._generation = 0
        self._order: tuple[str, int] = ("", 0)
        self._passed: Counter[str] = Counter()

    @property
    def armed(self) -> bool:
        """Whether places count now; each new value of the byte is a new order."""
        now = self._armed[0]
        if now and now != self._generation:
            name, nth = json.loads((self._folder / "order").read_text("utf-8"))
            self._generation, self._order, self._passed = now, (name, nth), Counter()
        return bool(now)

    def passes(self, place: str) -> None:
        """The program is there: perhaps for the last time."""
        if not self.armed:
            return
        self._passed[place] += 1
        if (place, self._passed[place]) == self._order:
            (self._folder / "struck").write_text(place, "utf-8")
            os.kill(os.getpid(), signal.SIGKILL)

    def tell(self) -> None:
        """Write down what was passed since it was armed."""
        (self._folder / "passed").write_text(json.dumps(self._passed), "utf-8")


class Stepped(Coroutine[Any, Any, Any]):
    """A task's coroutine, looked at before each of its steps."""

    def __init__(self, coroutine: Coroutine[Any, Any, Any], fate: Fate) -> None:
        self._coroutine = coroutine
        self._fate = fate
        self.__name__ = getattr(coroutine, "__name__", "")
        self.__qualname__ = getattr(coroutine, "__qualname__", "")

    def send(self, value: Any) -> Any:
        if self._fate.armed and (place := innermost(self._coroutine)):
            self._fate.passes(place)
        return self._coroutine.send(value)

    def throw(self, *error: Any) -> Any:
        return self._coroutine.throw(*error)

    def close(self) -> None:
        self._coroutine.close()

    def __await__(self) -> Generator[Any, Any, Any]:
        return self._coroutine.__await__()


def innermost(coroutine: Any) -> str:
    """Where in our own code a coroutine goes on: `await studio.Studio.hear:75`; nothing where it is not in it."""
    found = ""
    while coroutine is not None:
        frame = getattr(coroutine, "cr_frame", None)
        if frame is not None and frame.f_code.co_filename.startswith(OURS):
            module = Path(frame.f_code.co_filename).relative_to(ROOT).with_suffix("")
            found = f"await {'.'.join(module.parts)}:{frame.f_code.co_qualname}:{frame.f_lineno}"
        coroutine = getattr(coroutine, "cr_await", None)
    return found


def install(fate: Fate) -> None:
    """Wrap what the program is made of."""
    new_loop = uvloop.new_event_loop

    def stepped_loop() -> Any:
        loop = new_loop()
        loop.set_task_factory(lambda loop, coroutine, **more: asyncio.Task(Stepped(coroutine, fate), loop=loop, **more))
        return loop

    uvloop.new_event_loop = stepped_loop
    for owner, name, told in (
        (Database, "_begin", "a transaction's begin"),
        (Database, "_commit", "a commit"),
        (Near, "commit", "a commit"),
    ):
        setattr(owner, name, _around(getattr(owner, name), told, fate))
    bot.gallery.Gallery._write = _around_call(bot.gallery.Gallery._write, "a picture's write", fate)  # type: ignore[method-assign]
    bot.gallery._is_on_disk = _around_call(bot.gallery._is_on_disk, "a picture's way to the disk", fate)
    settle = ConnectionState.__init__
    ConnectionState.__init__ = functools.partialmethod(settle, guild_ready_timeout=GUILDS)  # type: ignore[assignment,method-assign]
    atexit.register(fate.tell)


def _around(method: Callable[..., Any], told: str, fate: Fate) -> Callable[..., Any]:
    @functools.wraps(method)
    async def wrapped(*arguments: Any, **named: Any) -> Any:
        fate.passes(f"before {told}")
        result = await method(*arguments, **named)
        fate.passes(f"after {told}")
        return result

    return wrapped


def _around_call(function: Callable[..., Any], told: str, fate: Fate) -> Callable[..., Any]:
    @functools.wraps(function)
    def wrapped(*arguments: Any) -> Any:
        fate.passes(f"before {told}")
        result = function(*arguments)
        fate.passes(f"after {told}")
        return result

    return wrapped


if __name__ == "__main__":
    install(Fate(Path(os.environ[FOLDER])))
    sys.exit(main())
