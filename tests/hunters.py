"""One of several processes before the same database: asks for pictures as fast as it can, and tells how many it got."""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path

from bot.config import Limits
from bot.errors import OverLimit
from bot.limits import gate
from bot.model import Ask, Member, Memory, Place, Turn
from bot.quota import Claim
from bot.store import Store, open_store
from tests.players import MODEL, Roster

SERVER, ANA = 9, Member(1, "Ana", frozenset())
NONE = Limits(pictures_per_member_hour=0, pictures_per_server_day=0, refused_per_member_hour=0)


async def hunt(store: Store, turn: int) -> bool:
    """Whether there was room: all of the admission that looks at limits, in its one transaction."""
    place = Place(50, 50, SERVER)
    try:
        async with store.write() as desk:
            now = time.time()
            await desk.turns.open(place, Memory.FOCUSED)
            permit = await gate.permit(desk, NONE, Ask(turn, place, ANA, "a cat"), Roster(), now)
            claim = Claim(ANA.id, SERVER, 1, 40_000)
            await gate.check(desk.ledger, NONE, claim, now, permit)
            asked = Turn(turn, 50, ANA, "a cat", MODEL.id, now, server=SERVER)
            await desk.ledger.hold(asked, claim)
            await desk.turns.add(asked)
    except OverLimit:
        return False
    return True


async def main(folder: Path, first: int, count: int) -> None:
    async with open_store(folder) as store:
        (folder / f"ready-{first}").touch()
        while not (folder / "go").exists():  # noqa: ASYNC110 - another process says so
            await asyncio.sleep(0.001)
        got = await asyncio.gather(*(hunt(store, first + place) for place in range(count)))
    sys.stdout.write(str(sum(got)))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
