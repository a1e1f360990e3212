"""Members' files from Discord's CDN, and from nowhere else: onto the disk, into files without a name."""

from __future__ import annotations

import asyncio
import logging
import math
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urljoin, urlsplit

import aiohttp

from bot.errors import BadPicture
from bot.model import Upload

CHUNK = 256 * 1024
BLOCK = 2**20  #: bytes that are written at a time
REDIRECTS = {301, 302, 303, 307, 308}
HOPS = 3

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Downloads:
    """Fetches uploads with a limit on size and time. `hosts` are the only ones ever asked."""

    session: aiohttp.ClientSession
    hosts: Sequence[str]
    directory: Path | None = None  #: where files lie for a moment; they vanish with the bot, however that ends
    largest: int = 50 * 2**20  #: bytes of one file
    deadline: float = 20.0  #: seconds for one file
    pauses: Sequence[float] = (0.2, 1.0)  #: seconds before each further try

    @asynccontextmanager
    async def fetch(self, upload: Upload) -> AsyncIterator[BinaryIO]:
        """A file, to be read while this is open. Raises BadPicture with the reason."""
        self._check(upload)
        with await self._file(upload) as file:
            try:
                async with asyncio.timeout(self.deadline):
                    await self._insist(upload, file)
            except TimeoutError as error:
                raise BadPicture("slow", name=upload.name) from error
            yield file

    async def _insist(self, upload: Upload, file: BinaryIO) -> None:
        for pause in self.pauses:
            try:
                return await self._try(upload, file)
            except aiohttp.ClientError:
                await asyncio.sleep(pause)
        try:
            await self._try(upload, file)
        except aiohttp.ClientError as error:
            raise BadPicture("gone", name=upload.name) from error

    async def _try(self, upload: Upload, file: BinaryIO) -> None:
        url = upload.url
        for _ in range(1 + HOPS):
            async with self.session.get(url, allow_redirects=False) as response:
                if response.status in REDIRECTS:
                    url = self._elsewhere(response, upload)
                    continue
                if response.status >= 500:
                    response.raise_for_status()
                if response.status != 200:
                    break
                return await self._keep(response, upload, file)
        raise BadPicture("gone", name=upload.name)

    def _elsewhere(self, response: aiohttp.ClientResponse, upload: Upload) -> str:
        """Where the host sends us, if that is one of those that may be asked."""
        url = urljoin(str(response.url), response.headers.get("Location", ""))
        if not allowed(url, self.hosts):
            raise BadPicture("foreign_host", name=upload.name)
        return url

    async def _keep(self, response: aiohttp.ClientResponse, upload: Upload, file: BinaryIO) -> None:
        """The body, read in pieces so that one that never ends is left in time."""
        file.seek(0)
        file.truncate()
        size, block = 0, bytearray()
        async for chunk in response.content.iter_chunked(CHUNK):
            size += len(chunk)
            if size > self.largest:
                raise self._too_big(upload, size)
            block += chunk
            if len(block) >= BLOCK:
                await self._write(file, bytes(block), upload)
                block = bytearray()
        await self._write(file, bytes(block), upload)

    async def _write(self, file: BinaryIO, block: bytes, upload: Upload) -> None:
        def write() -> None:
            rest = memoryview(block)
            while rest:
                rest = rest[file.write(rest) :]

        try:
            await asyncio.to_thread(write)
        except OSError as error:
            raise _no_room(upload, error) from error

    async def _file(self, upload: Upload) -> BinaryIO:
        try:
            return await asyncio.to_thread(lambda: tempfile.TemporaryFile(buffering=0, dir=self.directory))
        except OSError as error:
            raise _no_room(upload, error) from error

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


def _no_room(upload: Upload, error: OSError) -> BadPicture:
    log.error("a member's file can't be kept on the disk for a moment: %s", error)
    return BadPicture("no_room", name=upload.name)


def _mib(size: int) -> str:
    return f"{math.ceil(size / 2**20)} MiB"
