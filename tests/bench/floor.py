"""The floor: a message comes in, a picture goes to Gemini, its answer to Discord, and nothing else is done.

It reads and writes JSON and base64 with the fastest libraries there are, so that being near it means something.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import orjson
import pybase64

from tests.bench.orders import MODEL, Orders, read_orders
from tests.bench.sampler import sampling

INTENTS = 1 << 0 | 1 << 9 | 1 << 15  #: servers, messages, their content


@dataclass
class Floor:
    """The least that a program can do between the two."""

    orders: Orders
    session: aiohttp.ClientSession
    group: asyncio.TaskGroup
    picture: bytes

    async def run(self) -> None:
        """Listen until the gateway hangs up."""
        async with self.session.ws_connect(self.orders.gateway_url, max_msg_size=0) as socket:
            hello = await socket.receive_json()
            self._do(self._beat(socket, hello["d"]["heartbeat_interval"] / 1000))
            identity = {"token": self.orders.token, "intents": INTENTS, "properties": {}}
            await socket.send_json({"op": 2, "d": identity})
            async for frame in socket:
                event = orjson.loads(frame.data)
                if event["t"] == "MESSAGE_CREATE" and not event["d"]["author"].get("bot"):
                    self._do(self._edit(event["d"]))

    def _do(self, work: Coroutine[None, None, None]) -> None:
        self.group.create_task(work)

    async def _beat(self, socket: aiohttp.ClientWebSocketResponse, interval: float) -> None:
        while True:
            await socket.send_json({"op": 1, "d": None})
            await asyncio.sleep(interval)

    async def _edit(self, message: Mapping[str, Any]) -> None:
        picture = {"mimeType": "image/jpeg", "data": pybase64.b64encode_as_string(self.picture)}
        contents = [{"role": "user", "parts": [{"inlineData": picture}, {"text": message["content"]}]}]
        answer = await self._ask_gemini(orjson.dumps({"contents": contents}))
        parts = orjson.loads(answer)["candidates"][0]["content"]["parts"]
        painted = next(part["inlineData"]["data"] for part in parts if "inlineData" in part)
        await self._post(message["channel_id"], pybase64.b64decode(painted))

    async def _ask_gemini(self, body: bytes) -> bytes:
        url = f"{self.orders.gemini_url}/v1/models/{MODEL}:generateContent"
        headers = {"x-goog-api-key": "bench", "Content-Type": "application/json", "Accept-Encoding": "identity"}
        async with self.session.post(url, data=body, headers=headers) as answer:
            return await answer.read()

    async def _post(self, channel: str, picture: bytes) -> None:
        form = aiohttp.FormData({"payload_json": "{}"})
        form.add_field("files[0]", picture, filename="picture.jpg", content_type="image/jpeg")
        url = f"{self.orders.api_url}/channels/{channel}/messages"
        async with self.session.post(url, data=form, headers={"Authorization": f"Bot {self.orders.token}"}) as posted:
            await posted.read()


async def _main(orders: Orders) -> None:
    picture = await asyncio.to_thread(Path(orders.picture).read_bytes)
    connector = aiohttp.TCPConnector(limit=0)
    async with (
        sampling(orders.sampled),
        aiohttp.ClientSession(connector=connector) as session,
        asyncio.TaskGroup() as group,
    ):
        await Floor(orders, session, group, picture).run()


if __name__ == "__main__":
    asyncio.run(_main(read_orders()))
