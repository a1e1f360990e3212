"""What the bot's process looks like at a moment: from outside, and from what it tells itself."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import psutil
from prometheus_client.parser import text_string_to_metric_families

MIB = 1 << 20
WORKERS = 400.0  #: MiB, for as many as work side by side: what they may decode at a time, and themselves
COUNTED = ("tasks", "waiting", "turns", "chores", "lanes", "places", "views", "waiters", "files", "threads")


@dataclass(frozen=True)
class Sample:
    """A moment: `at` in true seconds since the epoch, sizes in bytes; `start` counts the bot's starts."""

    at: float
    start: int
    memory: int
    files: int
    threads: int
    workers: int  #: memory of the processes that open pictures
    data: int  #: all files in the data folder
    log: int  #: of them, the write-ahead log
    told: dict[str, float]

    @property
    def counts(self) -> dict[str, float]:
        """Everything that could pile up, by name."""
        return {"files": self.files, "threads": self.threads, **self.told}


def _busy() -> float:
    times = psutil.cpu_times()
    return float(sum(times) - times.idle - getattr(times, "iowait", 0.0))


def _ours() -> float:
    """Processor time of ours and of all that we started, in seconds."""
    us, seconds = psutil.Process(), 0.0
    for each in (us, *us.children(recursive=True)):
        with suppress(psutil.Error):
            seconds += sum(each.cpu_times()[:4])  # its own, and that of its children that have ended
    return seconds


@dataclass
class Others:
    """How many of the machine's processors others keep busy: who is neither us nor comes from us."""

    _since: float = field(default_factory=time.monotonic)
    _before: float = field(default_factory=_busy)
    _own: float = field(default_factory=_ours)

    def busy(self) -> float:
        """On average since the beginning; what of ours has ended and was not waited for counts for others."""
        return max(_busy() - self._before - (_ours() - self._own), 0.0) / (time.monotonic() - self._since)


@dataclass
class Gauges:
    """Looks at one process after the other."""

    data: Path
    url: str
    start: int = 0
    _process: psutil.Process | None = None

    def watch(self, pid: int) -> None:
        """From now on this one."""
        self._process = psutil.Process(pid)
        self.start += 1

    async def read(self) -> Sample | None:
        """How it is now; None where it does not answer."""
        assert self._process is not None
        try:
            told = await self._told()
            with self._process.oneshot():
                memory, threads = self._process.memory_info().rss, self._process.num_threads()
                files, children = self._process.num_fds(), self._process.children(recursive=True)
            workers = sum(map(_memory, children))
        except (psutil.Error, aiohttp.ClientError, OSError, TimeoutError):
            return None
        size, log = await asyncio.to_thread(weigh, self.data)
        return Sample(time.time(), self.start, memory, files, threads, workers, size, log, told)

    async def sure(self) -> Sample:
        """How it is, as soon as it answers."""
        while (sample := await self.read()) is None:  # noqa: ASYNC110 - it may be starting
            await asyncio.sleep(0.1)
        return sample

    async def _told(self) -> dict[str, float]:
        patience = aiohttp.ClientTimeout(total=5)
        async with aiohttp.ClientSession(timeout=patience) as session, session.get(f"{self.url}/metrics") as answer:
            text = await answer.text()
        found: dict[str, float] = {}
        for family in text_string_to_metric_families(text):
            if family.name == "soak_things":
                found |= {sample.labels["what"]: sample.value for sample in family.samples}
            elif family.name in ("easel_tasks", "easel_waiting"):
                found[family.name.removeprefix("easel_")] = family.samples[0].value
        return found


def weigh(folder: Path) -> tuple[int, int]:
    """Bytes in all files, and in the write-ahead log."""
    sizes = {}
    for path in folder.rglob("*"):
        with suppress(OSError):  # it may go at any time
            if path.is_file():
                sizes[path.name] = path.stat().st_size
    return sum(sizes.values()), sizes.get("easel.db-wal", 0)


def _memory(process: psutil.Process) -> int:
    with suppress(psutil.Error):
        return int(process.memory_info().rss)
    return 0
