"""Several takes of one ask: side by side, each kept, counted and charged by itself, all in one message."""

import asyncio
from dataclasses import replace

import pytest

from bot.errors import Declined, Uncertain, Unsigned
from bot.letters import Pace
from bot.model import Ask, Memory, Painted, State
from tests.players import BOB, CATALOGUE, SETTINGS, Answer, Bot, World, png, with_memory

REFUSED = Declined("declined_image_safety", reason="IMAGE_SAFETY")
LOST = Uncertain("uncertain_dropped", dollars=0.05)


def three(world: World, turn: int = 102, **others: object) -> Ask:
    """A press on the button under the last message."""
    return replace(world.ask(again=turn, count=3, message=world.discord.thread()[-1].id), **others)  # type: ignore[arg-type]  # the keywords are Ask's own


async def drawn(bot: Bot, *answers: Answer) -> int:
    """A first picture, an edit of it, and three variations of the edit; the id of their ask."""
    await bot.paint("a cat", "bluer")
    bot.world.painter.will(*answers)
    ask = three(bot.world)
    await bot.hear(ask)
    await bot.settle()
    return ask.id


async def calls(bot: Bot, turn: int) -> list[tuple[int, int, str | None, int]]:
    sql = "SELECT take, attempt, outcome, micros FROM calls WHERE turn = :turn ORDER BY take, attempt"
    return [tuple(row) for row in await bot.store.query.all(sql, turn=turn)]


async def claim(bot: Bot, turn: int) -> tuple[str, int, int]:
    row = await bot.store.query.one("SELECT * FROM claims WHERE turn = :turn", turn=turn)
    assert row is not None
    assert row["waiting"] == 0
    return row["state"], row["pictures"], row["micros"]


async def test_three_variations_are_one_message_with_three_pictures_from_the_same_base(world):
    async with world.bot() as bot:
        turn = await drawn(bot)
        post = world.discord.thread()[-1]
        assert post.text.splitlines()[0] == "-# v3–v5 ← v1 · “bluer” · 6.2 s · $0.12"
        assert post.files == tuple(f"easel-{turn}-v{number}.png" for number in (3, 4, 5))
        assert [each.alt for each in post.letter.files] == [
            f"AI image: v1 edited: bluer · v{number} of the variations v3–v5" for number in (3, 4, 5)
        ]
        assert {each.id for each in post.letter.buttons} >= {"edit:3-5", "retry:3-5", "vary:3-5"}
        assert len({each.data for each in post.letter.files}) == 3
        v1 = (await bot.store.versions.of_turn(101))[0].picture
        for request in world.painter.requests[-3:]:
            assert [part.picture for part in request.contents[0].parts if isinstance(part, Painted)] == [v1]


async def test_variations_are_painted_at_the_same_time_each_in_a_place_of_its_own(world):
    async with world.bot(places=2) as bot:
        await bot.paint("a cat", "bluer")
        gate = world.painter.hold()
        await bot.hear(three(world))
        await bot.until(lambda: world.painter.under_way == 2)
        assert bot.studio._crew.turnstile.waiting == 1
        gate.set()
        await bot.settle()
        assert world.painter.most == 2
        assert world.discord.said()[-1].startswith("-# v3–v5 ← v1")


async def test_the_head_moves_to_the_last_variation_and_a_reply_names_any(world):
    async with world.bot() as bot:
        await drawn(bot)
        post = world.discord.thread()[-1]
        await bot.paint("and bigger")
        assert world.discord.receipts()[-1] == "v6 ← v5 · “and bigger”"
        await bot.hear(world.ask("v4 smaller", reply=post.id))
        await bot.settle()
        assert world.discord.receipts()[-1] == "v7 ← v4 · “v4 smaller”"


async def test_three_variations_count_as_three_pictures_at_the_sum_of_their_prices(world):
    async with world.bot() as bot:
        turn = await drawn(bot)
        assert await calls(bot, turn) == [(take, 1, "painted", 40_000) for take in range(3)]
        assert await claim(bot, turn) == ("settled", 3, 120_000)


async def test_who_has_room_for_two_pictures_gets_no_three(world):
    limits = SETTINGS.limits.model_copy(update={"pictures_per_member_hour": 4})
    async with world.bot(settings=SETTINGS.model_copy(update={"limits": limits})) as bot:
        await bot.paint("a cat", "bluer")
        admitted = await bot.studio.hear(three(world))
        assert "limit of pictures" in (admitted.refusal or "")
        assert (await bot.studio.hear(world.ask(again=102, count=2))).turn is not None
        await bot.settle()


async def test_money_that_no_call_has_taken_over_stays_reserved_until_it_has(world):
    async with world.bot(places=2) as bot:
        await bot.paint("a cat", "bluer")
        gate = world.painter.hold()
        ask = three(world)
        await bot.hear(ask)
        await bot.until(lambda: world.painter.under_way == 2)
        row = await bot.store.query.one("SELECT micros, waiting FROM claims WHERE turn = :turn", turn=ask.id)
        assert row is not None
        assert row["waiting"] == pytest.approx(row["micros"] / 3, abs=3)
        gate.set()
        await bot.settle()


async def test_what_some_takes_came_to_is_delivered_and_the_receipt_tells_of_the_rest(world):
    async with world.bot() as bot:
        turn = await drawn(bot, [png("red")], REFUSED, [png("blue")])
        post = world.discord.thread()[-1]
        first, *notes = post.text.splitlines()
        assert first == "-# v3–v4 ← v1 · “bluer” · 6.2 s · $0.08"
        assert f"-# Of 3 pictures asked for, 1 came to nothing. {CATALOGUE.tell(REFUSED)}" in notes
        assert len(post.files) == 2
        assert await claim(bot, turn) == ("settled", 2, 80_000)
        await bot.paint("bigger")
        assert world.discord.receipts()[-1] == "v5 ← v4 · “bigger”"


async def test_where_all_takes_fail_one_sentence_says_why_and_the_button_asks_for_as_many_again(world):
    async with world.bot() as bot:
        turn = await drawn(bot, LOST, LOST, LOST)
        failed = world.discord.thread()[-1]
        assert failed.text == CATALOGUE.tell(LOST)
        assert await calls(bot, turn) == [(take, 1, "uncertain_dropped", 50_000) for take in range(3)]
        assert await claim(bot, turn) == ("returned", 0, 0)
        await bot.hear(world.ask(again=turn, message=failed.id))
        await bot.settle()
        assert world.discord.thread()[-1].text.startswith("-# v3–v5 ← v1")


async def test_drafts_and_words_and_a_story_among_the_takes_are_shown_as_ever(world):
    async with world.bot() as bot:
        final = png("blue")
        story: Answer = ["One.", png("red"), "Two.", png("teal")]
        turn = await drawn(bot, [png("green"), final], ["Which hat?"], story)
        post = world.discord.thread()[-1]
        assert post.text.splitlines()[:3] == ["Which hat?", "v4: One.", "v5: Two."]
        assert len(post.files) == 3
        assert final in [each.data for each in post.letter.files]
        assert await claim(bot, turn) == ("settled", 2, 120_000)


async def test_what_all_takes_say_is_said_once(world):
    async with world.bot() as bot:
        answers: list[Answer] = [["Here it is.", png(colour)] for colour in ("red", "blue", "teal")]
        await drawn(bot, *answers)
        assert world.discord.said()[-1].splitlines()[0] == "Here it is."
        assert world.discord.said()[-1].count("Here it is.") == 1


async def test_takes_of_words_alone_are_an_answer_in_words(world):
    async with world.bot() as bot:
        turn = await drawn(bot, ["One?"], ["Two?"], ["Three?"])
        assert world.discord.said()[-1].startswith("One?\nTwo?\nThree?\n-# ")
        assert await claim(bot, turn) == ("settled", 0, 120_000)


async def test_full_memory_goes_on_from_exactly_the_take_that_is_edited(world):
    async with world.bot(settings=with_memory(Memory.FULL)) as bot:
        await drawn(bot, ["Take 0.", png("red")], ["Take 1.", png("blue")], ["Take 2.", png("teal")])
        post = world.discord.thread()[-1]
        await bot.hear(world.ask("v4 bigger", reply=post.id))
        await bot.settle()
        [v4] = await bot.store.versions.named(50, [4])
        said = world.painter.requests[-1].contents[-2]
        assert said.role == "model"
        assert [part.picture.digest for part in said.parts if isinstance(part, Painted)] == [v4.picture.digest]
        assert [part.text for part in said.parts if not isinstance(part, Painted)] == ["Take 1."]


async def test_history_that_the_model_does_not_take_is_left_out_for_all_takes_and_said_once(world):
    async with world.bot(settings=with_memory(Memory.FULL)) as bot:
        turn = await drawn(bot, Unsigned("unsigned"), Unsigned("unsigned"), Unsigned("unsigned"))
        assert world.discord.said()[-1].count("did not accept the thread's history") == 1
        assert len(world.discord.thread()[-1].files) == 3
        assert [row[1:3] for row in await calls(bot, turn)] == [(1, "unsigned"), (2, "painted")] * 3


async def test_after_a_crash_only_the_takes_that_are_missing_are_painted_once_more(world):
    async with world.bot(places=2) as bot:
        await bot.paint("a cat", "bluer")
        gate = world.painter.hold()
        ask = three(world)
        await bot.hear(ask)
        await bot.until(lambda: world.painter.under_way == 2)
        await first_kept(bot, gate, world)
        await bot.kill()
        assert (await bot.states())[ask.id] == "painting"
        before, world.painter._gate = len(world.painter.requests), None
    async with world.bot() as bot:
        await bot.settle()
        post = world.discord.thread()[-1]
        assert len(post.files) == 3
        assert CATALOGUE.say("receipt.again") in post.text
        painted = [row for row in await calls(bot, ask.id) if row[2] == "painted"]
        assert sorted(row[0] for row in painted) == [0, 1, 2]
        assert len(world.painter.requests) - before == sum(row[1] == 2 for row in painted) < 3
        assert await claim(bot, ask.id) == ("settled", 3, 120_000)


async def first_kept(bot: Bot, gate: asyncio.Event, world: World) -> None:
    """The first take's answer arrives; what comes after it is held."""
    held = world.painter.hold()
    gate.set()

    async def kept() -> int:
        row = await bot.store.query.one("SELECT count(*) AS kept FROM calls WHERE outcome = 'painted' AND turn > 102")
        assert row is not None
        return int(row["kept"])

    async with asyncio.timeout(10):
        while not await kept():  # noqa: ASYNC110 - another task writes it, and tells nobody
            await asyncio.sleep(0.001)
    assert not held.is_set()


async def test_what_was_cut_off_twice_delivers_the_takes_that_were_kept(world):
    async with world.bot() as bot:
        turn = await drawn(bot)
        async with bot.store.write() as desk:
            await desk.query.tell("DELETE FROM messages WHERE turn = :turn", turn=turn)
            await desk.query.tell("DELETE FROM versions WHERE turn = :turn", turn=turn)
            await desk.query.tell("DELETE FROM parts WHERE turn = :turn AND take = 1", turn=turn)
            await desk.query.tell("UPDATE calls SET outcome = 'lost' WHERE turn = :turn AND take = 1", turn=turn)
            await desk.query.tell("UPDATE turns SET state = 'painting', attempts = 2 WHERE id = :turn", turn=turn)
            await desk.query.tell("UPDATE claims SET state = 'called' WHERE turn = :turn", turn=turn)
    world.discord.posts.popitem()
    world.discord._nonces.clear()
    before = len(world.painter.requests)
    async with world.bot() as bot:
        await bot.settle()
        post = world.discord.thread()[-1]
        assert len(post.files) == 2
        assert "Of 3 pictures asked for, 1 came to nothing. I was interrupted twice" in post.text
        assert len(world.painter.requests) == before
        assert await claim(bot, turn) == ("settled", 2, 80_000)


async def test_a_message_of_variations_whose_answer_was_lost_is_recognised(world):
    async with world.bot() as bot:
        turn = await drawn(bot)
        async with bot.store.write() as desk:
            await desk.query.tell("DELETE FROM messages WHERE turn = :turn", turn=turn)
            await desk.query.tell("UPDATE turns SET state = 'painted' WHERE id = :turn", turn=turn)
        before = world.discord.said()
    world.discord._nonces.clear()
    async with world.bot() as bot:
        await bot.settle()
        assert world.discord.said() == before


async def test_one_of_the_variations_can_be_deleted_and_the_others_keep_what_was_said_with_them(world):
    async with world.bot() as bot:
        turn = await drawn(bot)
        v4 = (await bot.store.versions.named(50, [4]))[0]
        async with bot.store.write() as desk:
            assert await desk.versions.bury(v4, 50) == [v4.picture.digest]
        assert len(await bot.store.turns.takes(turn)) == 2


# -- cancelled


async def test_cancelled_while_it_waits_an_ask_is_free_and_the_head_goes_back(world):
    async with world.bot() as bot:
        await bot.paint("a cat")
        gate = world.painter.hold()
        first, second = world.ask("bluer"), world.ask("bigger")
        await bot.hear(first, second)
        await bot.until(lambda: world.painter.under_way)
        ended = await bot.studio.cancel(second.id)
        assert ended is not None
        assert (ended.state, ended.attempts) == (State.CANCELLED, 0)
        gate.set()
        await bot.settle()
        assert await claim(bot, second.id) == ("returned", 0, 0)
        await bot.paint("greener")
        assert world.discord.receipts()[-1] == "v3 ← v2 · “greener”"


async def test_cancelled_while_it_is_painted_an_ask_counts_and_the_thread_goes_on(world):
    async with world.bot(pace=Pace(quiet=0.0, pause=0.01)) as bot:
        await bot.paint("a cat")
        world.painter.hold()
        first, second = world.ask("bluer"), world.ask("bigger")
        await bot.hear(first, second)
        await bot.until(lambda: world.painter.under_way and len(world.discord.thread()) == 3)
        world.painter._gate = None
        ended = await bot.studio.cancel(first.id)
        assert ended is not None
        assert (ended.state, ended.attempts) == (State.CANCELLED, 1)
        await bot.settle()
        assert world.discord.said()[-1].splitlines() == [
            "-# v2 ← v1 · “bigger” · 6.2 s · $0.04",
            "-# The edit before this one came to nothing, so I started from v1.",
        ]
        assert await calls(bot, first.id) == [(0, 1, "cancelled", 250_000)]
        assert await claim(bot, first.id) == ("settled", 1, 250_000)
        assert bot.studio._crew.turnstile._free == 100


async def test_of_cancelled_variations_those_painted_are_delivered_and_only_calls_that_went_out_count(world):
    async with world.bot(places=2) as bot:
        await bot.paint("a cat", "bluer")
        gate = world.painter.hold()
        ask = three(world)
        await bot.hear(ask)
        await bot.until(lambda: world.painter.under_way == 2)
        await first_kept(bot, gate, world)
        ended = await bot.studio.cancel(ask.id)
        await bot.settle()
        assert ended is not None
        assert ended.state is State.PAINTED
        post = world.discord.thread()[-1]
        assert "Cancelled before all 3 were painted" in post.text
        outcomes = [row[2] for row in await calls(bot, ask.id)]
        assert len(post.files) == outcomes.count("painted")
        assert (await claim(bot, ask.id))[1] == len(outcomes)
        assert await bot.studio.cancel(ask.id) is None


async def test_cancelled_variations_that_wait_for_places_count_only_what_went_out(world):
    async with world.bot(places=2) as bot:
        await bot.paint("a cat", "bluer")
        world.painter.hold()
        ask = three(world, member=BOB)
        await bot.hear(ask)
        await bot.until(lambda: world.painter.under_way == 2)
        await bot.studio.cancel(ask.id)
        await bot.settle()
        assert await claim(bot, ask.id) == ("settled", 2, 500_000)


async def test_cancelled_twice_by_two_at_once_or_after_its_end_an_ask_ends_once(world):
    async with world.bot() as bot:
        world.painter.hold()
        ask = world.ask("a cat")
        await bot.hear(ask)
        await bot.until(lambda: world.painter.under_way)
        ended = await asyncio.gather(*(bot.studio.cancel(ask.id) for _ in range(2)))
        assert [each is not None for each in ended] == [True, False]
        await bot.settle()
        world.painter._gate = None
        await bot.paint("a dog")
        assert await bot.studio.cancel(102) is None
        assert await bot.studio.cancel(999) is None
        assert world.discord.receipts() == ["v1 · “a dog”"]


async def test_an_answer_in_the_moment_of_cancelling_is_not_kept_and_not_charged_again(world, monkeypatch):
    async with world.bot() as bot:
        brush = type(bot.studio._crew.brush)
        keep, arrived, cancelled = brush._keep, asyncio.Event(), asyncio.Event()

        async def late(*args):
            arrived.set()
            await cancelled.wait()
            await keep(*args)

        monkeypatch.setattr(brush, "_keep", late)
        ask = world.ask("a cat")
        await bot.hear(ask)
        await arrived.wait()
        cancelling = asyncio.create_task(bot.studio.cancel(ask.id))
        await asyncio.sleep(0.05)
        cancelled.set()
        assert await cancelling is not None
        await bot.settle()
        assert await calls(bot, ask.id) == [(0, 1, "cancelled", 250_000)]
        assert await bot.store.turns.takes(ask.id) == []
        assert world.discord.said() == []


async def test_what_was_left_at_a_stop_can_be_cancelled_after_the_next_start(world):
    async with world.bot() as bot:
        await bot.crash(world.ask("a cat"))
    async with world.bot() as bot:
        await bot.until(lambda: world.painter.under_way)
        assert await bot.studio.cancel(101) is not None
        await bot.settle()
        assert world.discord.said() == []
        assert [row[2] for row in await calls(bot, 101)] == ["lost", "cancelled"]
        assert await claim(bot, 101) == ("settled", 1, 250_000)


async def test_what_a_crash_cut_off_and_what_then_waits_for_a_place_is_cancelled_free(world):
    async with world.bot() as bot:
        await bot.crash(world.ask("a cat"))
    async with world.bot(places=0) as bot:
        await bot.until(lambda: bot.studio._crew.turnstile.waiting)
        assert await bot.studio.cancel(101) is not None
        assert await bot.store.ledger.pictures(101) == 0


async def test_a_change_of_an_ask_with_variations_keeps_how_many_they_are(world):
    async with world.bot(places=0) as bot:
        first = world.ask("a cat", count=3)
        await bot.hear(first)
        await bot.studio.rewrite(replace(first, words="a dog"))
        kept = await bot.store.turns.get(first.id)
        assert kept is not None
        assert (kept.words, kept.count) == ("a dog", 3)
