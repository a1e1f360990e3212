"""The bench in small, with room for a busy machine: what breaks here has become several times slower or larger."""

import asyncio
from collections.abc import Mapping, Sequence

import pytest

from tests.bench.age import FLAT as AGELESS
from tests.bench.age import START, age_figures
from tests.bench.contestant import Workshop, open_workshop
from tests.bench.crowd import crowd_figures, rush
from tests.bench.figures import Figure
from tests.bench.growth import FLAT, grow, growth_figures
from tests.bench.room import MOST_PAINTING, MOST_WAITING, room_figures
from tests.bench.throughput import USUAL, throughput_figures
from tests.bench.upkeep import FLAT as KEPT
from tests.bench.way import CHEAP, LATE, NEAR, SLOWEST, walk

SLACK = 2.0
BOTS = ("floor", "easel")

pytestmark = [pytest.mark.e2e, pytest.mark.alone]


@pytest.fixture
async def workshop(tmp_path) -> Workshop:
    return await asyncio.to_thread(open_workshop, tmp_path)


def times(figures: Sequence[Figure]) -> Mapping[str, float]:
    return {figure.key: figure.times["easel"] for figure in figures if figure.times}


async def test_an_edit_takes_a_few_times_what_a_bare_program_needs(workshop):
    figures = await walk(workshop, BOTS, rounds=3)
    found = times(figures)
    assert found["latency"] < SLACK * NEAR
    assert found["latency_95"] < SLACK * SLOWEST
    assert found["cpu"] < SLACK * CHEAP
    late = next(figure for figure in figures if figure.key == "heartbeat")
    assert late.values["easel"] < SLACK * 1000 * LATE


async def test_a_late_edit_sends_what_an_early_one_did(workshop):
    grown = await grow(workshop, "easel", turns=12, seconds=40.0)
    found = times(growth_figures({"easel": grown}, late=12))
    assert found["bytes"] < FLAT
    assert found["pictures"] == 1
    assert found["tokens"] < FLAT


async def test_a_hundred_at_once_take_hardly_longer_than_they_must(workshop):
    found = times(crowd_figures(await rush(workshop, BOTS, rounds=1)))
    assert found["wall"] < SLACK
    assert found["delay"] < SLACK


async def test_asks_that_wait_and_pictures_being_painted_take_little_memory(workshop):
    waiting, painting = await room_figures(workshop, waiting=100)
    assert waiting.values["easel"] < SLACK * MOST_WAITING
    assert painting.times["easel"] < SLACK * MOST_PAINTING


async def test_asks_that_come_at_once_are_admitted_in_some_commits_time_each(workshop):
    found = times(await throughput_figures(workshop, asks=200))
    assert found["throughput"] < SLACK * USUAL


async def test_neither_a_start_nor_an_edit_costs_more_after_many_others(workshop, tmp_path):
    found = times(await age_figures(workshop, tmp_path, many=30_000, rounds=2))
    assert found["age_start"] < SLACK * START
    assert found["age_latency"] < SLACK * AGELESS
    assert found["age_cpu"] < SLACK * AGELESS
    assert max(found[f"age_{each}"] for each in ("doctor", "sweep", "report")) < SLACK * KEPT
