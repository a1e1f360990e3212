import asyncio
import ctypes
import gc
import sys

import psutil
import pytest

from bot import memory
from bot.chores import beside
from bot.memory import give_back, settle_memory

MIB = 1 << 20


@pytest.fixture(autouse=True)
def thaw():
    yield
    gc.unfreeze()


def test_what_was_there_before_is_never_looked_through_again():
    settle_memory()
    assert gc.get_freeze_count() > 10_000


def test_a_machine_with_another_c_library_starts_as_well(monkeypatch):
    def missing(name: str | None) -> ctypes.CDLL:
        raise OSError(name)

    monkeypatch.setattr(ctypes, "CDLL", missing)
    settle_memory()


@pytest.mark.skipif(sys.platform != "linux", reason="another C library may have no holes")
async def test_the_holes_that_pictures_left_are_given_back_though_small_things_lie_between_them(monkeypatch):
    monkeypatch.setattr(memory, "PAUSE", 0.05)
    held = [(b"x" * size, b"x" * (size // 4)) for size in [100_000] * 1000]
    small = [each for _, each in held]
    held.clear()
    before = psutil.Process().memory_info().rss
    async with beside(memory=give_back()):
        await asyncio.sleep(0.5)
    assert len(small) == 1000
    assert psutil.Process().memory_info().rss < before - 50 * MIB


async def test_a_machine_with_another_c_library_keeps_its_holes(monkeypatch):
    monkeypatch.setattr(ctypes, "CDLL", lambda _: object())
    await give_back()


async def test_where_no_thread_is_to_be_had_it_is_tried_again(monkeypatch):
    tries: list[None] = []

    async def to_thread(*_: object) -> None:
        tries.append(None)
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(memory, "PAUSE", 0.01)
    monkeypatch.setattr(asyncio, "to_thread", to_thread)
    async with beside(memory=give_back()):
        await asyncio.sleep(0.2)
    assert len(tries) > 1
