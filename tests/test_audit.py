"""What the audit channel is told: noted with what happened, written in lines, told once and in order."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from bot.audit import witness
from bot.audit.reports import MOST, Complaint, Reports
from bot.audit.scribe import Scribe
from bot.audit.teller import Teller, Tempo
from bot.chores import beside
from bot.deleting.erasure import Eraser
from bot.deleting.removal import Removal
from bot.kept import Scope
from bot.letters import Letter, Pace
from bot.limits.moderation import Moderation
from bot.model import Ask, Member, Memory, Turn
from bot.moments import HOUR
from bot.rules.rules import Stance, Subject
from bot.store import Entry, Store, open_store
from tests.players import ADA, BOB, CATALOGUE, THREAD, Bot, Discord, World

SERVER, LOG, OTHER = 9, 700, 701
HERE = THREAD.conversation
FAST = Tempo(gather=0.0, pause=0.0, posting=0.2, look=0.01, away=60.0)
HASTY = Pace(pause=0.01, longest_pause=0.02)
ANA = Member(3, "Ana")


def told(what: str = "painted", **others: Any) -> dict[str, Any]:
    usual = {
        "words": "a red house",
        "channel": HERE,
        "message": 5,
        "numbers": [1],
        "dollars": 0.04,
        "why": "",
        "by": None,
    }
    return {"what": what, **usual, **others}


def entry(number: int = 1, kind: str = "turn", server: int = SERVER, **others: Any) -> Entry:
    return Entry(server, 0.0, kind, told(**others), member=ADA.id, id=number)


def line(given: Entry, links: dict[int, int] | None = None) -> str:
    return Scribe(CATALOGUE, links or {}, {"a": "Ay"}).line(given).removeprefix("<t:0:f> ")


def change(**values: Any) -> Entry:
    return Entry(SERVER, 0.0, "change", {"name_of": "Ana", **values}, member=ANA.id)


# -- lines -------------------------------------------------------------------------------------------------------------


def test_a_line_tells_who_words_link_cost_and_what_became_of_it():
    link = f"https://discord.com/channels/{SERVER}/{HERE}"
    assert line(entry()) == f"🎨 <@1>: “a red house” → [v1]({link}/5) · $0.04"
    assert line(entry(numbers=[2, 3, 4]), {1: 8}) == f"🎨 <@1>: “a red house” → [v2–v4]({link}/8) · $0.04"
    assert line(entry(numbers=[])).startswith("💬 <@1>: “a red house” → [answered in words]")
    assert line(entry(what="failed", why="It\n**broke**.")).endswith(f"[not painted]({link}/5): It broke. · $0.04")
    assert line(entry(what="declined", why="No.")).startswith("🚫 ")
    assert line(entry(what="cancelled")).endswith("by themselves · $0.04")
    assert line(entry(what="cancelled", by=3)).endswith("by <@3> · $0.04")
    assert line(entry(what="brought")) == f"🖼️ <@1> brought [v1]({link}/5)"
    refused = {"what": "refused", "words": "", "why": "Too much.", "channel": None, "message": None}
    away = line(Entry(SERVER, 0.0, "refusal", refused, member=ADA.id))
    assert (
        away == f"✋ <@1>: an ask without words yet → [turned away](https://discord.com/channels/{SERVER}): Too much."
    )


def test_nobodys_words_can_break_out_of_their_line():
    shown = line(entry(words="**hello**\n@everyone <@2> [x](https://evil) " + "y" * 4000))
    assert "\n" not in shown
    assert "\\@everyone \\<\\@2\\> \\[x\\]\\(https\\:" in shown
    assert len(shown) < 500


async def test_what_waits_too_long_or_too_much_is_dropped_and_counted_and_only_age_drops_a_report(tmp_path: Path):
    async with open_store(tmp_path) as store, store.write() as desk:
        for number in range(1, 11):
            await desk.audit.note(replace(entry(number), at=float(number)))
        await desk.audit.note(Entry(SERVER, 1.0, "report", told(), turn=2, member=ADA.id))
        await desk.audit.note(Entry(SERVER, 7.0, "report", told(), turn=1, member=ADA.id))
        await desk.audit.note(entry(server=8))
        assert set(await desk.audit.crowded(3.0, 6)) == {SERVER, 8}
        assert await desk.audit.trim(SERVER, 3.0, 6) == 5
        assert await desk.audit.trim(SERVER, 3.0, 6) == 0
        assert await desk.audit.trim(SERVER, 6.0, 6) == 6
        waiting = await desk.audit.waiting(SERVER, 99)
        assert [each.at for each in waiting] == [5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 7.0]
        assert (waiting[0].member, waiting[0].turn, waiting[-1].kind) == (None, None, "report")
        assert line(waiting[0]).endswith("than I keep: 6 older lines are dropped.")
        assert len(await desk.audit.waiting(8, 99)) == 1


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"what": "rule", "name": "paused", "before": False, "after": True}, "**Pause** of this server: off → on"),
        ({"what": "rule", "name": "audit", "before": None, "after": 7}, "**Audit log** of this server: unset → <#7>"),
        ({"what": "rule", "name": "dollars_per_day", "before": 0, "after": 2.5}, "$0.00 → $2.50"),
        ({"what": "rule", "name": "of_tomorrow", "before": 1, "after": "x"}, "**of tomorrow** of this server: 1"),
        (
            {"what": "limit", "role": 5, "name": "models", "before": None, "after": '["a", "b"]'},
            "**Models** of <@&5>: unset → Ay, b",
        ),
        (
            {"what": "limit", "role": 5, "name": "dollars_per_day", "before": "1", "after": None},
            "**Money per day** of <@&5>: $1.00 → unset",
        ),
        (
            {"what": "limit", "role": SERVER, "name": "channels", "before": None, "after": "[70, 71]"},
            "**Channels** of @everyone: unset → <#70>, <#71>",
        ),
        ({"what": "limit", "role": 5, "name": "may_start_threads", "before": None, "after": "false"}, "unset → no"),
        (
            {"what": "setting", "thread": 50, "name": "size", "before": "1K", "after": "2K"},
            "**Size** of <#50>: 1K → 2K",
        ),
        ({"what": "lifted", "subject": 2, "of": "member"}, "took back what was decided about <@2>"),
        ({"what": "invented", "much": 3}, "invented (much 3)"),
    ],
)
def test_a_change_tells_who_from_and_to(values: dict[str, Any], expected: str):
    shown = line(change(**values))
    assert shown.startswith("⚙️ <@3>")
    assert expected in shown


def test_a_picture_that_moderators_deleted_is_told_with_whose_it_was_and_where():
    shown = line(change(what="deleted", number=4, asker=2, channel=HERE))
    assert shown == f"🗑️ <@3> deleted v4 of <@2> in [this thread](https://discord.com/channels/{SERVER}/{HERE})"


def test_an_entry_that_can_not_be_read_is_told_as_it_is_and_stops_no_other():
    strange = [
        Entry(SERVER, 0.0, "turn", {"what": "dreamt", "words": "x"}, member=ADA.id),
        Entry(SERVER, 0.0, "turn", {}, member=ADA.id),
        change(what="limit", role=5),
    ]
    assert line(strange[0]) == "⚙️ <@1>: turn (words x)"
    assert Scribe(CATALOGUE, {}).page([*strange, entry()])[0] == 4


def test_a_stance_tells_its_reason_and_end():
    values = {"what": "stance", "subject": 2, "of": "member", "reason": "spam *again*", "until": 60.0}
    assert line(change(allowed=False, **values)) == "⛔ <@3> keeps <@2> out · until <t:60:f> · spam \\*again\\*"
    forever = {**values, "of": "channel", "reason": "", "until": None}
    assert line(change(allowed=True, **forever)) == "✅ <@3> lets <#2> in"


def test_a_stance_tells_what_stood_before():
    was = {"allowed": False, "reason": "spam", "until": 60.0}
    let_in = {"what": "stance", "subject": 2, "of": "member", "allowed": True, "reason": "", "until": None}
    assert line(change(was=was, **let_in)) == "✅ <@3> lets <@2> in · before: kept out, until <t:60:f>, spam"
    assert line(change(was=None, **let_in)).endswith("in · before: unset")
    stood = was | {"allowed": True, "reason": "", "until": None}
    lifted = line(change(what="lifted", subject=2, of="member", was=stood))
    assert lifted.endswith("about <@2> · before: let in")


def test_as_many_entries_as_a_message_holds_go_into_one_in_their_order():
    entries = [entry(number, words=f"number {number} " + "x" * 80) for number in range(1, 61)]
    scribe, left, pages = Scribe(CATALOGUE, {}), entries, []
    while left:
        count, page = scribe.page(left)
        assert page == "\n".join(scribe.lines(left[:count]))
        assert len(page) <= 2000
        pages.append(page)
        left = left[count:]
    assert len(pages) < 12
    assert scribe.page(entries[:1])[0] == 1


def test_the_day_stands_in_the_first_line_and_where_a_line_is_much_later():
    at = [0.0, 60.0, 7 * HOUR, 7 * HOUR + 60]
    told = Scribe(CATALOGUE, {}).lines([replace(entry(number), at=each) for number, each in enumerate(at)])
    assert [each.split()[0] for each in told] == ["<t:0:f>", "<t:60:t>", "<t:25200:f>", "<t:25260:t>"]


# -- noted with what happened ------------------------------------------------------------------------------------------


async def choose(store: Store, channel: int | None = LOG) -> None:
    async with store.write() as desk:
        await desk.rules.decide(SERVER, "audit", channel)


async def noted(store: Store) -> list[Entry]:
    return await store.audit.waiting(SERVER, 1000)


async def test_a_painted_turn_is_noted_with_its_numbers_and_cost(world: World):
    async with world.bot() as bot:
        await choose(bot.store)
        await bot.paint("a house", "make it night")
        first, second = await noted(bot.store)
        assert [each.told["words"] for each in (first, second)] == ["a house", "make it night"]
        assert (first.told["what"], first.told["numbers"], second.told["numbers"]) == ("painted", [1], [2])
        assert first.told["dollars"] > 0
        assert (first.member, first.kind) == (ADA.id, "turn")


async def test_without_a_channel_nothing_of_a_turn_is_kept(world: World):
    async with world.bot() as bot:
        await bot.paint("a house")
        await choose(bot.store)
        assert await noted(bot.store) == []
        assert not bot.store.audited.is_set()


async def test_what_is_undone_is_not_noted(tmp_path: Path):
    async with open_store(tmp_path) as store:
        await choose(store)
        with suppress(ZeroDivisionError):
            async with store.write() as desk:
                await witness.turned_away(desk, ask(), "no")
                raise ZeroDivisionError
        assert await noted(store) == []
        assert not store.audited.is_set()


def ask(number: int = 77, **others: Any) -> Ask:
    return replace(Ask(number, THREAD, ADA, "a boat", message=number), **others)


async def test_an_ask_is_noted_as_refused_once_though_it_is_heard_twice(tmp_path: Path):
    async with open_store(tmp_path) as store:
        await choose(store)
        for _ in range(2):
            async with store.write() as desk:
                await witness.heard(desk, ask(), "over", "Later.")
        async with store.write() as desk:
            await witness.heard(desk, ask(78), "question", "")
        [only] = await noted(store)
        assert (only.kind, only.told["why"], only.told["message"]) == ("refusal", "Later.", 77)


async def test_turned_off_what_people_did_is_forgotten_and_what_moderators_must_know_waits(tmp_path: Path):
    async with open_store(tmp_path) as store:
        await choose(store)
        async with store.write() as desk:
            await desk.audit.note(entry())
            await desk.audit.note(entry(words="second"))
            await desk.audit.expect(await desk.audit.waiting(SERVER, 1))
        async with Moderation(store).change(SERVER, ANA) as moderation:
            await moderation.rule("audit", None)
            await moderation.desk.audit.drop(SERVER)
        assert [each.kind for each in await noted(store)] == ["change"]
        assert await store.audit.servers() == []


# -- told --------------------------------------------------------------------------------------------------------------


@dataclass
class Desk:
    """A store, a Discord, and tellers one after the other."""

    store: Store
    discord: Discord

    def teller(self, tempo: Tempo = FAST) -> Teller:
        return Teller(self.store, self.discord, reports(self.store, self.discord), CATALOGUE, {}, tempo, HASTY)

    async def note(self, *numbers: int) -> None:
        async with self.store.write() as desk:
            for number in numbers:
                await desk.audit.note(entry(words=f"number {number}"))

    def lines(self, channel: int = LOG) -> list[str]:
        return [each for text in self.discord.said(channel) for each in text.splitlines()]

    def numbers(self, channel: int = LOG) -> list[int]:
        return [int(each.split("number ")[1].split("”")[0]) for each in self.lines(channel)]

    async def until(self, found: Any) -> None:
        async with asyncio.timeout(5):
            while not found():  # noqa: ASYNC110 - watches what nobody tells of
                await asyncio.sleep(0.005)

    async def told(self) -> None:
        """Everything is in the channel, and written down as told: that comes a moment after it can be read."""
        async with asyncio.timeout(5):
            while await self.store.audit.untold(SERVER):  # noqa: ASYNC110 - likewise
                await asyncio.sleep(0.005)


class Unchanged:
    """The pictures' door, where every picture fits."""

    async def fit(self, data: bytes, limit: int) -> tuple[bytes, str]:
        assert len(data) <= limit
        return data, "png"


def reports(store: Store, discord: Discord, bot: Bot | None = None) -> Reports:
    gallery: Any = bot.gallery if bot else None
    pictures: Any = Unchanged()
    return Reports(store, gallery, pictures, Removal(store, gallery, discord, CATALOGUE), CATALOGUE)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_store(tmp_path) as store:
        await choose(store)
        yield Desk(store, Discord())


async def test_many_entries_are_told_in_few_messages_and_their_words_are_kept_no_longer(desk: Desk):
    await desk.note(*range(60))
    async with beside(audit=desk.teller().work()):
        await desk.told()
    assert desk.numbers() == list(range(60))
    assert len(desk.discord.said(LOG)) < 8
    left = await desk.store.query.all("SELECT told, message FROM audit")
    assert {row["told"] for row in left} == {"{}"}
    assert all(row["message"] > 0 for row in left)


async def test_what_is_noted_later_wakes_it_and_nothing_else_does(desk: Desk):
    async with beside(audit=desk.teller().work()):
        await asyncio.sleep(0.05)
        calls = len(desk.discord.calls)
        await asyncio.sleep(0.1)
        assert len(desk.discord.calls) == calls == 0
        await desk.note(1)
        await desk.until(lambda: desk.numbers() == [1])
        await desk.note(2)
        await desk.until(lambda: desk.numbers() == [1, 2])


async def test_an_answer_that_is_lost_makes_nobody_read_it_twice(desk: Desk):
    desk.discord.fail("send", done=True)
    await desk.note(1, 2)
    async with beside(audit=desk.teller().work()):
        await desk.until(lambda: "own" in desk.discord.calls)
        await desk.note(3)
        await desk.until(lambda: desk.numbers() == [1, 2, 3])
    assert desk.discord.calls.count("send") == 2


async def test_a_message_posted_before_a_crash_is_found_though_its_links_are_known_by_now(desk: Desk):
    gate = desk.discord.block("send")
    await desk.note(1, 2)
    async with beside(audit=desk.teller().work()):
        await desk.until(lambda: "send" in desk.discord.calls)
    gate.set()
    [first, second] = await desk.store.audit.expected(SERVER)
    page = Scribe(CATALOGUE, {first.id: 123, second.id: 456}).page([first, second])[1]
    await desk.discord.send(Letter(LOG, page))
    desk.discord.calls.clear()
    async with beside(audit=desk.teller().work()):
        await desk.note(3)
        await desk.until(lambda: desk.numbers() == [1, 2, 3])
    assert desk.discord.calls.count("send") == 1


async def test_where_the_channel_is_gone_entries_wait_and_another_is_told_at_once(
    desk: Desk,
):
    teller = desk.teller()
    for _ in range(5):
        desk.discord.fail("send", forever=True)
    await desk.note(1)
    async with beside(audit=teller.work()):
        await desk.until(lambda: teller.problem(SERVER))
        await desk.note(2)
        await asyncio.sleep(0.05)
        assert desk.discord.calls.count("send") == 1, "a closed channel is left alone for a while"
        assert await desk.store.audit.untold(SERVER) == 2
        desk.discord._faults.clear()
        await choose(desk.store, OTHER)
        await desk.note(3)
        await desk.until(lambda: desk.numbers(OTHER) == [1, 2, 3])
        await desk.until(lambda: teller.problem(SERVER) is None)


async def test_a_closed_channel_is_tried_again_when_somebody_looks(desk: Desk):
    teller = desk.teller()
    desk.discord.fail("send", forever=True)
    await desk.note(1)
    async with beside(audit=teller.work()):
        await desk.until(lambda: teller.problem(SERVER))
        teller.nudge(SERVER)
        await desk.until(lambda: desk.numbers() == [1])


async def test_one_server_that_can_not_be_told_holds_up_no_other(desk: Desk):
    async with desk.store.write() as change:
        await change.rules.decide(8, "audit", OTHER)
        await change.audit.note(entry(words="number 8", server=8))
    desk.discord.fail("send")
    await desk.note(1)
    async with beside(audit=desk.teller().work()):
        await desk.until(lambda: desk.numbers() == [1] and desk.numbers(OTHER) == [8])


async def test_a_turn_is_told_with_its_link_and_after_a_while_without(desk: Desk):
    async with desk.store.write() as change:
        await change.turns.open(THREAD, Memory.FOCUSED)
        await change.turns.add(Turn(5, HERE, ADA, "number 1", "m", 0.0, server=SERVER))
        await change.query.tell("UPDATE turns SET state = 'painted'")
        now = asyncio.get_running_loop().time
        await change.audit.note(replace(entry(words="number 1"), turn=5, at=time.time()))
    async with beside(audit=desk.teller().work()):
        began = now()
        await desk.until(desk.lines)
        assert now() - began > 0.1


@pytest.mark.parametrize("seed", range(12))
async def test_whatever_fails_each_entry_is_told_once_and_in_order(desk: Desk, seed: int):
    chance, most = random.Random(seed), 40
    for number in range(most):
        await desk.note(number)
        if chance.random() < 0.4:
            forever = chance.random() < 0.2
            desk.discord.fail("send", forever=forever, done=not forever and chance.random() < 0.5)
        if chance.random() < 0.2:
            desk.discord.fail("own")
        if chance.random() < 0.3:
            desk.discord._nonces.clear()
            async with beside(audit=desk.teller(replace(FAST, away=0.01)).work()):
                await asyncio.sleep(chance.random() * 0.03)
    desk.discord._faults.clear()
    async with beside(audit=desk.teller().work()):
        await desk.until(lambda: most - 1 in desk.numbers())
    assert desk.numbers() == list(range(most))


# -- reports -----------------------------------------------------------------------------------------------------------


def complaint(by: Member = BOB, number: int = 1, **others: Any) -> Complaint:
    return replace(Complaint(SERVER, HERE, number, by, "it is rude"), **others)


async def test_a_member_reports_a_version_once_and_others_may_too(world: World):
    async with world.bot() as bot:
        await bot.paint("a house", "make it night")
        desk = reports(bot.store, world.discord, bot)
        assert await desk.take(complaint()) == "kept"
        await choose(bot.store)
        assert await desk.take(complaint()) == "again"
        assert await desk.take(complaint(number=2)) == "taken"
        assert await desk.take(complaint(by=ANA)) == "taken"
        assert await desk.take(complaint(number=9)) == "gone_now"
        assert len(await noted(bot.store)) == 3


async def test_ten_reports_in_an_hour_are_enough(world: World):
    async with world.bot() as bot:
        await bot.paint(*(f"a house {number}" for number in range(MOST + 1)))
        desk = reports(bot.store, world.discord, bot)
        taken = [await desk.take(complaint(number=number)) for number in range(1, MOST + 2)]
        assert taken == ["kept"] * MOST + ["many"]


async def told_of(bot: Bot, world: World, **others: Any) -> tuple[Reports, Entry]:
    await choose(bot.store)
    desk = reports(bot.store, world.discord, bot)
    assert await desk.take(complaint(**others)) == "taken"
    teller = Teller(bot.store, world.discord, desk, CATALOGUE, {}, FAST, HASTY)
    async with beside(audit=teller.work()), asyncio.timeout(10):
        while not world.discord.thread(LOG):  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)
    [found] = await bot.store.query.all("SELECT id FROM audit WHERE kind = 'report'")
    report = await bot.store.audit.get(found["id"])
    assert report is not None
    return desk, report


async def test_a_report_shows_the_picture_veiled_and_its_deletion_takes_it_from_there_too(world: World):
    async with world.bot() as bot:
        await bot.paint("a house")
        desk, report = await told_of(bot, world)
        [post] = world.discord.thread(LOG)
        assert post.text.splitlines()[1] == "> it is rude"
        assert [each.startswith("SPOILER_easel-") for each in post.files] == [True]
        assert [each.id.split(":")[1] for each in post.letter.buttons] == ["delete", "block", "dismiss"]
        assert report.told["shown_in"] == LOG
        assert (await desk.delete(report)).done
        assert post.files == ()
        assert not (await desk.delete(report)).done


async def test_a_thread_that_is_erased_takes_its_pictures_from_reports_too(world: World):
    async with world.bot() as bot:
        await bot.paint("a house")
        desk, report = await told_of(bot, world)
        eraser = Eraser(desk.removal)
        await eraser.erase(Scope.CONVERSATION, HERE)
        while await bot.store.erasures.pending(Scope.CONVERSATION, HERE):
            await eraser.step(time.time())
        [post] = world.discord.thread(LOG)
        assert post.files == ()
        kept = await bot.store.audit.get(report.id)
        assert kept is not None, "moderators may still want to act on it"
        assert "a house" not in str(kept.told)


async def test_a_picture_in_an_age_restricted_channel_is_not_shown_elsewhere(world: World):
    async with world.bot() as bot:
        await bot.paint("a house")
        await told_of(bot, world, restricted=True)
        [post] = world.discord.thread(LOG)
        assert post.files == ()
        assert "age-restricted" in post.text


async def test_a_picture_that_discord_does_not_take_leaves_its_report_in_words(world: World):
    async with world.bot() as bot:
        await bot.paint("a house")
        world.discord.fail("send", "too_large")
        await told_of(bot, world)
        [post] = world.discord.thread(LOG)
        assert post.files == ()
        assert "it is rude" in post.text


async def test_what_moderators_do_is_done_by_the_first_and_what_is_left_can_be_pressed(world: World):
    async with world.bot() as bot:
        await bot.paint("a house")
        desk, report = await told_of(bot, world)
        done = await asyncio.gather(*(desk.block(report, by, "rude") for by in (ANA, BOB)))
        assert sorted(done) == [False, True]
        [stance] = await bot.store.rules.stances(SERVER)
        assert (stance.kind, stance.subject, stance.allowed, stance.until) == (Subject.MEMBER, ADA.id, False, None)
        assert isinstance(stance, Stance)
        now = await bot.store.audit.get(report.id)
        assert now is not None
        assert [each.id.split(":")[1] for each in (await desk.page(now)).buttons] == ["delete", "dismiss"]
        assert await desk.note(now, "dismiss", BOB)
        assert not await desk.note(now, "delete", ANA)
        closed = await bot.store.audit.get(report.id)
        assert closed is not None
        page = await desk.page(closed)
        assert page.buttons == ()
        assert page.text.endswith("-# <@2> closed this report.")


async def test_a_report_of_a_picture_that_is_gone_says_so_and_can_be_closed(world: World):
    async with world.bot() as bot:
        await bot.paint("a house")
        desk = reports(bot.store, world.discord, bot)
        assert await desk.take(complaint()) == "kept"
        assert (await desk.removal.remove(HERE, 1)).done
        [report] = await noted(bot.store)
        letter = await desk.letter(LOG, report)
        assert letter.files == ()
        assert letter.text.endswith("-# The picture is deleted.")
        assert [each.id.split(":")[1] for each in letter.buttons] == ["block", "dismiss"]
