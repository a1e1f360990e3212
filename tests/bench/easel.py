"""The real bot, unchanged, with a sampler beside it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from bot.__main__ import _to_the_end
from bot.app import run
from bot.config import load
from tests.bench.sampler import sampling


async def _main(config: Path, samples: Path) -> None:
    async with sampling(samples):
        await run(load(config, os.environ))


if __name__ == "__main__":
    _to_the_end(_main(*map(Path, sys.argv[1:3])))
