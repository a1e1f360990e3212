"""`python -m tests.fuzz`: every door for a while; what does not hold is kept in build/fuzz and named in the table."""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from tests.fuzz.doors import NAMES

ROOT = Path(__file__).parents[2]
BUILD = ROOT / "build" / "fuzz"
RUNS = re.compile(r"stat::number_of_executed_units:\s*(\d+)")
COVERED = re.compile(r"cov: (\d+)")  #: what libFuzzer calls so: branches and comparisons that were met, no lines
GRACE = 120  #: seconds beyond its time, for its start and its last run
LIMITS = ("-timeout=20", "-rss_limit_mb=2048", "-max_len=65536", "-print_final_stats=1", "-close_fd_mask=1")


def main() -> int:
    parser = argparse.ArgumentParser(prog="make fuzz", description=__doc__)
    parser.add_argument("doors", nargs="*", default=NAMES, metavar="door", help=f"of {', '.join(NAMES)}")
    parser.add_argument("--seconds", type=int, default=60, help="for each door")
    given = parser.parse_args()
    if unknown := set(given.doors) - set(NAMES):
        parser.error(f"there is no door {unknown.pop()}")
    if find_spec("atheris") is None:
        say("atheris is not there: it has wheels for Python 3.11 to 3.14 on Linux with an x86-64 processor.")
        return 1
    say(f"{'door':10} {'seconds':>7} {'tries':>9} {'cov':>7}  what does not hold")
    return max(fuzz(name, given.seconds) for name in given.doors)


def fuzz(name: str, seconds: int) -> int:
    """One door; 1 where something was found."""
    corpus, found = BUILD / "corpus" / name, BUILD / "found" / name
    for folder in (corpus, found):
        folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "tests.fuzz.run", name, str(corpus), f"-max_total_time={seconds}", *LIMITS]
    log = BUILD / f"{name}.log"
    with log.open("wb") as out:
        done = subprocess.run(
            [*command, f"-artifact_prefix={found}/"],
            cwd=ROOT, stdout=out, stderr=out, timeout=seconds + GRACE, check=False,
        )  # fmt: skip
    said = log.read_text("utf-8", "replace")
    tries, covered = RUNS.findall(said), COVERED.findall(said)
    cases = sorted(each.name for each in found.iterdir())
    told = ", ".join(cases) if cases else "–" if done.returncode == 0 else f"it ended early: see {log}"
    say(f"{name:10} {seconds:7} {(tries or ['?'])[-1]:>9} {(covered or ['?'])[-1]:>7}  {told}")
    return int(bool(cases) or done.returncode != 0)


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - whoever runs it reads it


if __name__ == "__main__":
    sys.exit(main())
