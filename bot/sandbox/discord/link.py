"""A member's connection: REST calls and a gateway socket, as a small client has them."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import aiohttp
import orjson

from bot.sandbox.discord.nouns import Json

File = tuple[str, bytes]


@dataclass(frozen=True)
class Addresses:
    """Where the sandbox is."""

    api: str
    gateway: str


class Refused(Exception):
    """A REST call that did not succeed."""

    def __init__(self, status: int, body: Any) -> None:
        super().__init__(f"{status}: {body}")
        self.status = status
        self.body = body
        self.code = body.get("code", 0) if isinstance(body, dict) else 0


class Link:
    """Opened on first use; `close` ends it."""

    def __init__(self, addresses: Addresses, token: str, hear: Callable[[str, Json], None]) -> None:
        self._addresses = addresses
        self._token = token
        self._hear = hear
        self._session: aiohttp.ClientSession | None = None
        self._reader: asyncio.Task[None] | None = None
        self._opening = asyncio.Lock()
        self.session_id = ""
        self.changed = asyncio.Condition()

    async def open(self) -> aiohttp.ClientSession:
        """Connect and identify, once; everything the member may see has arrived then."""
        async with self._opening:
            if self._session is None:
                self._session = aiohttp.ClientSession(headers={"Authorization": self._token})
                socket = await self._session.ws_connect(self._addresses.gateway, max_msg_size=0)
                interval = await self._identify(socket)
                self._reader = asyncio.create_task(self._listen(socket, interval))
            return self._session

    async def close(self) -> None:
        """Hang up."""
        if self._reader is not None:
            self._reader.cancel()
            with suppress(asyncio.CancelledError):
                await self._reader
        if self._session is not None:
            await self._session.close()

    async def _identify(self, socket: aiohttp.ClientWebSocketResponse) -> float:
        """Say who we are; how often we have to show that we live, in seconds."""
        hello = await self._next(socket)
        await socket.send_str(orjson.dumps({"op": 2, "d": {"token": self._token, "properties": {}}}).decode())
        ready = await self._next(socket)
        self.session_id = ready["d"]["session_id"]
        for _ in ready["d"]["guilds"]:
            await self._next(socket)
        return float(hello["d"]["heartbeat_interval"]) / 1000

    async def _next(self, socket: aiohttp.ClientWebSocketResponse) -> Json:
        message = await socket.receive()
        if message.type is not aiohttp.WSMsgType.TEXT:
            raise ConnectionError(f"the gateway closed with {socket.close_code}")
        frame: Json = orjson.loads(message.data)
        self._take(frame)
        return frame

    def _take(self, frame: Json) -> None:
        if frame["op"] == 0:
            self._hear(frame["t"], frame["d"])

    async def _listen(self, socket: aiohttp.ClientWebSocketResponse, interval: float) -> None:
        beat = asyncio.create_task(self._beat(socket, interval))
        try:
            async for message in socket:
                self._take(orjson.loads(message.data))
                async with self.changed:
                    self.changed.notify_all()
        finally:
            beat.cancel()
            await socket.close()

    async def _beat(self, socket: aiohttp.ClientWebSocketResponse, interval: float) -> None:
        while True:
            await asyncio.sleep(interval)
            await socket.send_str('{"op":1,"d":null}')

    async def wait_until(self, found: Callable[[], Any], seconds: float) -> Any:
        """What `found` returns once it is not None, looked for after each event."""
        await self.open()
        async with self.changed, asyncio.timeout(seconds):
            while (value := found()) is None:
                await self.changed.wait()
            return value

    async def call(self, method: str, path: str, fields: Any = None, files: Sequence[File] = ()) -> Any:
        """A REST call; what it answers, or Refused."""
        session = await self.open()
        body: Any = None
        headers: dict[str, str] = {}
        if files:
            body = aiohttp.FormData(quote_fields=False)
            body.add_field("payload_json", orjson.dumps(fields).decode(), content_type="application/json")
            for i, (name, content) in enumerate(files):
                file = io.BytesIO(content)  # bytes of many megabytes are sent in one go, and hold the loop
                body.add_field(f"files[{i}]", file, filename=name, content_type="application/octet-stream")
        elif fields is not None:
            body, headers = orjson.dumps(fields), {"Content-Type": "application/json"}
        async with session.request(method, self._addresses.api + path, data=body, headers=headers) as answer:
            raw = await answer.read()
            value = orjson.loads(raw) if raw and answer.content_type == "application/json" else None
            if answer.status >= 400:
                raise Refused(answer.status, value)
            return value

    async def fetch(self, url: str) -> bytes:
        """The bytes behind an attachment's address."""
        session = await self.open()
        async with session.get(url) as answer:
            if answer.status != 200:
                raise Refused(answer.status, await answer.text())
            return await answer.read()
