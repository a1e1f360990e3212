import asyncio
import sqlite3
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from bot.errors import Unstartable
from bot.model import Ask, Kind, Memory, Painted, Painting, Part, Picture, Place, Reference, State, Text, Turn, Version
from bot.sealing import Keyring
from bot.store import Conversation, Message, Said, Store, connection, open_store
from bot.tokens import Usage
from tests.players import ADA, BOB, CATALOGUE, MODEL, THREAD, picture


@pytest.fixture(params=["", "a key of thirty-two characters"], ids=["plain", "sealed"])
async def store(tmp_path, request):
    async with open_store(tmp_path, Keyring.of([request.param])) as opened:
        async with opened.write() as desk:
            await desk.turns.open(THREAD, Memory.FOCUSED)
        yield opened


def turn(number: int, **others: object) -> Turn:
    made = Turn(number, THREAD.conversation, ADA, f"words {number}", MODEL.id, 1000.5 + number)
    return replace(made, **others)  # type: ignore[arg-type]


def painting(*parts: Part, dollars: float = 0.04) -> Painting:
    return Painting(parts, Usage(1, 2, 3, 4), dollars, MODEL.id, seconds=6.25)


async def added(store: Store, *turns: Turn) -> None:
    async with store.write() as desk:
        for each in turns:
            await desk.turns.add(each)


async def head(store: Store) -> tuple[int | None, int | None]:
    conversation = await store.turns.conversation(THREAD.conversation)
    assert conversation is not None
    return conversation.head, conversation.head_number


async def painted(store: Store, number: int, pictures: int = 1, **others: object) -> list[Version]:
    """A turn from its asking to its picture."""
    asked = turn(number, **others)
    async with store.write() as desk:
        await desk.turns.add(asked)
        await desk.turns.start(replace(asked, attempts=1), 0.25)
        found = [picture(f"p{number}-{place}") for place in range(pictures)]
        await desk.turns.keep(replace(asked, attempts=1), painting(*map(Painted, found)))
        return await desk.versions.add(asked, found)


def schema(path: Path) -> tuple[int, set[str]]:
    with closing(sqlite3.connect(path)) as database:
        tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return database.execute("PRAGMA user_version").fetchone()[0], {name for (name,) in tables}


# -- migrations


async def test_a_new_database_is_migrated_from_nothing(tmp_path):
    async with open_store(tmp_path / "not" / "there") as store:
        assert await store.turns.unfinished() == []
    version, tables = schema(tmp_path / "not" / "there" / "easel.db")
    assert version == len(connection.migrations()) >= 1
    assert {"turns", "conversations", "versions", "parts", "calls", "messages", "heard"} <= tables


async def test_a_database_is_opened_again_with_all_that_was_in_it(tmp_path):
    async with open_store(tmp_path) as store, store.write() as desk:
        await desk.turns.open(THREAD, Memory.FULL)
        await desk.turns.add(turn(1))
    async with open_store(tmp_path) as store:
        assert await store.turns.get(1) == turn(1)


async def test_a_script_that_fails_leaves_version_and_tables_as_they_were(tmp_path, monkeypatch):
    async with open_store(tmp_path):
        pass
    before = schema(tmp_path / "easel.db")
    known = connection.migrations()
    bad = "CREATE TABLE half (id BIGINT);\nCREATE TABLE half (id BIGINT);"
    monkeypatch.setattr(connection, "migrations", lambda: [*known, bad])
    with pytest.raises(Unstartable) as refused:
        async with open_store(tmp_path):
            pass
    assert "half already exists" in CATALOGUE.tell(refused.value)
    assert schema(tmp_path / "easel.db") == before
    good = "CREATE TABLE whole (id BIGINT);\nINSERT INTO whole VALUES (7);"
    monkeypatch.setattr(connection, "migrations", lambda: [*known, good])
    async with open_store(tmp_path):
        assert schema(tmp_path / "easel.db") == (before[0] + 1, before[1] | {"whole"})


async def test_a_newer_database_is_refused_with_a_sentence(tmp_path):
    async with open_store(tmp_path):
        pass
    with closing(sqlite3.connect(tmp_path / "easel.db")) as database:
        database.execute("PRAGMA user_version = 99")
    with pytest.raises(Unstartable) as refused:
        async with open_store(tmp_path):
            pass
    assert "version 99, made by a newer Easel" in CATALOGUE.tell(refused.value)


@pytest.mark.parametrize("broken", ["text", "a folder", "a file for its folder"])
async def test_what_is_no_database_is_refused_with_a_sentence(tmp_path, broken):
    directory = tmp_path / "data"
    if broken == "text":
        directory.mkdir()
        (directory / "easel.db").write_text("this is a diary and no database " * 100)
    elif broken == "a folder":
        (directory / "easel.db").mkdir(parents=True)
    else:
        directory.write_text("")
    with pytest.raises(Unstartable) as refused:
        async with open_store(directory):
            pass
    assert str(directory / "easel.db") in CATALOGUE.tell(refused.value)


# -- one writer


async def test_twenty_racing_writers_never_get_the_same_number(store):
    await added(store, *(turn(number) for number in range(1, 21)))

    async def number(each: int) -> list[int]:
        async with store.write() as desk:
            await asyncio.sleep(0)
            found = await desk.versions.add(turn(each), [picture("a"), picture("b")])
            await asyncio.sleep(0)
        return [version.number for version in found]

    given_out = await asyncio.gather(*map(number, range(1, 21)))
    assert sorted(each for pair in given_out for each in pair) == list(range(1, 41))
    assert all(second == first + 1 for first, second in given_out)


async def test_a_transaction_that_fails_leaves_nothing_and_the_next_one_works(store):
    with suppress(RuntimeError):
        async with store.write() as desk:
            await desk.turns.add(turn(1))
            raise RuntimeError
    assert await store.turns.get(1) is None
    await added(store, turn(2))
    assert await store.turns.get(2) == turn(2)


async def test_readers_see_nothing_of_an_open_transaction(store):
    async with store.write() as desk:
        await desk.turns.add(turn(1))
        assert await store.turns.get(1) is None
        assert await desk.turns.get(1) == turn(1)
    assert await store.turns.get(1) == turn(1)


async def test_a_writer_cancelled_at_any_moment_leaves_the_database_free_for_the_next(store):
    for steps in range(12):
        writing = asyncio.create_task(added(store, turn(100 + steps)))
        for _ in range(steps):
            await asyncio.sleep(0)
        writing.cancel()
        await asyncio.wait([writing])
        await added(store, turn(200 + steps))
        assert await store.turns.get(200 + steps) == turn(200 + steps)


async def test_a_writer_cancelled_in_the_queue_gives_its_turn_up(store):
    async with store.write():
        waiting = asyncio.create_task(added(store, turn(1)))
        await asyncio.sleep(0.01)
        waiting.cancel()
        await asyncio.wait([waiting])
    await added(store, turn(2))
    assert await store.turns.get(1) is None


# -- conversations and the head


async def test_a_conversation_is_opened_once(store):
    async with store.write() as desk:
        opened = await desk.turns.open(Place(60, 6, server=None, ours=False), Memory.FULL)
        again = await desk.turns.open(Place(60, 6, server=None, ours=True), Memory.FOCUSED)
    assert opened == again == Conversation(60, head=None, head_number=None, newest=0, memory=Memory.FULL)
    assert await store.turns.conversation(61) is None


async def test_the_last_admitted_turn_is_the_head(store):
    await added(store, turn(1), turn(2, parent=1))
    assert await head(store) == (2, None)


async def test_the_head_can_be_led_to_any_version(store):
    await added(store, turn(1), turn(2))
    async with store.write() as desk:
        await desk.turns.lead(THREAD.conversation, 1, 7)
    assert await head(store) == (1, 7)


async def test_a_failed_turn_gives_the_head_back_to_what_it_was(store):
    await painted(store, 1)
    await painted(store, 2, parent=1)
    reply = turn(3, parent=1, base=1)
    await added(store, reply)
    async with store.write() as desk:
        await desk.turns.fail(replace(reply, attempts=1), "No.", "declined", 0.0)
    assert await head(store) == (2, None)


async def test_the_head_is_given_back_with_its_number(store):
    await painted(store, 1, pictures=3)
    async with store.write() as desk:
        await desk.turns.lead(THREAD.conversation, 1, 2)
        await desk.turns.add(turn(2, parent=1, base=2))
        assert await desk.turns.cancel(2)
    assert await head(store) == (1, 2)


async def test_a_failed_turn_that_is_not_the_head_moves_nothing(store):
    await added(store, turn(1), turn(2, parent=1))
    async with store.write() as desk:
        await desk.turns.fail(turn(1), "No.", "declined", 0.0)
    assert await head(store) == (2, None)


async def test_a_chain_that_comes_to_nothing_gives_the_head_back_over_all_of_it(store):
    await painted(store, 1)
    await added(store, turn(2, parent=1), turn(3, parent=2), turn(4, parent=3))
    async with store.write() as desk:
        await desk.turns.fail(turn(2), "No.", "declined", 0.0)
        await desk.turns.cancel(3)
        await desk.turns.fail(turn(4), "No.", "declined", 0.0)
    assert await head(store) == (1, None)


async def test_the_first_turn_of_all_gives_back_an_empty_canvas(store):
    await added(store, turn(1))
    async with store.write() as desk:
        await desk.turns.cancel(1)
    assert await head(store) == (None, None)


async def test_a_picture_that_came_with_a_withdrawn_ask_is_no_head_either(store):
    await painted(store, 1)
    asked = turn(5, parent=-5, base=2)
    await added(store, asked.upload("cat.png"), asked)
    async with store.write() as desk:
        await desk.turns.cancel(5)
    assert await head(store) == (1, None)


async def test_a_picture_that_came_with_a_failed_ask_stays_to_be_tried_again(store):
    asked = turn(5, parent=-5, base=1)
    async with store.write() as desk:
        await desk.turns.add(asked.upload("cat.png"))
        await desk.versions.add(asked.upload("cat.png"), [picture("cat")], 5)
        await desk.turns.add(asked)
        await desk.turns.fail(asked, "No.", "declined", 0.0)
    assert await head(store) == (-5, None)


# -- the life of a turn


async def test_a_turn_comes_back_as_it_was_added(store):
    asked = turn(
        7,
        kind=Kind.UPLOAD,
        member=BOB,
        words="שלום \u202e v2 🎨\x00'; DROP TABLE turns",
        references=(Reference(picture("hat"), "hat.png"), Reference(picture("v2"), "v2", 2)),
        notes=("one", "two “quoted”"),
        ratio="16:9",
        size="2K",
        server=9,
        channel=5,
        title="a thread",
        message=8,
        memory=Memory.FULL,
        state=State.PAINTED,
        offer=True,
        seconds=1.25,
        dollars=0.040001,
    )
    await added(store, asked)
    assert await store.turns.get(7) == asked
    assert await store.turns.get(8) is None
    assert await store.turns.get(None) is None


async def test_ancestors_come_nearest_first_with_their_references_and_no_more_than_asked_for(store):
    seen = (Reference(picture("a"), "a.png"), Reference(picture("b"), "b.png", 3))
    line = [turn(1), turn(2, parent=1, references=seen), turn(3, parent=2), turn(4, parent=3)]
    await added(store, *line, turn(5, parent=1))
    assert await store.turns.ancestors(line[3], 9) == [line[2], line[1], line[0]]
    assert await store.turns.ancestors(line[3], 2) == [line[2], line[1]]
    assert await store.turns.ancestors(line[0], 9) == []


async def test_the_same_turn_twice_is_refused_whole(store):
    await added(store, turn(1))
    with pytest.raises(sqlite3.IntegrityError):
        await added(store, turn(2), turn(1))
    assert await store.turns.get(2) is None


async def test_a_waiting_ask_can_be_changed_and_a_started_one_cannot(store):
    old = turn(1, references=(Reference(picture("hat"), "hat.png"),))
    new = replace(old, words="new", references=(), notes=("a note",), memory=Memory.FULL)
    await added(store, old)
    async with store.write() as desk:
        assert await desk.turns.change(new)
        assert await desk.turns.get(1) == new
        await desk.turns.start(replace(new, attempts=1), 0.25)
        assert not await desk.turns.change(old)
        assert not await desk.turns.cancel(1)
        assert not await desk.turns.cancel(2)
    assert await store.turns.get(1) == replace(new, attempts=1, state=State.PAINTING)


async def test_what_a_call_paints_from_is_fixed_before_it_goes_out(store):
    asked = turn(1, references=(Reference(picture("v1"), "v1", 1),), memory=Memory.FULL)
    begun = replace(asked, attempts=1, base=1, notes=("a note",), model="another", memory=Memory.FOCUSED, references=())
    await added(store, asked)
    async with store.write() as desk:
        await desk.turns.start(begun, 0.25)
    assert await store.turns.get(1) == replace(begun, state=State.PAINTING)
    [call] = await store.query.all("SELECT * FROM calls")
    assert (call["turn"], call["attempt"], call["micros"], call["outcome"]) == (1, 1, 250_000, None)


async def test_a_kept_painting_settles_its_call_at_real_cost(store):
    asked = replace(turn(1), attempts=1)
    await added(store, asked)
    async with store.write() as desk:
        await desk.turns.start(asked, 0.25)
        await desk.turns.keep(asked, painting(Text("words"), dollars=0.0401))
    kept = await store.turns.get(1)
    assert kept == replace(asked, state=State.PAINTED, seconds=6.25, dollars=0.0401)
    [call] = await store.query.all("SELECT * FROM calls")
    assert (call["outcome"], call["micros"], call["prompt"], call["images"]) == ("painted", 40_100, 1, 4)


async def test_a_failure_is_free_for_the_member_and_its_cost_is_the_operators(store):
    asked = replace(turn(1), attempts=1)
    await added(store, asked)
    async with store.write() as desk:
        await desk.turns.start(asked, 0.25)
        await desk.turns.fail(asked, "Lost.", "uncertain_dropped", 0.25)
    failed = await store.turns.get(1)
    assert failed == replace(asked, state=State.FAILED, failure="Lost.")
    assert failed.lost
    [call] = await store.query.all("SELECT * FROM calls")
    assert (call["outcome"], call["micros"]) == ("uncertain_dropped", 250_000)


async def test_the_queue_holds_what_is_not_posted_or_withdrawn_in_the_order_of_asking(store):
    states = [State.PAINTED, State.POSTED, State.ASKED, State.CANCELLED, State.FAILED, State.PAINTING]
    turns = [turn(number, state=state) for number, state in zip((60, 20, 50, 30, 10, 40), states, strict=True)]
    turns[2] = replace(turns[2], references=(Reference(picture("hat"), "hat.png"),))
    await added(store, *turns)
    waiting = [each for each in turns if each.state not in {State.POSTED, State.CANCELLED}]
    assert await store.turns.unfinished() == sorted(waiting, key=lambda each: each.id)
    async with store.write() as desk:
        await desk.turns.posted(10)
    assert [each.id for each in await store.turns.unfinished()] == [40, 50, 60]


async def test_a_turn_is_found_by_the_message_that_asked_for_it(store):
    asked = turn(5, message=6)
    await added(store, asked.upload("cat.png"), asked)
    assert await store.turns.of_message(5) == asked
    assert await store.turns.of_message(6) == asked
    assert await store.turns.of_message(7) is None


async def test_only_posted_pictures_of_the_same_model_and_size_teach_how_long_one_takes(store):
    posted = turn(1, state=State.POSTED, seconds=6.0)
    await added(
        store,
        posted,
        replace(posted, id=2, size="2K", seconds=9.0),
        replace(posted, id=3, model="another"),
        replace(posted, id=4, seconds=0.0),
        replace(posted, id=5, state=State.PAINTED),
    )
    assert await store.turns.seconds(MODEL.id, None) == [6.0]
    assert await store.turns.seconds(MODEL.id, "2K") == [9.0]


async def test_direct_messages_are_listed_by_their_last_ask(store):
    async with store.write() as desk:
        for number in (60, 61):
            await desk.turns.open(Place(number, number, ours=True), Memory.FOCUSED)
        for number, where in ((1, 61), (2, 60), (3, THREAD.conversation)):
            await desk.turns.add(turn(number, conversation=where))
    assert await store.turns.direct() == [60, 61]
    assert await store.turns.direct(1) == [60]


# -- versions


async def test_versions_are_numbered_in_their_conversation_and_found_by_all_they_have(store):
    first = await painted(store, 1, pictures=2)
    [third] = await painted(store, 2)
    assert [each.number for each in (*first, third)] == [1, 2, 3]
    assert await store.versions.of_turn(1) == first
    assert await store.versions.get(THREAD.conversation, 3) == third
    assert await store.versions.get(THREAD.conversation, None) is None
    assert await store.versions.get(51, 3) is None
    assert await store.versions.named(THREAD.conversation, [3, 99, 1, 10**9]) == [third, first[0]]
    async with store.write() as desk:
        await desk.versions.seen_in(third, THREAD.conversation, 777)
    assert await store.versions.of_message(THREAD.conversation, 777) == [replace(third, message=777)]
    assert await store.versions.of_message(51, 777) == []


async def test_numbers_are_given_again_in_no_case_even_where_a_transaction_failed(store):
    await added(store, turn(1))
    with suppress(RuntimeError):
        async with store.write() as desk:
            await desk.versions.add(turn(1), [picture()])
            raise RuntimeError
    [version] = await painted(store, 2)
    assert version.number == 1
    assert [each.number for each in await painted(store, 3)] == [2]


# -- parts

PARTS = st.lists(
    st.builds(Text, st.text(), thought=st.booleans(), signature=st.none() | st.binary())
    | st.builds(
        Painted,
        st.builds(
            Picture,
            st.text("0123456789abcdef", min_size=64, max_size=64),
            st.sampled_from(["image/png", "image/jpeg"]),
            st.integers(1, 10_000),
            st.integers(1, 10_000),
            st.integers(1, 2**40),
        ),
        thought=st.booleans(),
        signature=st.none() | st.binary(),
    ),
    max_size=6,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(st.lists(PARTS, min_size=1, max_size=3))
def test_parts_and_their_signatures_come_back_byte_for_byte_and_in_order(tmp_path_factory, answers):
    async def round_trip() -> None:
        async with open_store(tmp_path_factory.mktemp("store")) as store:
            async with store.write() as desk:
                await desk.turns.open(THREAD, Memory.FOCUSED)
                for number, parts in enumerate(answers, start=1):
                    await desk.turns.add(turn(number))
                    await desk.turns.keep(turn(number, attempts=1), painting(*parts))
            for number, parts in enumerate(answers, start=1):
                assert await store.turns.parts(number) == tuple(parts)

    asyncio.run(round_trip())


async def test_a_signature_of_two_megabytes_is_kept(store):
    signature = bytes(range(256)) * 8192
    await added(store, turn(1))
    async with store.write() as desk:
        await desk.turns.keep(turn(1, attempts=1), painting(Text("", signature=signature)))
    assert await store.turns.parts(1) == (Text("", signature=signature),)


# -- messages


async def test_the_bots_messages_are_found_by_id_and_by_turn(store):
    await added(store, turn(1))
    answer = Message(900, THREAD.conversation, 1, Said.ANSWER, 1)
    status = Message(901, THREAD.conversation, 1, Said.STATUS)
    notice = Message(902, THREAD.conversation, None, Said.NOTICE)
    async with store.write() as desk:
        for message in (answer, answer, status, notice):
            await desk.messages.add(message)
    assert await store.messages.get(900) == answer
    assert await store.messages.get(902) == notice
    assert await store.messages.get(1) is None
    assert await store.messages.of_turn(1, Said.ANSWER) == {1: 900}
    assert await store.messages.of_turn(1, Said.STATUS) == {0: 901}


async def test_a_status_is_expected_before_it_is_sent_and_forgotten_when_it_is_gone(store):
    await added(store, turn(1), turn(2))
    async with store.write() as desk:
        await desk.messages.expect_status(turn(1))
        await desk.messages.expect_status(turn(2))
        await desk.messages.expect_status(turn(2))
        await desk.messages.add(Message(901, THREAD.conversation, 2, Said.STATUS))
        await desk.messages.add(Message(902, THREAD.conversation, 2, Said.ANSWER))
    assert await store.messages.statuses() == [1, 2]
    assert await store.messages.of_turn(1, Said.STATUS) == {-1: -1}
    assert await store.messages.of_turn(2, Said.STATUS) == {-1: -2, 0: 901}
    async with store.write() as desk:
        await desk.messages.forget_status(2)
    assert await store.messages.statuses() == [1]
    assert await store.messages.of_turn(2, Said.ANSWER) == {0: 902}


async def test_an_ask_is_heard_once_whether_it_became_a_turn_or_a_word(store):
    ask = Ask(5, THREAD, ADA, "words")
    assert not await store.messages.heard(5)
    async with store.write() as desk:
        assert await desk.messages.hear(ask, "nothing_asked")
        assert not await desk.messages.hear(ask, "nothing_asked")
    await added(store, turn(6))
    assert await store.messages.heard(5)
    assert await store.messages.heard(6)
    assert not await store.messages.heard(7)
