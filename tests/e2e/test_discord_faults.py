"""Faults of Discord's around a picture that is painted: what its asker sees, and what the ledger says.

A new fault is one line in a table. Those of the line to Discord stand in test_line.py, those of presses in
test_presses.py; docs/reliability.md lists all.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any

import pytest
import pytest_asyncio

from bot.sandbox import Post
from bot.sandbox.discord import payload, seed, welcome
from bot.sandbox.discord.events import Event
from bot.sandbox.discord.member import Refused
from bot.sandbox.discord.notices import Notices
from bot.sandbox.discord.nouns import Channel, Overwrite
from bot.sandbox.discord.permissions import Permission
from bot.sandbox.discord.wire import VIA
from tests.e2e.books import counted, state
from tests.e2e.conftest import tidy
from tests.e2e.stage import BOT, DEADLINE, Canvas, Stage, is_status, numbers, sentence

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

CLOSED = "🔒"
PAINTED = 1.5  #: seconds that a picture takes where something happens meanwhile
LINGERS = 6.0  #: seconds that a status may need to go where Discord stutters
PAGE = "<html><head><title>Attention Required! | Cloudflare</title></head><body>Ray ID: 7</body></html>"


def says(status: int, code: int, message: str = "no", **more: Any) -> dict[str, Any]:
    """Discord's answer with an error."""
    return {"status": status, "body": {"code": code, "message": message, **more}}


def limited(scope: str, after: float = 0.37) -> dict[str, Any]:
    """Discord's answer to who is too fast."""
    headers = {"X-RateLimit-Global": "true"} if scope == "global" else {}
    body = {"message": "You are being rate limited.", "retry_after": after, "global": scope == "global"}
    return {"status": 429, "body": body, "headers": {**VIA, "X-RateLimit-Scope": scope, **headers}}


def page(status: int, text: str = PAGE) -> dict[str, Any]:
    """Somebody's on the way to Discord."""
    return {"status": status, "body": text}


POSTED = "the picture as it was painted"
WORDS = "that the picture can't be posted here"
MUTED = "the picture without words"
NOTHING = "a sign on the ask"
COUNTED, FREE = ("settled", 1), ("returned", 0)

TABLE: dict[str, tuple[str, dict[str, Any], int | None, str, tuple[str, int]]] = {
    # what becomes of posting it, how often, what the asker sees, and the claim: its state and pictures
    "too fast": ("answer", limited("user"), 1, POSTED, COUNTED),
    "others too fast": ("answer", limited("shared", 0.8), 1, POSTED, COUNTED),
    "too fast everywhere": ("answer", limited("global"), 1, POSTED, COUNTED),
    "slow mode": ("answer", limited("user") | says(429, 20016, retry_after=0.4), 1, POSTED, COUNTED),
    "busy": ("answer", says(429, 40062, retry_after=0.4), 1, POSTED, COUNTED),
    "overloaded": ("answer", says(400, 130000), 1, POSTED, COUNTED),
    "Cloudflare's 429": ("answer", page(429), 1, POSTED, COUNTED),
    "banned for invalid requests": ("answer", page(429, "error code: 1015"), 2, POSTED, COUNTED),
    "Cloudflare's 403": ("answer", page(403), 1, POSTED, COUNTED),
    "a proxy's 400": ("answer", page(400, "Bad Request"), 1, POSTED, COUNTED),
    "500": ("answer", says(500, 0), 1, POSTED, COUNTED),
    "502 as a page": ("answer", page(502), 1, POSTED, COUNTED),
    "503": ("answer", page(503), 2, POSTED, COUNTED),
    "522 as a page": ("answer", page(522), 1, POSTED, COUNTED),
    "401": ("answer", says(401, 0, "401: Unauthorized"), 1, POSTED, COUNTED),
    "the line drops": ("drop_before", {}, 2, POSTED, COUNTED),
    "its answer is lost": ("drop_after", {}, 2, POSTED, COUNTED),
    "too large": ("answer", says(413, 40005), 1, POSTED, COUNTED),
    "too large for a proxy": ("answer", page(413), 1, POSTED, COUNTED),
    "too large a file": ("answer", says(400, 50045), 1, POSTED, COUNTED),
    "no uploads here": ("answer", says(400, 400001), 1, WORDS, COUNTED),
    "explicit": ("answer", says(400, 20009), 1, WORDS, COUNTED),
    "no history": ("answer", says(400, 160002), 1, POSTED, COUNTED),
    "AutoMod": ("answer", says(400, 200000), 1, MUTED, COUNTED),
    "AutoMod on a title": ("answer", says(400, 200001), 1, MUTED, COUNTED),
    "a harmful link": ("answer", says(400, 240000), 1, MUTED, COUNTED),
    "no channel": ("answer", says(404, 10003, "Unknown Channel"), None, NOTHING, FREE),
    "too many members": ("answer", says(400, 30033), None, NOTHING, FREE),
}


@dataclass(frozen=True)
class Played:
    """What became of a row."""

    shown: list[Post]
    signed: bool
    claim: tuple[str, int]
    calls: int
    next: list[str]
    original: bool


async def finished(stage: Stage, ask: Post) -> None:
    """Nothing more will be posted for it."""
    async with asyncio.timeout(DEADLINE):
        while state(stage, ask) not in {"posted", "cancelled"}:  # noqa: ASYNC110 - written by another process
            await asyncio.sleep(0.05)


def signed(stage: Stage, post: Post) -> bool:
    """Whether the bot has put its sign on a message."""
    found = stage.sandbox.world.messages.get(post.channel_id, {}).get(post.id)
    return found is not None and any(CLOSED in str(each) for each in found.reactions)


async def about(canvas: Canvas, ask: Post) -> list[Post]:
    """The bot's messages about an ask."""
    return [post for post in await canvas.posts() if post.reply_to == ask.id or "v2" in numbers(post)]


async def outcome(stage: Stage, canvas: Canvas, ask: Post) -> tuple[list[Post], tuple[str, int], int]:
    """The bot's messages about an ask, its claim, and how often Google was asked for it."""
    await finished(stage, ask)
    shown = list[Post]()
    with suppress(Refused, TimeoutError):
        async with asyncio.timeout(LINGERS):
            while any(map(is_status, shown := await about(canvas, ask))):  # noqa: ASYNC110 - as somebody who reads there
                await asyncio.sleep(0.1)
    calls, (how, pictures, _) = counted(stage, ask)
    return shown, (how, pictures), len(calls)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def played(theatre: Stage) -> AsyncIterator[dict[str, Played]]:
    """Every row of the table, each in a canvas of its own, all at the same time, with an edit after it."""
    await tidy(theatre)
    rows = await asyncio.gather(*(play(theatre, name) for name in TABLE))
    yield dict(zip(TABLE, rows, strict=True))


async def play(stage: Stage, name: str) -> Played:
    action, answer, times, *_ = TABLE[name]
    words, after = f"make it night, {name}.", f"add a boat, {name}."
    canvas = await stage.canvas()
    fault = stage.sandbox.faults.add(action, "POST", f"/channels/{canvas.id}/messages", times=times, **answer)
    ask = await canvas.say(words)
    shown, claim, calls = await outcome(stage, canvas, ask)
    fault.times = fault.seen
    await canvas.ask(after)
    original = bool(shown and shown[0].pictures) and await stage.digest(shown[0]) in stage.painter.made
    return Played(shown, signed(stage, ask), claim, calls, await canvas.saw(after), original)


@pytest.mark.parametrize("name", TABLE)
async def test_whatever_discord_does_with_a_picture_its_asker_sees_it_once_or_why_not(
    played: dict[str, Played], name: str
):
    *_, sees, _ = TABLE[name]
    row = played[name]
    assert len(row.shown) == (0 if sees == NOTHING else 1)
    assert row.signed == (sees == NOTHING)
    assert row.original == (sees in {POSTED, MUTED})
    for post in row.shown:
        assert numbers(post) == ([] if sees == WORDS else ["v2"])
        assert (sentence("receipt.unshown") in post.text) == (sees == WORDS)
        assert (sentence("receipt.muted") in post.text) == (sees == MUTED)
        assert ("make it night" in post.text) == (sees != MUTED)
        assert not is_status(post)


@pytest.mark.parametrize("name", TABLE)
async def test_whatever_discord_does_google_is_asked_once_and_the_member_bears_what_they_could_see(
    played: dict[str, Played], name: str
):
    *_, sees, claim = TABLE[name]
    row = played[name]
    assert (row.calls, row.claim) == (1, claim)
    assert (row.next == ["v1"]) == (sees == NOTHING)


# -- what happens while it is painted ----------------------------------------------------------------------------------


async def archived(canvas: Canvas, ask: Post) -> None:
    """It went to rest."""
    await canvas.stage.ana.call("PATCH", f"/channels/{canvas.id}", {"archived": True})


async def locked(canvas: Canvas, ask: Post) -> None:
    """A moderator closed it."""
    await canvas.lock()


async def deleted(canvas: Canvas, ask: Post) -> None:
    """A moderator deleted the thread."""
    await canvas.stage.ana.call("DELETE", f"/channels/{canvas.id}")


async def unsaid(canvas: Canvas, ask: Post) -> None:
    """The asker deleted what they had said."""
    await canvas.by.delete(ask)


async def gone(canvas: Canvas, ask: Post) -> None:
    """The asker left the server, of which the bot is not told."""
    del canvas.stage.sandbox.world.guilds[seed.GUILD].members[canvas.by.user_id]


async def stuttering(canvas: Canvas, ask: Post) -> None:
    """For a while Discord takes nothing: neither status nor picture."""
    canvas.stage.sandbox.faults.add("answer", "POST", f"/channels/{canvas.id}/messages", times=2, **page(503))


async def forgetful(canvas: Canvas, ask: Post) -> None:
    """The answer to the status is lost, and its deletion fails first."""
    faults = canvas.stage.sandbox.faults
    faults.add("drop_after", "POST", f"/channels/{canvas.id}/messages")
    faults.add("answer", "DELETE", f"/channels/{canvas.id}/messages/*", **page(503))


async def moved_away(canvas: Canvas, ask: Post) -> None:
    """The status can't be taken away, for it is gone already."""
    status = await canvas.status(ask)
    canvas.stage.sandbox.services.messages.drop(canvas.stage.sandbox.world.channel(canvas.id), [status.id])


def without(permission: Permission) -> Callable[[Canvas, Post], Awaitable[None]]:
    """A permission is withdrawn in the thread's channel."""

    async def withdrawn(canvas: Canvas, ask: Post) -> None:
        world = canvas.stage.sandbox.world
        channel = world.channel(world.channel(canvas.id).parent_id or 0)
        change(
            canvas.stage,
            channel,
            (Overwrite(seed.EASEL, deny=int(permission)), Overwrite(seed.GUILD, deny=int(permission))),
        )

    return withdrawn


async def no_channel(canvas: Canvas, ask: Post) -> None:
    """The channel is deleted, and its threads with it."""
    channel = canvas.stage.sandbox.world.channel(canvas.id).parent_id
    await canvas.stage.sandbox.member("june").call("DELETE", f"/channels/{channel}")


MEANWHILE: dict[str, tuple[Callable[[Canvas, Post], Awaitable[None]], str, tuple[str, int]]] = {
    # what happens, what is seen of it, and the claim
    "the thread goes to rest": (archived, POSTED, COUNTED),
    "the thread is locked": (locked, NOTHING, FREE),
    "the thread is deleted": (deleted, NOTHING, FREE),
    "the ask is deleted": (unsaid, POSTED, COUNTED),
    "the asker leaves": (gone, POSTED, COUNTED),
    "Discord stutters": (stuttering, POSTED, COUNTED),
    "Discord forgets": (forgetful, POSTED, COUNTED),
    "a moderator tidies up": (moved_away, POSTED, COUNTED),
    "the bot may not write": (without(Permission.SEND_MESSAGES_IN_THREADS), NOTHING, FREE),
    "the bot may not attach": (without(Permission.ATTACH_FILES), WORDS, COUNTED),
    "the bot may not read": (without(Permission.READ_MESSAGE_HISTORY), POSTED, COUNTED),
    "the bot may not see": (without(Permission.VIEW_CHANNEL), NOTHING, FREE),
    "the channel is deleted": (no_channel, NOTHING, FREE),
}


def change(stage: Stage, channel: Channel, overwrites: tuple[Overwrite, ...]) -> None:
    """Who may do what in a channel, as everybody is told."""
    world = stage.sandbox.world
    changed = world.change(channel, overwrites=overwrites)
    Notices(world).place("CHANNEL_UPDATE", changed, payload.channel(world, changed))


def place(stage: Stage, name: str) -> int:
    """A new channel, like #lounge."""
    world = stage.sandbox.world
    made = replace(world.channel(seed.LOUNGE), id=world.issue(), name=name)
    world.channels[made.id] = made
    Notices(world).place("CHANNEL_CREATE", made, payload.channel(world, made))
    return made.id


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def happened(theatre: Stage) -> AsyncIterator[dict[str, Played]]:
    """Every row of the second table, each in a channel of its own, all at the same time."""
    await tidy(theatre)
    members = dict(theatre.sandbox.world.guilds[seed.GUILD].members)
    theatre.gemini.delay = PAINTED
    rows = await asyncio.gather(*(happen(theatre, number, name) for number, name in enumerate(MEANWHILE)))
    theatre.sandbox.world.guilds[seed.GUILD].members.update(members)
    yield dict(zip(MEANWHILE, rows, strict=True))


async def happen(stage: Stage, number: int, name: str) -> Played:
    meanwhile, *_ = MEANWHILE[name]
    words = f"make it night, {number}."
    by = stage.ben if meanwhile is gone else stage.cleo
    opening = await by.say(place(stage, f"place-{number}"), f"{BOT} a red house, {number}.")
    canvas = await stage.opened(opening, by)
    await canvas.first()
    ask = await canvas.say(words)
    await stage.until(lambda: stage.requests(words))
    await meanwhile(canvas, ask)
    watching = canvas.seen_by(stage.sandbox.member("june"))
    shown, claim, calls = await outcome(stage, watching, ask)
    return Played(shown, signed(stage, ask), claim, calls, [], original=False)


@pytest.mark.parametrize("name", MEANWHILE)
async def test_whatever_happens_meanwhile_what_can_be_seen_is_there_once_and_no_status_stays(
    happened: dict[str, Played], name: str
):
    _, sees, claim = MEANWHILE[name]
    row = happened[name]
    assert [numbers(post) for post in row.shown if not is_status(post)] == {NOTHING: [], WORDS: [[]]}.get(
        sees, [["v2"]]
    )
    assert sees == NOTHING or not any(is_status(post) for post in row.shown)
    assert (row.calls, row.claim) == (1, claim)


# -- for minutes, late, and all at once --------------------------------------------------------------------------------


async def test_while_discord_takes_nothing_for_long_a_picture_is_kept_even_through_a_kill(stage: Stage):
    canvas = await stage.canvas()
    fault = stage.sandbox.faults.add("answer", "POST", f"/channels/{canvas.id}/messages", times=None, **page(503))
    ask = await canvas.say("make it night")
    await stage.until(lambda: fault.seen > 1)
    await stage.kill()
    seen = fault.seen
    await stage.start()
    await stage.until(lambda: fault.seen > seen + 1)
    assert state(stage, ask) == "painted"
    assert counted(stage, ask)[1][:2] == COUNTED
    stage.sandbox.faults.clear()
    assert await stage.digest(await canvas.answer(ask)) in stage.painter.made
    assert list(await canvas.pictures()) == ["v1", "v2"]
    assert len(stage.requests("make it night")) == 1


@asynccontextmanager
async def later(stage: Stage, name: str) -> AsyncIterator[None]:
    """Events of this name come only when this is left."""
    listeners, held = stage.sandbox.world.listeners, list[Event]()
    usual = list(listeners)

    def tell(event: Event) -> None:
        if event.name == name:
            held.append(event)
        else:
            stage.sandbox.gateway.publish(event)

    listeners[:] = [tell]
    try:
        yield
    finally:
        listeners[:] = usual
        for event in held:
            stage.sandbox.world.publish(event)


async def test_a_message_that_is_heard_of_after_its_edit_or_its_deletion_is_asked_or_not_as_it_is_now(stage: Stage):
    canvas = await stage.canvas()
    async with later(stage, "MESSAGE_CREATE"):
        changed, unsaid, kept = [await canvas.say(words) for words in ("add a boat", "add a cat", "add a moon")]
        await stage.ana.edit(changed, "add a ship")
        await stage.ana.delete(unsaid)
    answers = [await canvas.answer(each) for each in (changed, kept)]
    assert [numbers(each) for each in answers] == [["v2"], ["v3"]]
    assert not stage.requests("add a cat")


async def test_messages_that_are_heard_of_after_they_were_deleted_at_once_are_not_asks(stage: Stage):
    canvas = await stage.canvas()
    async with later(stage, "MESSAGE_CREATE"):
        unsaid = [await canvas.say(words) for words in ("add a cat", "add a dog")]
        kept = await canvas.say("add a moon")
        ids = {"messages": [str(each.id) for each in unsaid]}
        await stage.ana.call("POST", f"/channels/{canvas.id}/messages/bulk-delete", ids)
    assert numbers(await canvas.answer(kept)) == ["v2"]
    assert not [*stage.requests("add a cat"), *stage.requests("add a dog")]


@pytest.mark.parametrize("answer", [says(403, 160005, "Thread is locked"), says(400, 50083, "Thread is archived")])
async def test_a_thread_that_is_open_again_by_the_time_it_counts_as_closed_gets_its_picture_and_no_sign_stays(
    stage: Stage, answer: dict[str, Any]
):
    canvas = await stage.canvas()
    stage.sandbox.faults.add("answer", "POST", f"/channels/{canvas.id}/messages", **answer)
    ask = await canvas.say("make it night")
    assert numbers(await canvas.answer(ask)) == ["v2"]
    await stage.until(lambda: not signed(stage, ask))
    _, (how, pictures, _) = counted(stage, ask)
    assert (how, pictures) == FREE
    await canvas.ask("add a boat")
    assert await canvas.saw("add a boat") == ["v2"]
    assert list(await canvas.pictures()) == ["v1", "v2", "v3"]


async def test_a_channel_with_as_many_threads_as_it_may_have_is_told_and_nothing_is_painted(stage: Stage):
    stage.sandbox.world.rules.active_threads = 0
    ask = await stage.ana.say("studio", f"{BOT} a red house")
    told = await stage.ana.wait_for(lambda post: post.is_from_bot and post.reply_to == ask.id, "studio", DEADLINE)
    assert told.text == sentence("error.thread_refused")
    assert counted(stage, ask) == ([], ("returned", 0, 0))


async def test_a_server_that_is_unavailable_for_a_while_gets_its_picture_when_it_is_back(stage: Stage):
    canvas = await stage.canvas()
    gateway, world = stage.sandbox.gateway, stage.sandbox.world
    async with stage.held() as is_painting:
        ask = await canvas.say("make it night")
        await stage.until(is_painting)
        gone = json.dumps({"id": str(seed.GUILD), "unavailable": True}).encode()
        gateway.tell(seed.BOT, "GUILD_DELETE", gone)
    assert numbers(await canvas.answer(ask)) == ["v2"]
    [session] = [each for each in gateway.sessions.values() if each.user_id == seed.BOT and each.line]
    welcome.greet(world, session)
    assert numbers(await canvas.ask("add a boat")) == ["v3"]


async def test_a_server_that_removes_the_bot_while_it_paints_pays_nothing_and_may_ask_it_back(
    stage: Stage,
):
    canvas = await stage.canvas()
    guild = stage.sandbox.world.guilds[seed.GUILD]
    async with stage.held() as is_painting:
        ask = await canvas.say("make it night")
        await stage.until(is_painting)
        member = guild.members.pop(seed.BOT)
        stage.sandbox.gateway.tell(seed.BOT, "GUILD_DELETE", json.dumps({"id": str(seed.GUILD)}).encode())
    await finished(stage, ask)
    assert counted(stage, ask)[1] == ("returned", 0, 0)
    guild.members[seed.BOT] = member
    await stage.restart()
    await canvas.ask("add a boat")
    assert await canvas.saw("add a boat") == ["v1"]
