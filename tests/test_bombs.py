"""Small files that would be large: each ends in time, within its worker's memory, and as it is said here."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import pytest
import pytest_asyncio

from bot.pictures import Limits, Pictures
from tests.bombs import BOMBS, MIB, SOON, crowd, toll

pytestmark = pytest.mark.asyncio(loop_scope="module")
PYTHON = 96 * MIB  #: bytes of a worker that holds no picture: the program, its libraries, and the stacks of its threads


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pictures() -> AsyncIterator[Pictures]:
    async with Pictures() as door:
        yield door


@pytest.mark.parametrize(("make", "outcome"), BOMBS.values(), ids=BOMBS)
async def test_a_bomb_ends_in_time_and_within_its_memory(pictures: Pictures, make: Callable[[], bytes], outcome: str):
    found = await toll(pictures, make())
    assert found.outcome == outcome
    assert found.seconds < SOON * crowd()
    assert found.memory < Limits().memory + PYTHON
