"""One door under atheris, guided by coverage: `python -m tests.fuzz.run DOOR …` with libFuzzer's own arguments."""

from __future__ import annotations

import logging
import sys
import warnings
from pathlib import Path
from random import Random

import atheris

WATCHED = ["bot", "cogs", "discord", "PIL", "yarl", "urllib", "json", "tests"]


def main() -> None:
    name, corpus, *rest = sys.argv[1:]
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    with atheris.instrument_imports(include=WATCHED):
        from tests.fuzz.doors import door, finds

        entered = door(name)
    known = [*entered.seeds(), *(each.read_bytes() for each in finds(name))]
    for number, seed in enumerate(known):
        (Path(corpus) / f"seed-{number}").write_bytes(seed)

    def mutate(data: bytes, largest: int, seed: int) -> bytes:
        random = Random(seed)
        if random.random() < 0.3:
            return bytes(atheris.Mutate(data, largest))
        return entered.mutate(bytes(data), random)[:largest]

    atheris.Setup([sys.argv[0], corpus, *rest], lambda data: entered.enter(bytes(data)), custom_mutator=mutate)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
