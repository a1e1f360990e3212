"""A few kills of each kind, in the gate; `make crash` has hundreds."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from tests.crash.play import Orders, Run, open_play
from tests.crash.points import AWAIT, EVENT, STORE, WIRE, Places, Point
from tests.crash.table import complaint, table

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

MESSAGES = "/channels/{channel_id}/messages"
POINTS = (
    Point(STORE, "before a commit", 3),
    Point(STORE, "after a commit", 4),
    Point(STORE, "after a picture's write", 2),
    Point(WIRE, "before POST /gemini/{version}/models/{call}", 2),
    Point(WIRE, "after POST /gemini/{version}/models/{call}", 1),
    Point(WIRE, f"before POST {MESSAGES}", 2),
    Point(WIRE, f"after POST {MESSAGES}", 1),
    Point(EVENT, "MESSAGE_CREATE", 2),
)


async def test_after_a_kill_at_any_kind_of_point_nothing_is_lost_and_nothing_is_there_twice():
    async with open_play() as play:
        runs = [await play.run(number, Orders(7, (), Places(), (point,))) for number, point in enumerate(POINTS)]
    assert not [complaint(run, 7) for run in runs if run.wrong]
    assert all(struck for run in runs for struck in run.struck)


def test_rare_places_are_chosen_as_often_as_common_ones_and_the_same_seed_chooses_the_same():
    places = Places({AWAIT: Counter({"await bot.a:f:1": 1000, "await bot.b:g:2": 1})})
    chosen = [places.choose(random.Random(number), 1.0) for number in range(400)]
    assert chosen == [places.choose(random.Random(number), 1.0) for number in range(400)]
    names = Counter(each.name for each in chosen if each.kind == AWAIT)
    assert abs(names["await bot.a:f:1"] - names["await bot.b:g:2"]) < 80
    assert all(1 <= each.nth <= 4 for each in chosen if each.kind == AWAIT)


def test_the_table_counts_kills_by_where_they_struck():
    run = Run(3, [Point(STORE, "a commit", 1), Point(AWAIT, "await bot.brush:Brush._take:1", 2)], [True, False], 2.0)
    told = table([run])
    assert "store: a commit" in told
    assert "await in bot.brush" in told
    run.wrong = ["v2 is posted 2 times"]
    assert "--only 3 --point 'store|a commit|1' --point 'await|await bot.brush:Brush._take:1|2'" in complaint(run, 9)
