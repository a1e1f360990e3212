"""What all tests share."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.clock import Clock
from tests.players import World, open_cdn

# A slow machine is no failure: the time one example takes says nothing about what it shows.
settings.register_profile("easel", deadline=None)
settings.load_profile("easel")


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with open_cdn() as cdn:
        yield World(tmp_path, cdn)


@pytest.fixture
def clock() -> Clock:
    return Clock()
