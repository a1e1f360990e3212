"""The sandbox's web page: plain files, and a browser that may load nothing from elsewhere."""

from __future__ import annotations

import asyncio
from pathlib import Path

from aiohttp import web

POLICY = (
    "default-src 'self'; img-src 'self' blob: data:; connect-src 'self' {socket}; style-src 'self'; "
    "script-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'"
)
_MISSING = "The sandbox's page is not here; its API is."


class Page:
    """Serves a folder at `/`."""

    def __init__(self, folder: Path, socket: str) -> None:
        self._folder = folder.resolve()
        self._headers = {
            "Cache-Control": "no-store",
            "Content-Security-Policy": POLICY.format(socket=socket),
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
        }

    def routes(self) -> list[web.RouteDef]:
        """Every path that nobody else has taken."""
        return [web.get("/{name:.*}", self.serve)]

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """A file, or a plain sentence."""
        name = request.match_info["name"] or "index.html"
        if not request.match_info["name"] and request.url.host == "localhost":
            # Attachments and gateway name 127.0.0.1, so the page has to come from there too.
            raise web.HTTPFound(str(request.url.with_host("127.0.0.1")))
        path = await asyncio.to_thread(self._find, name)
        if path is None:
            return web.Response(status=404, text=_MISSING, headers=self._headers)
        return web.FileResponse(path, headers=self._headers)

    def _find(self, name: str) -> Path | None:
        path = (self._folder / name).resolve()
        return path if path.is_relative_to(self._folder) and path.is_file() else None
