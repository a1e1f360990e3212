"""A month that was: asks of four members, put into the sandbox's database, so that a report has much to tell."""

from __future__ import annotations

import json
import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from bot.sandbox.discord import seed

DAY = 86_400
DAYS = 30
PEOPLE = {
    seed.BEN: ("Ben", [seed.PAINTER], 14),
    seed.ANA: ("Ana", [seed.MODERATOR], 6),
    seed.CLEO: ("Cleo", [seed.GUEST], 4),
    seed.JUNE: ("June", [], 2),
}  #: names, roles, and how many asks a day at most
MODELS = {"gemini-nano-banana-2.1": 39_000, "gemini-3.1-flash-lite-image": 17_000}  #: and what a picture costs
STATES = ("settled",) * 20 + ("refused", "refused", "returned")


def remember(folder: Path) -> None:
    """Write it into the database that lies somewhere in there."""
    [file] = folder.rglob("easel.db")
    with closing(sqlite3.connect(file, timeout=10)) as database, database:
        database.row_factory = sqlite3.Row
        some = dict(database.execute("SELECT * FROM turns WHERE kind = 'paint' LIMIT 1").fetchone())
        for turn, claim in month(some):
            insert(database, "turns", turn)
            insert(database, "claims", claim)
            hour = (claim["server"], int(claim["at"] // 3600), claim["pictures"], claim["micros"])
            database.execute(
                "INSERT INTO hours VALUES (?, ?, ?, ?) ON CONFLICT (server, hour) DO UPDATE SET"
                " pictures = pictures + excluded.pictures, micros = micros + excluded.micros",
                hour,
            )


def month(some: dict[str, Any]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Turns like that one with their claims, the same every time but for the date."""
    dice, number, now = random.Random(11), 1, time.time()
    for ago in range(DAYS - 1, 0, -1):
        for member, (name, roles, most) in PEOPLE.items():
            for _ in range(dice.randint(0, most) // (1 if ago % 7 in {0, 6} else 2)):
                number += 1
                model, state = dice.choices(list(MODELS), (4, 1))[0], dice.choice(STATES)
                painted = int(state == "settled")
                at = now - ago * DAY
                whose = {"member": member, "server": seed.GUILD}
                own = {"id": number, "member_name": name, "model": model, "asked_at": at, "message": None}
                sums = {"pictures": painted, "micros": painted * MODELS[model], "waiting": 0, "state": state}
                yield some | whose | own, whose | sums | {"turn": number, "at": at, "roles": json.dumps(roles)}


def insert(database: sqlite3.Connection, table: str, row: dict[str, Any]) -> None:
    names = ", ".join(row)
    database.execute(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(row))})", list(row.values()))
