"""Writes down what the audit channel is told, in the transaction of what happened; nothing where none is chosen."""

from __future__ import annotations

import time
from typing import Any

from bot.model import Ask, Kind, Member, Turn
from bot.store import Desk, Entry
from bot.store.audit import SETTING

BY_RULES = frozenset({"words", "words_told", "words_shared"})  #: outcomes that the rules on words tell of themselves
UNOPENED = "thread_refused"  #: the ask's thread is not there, only its message


async def ended(desk: Desk, turn: Turn, *, by: Member | None = None, reason: str = "") -> None:
    """A turn came to its end: painted, failed for a reason, or cancelled by somebody."""
    if turn.server is None or not await _wanted(desk, turn.server):
        return
    now = await desk.turns.get(turn.id) or turn
    opened = reason != UNOPENED
    told: dict[str, Any] = {
        "what": "brought" if now.kind is Kind.UPLOAD else "declined" if reason.startswith("declined") else now.state,
        "words": now.recipe or now.words,
        "channel": now.conversation if opened else now.channel,
        "message": now.message if opened else now.conversation,
        "numbers": [each.number for each in await desk.versions.of_turn(now.id)],
        "dollars": await desk.audit.spent(now.id),
        "why": now.failure or "",
        "by": by.id if by else None,
    }
    await desk.audit.note(Entry(turn.server, time.time(), "turn", told, turn=now.id, member=now.member.id))


async def cancelled(desk: Desk, turn: Turn, by: Member | None = None) -> bool:
    """Withdraw an ask that still waits; False where it does not."""
    done = await desk.turns.cancel(turn.id)
    if done:
        await ended(desk, turn, by=by)
    return done


async def failed(desk: Desk, turn: Turn, sentence: str, *, reason: str, dollars: float) -> None:
    """The turn came to nothing."""
    await desk.turns.fail(turn, sentence, reason, dollars)
    await ended(desk, turn, reason=reason)


async def heard(desk: Desk, ask: Ask, outcome: str, why: str, *, refused: bool = False) -> None:
    """An ask is heard, and no turn comes of it; `why` is what its asker was told, where it was turned away."""
    new = await desk.messages.hear(ask, outcome, refused=refused)
    if why and outcome not in BY_RULES and (new or ask.agreed or ask.choice is not None):  # they bear the id of an ask
        await turned_away(desk, ask, why)


async def barred(desk: Desk, ask: Ask, outcome: str, why: str) -> None:
    """Somebody who was about to ask is turned away, before there is anything to answer."""
    if outcome in BY_RULES:
        await desk.messages.hear(ask, outcome, refused=True)
    else:
        await turned_away(desk, ask, why)


async def turned_away(desk: Desk, ask: Ask, why: str) -> None:
    """Somebody was, free."""
    server = ask.place.server
    if server is not None and await _wanted(desk, server):
        words = ask.recipe.title if ask.recipe else ask.words
        told = {"what": "refused", "words": words, "why": why, "channel": ask.place.channel}
        told["message"] = None if ask.pressed else ask.id
        await desk.audit.note(Entry(server, time.time(), "refusal", told, turn=ask.id, member=ask.member.id))


async def deleted(desk: Desk, turn: Turn, number: int, by: Member) -> None:
    """A moderator deleted somebody's picture."""
    if turn.server is not None:
        told = {"what": "deleted", "number": number, "asker": turn.member.id, "channel": turn.conversation}
        await desk.audit.note(Entry(turn.server, time.time(), "change", told, member=by.id))


async def set_anew(desk: Desk, server: int | None, by: Member, *, thread: int | None, **values: object) -> None:
    """Somebody changed the settings of a `thread`, or of the server where that is None: `name`, `before`, `after`.

    What moderators change waits for a channel; what members do in a thread is told where there is one, or never.
    """
    if server is not None and (thread is None or await _wanted(desk, server)):
        told = {"what": "setting", "thread": thread, **values}
        kind = "change" if thread is None else SETTING
        await desk.audit.note(Entry(server, time.time(), kind, told, member=by.id))


async def _wanted(desk: Desk, server: int) -> bool:
    return (await desk.rules.of(server)).audit is not None
