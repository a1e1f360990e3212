import logging
import re
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.alarm import AGAIN, LONG, PAUSE
from bot.breaker import ROW, Breaker
from bot.config import Settings
from bot.errors import Crowded, Misconfigured, OverLimit
from bot.model import Memory, Painting, State, Turn
from bot.store import Store, open_store
from bot.tokens import Usage
from bot.watch.journal import Journal
from bot.watch.sentry import Check, Rounds, Sentry
from tests.players import ADA, CATALOGUE, SETTINGS, THREAD, Discord
from tests.test_metrics import told

CHANNEL = 77
EVERY_LOOK = Rounds(look=0.0, check=0.0)
KEY = Misconfigured("misconfigured_key", message="a word of Google's")


@dataclass
class Place:
    """What outlives a process, and a clock."""

    folder: Path
    now: float = 1_000_000.0
    discord: Discord = field(default_factory=Discord)
    wrong: set[str] = field(default_factory=set)

    @property
    def said(self) -> list[str]:
        return [re.sub(r"<t:\d+:R>|[0-9a-f]{8}", "…", text) for text in self.discord.said(CHANNEL)]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def with_channel(channel: int | None = CHANNEL) -> Settings:
    return SETTINGS.model_copy(update={"discord": SETTINGS.discord.model_copy(update={"operator_channel": channel})})


@pytest.fixture
async def post(place):
    """Opens a sentry, as a start does; the one before it is gone."""
    stores: list[AbstractAsyncContextManager[Store]] = []

    async def begin(settings: Settings = with_channel()) -> Sentry:  # noqa: B008 - frozen
        while stores:
            await stores.pop().__aexit__(None, None, None)
        opened = open_store(place.folder)
        store = await opened.__aenter__()
        stores.append(opened)
        journal = Journal()
        journal.watch.clock = lambda: place.now

        def check(name: str) -> Check:
            async def look() -> bool:
                return name not in place.wrong

            return look

        checks = {name: check(name) for name in ("disk", "database")}
        sentry = Sentry(store, place.discord, settings, CATALOGUE, journal, checks, EVERY_LOOK)
        await sentry.begin()
        return sentry

    yield begin
    while stores:
        await stores.pop().__aexit__(None, None, None)


async def answered(sentry: Sentry, model: str = "nano") -> None:
    async def paint() -> Painting:
        return Painting((), Usage(), 0.0, model)

    await sentry.journal.call(model, paint())


async def failed(sentry: Sentry, failure: Misconfigured | Crowded = KEY, model: str = "nano") -> None:
    async def paint() -> Painting:
        raise failure

    with pytest.raises(type(failure)):
        await sentry.journal.call(model, paint())


async def test_a_key_that_is_revoked_is_told_once_and_once_more_when_it_is_good_again(place, post, caplog):
    sentry = await post()
    for _ in range(5):
        await failed(sentry)
        await sentry.look_round()
    assert told(sentry.journal.metrics)["easel_trouble{key}"] == 1
    await answered(sentry)
    await sentry.look_round()
    await sentry.look_round()
    assert "easel_trouble{key}" not in told(sentry.journal.metrics)
    key = "🔴 Google does not accept the key in GEMINI_API_KEY.\nCopy it anew from Google AI Studio (Get API key)."
    assert place.said == [
        f"{key}\n-# Trouble …, since …. I say when it is over, and every six hours that it is not.",
        "🟢 ~~Google does not accept the key in GEMINI_API_KEY.~~\n-# Trouble … is over; it began ….",
    ]
    trouble, over = [each for each in caplog.records if each.name == "bot.watch.sentry"]
    assert (trouble.levelname, over.levelname) == ("ERROR", "WARNING")
    assert trouble.id == over.id
    assert trouble.id in trouble.getMessage()
    assert trouble.id in place.discord.said(CHANNEL)[0]
    assert "a word of Google's" in trouble.getMessage()
    assert not any("a word of Google's" in each for each in place.said)


async def test_without_a_channel_the_log_and_the_number_tell_it(place, post, caplog):
    sentry = await post(with_channel(None))
    await failed(sentry)
    await sentry.look_round()
    assert [each.levelno for each in caplog.records if each.name == "bot.watch.sentry"] == [logging.ERROR]
    assert told(sentry.journal.metrics)["easel_trouble{key}"] == 1
    assert place.said == []


async def test_it_is_told_again_when_it_has_changed_and_after_six_hours_under_the_same_number(place, post):
    sentry = await post()
    await failed(sentry)
    await sentry.look_round()
    place.now += PAUSE
    await failed(sentry, Misconfigured("misconfigured_leaked"))
    await sentry.look_round()
    place.now += AGAIN
    await failed(sentry, Misconfigured("misconfigured_leaked"))
    await sentry.look_round()
    assert [text.splitlines()[0] for text in place.said] == [
        "🔴 Google does not accept the key in GEMINI_API_KEY.",
        "🔴 Google has locked the key in GEMINI_API_KEY, for it was found in public.",
        "🔴 Still: Google has locked the key in GEMINI_API_KEY, for it was found in public.",
    ]
    assert len({text.partition("Trouble ")[2][:8] for text in place.discord.said(CHANNEL)}) == 1


async def test_a_restart_tells_nothing_anew_and_knows_what_is_over(place, post):
    sentry = await post()
    await failed(sentry)
    await sentry.look_round()
    for _ in range(3):
        sentry = await post()
        assert told(sentry.journal.metrics)["easel_trouble{key}"] == 1
        await failed(sentry)
        await sentry.look_round()
    assert len(place.said) == 1
    sentry = await post()
    await answered(sentry)
    await sentry.look_round()
    assert place.said[1:] == [
        "🟢 ~~Google does not accept the key in GEMINI_API_KEY.~~\n-# Trouble … is over; it began …."
    ]


async def test_each_trouble_of_each_model_is_one_of_its_own(place, post):
    sentry = await post()
    await failed(sentry, Misconfigured("misconfigured_model", model="nano"))
    await failed(sentry, Crowded("crowded_day", after=9000.0), "lite")
    await sentry.look_round()
    await answered(sentry, "lite")
    await sentry.look_round()
    assert [text.splitlines()[0] for text in place.said] == [
        "🔴 Google has no model nano for this key, or not any more.",
        "🔴 Google's limit for today is reached for lite: nothing is painted with it until that ends.",
        "🟢 ~~Google's limit for today is reached for lite: nothing is painted with it until that ends.~~",
    ]


async def test_a_model_that_fails_for_more_than_five_minutes_is_told_and_one_that_fails_for_less_is_not(place, post):
    sentry = await post()
    breaker = sentry.journal.breakers["nano"] = Breaker("nano", lambda: place.now)
    for _ in range(ROW):
        breaker.failed()
    for _ in range(2):
        place.now += LONG / 2
        await sentry.look_round()
        assert place.said == []
        breaker.failed()
    await sentry.look_round()
    assert place.said[0].startswith("🔴 nano has failed again and again for more than five minutes.")
    breaker.answered()
    await answered(sentry)
    await sentry.look_round()
    assert place.said[1].startswith("🟢 ~~nano has failed again and again")


@pytest.mark.parametrize("name", ["disk", "database"])
async def test_a_disk_or_a_database_that_takes_nothing_at_two_looks_in_a_row_is_told(place, post, name):
    sentry = await post()
    place.wrong = {name}
    await sentry.look_round()
    place.wrong = set()
    await sentry.look_round()
    place.wrong = {name}
    await sentry.look_round()
    assert place.said == []
    await sentry.look_round()
    place.wrong = set()
    await sentry.look_round()
    assert [text[0] for text in place.said] == ["🔴", "🟢"]


async def test_what_can_not_be_noted_is_told_all_the_same_and_once(place, post, monkeypatch):
    sentry = await post()
    await sentry.store.query.all("SELECT 1")
    async with sentry.store.write() as desk:
        await desk.query.tell("ALTER TABLE alarms RENAME TO hidden")
        await failed(sentry)
    for _ in range(3):
        await sentry.look_round()
    assert len(place.said) == 1
    async with sentry.store.write() as desk:
        await desk.query.tell("ALTER TABLE hidden RENAME TO alarms")
    await sentry.look_round()
    assert set(await sentry.store.alarms.all()) == {"key"}


async def test_a_fence_around_the_money_that_is_reached_is_told_and_that_there_is_room_again(place, post):
    sentry = await post()
    turn = Turn(5, THREAD.conversation, ADA, "a cat", "nano", place.now, state=State.PAINTING)
    async with sentry.store.write() as desk:
        await desk.turns.open(THREAD, Memory.FOCUSED)
        await desk.turns.add(turn)
        await desk.ledger.call(turn, 7.999)
    sentry.journal.refused(OverLimit("over_spending"))
    for _ in range(3):
        await sentry.look_round()
    assert [text.splitlines()[0] for text in place.said] == [
        "🔴 [limits] dollars_per_10_minutes is reached: asks are refused until there is room again."
    ]
    async with sentry.store.write() as desk:
        await desk.ledger.end_call(turn, "uncertain_cut", 7.0)
    await sentry.look_round()
    await sentry.look_round()
    assert [text[0] for text in place.said] == ["🔴", "🟢"]


async def test_while_discord_is_away_the_newest_of_each_trouble_waits_and_is_sent_when_it_is_back(place, post, caplog):
    sentry = await post()
    place.discord.fail("send")
    await failed(sentry)
    await sentry.look_round()
    assert place.said == []
    sentry._closed = 0.0
    await answered(sentry)
    await sentry.look_round()
    assert [text[0] for text in place.said] == ["🟢"]
    assert len([each for each in caplog.records if "channel can't be told" in each.getMessage()]) == 1


async def test_a_channel_that_is_gone_is_tried_every_ten_minutes_and_not_with_every_look(place, post):
    sentry = await post()
    place.discord.fail("send", forever=True)
    await failed(sentry)
    for _ in range(10):
        await sentry.look_round()
    assert place.discord.calls.count("send") == 1
