import asyncio
import logging
from dataclasses import replace

import pytest

from bot.errors import Crowded, Declined, Failure, OverLimit, Uncertain
from bot.filled import Filled
from bot.model import Ask, Kind, Member, Painting, Place, Turn
from bot.tokens import Usage
from bot.watch.journal import Journal
from tests.test_metrics import told

ASK = Ask(7, Place(1, 1), Member(5, "ana"), "a red house", message=7)
TURN = Turn(7, 1, ASK.member, "a red house", model="nano", asked_at=0.0)
PAINTING = Painting((), Usage(prompt=300, candidates=1200, thoughts=150, images=1120), 0.04, "nano", 6.2)


async def answer(painting: Painting = PAINTING) -> Painting:
    return painting


async def trouble(failure: Failure) -> Painting:
    raise failure


# -- asks ------------------------------------------------------------------------------------------------------------


def test_an_ask_is_counted_by_where_it_came_from_and_what_it_is():
    journal = Journal()
    journal.asked(ASK, TURN)
    journal.asked(Ask(1, ASK.place, ASK.member, "a thread opens from it"), TURN)
    journal.asked(replace(ASK, choice=1), TURN)
    pressed = replace(ASK, id=8)
    for each in ({"base": 3}, {"choice": 1}, {"again": 7}, {"again": 7, "count": 3}, {"recipe": Filled("sketch")}):
        journal.asked(replace(pressed, **each), TURN)
    journal.asked(Ask(9, ASK.place, ASK.member, "", fresh=True), Turn(9, 1, ASK.member, "", "nano", 0.0, Kind.UPLOAD))
    found = told(journal.metrics)
    assert {name: value for name, value in found.items() if name.startswith("easel_asks")} == {
        "easel_asks_total{paint,message}": 2,
        "easel_asks_total{paint,choice}": 1,
        "easel_asks_total{paint,form}": 2,
        "easel_asks_total{paint,retry}": 1,
        "easel_asks_total{paint,variations}": 1,
        "easel_asks_total{paint,recipe}": 1,
        "easel_asks_total{upload,command}": 1,
    }


def test_every_end_of_an_ask_is_counted_once_with_its_reason():
    journal = Journal()
    journal.refused(OverLimit("over_member_hour"))
    journal.failed(Declined("declined_words", reason="SAFETY"))
    journal.delivered(Turn(7, 1, ASK.member, "", "nano", 0.0, failure="Google's filter …"), 0)
    journal.cancelled()
    journal.delivered(TURN, 2)
    journal.delivered(TURN, None)
    found = told(journal.metrics)
    assert found.pop("easel_pictures_total") == 2
    assert {name: value for name, value in found.items() if name.startswith("easel_outcomes")} == {
        "easel_outcomes_total{refused,over_member_hour}": 1,
        "easel_outcomes_total{failed,declined_words}": 1,
        "easel_outcomes_total{cancelled,}": 1,
        "easel_outcomes_total{posted,}": 1,
        "easel_outcomes_total{undelivered,}": 1,
    }


# -- calls -----------------------------------------------------------------------------------------------------------


async def test_a_call_is_counted_with_its_price_its_tokens_and_its_seconds():
    journal = Journal()
    assert await journal.call("nano", answer()) == PAINTING
    found = told(journal.metrics)
    assert found["easel_calls_total{nano,answered}"] == 1
    assert found["easel_dollars_total{nano}"] == pytest.approx(0.04)
    assert {kind: found[f"easel_tokens_total{{{kind},nano}}"] for kind in ("in", "words", "thoughts", "pictures")} == {
        "in": 300,
        "words": 80,
        "thoughts": 150,
        "pictures": 1120,
    }
    assert found["easel_stage_seconds_sum{paint}"] == pytest.approx(6.2)


async def test_what_a_lost_answer_may_have_cost_is_counted_as_spent():
    journal = Journal()
    with pytest.raises(Uncertain):
        await journal.call("nano", trouble(Uncertain("uncertain_dropped", dollars=0.05)))
    found = told(journal.metrics)
    assert found["easel_dollars_total{nano}"] == pytest.approx(0.05)
    assert found["easel_calls_total{nano,uncertain_dropped}"] == 1
    assert "easel_stage_seconds_count{paint}" not in found


async def test_what_a_call_may_cost_that_is_cut_off_is_counted_as_spent():
    journal = Journal()

    async def never() -> Painting:
        await asyncio.Event().wait()
        raise AssertionError

    call = asyncio.create_task(journal.call("nano", never(), 0.05))
    await asyncio.sleep(0)
    call.cancel()
    await asyncio.gather(call, return_exceptions=True)
    found = told(journal.metrics)
    assert found["easel_calls_total{nano,stopped}"] == 1
    assert found["easel_dollars_total{nano}"] == pytest.approx(0.05)


async def test_each_try_of_a_call_is_one_and_those_under_way_are_told():
    journal, gate = Journal(), asyncio.Event()

    async def held() -> Painting:
        await gate.wait()
        raise Crowded("overloaded")

    calls = [asyncio.create_task(journal.call("nano", held())) for _ in range(3)]
    await asyncio.sleep(0)
    assert told(journal.metrics)["easel_calls_under_way"] == 3
    calls.pop().cancel()
    await asyncio.sleep(0)
    gate.set()
    assert [type(each) for each in await asyncio.gather(*calls, return_exceptions=True)] == [Crowded, Crowded]
    found = told(journal.metrics)
    assert "easel_calls_under_way" not in found
    assert found["easel_calls_total{nano,overloaded}"] == 2
    assert found["easel_calls_total{nano,stopped}"] == 1


# -- the log ---------------------------------------------------------------------------------------------------------


def test_a_line_for_each_ask_says_what_became_of_it_and_never_its_words(caplog: pytest.LogCaptureFixture):
    journal = Journal()
    with caplog.at_level(logging.INFO, "bot.watch.journal"):
        journal.asked(ASK, TURN)
        journal.painted(PAINTING)
        journal.delivered(TURN, 1)
        journal.failed(Uncertain("uncertain_dropped", dollars=0.05))
        journal.refused(Declined("declined_words"))
        journal.cancelled()
    assert caplog.messages == [
        "asked by message: paint",
        "painted in 6.2 s for $0.0400",
        "posted, pictures: 1",
        "failed: uncertain_dropped, $0.0500",
        "refused: declined_words",
        "cancelled",
    ]
    assert vars(caplog.records[1])["dollars"] == 0.04
    assert vars(caplog.records[3])["reason"] == "uncertain_dropped"
