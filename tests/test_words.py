import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from bot.automod import Book
from bot.errors import Refusal, Unreachable
from bot.letters import Pace
from bot.limits.moderation import Moderation
from bot.model import Member, Picture, Place, Reference, Turn, Upload
from bot.standing import Standing
from bot.store import Store, open_store
from bot.words import ALERTS, Words, open_words, without
from tests.players import ADA, BOB, CATALOGUE, THREAD, Discord, Roster, World
from tests.test_automod import ROW, Server

TURN = Turn(7, 50, ADA, "a red cat", "m", 0.0, server=9, notes=("a note",), wordings=("a lion", "a cat"))
PICTURE = Picture("d", "image/png", 1, 1, 1)


@pytest.fixture
async def store(tmp_path) -> AsyncIterator[Store]:
    async with open_store(tmp_path) as opened:
        yield opened


@pytest.fixture
def server() -> Server:
    found = Server()
    found.told = []
    return found


@pytest.fixture
def discord() -> Discord:
    return Discord()


@pytest.fixture
async def words(store, server, discord, roster) -> AsyncIterator[Words]:
    async with open_words(store, Book(server), discord, CATALOGUE, roster) as opened:
        opened.pace = Pace(pause=0.01, longest_pause=0.01)
        yield opened


@pytest.fixture
def roster() -> Roster:
    return Roster()


@pytest.fixture
def world(tmp_path) -> World:
    return World(tmp_path, cdn=None)  # type: ignore[arg-type]  # nothing is fetched here


async def keep(store: Store, *entries: str) -> None:
    async with Moderation(store).change(9, BOB) as change:
        await change.words(await change.desk.words.of(9), entries)


async def noted(store: Store, kind: str = "words") -> list[Mapping[str, Any]]:
    rows = await store.query.all("SELECT told FROM audit WHERE kind = :kind ORDER BY id", kind=kind)
    return [json.loads(row["told"]) for row in rows]


async def tells(store: Store) -> None:
    """Somebody reads the audit log."""
    async with Moderation(store).change(9, BOB) as change:
        await change.rule("audit", 77)


async def test_words_and_files_names_are_refused_and_a_changed_list_holds_at_once(words, store, world):
    ask = world.ask("a red cat")
    await words.check(ask)
    await keep(store, "cat*")
    for each in (ask, replace(ask, words="hello", uploads=(Upload(1, "Cats.png", "", 1),))):
        with pytest.raises(Refusal) as caught:
            await words.check(each)
        assert caught.value.key == "words"
    await keep(store, "dog")
    await words.check(ask)
    assert await noted(store, "words") == []


async def test_in_direct_messages_there_is_no_server_whose_rules_could_hold(words, store, world):
    await keep(store, "cat")
    await words.check(replace(world.ask("a cat"), place=Place(50, 50, ours=True)))


async def test_the_audit_log_is_told_what_was_met_where_somebody_reads_it(words, store, world):
    await keep(store, "cat")
    await tells(store)
    with pytest.raises(Refusal):
        await words.check(ask := world.ask("a red cat"))
    [told] = await noted(store)
    assert told == {"what": "own_ask", "words": "a red cat", "why": "cat", "channel": 50, "message": ask.id}


async def test_every_change_of_a_list_is_told_and_of_a_long_one_the_first_words(store):
    await keep(store, *(f"word{number:03}" for number in range(30)))
    await keep(store, "word000")
    await keep(store, "word000")
    first, second = await noted(store, "change")
    assert (first["added"][:1], len(first["added"]), first["plus"], first["removed"]) == (["word000"], 20, 30, [])
    assert (second["minus"], second["name_of"]) == (29, "Bob")


async def test_automods_rule_says_its_sentence_and_tells_its_channel_behind_spoilers(words, server, discord, world):
    server.told = [ROW]
    with pytest.raises(Refusal) as caught:
        await words.check(world.ask("a wild||cat"))
    assert (caught.value.key, caught.value.values) == ("words_told", {"words": "Dogs only."})
    await words.close()
    [alert] = discord.said(77)
    assert "“No cats”" in alert
    assert "||a wild\\|\\|cat||" in alert
    assert "<@1>" in alert
    assert "https://discord.com/channels/9/50/" in alert


async def test_in_direct_messages_the_lists_of_shared_servers_hold_and_no_server_is_told(words, store, world):
    await tells(store)
    await keep(store, "cat*")
    assert await store.rules.servers() == [9]
    alone = world.ask("a red cat", place=Place(60, 60, ours=True))
    await words.check(alone)
    sharing = replace(alone, member=replace(ADA, shared=(Standing(9, frozenset()), Standing(10, frozenset()))))
    with pytest.raises(Refusal) as caught:
        await words.check(sharing)
    assert caught.value.key == "words_shared"
    await words.check(replace(sharing, words="a red dog"))
    assert await noted(store, "words") == []


async def test_what_the_model_says_in_direct_messages_is_held_against_the_lists_of_shared_servers(words, store, roster):
    alone = replace(TURN, server=None)
    await tells(store)
    await keep(store, "lion")
    assert await words.against(alone, ["a lion", "a cat", None]) == {"a lion"}
    roster.known[9, 1] = Unreachable("unreachable", forever=False, detail="a test")
    assert await words.against(alone, ["a lion"]) == {"a lion"}
    roster.known[9, 1] = None
    assert await words.against(alone, ["a lion"]) == frozenset()
    roster.servers = ()
    assert await words.against(alone, ["a lion"]) == frozenset()
    assert await noted(store, "words") == []


async def test_who_manages_the_server_or_is_exempt_is_spared_by_automod_and_not_by_the_own_list(words, server, world):
    server.told = [ROW]
    ask = world.ask("a cat")
    await words.check(replace(ask, member=Member(3, "Eve", frozenset({5}))))
    await words.check(replace(ask, place=replace(THREAD, channel=6)))
    server.is_above = lambda *_: True
    await words.check(ask)
    await keep(words.store, "cat")
    with pytest.raises(Refusal):
        await words.check(ask)


async def test_more_alerts_than_can_be_on_their_way_are_dropped(words, server, discord, world, caplog):
    server.told, gate = [ROW], discord.block("send")
    for _ in range(ALERTS + 3):
        with pytest.raises(Refusal):
            await words.check(world.ask("a cat"))
    gate.set()
    await words.close()
    assert len(discord.said(77)) == ALERTS
    assert "is dropped" in caplog.text


async def test_an_alert_waits_while_discord_is_away_and_is_given_up_where_it_may_not_be_posted(
    words, server, discord, world, caplog
):
    server.told = [ROW]
    discord.fail("send")
    with pytest.raises(Refusal):
        await words.check(world.ask("a cat"))
    await words.close()
    assert len(discord.said(77)) == 1
    discord.fail("send", forever=True)
    with pytest.raises(Refusal):
        await words.check(world.ask("a cat"))
    await words.close()
    assert len(discord.said(77)) == 1
    assert "can't be posted" in caplog.text


async def test_of_many_texts_those_that_are_not_to_be_said_are_told(words, store):
    await keep(store, "cat")
    assert await words.against(TURN, ["a dog", None, "a cat", "cats", "a cat"]) == {"a cat"}


async def test_lists_are_made_ready_once_and_only_so_many_are_kept(words, store, monkeypatch):
    monkeypatch.setattr("bot.words.LISTS", 2)
    for number in range(4):
        await keep(store, f"cat{number}")
        await words.against(TURN, ["a dog"])
    assert [each.entries for each in words._lists.values()] == [("cat2",), ("cat3",)]


async def test_a_list_that_changes_while_it_is_read_is_never_taken_for_another(words, store):
    await keep(store, "dog")

    async def change(count: int) -> None:
        for number in range(count):
            await keep(store, "cat", f"cat{number}")

    async def ask(count: int) -> list[bool]:
        return [bool(await words.against(TURN, [f"cat{number}"])) for number in range(count)]

    await asyncio.gather(change(20), ask(40))
    assert await words.against(TURN, ["cat19"])
    assert not await words.against(TURN, ["cat0"])


def test_what_is_not_to_be_said_is_taken_out_of_all_that_a_receipt_tells_and_places_stay():
    turn = replace(TURN, references=(Reference(PICTURE, "cat.png"),), recipe="Cats")
    hushed = without(turn, frozenset({"a red cat", "cat.png", "Cats", "a note", "a lion"}), "…")
    assert (hushed.words, hushed.recipe, hushed.references[0].name) == ("…", "…", "…")
    assert (hushed.notes, hushed.wordings) == ((), ("", "a cat"))
