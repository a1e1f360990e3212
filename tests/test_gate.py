import asyncio
import re
import time
from dataclasses import replace

import pytest

from bot.errors import Barred, Crowded, Declined, OverLimit, Uncertain
from bot.limits.gate import check, introduced, permitted
from bot.limits.moderation import Moderation
from bot.model import Place, Text, Turn
from bot.quota import Claim, Unit, fences
from bot.rules.rules import Stance, Subject
from bot.store import Store, open_store
from tests.players import ADA, BOB, MODEL, SETTINGS, THREAD, World, png


def limited(**limits: float):
    none = {
        "pictures_per_member_hour": 0,
        "pictures_per_server_day": 0,
        "refused_per_member_hour": 0,
        "dollars_per_10_minutes": 0.0,
        "dollars_per_day": 0.0,
    }
    return SETTINGS.model_copy(update={"limits": SETTINGS.limits.model_copy(update=none | limits)})


def over(world: World) -> list[str]:
    """What was said of limits, its time left out."""
    return [
        re.sub(r"<t:\d+:R>", "WHEN", said) for said in world.discord.said() if "limit" in said or "You have" in said
    ]


async def claims(bot) -> dict[int, tuple[str, int, int]]:
    rows = await bot.store.query.all("SELECT turn, state, pictures, micros FROM claims ORDER BY turn")
    return {row["turn"]: (row["state"], row["pictures"], row["micros"]) for row in rows}


async def test_a_member_over_the_hourly_limit_reads_when_the_next_picture_can_be_had(world):
    async with world.bot(settings=limited(pictures_per_member_hour=2)) as bot:
        await bot.paint("a cat", "a dog")
        await bot.hear(world.ask("a bird"))
        await bot.settle()
        [told] = [said for said in world.discord.said() if "Nothing was charged" in said]
        [moment] = re.findall(r"<t:(\d+):R>", told)
        assert 3590 < int(moment) - time.time() < 3605
        assert len(world.painter.requests) == 2


async def test_other_members_and_other_servers_are_not_held_up(world):
    async with world.bot(settings=limited(pictures_per_member_hour=1, pictures_per_server_day=2)) as bot:
        await bot.hear(world.ask("a cat"), world.ask("a dog", member=BOB))
        await bot.settle()
        carol = replace(BOB, id=3)
        elsewhere = Place(60, 60, server=10, ours=True)
        await bot.hear(world.ask("over the server's", member=carol), world.ask("a bird", member=carol, place=elsewhere))
        await bot.settle()
        assert len(world.painter.requests) == 3
        assert await bot.states() == {101: "posted", 102: "posted", 104: "posted"}


async def test_a_limit_is_told_once_a_minute_and_each_time_to_a_press(world):
    async with world.bot(settings=limited(pictures_per_member_hour=1)) as bot:
        await bot.paint("a cat")
        await bot.hear(*(world.ask(f"flood {number}") for number in range(5)))
        assert len(over(world)) == 1
        await bot.hear(replace(world.ask("by a command"), message=1, fresh=True))
        assert len(over(world)) == 2


async def test_a_press_over_a_limit_is_answered_to_its_presser_each_time_and_to_nobody_else(world):
    async with world.bot(settings=limited(pictures_per_member_hour=1)) as bot:
        await bot.paint("a cat")
        told = [await bot.studio.hear(replace(world.ask("bluer"), message=1, base=1)) for _ in range(2)]
        assert all("limit of pictures" in (each.refusal or "") for each in told)
        assert over(world) == []


async def test_a_picture_alone_that_starts_a_conversation_is_free(world):
    async with world.bot(settings=limited(pictures_per_member_hour=1)) as bot:
        await bot.paint("a cat")
        fresh = Place(61, 61, server=9, ours=True)
        await bot.hear(world.ask("", world.cdn.holds("a.png", b"\x89PNG"), place=fresh))
        assert "a.png" in world.discord.said(61)[0]
        assert over(world) == []


async def test_what_is_over_a_limit_is_known_before_its_files_are_fetched(world):
    async with world.bot(settings=limited(pictures_per_member_hour=1)) as bot:
        await bot.paint("a cat")
        await bot.hear(world.ask("a dog", world.cdn.holds("a.png", 404)))
        assert world.cdn.asked == []


async def test_pictures_to_begin_with_are_free_but_not_without_end(world):
    async with world.bot(settings=limited(pictures_per_member_hour=2)) as bot:
        for number in range(61, 65):
            picture = world.cdn.holds(f"{number}.png", png())
            await bot.hear(world.ask("", picture, place=Place(number, number, server=9, ours=True)))
        assert [len(world.discord.said(number)) for number in range(61, 65)] == [1, 1, 1, 0]
        assert "to begin with 2 times" in world.discord.said(63)[0]
        await bot.paint("a cat")
        assert len(world.painter.requests) == 1, "what is painted is counted by itself"


@pytest.mark.parametrize(
    ("failure", "state"),
    [
        (Declined("declined_prompt_safety", reason="SAFETY"), "refused"),
        (Crowded("overloaded", tries=3), "returned"),
        (Uncertain("uncertain_dropped", dollars=0.07), "returned"),
        (RuntimeError("a mistake of ours"), "returned"),
    ],
)
async def test_work_that_comes_to_nothing_is_given_back_to_the_member(world, failure, state):
    world.painter.will(failure)
    async with world.bot(settings=limited(pictures_per_member_hour=1)) as bot:
        await bot.paint("a cat")
        assert await claims(bot) == {101: (state, 0, 0)}
        await bot.paint("a dog")
        assert len(world.painter.requests) == 2


async def test_what_google_may_have_charged_counts_at_the_operators_gate(world):
    world.painter.will(Uncertain("uncertain_dropped", dollars=0.07))
    async with world.bot() as bot:
        await bot.paint("a cat")
        [spending] = [each for each in fences(SETTINGS.limits) if each.key == "over_spending"]
        assert await bot.store.ledger.used([spending], Claim(1, 9), time.time()) == [70_000]


async def test_a_picture_is_settled_at_what_google_reported(world):
    async with world.bot() as bot:
        await bot.paint("a cat")
        assert await claims(bot) == {101: ("settled", 1, 40_000)}


async def test_an_answer_in_words_is_no_picture(world):
    world.painter.will([Text("Which cat?")])
    async with world.bot() as bot:
        await bot.paint("a cat")
        assert await claims(bot) == {101: ("settled", 0, 40_000)}


async def test_an_ask_withdrawn_while_it_waits_gives_its_claim_back(world):
    gate = world.painter.hold()
    async with world.bot() as bot:
        await bot.hear(world.ask("a cat"), world.ask("bluer"))
        assert (await claims(bot))[102][:2] == ("held", 1)
        await bot.studio.withdraw(102)
        gate.set()
        assert (await claims(bot))[102] == ("returned", 0, 0)


async def test_a_changed_ask_keeps_its_one_claim(world):
    gate = world.painter.hold()
    async with world.bot(settings=limited(pictures_per_member_hour=2)) as bot:
        await bot.hear(world.ask("a cat"), world.ask("bluer"))
        await bot.studio.rewrite(replace(world.ask("redder"), id=102))
        assert [state for state, *_ in (await claims(bot)).values()] == ["called", "held"]
        gate.set()


async def test_an_edit_that_makes_a_waiting_ask_dearer_claims_the_difference(world):
    gate = world.painter.hold()
    async with world.bot() as bot:
        await bot.hear(world.ask("a cat"), world.ask("bluer"))
        before = (await claims(bot))[102]
        assert before[:2] == ("held", 1)
        await bot.studio.rewrite(replace(world.ask(f"bluer{', and bluer' * 250}"), id=102, message=102))
        after = (await claims(bot))[102]
        assert after[:2] == ("held", 1)
        assert after[2] > before[2]
        money = [each for each in fences(SETTINGS.limits) if each.unit is Unit.MONEY]
        assert await bot.store.ledger.used(money, Claim(1, 9), time.time()) == [250_000 + after[2]] * 2
        await bot.studio.rewrite(replace(world.ask("red"), id=102, message=102))
        assert (await claims(bot))[102] == after, "what is claimed is never less than it may come to"
        gate.set()


@pytest.mark.parametrize("answering", [False, True])
async def test_an_edit_for_which_there_is_no_room_is_refused(world, answering):
    gate = world.painter.hold()
    async with world.bot(settings=limited(dollars_per_10_minutes=0.302)) as bot:
        await bot.hear(world.ask("a cat"), world.ask("bluer"))
        longer = f"bluer{', and bluer' * 250}"
        if answering:
            await bot.hear(world.ask(longer, reply=102))
        else:
            await bot.studio.rewrite(replace(world.ask(longer), id=102, message=102))
        assert len(over(world)) == 1
        waiting = await bot.store.turns.get(102)
        assert waiting is not None
        assert waiting.words == "bluer"
        assert (await claims(bot))[102] == (("held", 1, 51_284) if answering else ("returned", 0, 0))
        gate.set()


async def test_an_edit_of_a_waiting_ask_takes_the_word_of_the_moderators(world):
    gate = world.painter.hold()
    async with world.bot() as bot:
        await bot.hear(world.ask("a cat"), world.ask("bluer"), world.ask("a dog", member=BOB))
        async with Moderation(bot.store).change(9, BOB) as change:
            await change.rule("paused", value=True)
        await bot.studio.rewrite(replace(world.ask("greener"), id=102, message=102))
        assert (await claims(bot))[102][0] == "held", "a pause holds what waits, and its words may change"
        async with Moderation(bot.store).change(9, BOB) as change:
            await change.stand(Stance(Subject.MEMBER, ADA.id, False, "spam", None, BOB.id, 0.0))
        await bot.studio.rewrite(replace(world.ask("redder"), id=102, message=102))
        async with Moderation(bot.store).change(9, BOB) as change:
            await change.rule("paused", value=False)
        gate.set()
        await bot.settle()
        assert (await bot.states())[102] == "cancelled"
        assert not [each for each in world.painter.words if "redder" in each]
        assert len([said for said in world.discord.said() if "have blocked you" in said]) == 1


async def test_a_member_who_is_turned_away_before_a_command_is_answered_is_in_the_audit_log(world):
    async with world.bot() as bot:
        async with Moderation(bot.store).change(9, BOB) as change:
            await change.rule("audit", 77)
            await change.stand(Stance(Subject.MEMBER, ADA.id, False, "spam", None, BOB.id, 0.0))
        with pytest.raises(Barred):
            await bot.studio.look(replace(world.ask("a barred boat"), message=1, fresh=True))
        rows = [each for each in await bot.store.audit.waiting(9, 10) if each.kind == "refusal"]
        assert [(each.member, each.told["words"]) for each in rows] == [(ADA.id, "a barred boat")]
        assert "have blocked you" in rows[0].told["why"]


async def test_what_holds_for_somebody_is_found_in_one_way_with_the_model_that_would_paint(world):
    lite = "gemini-3.1-flash-lite-image"
    async with world.bot() as bot:
        async with Moderation(bot.store).change(9, BOB) as change:
            await change.limit(9, "models", [lite])
        ask = await introduced(bot.store, SETTINGS.limits, world.ask("a cat"), world.roster)
        permit, settings = await permitted(bot.store, SETTINGS, ask, world.roster)
        assert settings.gemini.model == lite
        permit.check(settings.gemini.model, settings.gemini.models)


async def test_a_crash_holds_both_calls_at_the_gate_and_charges_the_member_once(world):
    async with world.bot() as bot:
        gate = await bot.crash(world.ask("a cat"))
    gate.set()
    async with world.bot() as bot:
        await bot.settle()
        assert await claims(bot) == {101: ("settled", 1, 40_000)}
        money = [each for each in fences(SETTINGS.limits) if each.unit is Unit.MONEY]
        assert await bot.store.ledger.used(money, Claim(1, 9), time.time()) == [290_000, 290_000]


async def test_waiting_asks_count_at_the_gate_before_they_are_called(world):
    gate = world.painter.hold()
    async with world.bot(settings=limited(dollars_per_10_minutes=0.40)) as bot:
        await bot.hear(*(world.ask(f"cat {number}") for number in range(4)))
        states = [state for state, *_ in (await claims(bot)).values()]
        assert states == ["called", "held", "held"], "0.25 for the call, 0.05 for each that waits"
        assert len(over(world)) == 1
        gate.set()


async def test_an_ask_dearer_than_the_gate_reads_that_it_never_fits(world):
    async with world.bot(settings=limited(dollars_per_day=0.01)) as bot:
        await bot.paint("a cat")
        assert world.painter.requests == []
        assert "smaller size" in world.discord.said()[0]


async def test_refusals_are_free_but_not_without_end(world):
    world.painter.will(Declined("declined_prompt_safety", reason="SAFETY"))
    async with world.bot(settings=limited(refused_per_member_hour=3)) as bot:
        await bot.paint("something bad")
        await bot.hear(world.ask("x" * 5000), world.ask("y" * 5000))
        await bot.hear(world.ask("a good cat"), world.ask("a good dog"), world.ask("a bird", member=BOB))
        await bot.settle()
        assert len([said for said in world.discord.said() if "I take a break" in said]) == 1
        assert len(world.painter.requests) == 2, "the bad one and Bob's"


async def test_two_hundred_asks_at_once_on_a_limit_of_ten_give_ten(world):
    async with world.bot(settings=limited(pictures_per_member_hour=10)) as bot:
        places = [Place(number, number, server=9, ours=True) for number in range(1000, 1200)]
        asks = [world.ask("a cat", place=place) for place in places]
        await asyncio.gather(*(bot.studio.hear(each) for each in asks))
        await bot.settle()
        assert len(world.painter.requests) == 10


async def test_two_processes_on_one_database_share_the_limit(tmp_path):
    limits = limited(pictures_per_member_hour=10).limits

    async def admit(store: Store, number: int) -> None:
        async with store.write() as desk:
            claim = Claim(ADA.id, 9, pictures=1)
            await check(desk.ledger, limits, claim, 1000.0)
            await desk.ledger.hold(Turn(number, THREAD.conversation, ADA, "a cat", MODEL.id, 1000.0), claim)

    async with open_store(tmp_path) as one, open_store(tmp_path) as other:
        outcomes = await asyncio.gather(
            *(admit(one if number % 2 else other, number) for number in range(200)), return_exceptions=True
        )
    assert sum(outcome is None for outcome in outcomes) == 10
    assert {type(outcome) for outcome in outcomes if outcome} == {OverLimit}
