"""Where attachments are fetched: signed addresses that expire, and no account needed."""

from __future__ import annotations

import hmac
from urllib.parse import quote

from aiohttp import web

from bot.sandbox.discord.nouns import Attachment
from bot.sandbox.discord.world import World

GONE = "This content is no longer available."


def address(world: World, attachment: Attachment) -> str:
    """A fresh signed url, good for a day."""
    path = _path(world, attachment)
    issued = int(world.clock.now())
    expires = int(issued + world.rules.url_lives)
    return f"{world.origin}{path}?ex={expires:x}&is={issued:x}&hm={_seal(world, path, expires, issued)}&"


def _path(world: World, attachment: Attachment) -> str:
    place, owner = "attachments", attachment.channel_id
    if attachment.ephemeral:
        place, owner = "ephemeral-attachments", world.application.id
    return f"/{place}/{owner}/{attachment.id}/{quote(attachment.filename)}"


def _seal(world: World, path: str, expires: int, issued: int) -> str:
    return hmac.digest(world.secret, f"{path}{expires:x}.{issued:x}".encode(), "sha256").hex()


def attachment_id_in(world: World, url: str) -> int | None:
    """The attachment an address of ours points at, signed or not."""
    path = url.removeprefix(world.origin).split("?")[0].split("/")
    is_ours = url.startswith(world.origin) and len(path) == 5 and path[3].isdigit()
    return int(path[3]) if is_ours else None


class Cdn:
    """Serves the vault."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.RouteDef]:
        """The paths of attachments on messages and of those in commands."""
        tail = "{owner}/{attachment_id:\\d+}/{filename}"
        return [
            web.get(f"/attachments/{tail}", self.serve),
            web.get(f"/ephemeral-attachments/{tail}", self.serve),
        ]

    async def serve(self, request: web.Request) -> web.Response:
        """The bytes, or 404 with the words Discord uses for expired, forged and deleted ones alike."""
        found = self._world.vault.find(int(request.match_info["attachment_id"]))
        if found is None or not self._is_signed(request, found[0]):
            return web.Response(status=404, text=GONE)
        attachment, content = found
        kind = attachment.content_type or "application/octet-stream"
        headers = {"Content-Type": kind, "Cache-Control": "private, max-age=3600", "X-Content-Type-Options": "nosniff"}
        return web.Response(body=content, headers=headers)

    def _is_signed(self, request: web.Request, attachment: Attachment) -> bool:
        try:
            expires, issued = int(request.query["ex"], 16), int(request.query["is"], 16)
        except (KeyError, ValueError):
            return False
        path = _path(self._world, attachment)
        seal = _seal(self._world, path, expires, issued)
        fresh = self._world.clock.now() < expires
        return fresh and hmac.compare_digest(seal, request.query.get("hm", "")) and request.path_qs.startswith(path)
