"""What the store knows around an ask: the head, what it replies to, the versions that it names."""

from __future__ import annotations

from dataclasses import replace

from bot import target
from bot.model import Ask
from bot.store import Conversation, Desk, Said
from bot.target import Surroundings


async def surroundings(desk: Desk, ask: Ask) -> Surroundings:
    """What the store knows around an ask."""
    conversation = await desk.turns.conversation(ask.place.conversation)
    if conversation is None:
        return Surroundings()
    head = await desk.turns.get(conversation.head)
    painted = await desk.versions.of_turn(conversation.head)
    around = Surroundings(
        head=head,
        head_number=conversation.head_number or (painted[-1].number if painted else None),
        spoken=head is not None and head.ended and not head.lost and not painted,
        named=await desk.versions.named(conversation.id, target.numbers(ask.words)),
        newest=conversation.newest,
    )
    return await _quoted_surroundings(desk, ask, around, conversation)


async def _quoted_surroundings(desk: Desk, ask: Ask, around: Surroundings, conversation: Conversation) -> Surroundings:
    if ask.again is not None:
        return replace(around, replied=await desk.turns.get(ask.again), own=True)
    if ask.base is not None:
        return replace(around, seen=await desk.versions.named(conversation.id, [ask.base]), own=True)
    if ask.quoted is None:
        return around
    message = await desk.messages.get(ask.quoted.message)
    seen = await desk.versions.of_message(conversation.id, ask.quoted.message)
    if message is None or message.conversation != conversation.id:  # a picture posted this very moment is known by name
        seen = seen or await desk.versions.named(conversation.id, ask.quoted.shows)
        return replace(around, seen=seen, own=bool(ask.quoted.shows))
    if not seen and message.kind is Said.ANSWER:
        seen = await desk.versions.of_turn(message.turn)
    replied = await desk.turns.get(message.turn)
    return replace(around, seen=seen, replied=replied, own=True, status=message.kind is Said.STATUS)
