"""What people said: columns that are sealed on their way in where there is a key, and opened on their way out.

Nothing can be searched for or ordered by in them, since no seal is like another. Numbers, ids, digests, settings and
the bits that pictures are found by stay readable.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Self

from bot.errors import Unstartable
from bot.kept import TABLES
from bot.sealing import MARK, Keyring

FOUND_BY = {"digest", "bits"}  #: personal too, but looked for
COLUMNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        table: columns
        for table, kept in TABLES.items()
        if (columns := tuple(each for each in kept.personal if each not in FOUND_BY))
    }
)


@dataclass(frozen=True, slots=True)
class Private:
    """A value for one of these columns."""

    value: str | bytes | None


def check(keys: Keyring, used: Iterable[str]) -> None:
    """Every key that the database was `used` with has to be there. Raises Unstartable."""
    missing = sorted(set(used) - keys.ids)
    if missing:
        raise Unstartable("key_wrong" if keys.closed else "key_missing", ids=", ".join(missing))


def bound(values: Mapping[str, object], keys: Keyring) -> dict[str, object]:
    """Values as the database gets them."""
    return {name: _sealed(each.value, keys) if isinstance(each, Private) else each for name, each in values.items()}


def opening(keys: Keyring) -> type[sqlite3.Row]:
    """What makes rows: called in the database's thread, so that the event loop does not wait for it."""

    class Opened(sqlite3.Row):
        def __new__(cls, cursor: sqlite3.Cursor, row: tuple[Any, ...]) -> Self:
            return super().__new__(cls, cursor, tuple(_opened(each, keys) for each in row))

    return Opened if keys.closed else sqlite3.Row


def _sealed(value: str | bytes | None, keys: Keyring) -> str | bytes | None:
    if not value:
        return value
    return keys.seal_words(value) if isinstance(value, str) else keys.seal(value)


def _opened(value: Any, keys: Keyring) -> Any:
    if isinstance(value, str):
        return keys.open_words(value) if value.startswith(MARK) else value
    return keys.open(value) if isinstance(value, bytes) else value
