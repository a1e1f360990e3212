"""`make crash`: the bot is killed again and again, at any await of its own and at any word on the wire.

Each run: people ask for six things at about the same time, the bot is killed at a point (in a quarter of the runs once
more while it starts), started again, and comes to rest. Then Discord, the painter's till and the books are compared.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path

from tests.crash.play import Orders, Run, played_here, rehearsed
from tests.crash.points import Places, read
from tests.crash.table import complaint, table

CHUNK = 25  #: runs on one stage, on top of what those before have left


def main() -> int:
    options = _parser().parse_args()
    began = time.monotonic()
    runs: list[Run] = []
    for run in _all(options):
        runs.append(run)
        if run.wrong:
            _say(complaint(run, options.seed))
            _keep(options.logs, run)
    _say(table(runs))
    bad, kills = sum(bool(run.wrong) for run in runs), sum(len(run.points) for run in runs)
    took = time.monotonic() - began
    _say(f"\n{len(runs)} runs, {kills} kills, {bad} with something wrong, {took:.0f} s, seed {options.seed}")
    return 1 if bad else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2 * (os.cpu_count() or 1), help="played side by side")
    parser.add_argument("--only", type=int, metavar="RUN", help="one run of that seed again")
    parser.add_argument(
        "--point", type=read, action="append", default=[], help="killed there, as printed; twice for two"
    )
    parser.add_argument("--logs", type=Path, metavar="FOLDER", help="where the bot's log of a run gone wrong is kept")
    return parser


def _all(options: argparse.Namespace) -> Iterator[Run]:
    """Every run, as soon as its stage is done."""
    if options.only is not None:
        places = Places() if options.point else asyncio.run(rehearsed())
        yield from played_here(Orders(options.seed, [options.only], places, tuple(options.point)))
        return
    places = asyncio.run(rehearsed())
    numbers = range(options.runs)
    size = min(CHUNK, -(-options.runs // options.processes))
    orders = [Orders(options.seed, numbers[at : at + size], places) for at in range(0, options.runs, size)]
    with ProcessPoolExecutor(options.processes, get_context("spawn")) as pool:
        for done in as_completed([pool.submit(played_here, each) for each in orders]):
            yield from done.result()


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _keep(folder: Path | None, run: Run) -> None:
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"run-{run.number}.log").write_text(run.log, "utf-8")


if __name__ == "__main__":
    sys.exit(main())
