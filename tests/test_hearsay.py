"""What waits to be told in audit channels goes with what it tells of."""

import asyncio
import json
import time
from typing import Any

import pytest

from bot.audit import witness
from bot.audit.scribe import Scribe
from bot.kept import GRACE, WINDOW, Scope
from bot.limits.moderation import Moderation
from bot.limits.pauses import Pauses
from bot.moments import DAY
from bot.rules.rules import Stance, Subject
from bot.store import Entry
from bot.turnstile import Ticket, Turnstile
from tests.players import ADA, BOB, CATALOGUE, Bot, World
from tests.test_erasure import HERE, eraser, found, work

SERVER = 9
TOLD = {"channel": HERE, "number": 1, "words": "a house", "restricted": False, "deeds": []}


async def listening(bot: Bot, **rules: object) -> None:
    async with bot.store.write() as desk:
        for name, value in {"audit": 77, **rules}.items():
            await desk.rules.decide(SERVER, name, value)


async def note(bot: Bot, kind: str, told: dict[str, Any], *, turn: int | None = None, age: float = 0) -> None:
    async with bot.store.write() as desk:
        await desk.audit.note(Entry(SERVER, time.time() - age, kind, told, turn=turn, member=BOB.id))


async def waiting(bot: Bot) -> list[Entry]:
    return await bot.store.audit.waiting(SERVER, 99)


async def test_of_a_forgotten_member_no_entry_of_others_keeps_an_id_or_a_reason(world: World):
    async with world.bot() as bot:
        await bot.paint("a house")
        stance = Stance(
            Subject.MEMBER, ADA.id, allowed=False, reason="sentinel", until=None, member=BOB.id, at=time.time()
        )
        async with Moderation(bot.store).change(SERVER, BOB) as change:
            await change.stand(stance)
            await change.lift(Subject.MEMBER, ADA.id)
            await change.told("deleted", number=1, asker=ADA.id, channel=HERE)
        await note(bot, "turn", {"what": "cancelled", "words": "", "why": "", "channel": HERE, "by": ADA.id}, turn=7)
        deeds = [["block", ADA.id], ["delete", BOB.id]]
        await note(bot, "report", {**TOLD, "asker": BOB.id, "asker_name": "Bob", "reason": "", "deeds": deeds})
        await note(
            bot,
            "setting",
            {"what": "setting", "thread": HERE, "name": "invited", "before": "", "after": f"<@5>, <@{ADA.id}>"},
        )
        erasing, mark = eraser(bot), bot.store.marks.of(ADA.id)
        await erasing.erase(Scope.MEMBER, ADA.id)
        await work(erasing, time.time())
        blocked, lifted, deleted, cancelled, report, invited = [each.told for each in await waiting(bot)]
        assert (blocked["subject"], blocked["reason"], lifted["subject"]) == (mark, "", mark)
        assert (deleted["asker"], cancelled["by"], invited["after"]) == (mark, mark, "<@5>")
        assert report["deeds"] == [["block", mark], ["delete", BOB.id]]
        assert found(world, "sentinel") == []
        lines = "\n".join(Scribe(CATALOGUE, {}).line(each) for each in await waiting(bot))
        assert f"keeps {CATALOGUE.say('audit.forgotten')} out" in lines
        assert "<@-" not in lines


@pytest.mark.parametrize("how", ["message", "thread", "retention", "member"])
async def test_words_that_were_not_told_yet_go_with_their_message_thread_age_and_member(world: World, how: str):
    async with world.bot() as bot:
        await listening(bot)
        await bot.paint("sentinel-words")
        assert "sentinel" in json.dumps([dict(each.told) for each in await waiting(bot)])
        erasing = eraser(bot)
        match how:
            case "message":
                await erasing.unsaid(101)
            case "thread":
                await erasing.thread_gone(HERE)
            case "member":
                await erasing.erase(Scope.MEMBER, ADA.id)
            case "retention":
                await listening(bot, retention_days=3)
                async with bot.store.write() as desk:
                    await desk.query.tell("UPDATE turns SET asked_at = asked_at - :age", age=4 * DAY)
                    await desk.query.tell("UPDATE audit SET at = at - :age", age=4 * DAY)
        await work(erasing, time.time())
        assert found(world, "sentinel") == []
        expected = {"message": ["painted"], "thread": ["painted"], "retention": ["dropped"], "member": []}[how]
        assert [each.told["what"] for each in await waiting(bot)] == expected


@pytest.mark.parametrize("how", ["message", "thread"])
async def test_words_of_an_ask_that_was_turned_away_go_with_its_message_and_thread(world: World, how: str):
    async with world.bot() as bot:
        await listening(bot)
        await bot.paint("a house")
        async with bot.store.write() as desk:
            await witness.turned_away(desk, world.ask("sentinel-words", id=555), "sentinel-why")
        erasing = eraser(bot)
        await (erasing.unsaid(555) if how == "message" else erasing.thread_gone(HERE))
        await work(erasing, time.time())
        assert found(world, "sentinel") == []
        assert [each.kind for each in await waiting(bot)] == ["turn", "refusal"]


async def test_a_report_that_no_channel_was_told_of_ages_too(world: World):
    async with world.bot() as bot:
        await note(bot, "report", {**TOLD, "asker": ADA.id, "asker_name": "", "reason": "sentinel"}, age=WINDOW + DAY)
        await note(bot, "report", {**TOLD, "asker": ADA.id, "asker_name": "", "reason": "young"}, age=DAY)
        await work(eraser(bot), time.time())
        assert found(world, "sentinel") == []
        assert [each.told.get("count") or each.told["reason"] for each in await waiting(bot)] == [1, "young"]


async def test_threads_settings_are_noted_where_a_channel_hears_of_them_and_go_with_their_thread(world: World):
    async with world.bot() as bot:
        await bot.paint("a house")
        values: dict[str, Any] = {"name": "size", "before": "1K", "after": "2K"}
        async with bot.store.write() as desk:
            await witness.set_anew(desk, SERVER, BOB, thread=HERE, **values)
            await witness.set_anew(desk, SERVER, BOB, thread=None, **values)
        assert [each.told["thread"] for each in await waiting(bot)] == [None]
        await listening(bot)
        async with bot.store.write() as desk:
            await witness.set_anew(desk, SERVER, BOB, thread=HERE, **values)
            await witness.set_anew(desk, SERVER, BOB, thread=4711, **values)
        await eraser(bot).thread_gone(HERE)
        await work(eraser(bot), time.time())
        assert [each.told["thread"] for each in await waiting(bot)] == [None, 4711]
        assert "**Size** of <#4711>: 1K → 2K" in Scribe(CATALOGUE, {}).line((await waiting(bot))[-1])
        async with bot.store.write() as desk:
            await desk.audit.drop(SERVER)
        assert [each.told["thread"] for each in await waiting(bot)] == [None]


async def test_the_pause_of_a_server_ends_with_all_that_was_kept_of_it(world: World):
    async with world.bot() as bot:
        turnstile = Turnstile(3)
        await Pauses(bot.store, turnstile).begin()
        async with Moderation(bot.store).change(SERVER, BOB) as change:
            await change.rule("paused", value=True)
        erasing = eraser(bot)
        await erasing.server_gone(SERVER)
        await work(erasing, time.time() + GRACE + DAY)
        async with asyncio.timeout(1), turnstile.place(Ticket(1, ADA.id, SERVER)):
            pass


@pytest.mark.parametrize("what", ["stances", "role_limits", "words", "audit", "consents"])
async def test_a_server_is_known_by_whatever_is_kept_of_it(world: World, what: str):
    async with world.bot() as bot:
        async with bot.store.write() as desk:
            match what:
                case "stances":
                    stance = Stance(Subject.MEMBER, 7, allowed=False, reason="", until=None, member=BOB.id, at=1.0)
                    await desk.rules.stand(SERVER, stance)
                case "role_limits":
                    await desk.rules.limit(SERVER, SERVER, "pictures_per_day", 3)
                case "words":
                    await desk.words.write(SERVER, ["sentinel"])
                case "audit":
                    await desk.audit.note(Entry(SERVER, time.time(), "change", {"what": "paused"}, member=BOB.id))
                case "consents":
                    sql = "INSERT INTO consents (member, server, stance, at) VALUES (1, :server, 'always', 1.0)"
                    await desk.query.tell(sql, server=SERVER)
        erasing = eraser(bot)
        await erasing.servers_there([4711])
        await work(erasing, time.time() + GRACE + DAY)
        assert SERVER not in await bot.store.traces.servers()
