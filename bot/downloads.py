"""Members' files from Discord's CDN, and from nowhere else."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

import aiohttp

from bot.errors import BadPicture
from bot.model import Upload

CHUNK = 256 * 1024


@dataclass(frozen=True)
class Downloads:
    """Fetches uploads with a limit on size and time. `hosts` are the only ones ever asked."""

    session: aiohttp.ClientSession
    hosts: Sequence[str]
    largest: int = 50 * 2**20  #: bytes of one file
    deadline: float = 20.0  #: seconds for one file
    pauses: Sequence[float] = (0.2, 1.0)  #: seconds before each further try

    async def fetch(self, upload: Upload) -> bytes:
        """The bytes of a file. Raises BadPicture with the reason."""
        self._check(upload)
        try:
            async with asyncio.timeout(self.deadline):
                return await self._try(upload)
        except TimeoutError as error:
            raise BadPicture("slow", name=upload.name) from error

    async def _try(self, upload: Upload) -> bytes:
        for pause in self.pauses:
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
            return await self._limited(response, upload)

    async def _limited(self, response: aiohttp.ClientResponse, upload: Upload) -> bytes:
        """The body, read in pieces so that one that never ends is left in time."""
        body = bytearray()
        async for chunk in response.content.iter_chunked(CHUNK):
            body += chunk
            if len(body) > self.largest:
                raise self._too_big(upload, len(body))
        return bytes(body)

    def _check(self, upload: Upload) -> None:
        if not allowed(upload.url, self.hosts):
            raise BadPicture("foreign_host", name=upload.name)
        if upload.size > self.largest:
            raise self._too_big(upload, upload.size)

    def _too_big(self, upload: Upload, size: int) -> BadPicture:
        return BadPicture("too_many_bytes", name=upload.name, size=_mib(size), limit=_mib(self.largest))


def allowed(url: str, hosts: Sequence[str]) -> bool:
    """Https to a listed host; plain http only where that host is this machine itself."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    if parts.hostname not in hosts or "@" in parts.netloc:  # parsers differ about what stands before it
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _loopback(parts.hostname or ""))


def _loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _mib(size: int) -> str:
    return f"{math.ceil(size / 2**20)} MiB"
