"""The gateway: websockets on which clients identify, hear what happens, and come back after a break."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from contextlib import suppress
from typing import Any

import orjson
from aiohttp import WSMsgType, web

from bot.sandbox.discord import welcome
from bot.sandbox.discord.compression import wire_for
from bot.sandbox.discord.events import Event
from bot.sandbox.discord.intents import ALL, Intent
from bot.sandbox.discord.nouns import Json
from bot.sandbox.discord.session import Line, Raw, Session
from bot.sandbox.discord.starts import Starts
from bot.sandbox.discord.world import World

HEARTBEAT, IDENTIFY, PRESENCE, RESUME, RECONNECT, INVALID, HELLO, ACK = 1, 2, 3, 6, 7, 9, 10, 11
UNKNOWN_OP, UNREADABLE, NOT_IDENTIFIED, WRONG_TOKEN, AGAIN, TIMED_OUT = 4001, 4002, 4003, 4004, 4005, 4009
INVALID_SHARD, INVALID_INTENTS, DISALLOWED_INTENTS = 4010, 4013, 4014
NETWORK = 0.02  # seconds a real answer would be on its way


class Gateway:
    """All sessions, live or waiting to be resumed."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._lines: set[Line] = set()
        self.sessions: dict[str, Session] = {}
        self.starts = Starts(world)
        # How many times more than once each event is sent to the bot.
        self.duplicates = 0
        # How the bot's next tries to come in end: the code of a close, or an op and its data.
        self.turned_away: deque[int | tuple[int, Any]] = deque()
        # The bot's tries to come in, IDENTIFY or RESUME, and when (monotonic seconds).
        self.arrivals: list[tuple[int, float]] = []
        # Whose heartbeats came, and when (monotonic seconds).
        self.heartbeats: deque[tuple[int, float]] = deque(maxlen=10_000)

    def publish(self, event: Event) -> None:
        """Give an event to every session that may see it."""
        self._forget_lost()
        bot_id = self._world.application.bot_id
        for session in self.sessions.values():
            if not session.wants(event, self._world):
                continue
            for _ in range(1 + self.duplicates if session.user_id == bot_id else 1):
                session.dispatch(event)

    def _forget_lost(self) -> None:
        since = self._world.clock.now() - self._world.rules.session_waits
        for session in [one for one in self.sessions.values() if one.line is None and one.lost_at < since]:
            del self.sessions[session.id]

    def is_connected(self, user_id: int) -> bool:
        """Whether a client of this user listens right now."""
        return bool(self._live(user_id))

    def _live(self, user_id: int) -> list[Session]:
        return [one for one in self.sessions.values() if one.user_id == user_id and one.line is not None]

    def close(self, code: int, user_id: int) -> None:
        """Close the user's sockets with a code; their sessions may be resumed."""
        for session in self._live(user_id):
            self._hang_up(session, code)

    def reconnect(self, user_id: int) -> None:
        """Ask the user's clients to reconnect and resume (op 7)."""
        for session in self._live(user_id):
            assert session.line is not None
            session.line.say(RECONNECT)

    def invalidate(self, user_id: int) -> None:
        """Tell the user's clients that their session is over (op 9)."""
        for session in [one for one in self.sessions.values() if one.user_id == user_id]:
            del self.sessions[session.id]
            if session.line is not None:
                session.line.say(INVALID, data=False)

    def garble(self, user_id: int, frame: bytes) -> None:
        """Send the user's clients something as it is, without its number among the events."""
        for session in self._live(user_id):
            assert session.line is not None
            session.line.put(frame)

    def tell(self, user_id: int, name: str, data: bytes) -> None:
        """An event for the user's clients alone, whatever is in it."""
        for session in [one for one in self.sessions.values() if one.user_id == user_id]:
            session.send(name, data)

    def close_all(self) -> None:
        """End every connection."""
        for line in self._lines:
            line.put(1001)

    def _hang_up(self, session: Session, code: int) -> None:
        if session.line is not None:
            session.line.put(code)
            self._lose(session)

    def _lose(self, session: Session) -> None:
        session.line, session.lost_at = None, self._world.clock.now()

    async def connect(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one websocket from HELLO to its close."""
        socket = web.WebSocketResponse(autoclose=True, compress=False, max_msg_size=1 << 16)
        await socket.prepare(request)
        connection = _Connection(self, self._world, socket)
        self._lines.add(connection.line)
        writer = asyncio.create_task(connection.write(request.query.get("compress", "")))
        try:
            await connection.read()
        finally:
            self._lines.discard(connection.line)
            self._part(connection, socket.close_code)
            writer.cancel()
            with suppress(asyncio.CancelledError):
                await writer
        return socket

    def _part(self, connection: _Connection, code: int | None) -> None:
        session = connection.session
        if session is None or session.line is not connection.line:
            return
        self._lose(session)
        # 1000 and 1001 say that the client will not come back.
        if code in (1000, 1001):
            self.sessions.pop(session.id, None)


class _Connection:
    """One websocket."""

    def __init__(self, gateway: Gateway, world: World, socket: web.WebSocketResponse) -> None:
        self._gateway = gateway
        self._world = world
        self._socket = socket
        self.line = Line()
        self.session: Session | None = None

    async def write(self, compress: str) -> None:
        """Send what the line holds until it says to close."""
        wire = wire_for(compress)
        while True:
            frame = await self.line.frames.get()
            if isinstance(frame, int):
                await self._socket.close(code=frame)
                return
            try:
                await (self._socket.send_bytes(frame) if isinstance(frame, Raw) else wire.send(self._socket, frame))
            except ConnectionError:
                return

    async def read(self) -> None:
        """Greet the client and answer it until it leaves or falls silent."""
        interval = self._world.rules.heartbeat_interval
        self.line.say(HELLO, {"heartbeat_interval": int(interval * 1000), "_trace": []})
        while True:
            try:
                message = await self._socket.receive(timeout=interval * 1.5)
            except TimeoutError:
                await self._socket.close(code=TIMED_OUT)
                return
            if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                return
            self._take(message.data)

    def _take(self, raw: str | bytes) -> None:
        try:
            frame = orjson.loads(raw)
            op, data = frame["op"], frame.get("d")
        except (orjson.JSONDecodeError, TypeError, KeyError):
            self.line.put(UNREADABLE)
            return
        answer = {
            HEARTBEAT: self._heartbeat,
            IDENTIFY: self._identify,
            RESUME: self._resume,
            PRESENCE: self._ignore,
        }.get(op)
        if op in (IDENTIFY, RESUME) and self._is_turned_away(op, str(data.get("token"))):
            return
        if answer is None:
            self.line.put(UNKNOWN_OP)
        elif self.session is None and op not in (HEARTBEAT, IDENTIFY, RESUME):
            self.line.put(NOT_IDENTIFIED)
        else:
            answer(data)

    def _is_turned_away(self, op: int, token: str) -> bool:
        gateway = self._gateway
        if self._user_of(token) != self._world.application.bot_id:
            return False
        gateway.arrivals.append((op, time.monotonic()))
        if not gateway.turned_away:
            return False
        how = gateway.turned_away.popleft()
        self.line.put(how) if isinstance(how, int) else self.line.say(*how)
        return True

    def _ignore(self, data: Any) -> None:
        pass

    def _heartbeat(self, _: Any) -> None:
        if self.session is not None:
            self._gateway.heartbeats.append((self.session.user_id, time.monotonic()))
        # discord.py notes when it sent a heartbeat only after sending it; an answer before that looks an interval late.
        if self._world.rules.heartbeats_answered:
            asyncio.get_running_loop().call_later(NETWORK, self.line.say, ACK)

    def _user_of(self, token: str) -> int | None:
        # A bot identifies with its bare token, while REST calls put "Bot " before it.
        return self._world.tokens.get(f"Bot {token}") or self._world.tokens.get(token)

    def _identify(self, data: Json) -> None:
        if self.session is not None:
            self.line.put(AGAIN)
            return
        user_id = self._user_of(str(data.get("token")))
        refused = self._refusal(user_id, data)
        if user_id is None or refused:
            self.line.put(refused or WRONG_TOKEN)
            return
        if user_id == self._world.application.bot_id and not self._gateway.starts.begin():
            self.line.put(WRONG_TOKEN)
            self._gateway.close(WRONG_TOKEN, user_id)
            return
        shard = data.get("shard") or (0, 1)
        session = Session(user_id, int(data.get("intents", ALL)), (int(shard[0]), int(shard[1])))
        session.line = self.line
        self.session = session
        self._gateway.sessions[session.id] = session
        welcome.greet(self._world, session)

    def _refusal(self, user_id: int | None, data: Json) -> int | None:
        if user_id is None:
            return WRONG_TOKEN
        if not self._world.users[user_id].bot:
            return None
        app, intents = self._world.application, data.get("intents")
        if not isinstance(intents, int) or intents & ~ALL:
            return INVALID_INTENTS
        shard = data.get("shard") or (0, 1)
        if not 0 <= shard[0] < shard[1]:
            return INVALID_SHARD
        permitted = (
            Intent.MESSAGE_CONTENT * app.message_content
            | Intent.GUILD_MEMBERS * app.guild_members
            | Intent.GUILD_PRESENCES * app.presences
        )
        privileged = Intent.MESSAGE_CONTENT | Intent.GUILD_MEMBERS | Intent.GUILD_PRESENCES
        return DISALLOWED_INTENTS if intents & privileged & ~permitted else None

    def _resume(self, data: Json) -> None:
        session = self._gateway.sessions.get(str(data.get("session_id")))
        after = int(data.get("seq") or 0)
        known = session is not None and session.user_id == self._user_of(str(data.get("token")))
        if session is None or not known or not session.can_resume(after):
            self.line.say(INVALID, data=False)
            return
        if refused := self._refusal(session.user_id, {"intents": session.intents}):
            self.line.put(refused)
            return
        if session.line is not None:
            session.line.put(AGAIN)
        session.line = self.line
        self.session = session
        session.replay(after)
