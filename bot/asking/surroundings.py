"""What the store knows around an ask: the head, what it replies to, the versions that it names."""

from __future__ import annotations

from dataclasses import replace

from bot.asking import target
from bot.asking.target import Surroundings
from bot.errors import Refusal
from bot.model import Ask
from bot.store import Conversation, Desk, Said


async def surroundings(desk: Desk, ask: Ask) -> Surroundings:
    """What the store knows around an ask."""
    conversation = await desk.turns.conversation(ask.place.conversation)
    if conversation is None:
        return Surroundings()
    head = await desk.turns.get(conversation.head)
    every = await desk.versions.every_of_turn(conversation.head)
    painted = [each.number for each in every if not each.gone]
    led = conversation.head_number if conversation.head_number in painted else None
    around = Surroundings(
        head=head,
        head_number=led or (painted[-1] if painted else None),
        spoken=head is not None and head.ended and not head.lost and not every,
        named=await desk.versions.named(conversation.id, target.numbers(ask.words)),
        newest=conversation.newest,
    )
    return await _quoted_surroundings(desk, ask, around, conversation)


async def check_standing(desk: Desk, ask: Ask) -> None:
    """Refuse to edit what was deleted. Raises Refusal."""
    conversation = ask.place.conversation
    if ask.base is not None and await desk.versions.get(conversation, ask.base) is None:
        raise Refusal("version_gone", number=ask.base)
    quoted = await desk.messages.get(ask.quoted.message) if ask.quoted else None
    if quoted is not None and not await desk.versions.of_message(conversation, quoted.id):
        for number in await desk.versions.buried_in(conversation, quoted.id):
            raise Refusal("version_gone", number=number)
    failed = quoted.turn if quoted is not None and quoted.kind is Said.FAILURE else None
    again = await desk.turns.get(ask.again or failed)
    base = await desk.versions.find(conversation, again.base) if again else None
    if base is not None and base.gone:
        raise Refusal("base_gone", number=base.number)
    if again is not None and not again.words and not ask.words:
        raise Refusal("words_gone")


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
