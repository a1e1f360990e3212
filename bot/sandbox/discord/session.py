"""A gateway session: one client's numbered stream of events, which outlives its connection."""

from __future__ import annotations

import asyncio
import secrets
from collections import deque
from dataclasses import dataclass, field

import orjson

from bot.sandbox.discord.events import Event
from bot.sandbox.discord.intents import ALL, Intent, wanted
from bot.sandbox.discord.nouns import Json
from bot.sandbox.discord.world import World

_REMEMBERED = 20_000


class Raw(bytes):
    """What goes over the wire as it is, past all compression."""


@dataclass(eq=False)
class Line:
    """A live connection's outgoing frames; a code instead of a frame closes it."""

    frames: asyncio.Queue[bytes | int] = field(default_factory=asyncio.Queue)

    def put(self, frame: bytes | int) -> None:
        """Queue a frame, or the close code that ends the connection."""
        self.frames.put_nowait(frame)

    def say(self, op: int, data: object = None) -> None:
        """Queue a frame that carries no event."""
        self.put(orjson.dumps({"op": op, "d": data, "s": None, "t": None}))


@dataclass(eq=False)
class Session:
    """What one IDENTIFY has begun."""

    user_id: int
    intents: int = ALL
    shard: tuple[int, int] = (0, 1)
    id: str = field(default_factory=lambda: secrets.token_hex(16))
    sequence: int = 0
    line: Line | None = None
    lost_at: float = 0.0
    _sent: deque[tuple[int, bytes]] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))

    def wants(self, event: Event, world: World) -> bool:
        """Whether this client may see the event and asked for it."""
        if event.session_id not in (None, self.id):
            return False
        if not self._is_ours(event.guild_id) or not wanted(event, self.intents, self.user_id):
            return False
        if event.only is not None:
            return self.user_id in event.only
        if event.channel_id is not None:
            channel = world.channels.get(event.channel_id)
            return channel is not None and world.sees(self.user_id, channel)
        return event.guild_id is None or self.user_id in world.guilds[event.guild_id].members

    def _is_ours(self, guild_id: int | None) -> bool:
        number, count = self.shard
        return ((guild_id or 0) >> 22) % count == number

    def dispatch(self, event: Event) -> None:
        """Send an event now, or keep it for a RESUME."""
        self.send(event.name, event.full if self.intents & Intent.MESSAGE_CONTENT else event.blank)

    def tell(self, name: str, data: Json) -> None:
        """Send an event that only this client gets."""
        self.send(name, orjson.dumps(data))

    def send(self, name: str, data: bytes) -> None:
        """Number a frame, remember it, and send it if somebody listens."""
        self.sequence += 1
        # Joined by hand: the data was made into JSON once, for every session alike.
        frame = b'{"op":0,"s":%d,"t":"%s","d":%s}' % (self.sequence, name.encode(), data)
        self._sent.append((self.sequence, frame))
        if self.line is not None:
            self.line.put(frame)

    def replay(self, after: int) -> None:
        """Send again what came after a sequence number, then RESUMED."""
        assert self.line is not None
        for number, frame in list(self._sent):
            if number > after:
                self.line.put(frame)
        self.tell("RESUMED", {})

    def can_resume(self, after: int) -> bool:
        """Whether everything after a sequence number is still remembered."""
        return after <= self.sequence and (not self._sent or self._sent[0][0] <= after + 1)
