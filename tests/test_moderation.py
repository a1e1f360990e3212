import asyncio
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.limits.moderation import Moderation
from bot.model import Member
from bot.rules.rules import SHAPES, Consent, Rules, Stance, Subject
from bot.store import Store, open_store

SERVER, ANA = 7, Member(1, "Ana")
SAFE: dict[str, Any] = {"paused": True, "dollars_per_day": 0.0, "dollars_per_30_days": 0.0, "consent": Consent.NEVER}


def test_every_rule_has_a_shape_and_every_shape_a_rule():
    assert set(SHAPES) == set(Rules.__slots__) - {"broken"}


def test_rules_are_read_as_they_were_written():
    read = Rules.read({"paused": "true", "dollars_per_day": "2.5", "audit": "12", "consent": '"never"'})
    assert read == Rules(paused=True, dollars_per_day=2.5, audit=12, consent=Consent.NEVER)


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("value", ["", "{", '"?"', "null", "[1]", "-1", "NaN", '{"a": 1}', "[" * 10**5])
def test_a_row_that_cannot_be_read_grants_nothing_and_is_named(name: str, value: str):
    assert Rules.read({name: value}) == replace(Rules(broken=(name,)), **{name: SAFE.get(name, getattr(Rules(), name))})
    assert Rules.read({"audit": "12", name: value}).audit == (None if name == "audit" else 12)


def test_a_rule_of_another_programs_is_passed_over():
    assert Rules.read({"of_tomorrow": "1"}) == Rules()


def test_a_stance_ends():
    stance = Stance(Subject.MEMBER, 3, allowed=False, reason="", until=100.0, member=1, at=0.0)
    assert stance.holds(99.9)
    assert not stance.holds(100.0)


async def test_what_moderators_change_is_there_and_told_with_who_from_and_to(tmp_path: Path):
    async with open_store(tmp_path) as store:
        async with Moderation(store).change(SERVER, ANA) as change:
            await change.rule("retention_days", 30)
            await change.rule("retention_days", 60)
            await change.limit(9, "pictures_per_day", 5)
        assert (await store.rules.of(SERVER)).retention_days == 60
        assert await store.rules.roles(SERVER) == {9: {"pictures_per_day": "5"}}
        told = [entry.told for entry in await store.audit.waiting(SERVER, 10)]
        assert [(each["what"], each["before"], each["after"]) for each in told] == [
            ("rule", None, 30),
            ("rule", 30, 60),
            ("limit", None, "5"),
        ]
        assert {each["name_of"] for each in told} == {"Ana"}


async def test_a_change_that_fails_leaves_neither_a_decision_nor_a_word_of_it(tmp_path: Path):
    async def decide(store: Store) -> None:
        async with Moderation(store).change(SERVER, ANA) as change:
            await change.rule("paused", value=True)
            await change.rule("no_such_rule", 1)

    async with open_store(tmp_path) as store:
        with pytest.raises(AttributeError):
            await decide(store)
        assert await store.rules.of(SERVER) == Rules()
        assert await store.audit.servers() == []


async def test_stances_are_taken_and_taken_back(tmp_path: Path):
    stance = Stance(Subject.MEMBER, 3, allowed=False, reason="spam", until=None, member=1, at=5.0)
    async with open_store(tmp_path) as store:
        async with Moderation(store).change(SERVER, ANA) as change:
            await change.stand(stance)
        assert await store.rules.stances(SERVER) == [stance]
        async with Moderation(store).change(SERVER, ANA) as change:
            await change.lift(Subject.MEMBER, 3)
        assert await store.rules.stances(SERVER) == []


async def test_what_was_posted_waits_no_longer(tmp_path: Path):
    async with open_store(tmp_path) as store:
        async with Moderation(store).change(SERVER, ANA) as change:
            await change.rule("paused", value=True)
        entries = await store.audit.waiting(SERVER, 10)
        async with store.write() as desk:
            await desk.audit.posted(entries, 99)
        assert await store.audit.waiting(SERVER, 10) == []


async def test_a_stance_tells_what_stood_before(tmp_path: Path):
    stance = Stance(Subject.MEMBER, 3, allowed=False, reason="spam", until=None, member=1, at=5.0)
    async with open_store(tmp_path) as store:
        async with Moderation(store).change(SERVER, ANA) as change:
            await change.stand(replace(stance, until=1.0))
            await change.stand(stance)
            await change.stand(replace(stance, allowed=True))
            await change.lift(Subject.MEMBER, 3)
        told = [entry.told["was"] for entry in await store.audit.waiting(SERVER, 10)]
    was = {"allowed": False, "reason": "spam", "until": None}
    assert told == [None, None, was, was | {"allowed": True}]


async def test_a_list_of_words_is_worked_out_while_others_write_and_from_what_they_wrote(tmp_path: Path):
    async with open_store(tmp_path) as store:
        moderation, loop = Moderation(store), asyncio.get_running_loop()
        begun = threading.Event()

        async def meanwhile() -> None:
            async with moderation.change(SERVER, ANA) as change:
                await change.words([], ["dog"])

        def revise(before: list[str]) -> list[str]:
            if not begun.is_set():
                begun.set()
                asyncio.run_coroutine_threadsafe(meanwhile(), loop).result(5)
            return [*before, "cat"]

        assert await moderation.words(SERVER, ANA, revise) == (["dog"], ["dog", "cat"])
        assert await store.words.of(SERVER) == ["cat", "dog"]
