"""Members' files from Discord's CDN, and from nowhere else."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

import aiohttp

from bot.errors import BadPicture
from bot.model import Upload

LARGEST = 50 * 2**20  #: bytes of one file
DEADLINE = 20.0  #: seconds for one file
TRIES = 3
CHUNK = 256 * 1024


@dataclass(frozen=True)
class Downloads:
    """Fetches uploads with a limit on size and time. `hosts` are the only ones ever asked."""

    session: aiohttp.ClientSession
    hosts: Sequence[str]

    async def fetch(self, upload: Upload) -> bytes:
        """The bytes of a file. Raises BadPicture with the reason."""
        self._check(upload)
        try:
            async with asyncio.timeout(DEADLINE):
                return await self._try(upload)
        except TimeoutError as error:
            raise BadPicture("slow", name=upload.name) from error

    async def _try(self, upload: Upload) -> bytes:
        for pause in (0.2, 1.0):
            try:
                return await self._read(upload)
            except aiohttp.ClientError:
                await asyncio.sleep(pause)
        try:
            return await self._read(upload)
        except aiohttp.ClientError as error:
            raise BadPicture("gone", name=upload.name) from error

    async def _read(self, upload: Upload) -> bytes:
        async with self.session.get(upload.url, allow_redirects=False) as response:
            if response.status >= 500:
                response.raise_for_status()
            if response.status != 200:
                raise BadPicture("gone", name=upload.name)
            return await _limited(response, upload)

    def _check(self, upload: Upload) -> None:
        if not allowed(upload.url, self.hosts):
            raise BadPicture("foreign_host", name=upload.name)
        if upload.size > LARGEST:
            raise too_big(upload, upload.size)


async def _limited(response: aiohttp.ClientResponse, upload: Upload) -> bytes:
    """The body, read in pieces so that one that never ends is left in time."""
    body = bytearray()
    async for chunk in response.content.iter_chunked(CHUNK):
        body += chunk
        if len(body) > LARGEST:
            raise too_big(upload, len(body))
    return bytes(body)


def too_big(upload: Upload, size: int) -> BadPicture:
    """What is said of a file beyond the limit."""
    return BadPicture("too_many_bytes", name=upload.name, size=_mib(size), limit=_mib(LARGEST))


def allowed(url: str, hosts: Sequence[str]) -> bool:
    """Https to a listed host; plain http only where that host is this machine itself."""
    parts = urlsplit(url)
    if parts.hostname not in hosts:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _loopback(parts.hostname or ""))


def _loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _mib(size: int) -> str:
    return f"{size / 2**20:.0f} MiB"
