"""Picture bytes, each kept under its own SHA-256: the same picture is kept once, and none ever changes.

A local folder by default; anything obstore speaks to (S3, GCS, Azure) with the same calls. With a key, what lies there
is sealed, under a name that tells nothing of the picture to who has no key.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore

from bot.recent import Recent
from bot.sealing import HEAD, PLAIN, Keyring, Unsealable

SIDES = (320, 800)  #: pixels of the longest side of the small copies: for a sheet of many, and to look at one or two

PREFIXES = tuple(f"{number:02x}" for number in range(256))  #: of names, and so of folders

log = logging.getLogger(__name__)


class Missing(KeyError):
    """There is no such picture in the gallery, or not any more."""

    def __str__(self) -> str:
        return f"no picture {self.args[0]} in the gallery"


@dataclass(frozen=True)
class Gallery:
    """Pictures by digest (hex). Every write is whole or not at all."""

    objects: ObjectStore
    folder: Path | None = None  #: where the objects are files, which a power failure may take back
    keys: Keyring = field(default_factory=Keyring)
    recent: Recent = field(default_factory=Recent)

    async def put(self, data: bytes, digest: str | None = None) -> str:
        """Keep these bytes and return their `digest`, which may be known; keeping them again changes nothing.

        Raises OSError.
        """
        mark = self.recent.mark
        kept = await asyncio.to_thread(self._put, data, digest)
        self.recent.remember(self.keys.name(kept), data, mark)
        asyncio.get_running_loop().call_later(self.recent.moment, self.recent.tidy)
        return kept

    async def get(self, digest: str) -> bytes:
        """The bytes, exactly as they were put. Raises Missing."""
        found = self.recent.get(self.keys.name(digest))
        return await asyncio.to_thread(self._get, digest) if found is None else found

    def file(self, digest: str) -> Path | None:
        """Where it would lie just as it was put; None where it is sealed, or in no folder."""
        return None if self.folder is None or self.keys.closed else self.folder / place(self.keys.name(digest))

    async def has(self, digest: str) -> bool:
        """Whether it is kept here."""
        return await asyncio.to_thread(self.lies, digest)

    def lies(self, digest: str) -> bool:
        """The same, for who is in a thread of their own: it blocks."""
        return any(self._size(name) for name in self.keys.names(digest))

    async def small(self, digest: str, side: int) -> bytes | None:
        """A copy with sides of at most one of SIDES, in pixels; None where none was kept yet."""
        return await asyncio.to_thread(self._read, _copy(self.keys.name(digest), side))

    async def put_small(self, digest: str, side: int, data: bytes) -> None:
        """Keep a copy beside its picture; where that was deleted meanwhile, the copy is not kept either."""
        await asyncio.to_thread(self._write, _copy(self.keys.name(digest), side), data)
        if not await self.has(digest):
            await self.delete(digest)

    async def delete(self, digest: str) -> None:
        """Forget the bytes for good, and their small copies. Forgetting what is not there is no error."""
        for name in self.keys.names(digest):
            for each in (name, *(_copy(name, side) for side in SIDES)):
                await self._drop(each)

    async def listed(self, prefix: str, before: float) -> list[str]:
        """The names of all files with a prefix that came before then, in seconds since the epoch; small copies too."""
        found = await self.objects.list_async(prefix).collect_async()
        return [Path(each["path"]).name for each in found if each["last_modified"].timestamp() < before]

    async def discard(self, name: str, before: float) -> bool:
        """Delete a file by its name, unless it came again meanwhile."""
        with suppress(FileNotFoundError):
            if (await self.objects.head_async(place(name)))["last_modified"].timestamp() < before:
                await self._drop(name)
                return True
        return False

    async def outdated(self) -> AsyncIterator[str]:
        """The names of all that is not kept as the first key would have it, small copies among them."""
        for prefix in PREFIXES:
            found = [Path(each["path"]).name for each in await self.objects.list_async(prefix).collect_async()]
            for name in found:
                if await self._sealer(name) != self.keys.current:
                    yield name

    async def renew(self, name: str) -> bool:
        """Keep it as the first key would have it; False for what can't be read. Small copies are made anew in time.

        The new file is on the disk before the old one goes: after a crash in between, there are both.
        """
        if "." not in name:
            data = await asyncio.to_thread(self._read, name) or b""
            if name not in self.keys.names(await asyncio.to_thread(_digest, data)):
                return False
            await self.put(data)
        await self._drop(name)
        return True

    async def sweep(self) -> None:
        """Remove what writes that were cut off have left behind. Nobody else may be at work meanwhile."""
        if self.folder is not None:
            await asyncio.to_thread(_sweep, self.folder)

    # -- in a thread: a hop for each step of the way would cost more than most of them

    def _put(self, data: bytes, known: str | None) -> str:
        digest = known or _digest(data)
        name = self.keys.name(digest)
        if self._size(name) == len(data) + self.keys.weight:
            if self.folder is not None:
                _renew(self.folder / place(name))
            return digest
        self._write(name, data)  # what a power failure emptied is written anew
        if self.folder is not None and not _is_on_disk(self.folder / place(name), self.folder):
            return self._put(data, digest)  # the same picture was deleted in this very moment, before it came again
        return digest

    def _get(self, digest: str) -> bytes:
        for name in self.keys.names(digest):
            if data := self._read(name):
                return data
        raise Missing(digest)

    def _write(self, name: str, data: bytes) -> None:
        try:
            self.objects.put(place(name), self.keys.seal(data, name), use_multipart=False)
        except BaseError as error:
            raise OSError(str(error).partition("\n")[0]) from error

    def _read(self, name: str) -> bytes | None:
        try:
            return self.keys.open(bytes(self.objects.get(place(name)).bytes()), name)
        except FileNotFoundError:
            return None
        except Unsealable:
            log.exception("the picture file %s can't be opened", name)
            return None

    def _size(self, name: str) -> int | None:
        try:
            return self.objects.head(place(name))["size"]
        except FileNotFoundError:
            return None

    # ------------------------------------------------------------------------------------------------------------------

    async def _sealer(self, name: str) -> str:
        """The id of the key that a file was sealed with."""
        with suppress(FileNotFoundError, BaseError):  # an empty file has no beginning
            key = self.keys.sealer(bytes(await self.objects.get_range_async(place(name), start=0, length=HEAD)))
            return key.id if key else PLAIN
        return PLAIN

    async def _drop(self, name: str) -> None:
        try:
            with suppress(FileNotFoundError):
                await self.objects.delete_async(place(name))
        finally:
            self.recent.forget(name)  # last: what comes again meanwhile is not remembered


def open_gallery(directory: Path, keys: Keyring | None = None) -> Gallery:
    """A gallery in a local folder, which is made if it is not there."""
    return Gallery(LocalStore(directory, mkdir=True), directory, keys or Keyring())


def _renew(file: Path) -> None:
    """It came again: whoever sweeps what nothing needs takes it for new."""
    with suppress(FileNotFoundError):
        os.utime(file)


def _is_on_disk(file: Path, folder: Path) -> bool:
    """The database must never know of a picture that the disk does not, nor of one in a folder that it does not.

    It is now; False where the file is gone.
    """
    for path in (file, file.parent, folder):
        try:
            descriptor = os.open(path, os.O_RDONLY)
        except FileNotFoundError:
            return False
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    return True


def _sweep(folder: Path) -> None:
    for unfinished in folder.glob("*/*#*"):  # as the library names a file until it is whole
        unfinished.unlink(missing_ok=True)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _copy(name: str, side: int) -> str:
    return f"{name}.{side}"


def place(name: str) -> str:
    """Where a file lies that has this name."""
    return f"{name[:2]}/{name}"  # a folder of a million files is slow to list and to back up
