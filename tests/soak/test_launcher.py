"""Which pauses a swift clock shortens."""

from __future__ import annotations

import asyncio
import time

import pytest

from bot import insistence
from bot.deleting import erasure, strays
from bot.owners import petitions
from cogs import gateway
from tests.soak import launcher


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    for each in launcher.TIDY:
        monkeypatch.setattr(each, "asyncio", asyncio)
    monkeypatch.setattr(erasure, "PAUSE", erasure.PAUSE)
    monkeypatch.setattr(launcher, "SHORTEST", 0.01)
    launcher.shorten(6000)


@pytest.mark.usefixtures("hasty")
async def test_rounds_of_tidying_up_follow_each_other_as_much_faster():
    began = time.monotonic()
    for each in (strays, petitions):
        await vars(each)["asyncio"].sleep(launcher.ROUND)
    assert time.monotonic() - began < 1
    assert erasure.PAUSE == 0.01


@pytest.mark.usefixtures("hasty")
def test_nobody_who_waits_for_discord_or_google_waits_less():
    untouched = asyncio.tasks.sleep
    assert asyncio.sleep is untouched
    assert all(vars(each)["asyncio"].sleep is untouched for each in (gateway, insistence, erasure))
