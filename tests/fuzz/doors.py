"""The doors by their names, and the cases that once did not hold: each is tried again in every run of the tests."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from random import Random
from typing import Protocol, cast

NAMES = ("addresses", "answers", "messages", "names", "pictures", "words")
FINDS = Path(__file__).with_name("finds")


class Door(Protocol):
    """A module of this package."""

    def enter(self, data: bytes) -> None:
        """Raises where something does not hold."""

    def mutate(self, data: bytes, random: Random) -> bytes:
        """Something like it, a little odder."""

    def seeds(self) -> Iterator[bytes]:
        """What usually comes."""


def door(name: str) -> Door:
    return cast("Door", import_module(f"tests.fuzz.{name}"))


def finds(name: str) -> list[Path]:
    """The cases of a door."""
    return sorted((FINDS / name).glob("*"))
