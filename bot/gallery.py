"""Picture bytes, each kept under its own SHA-256: the same picture is kept once, and none ever changes.

A local folder by default; anything obstore speaks to (S3, GCS, Azure) with the same calls.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore

SIDES = (320, 800)  #: pixels of the longest side of the small copies: for a sheet of many, and to look at one or two


class Missing(KeyError):
    """There is no such picture in the gallery, or not any more."""

    def __str__(self) -> str:
        return f"no picture {self.args[0]} in the gallery"


@dataclass(frozen=True)
class Gallery:
    """Pictures by digest (hex). Every write is whole or not at all."""

    objects: ObjectStore
    folder: Path | None = None  #: where the objects are files, which a power failure may take back

    async def put(self, data: bytes) -> str:
        """Keep these bytes and return their digest; keeping them again changes nothing. Raises OSError."""
        digest = await asyncio.to_thread(_digest, data)
        if await self._size(digest) != len(data):  # a file that a power failure emptied is written anew
            await self._write(digest, data)
            if self.folder is not None:
                await asyncio.to_thread(_to_disk, self.folder / _path(digest))
        return digest

    async def _write(self, digest: str, data: bytes) -> None:
        try:
            await self.objects.put_async(_path(digest), data, use_multipart=False)
        except BaseError as error:
            raise OSError(str(error).partition("\n")[0]) from error

    async def get(self, digest: str) -> bytes:
        """The bytes, exactly as they were put. Raises Missing."""
        try:
            found = await self.objects.get_async(_path(digest))
            data = bytes(await found.bytes_async())
        except FileNotFoundError as error:
            raise Missing(digest) from error
        if not data:
            raise Missing(digest)
        return data

    async def has(self, digest: str) -> bool:
        """Whether it is kept here."""
        return bool(await self._size(digest))

    async def small(self, digest: str, side: int) -> bytes | None:
        """A copy with sides of at most one of SIDES, in pixels; None where none was kept yet."""
        try:
            found = await self.objects.get_async(_path(digest, side))
            return bytes(await found.bytes_async())
        except FileNotFoundError:
            return None

    async def put_small(self, digest: str, side: int, data: bytes) -> None:
        """Keep a copy beside its picture; where that was deleted meanwhile, the copy is not kept either."""
        await self.objects.put_async(_path(digest, side), data, use_multipart=False)
        if not await self.has(digest):
            await self.delete(digest)

    async def delete(self, digest: str) -> None:
        """Forget the bytes for good, and their small copies. Forgetting what is not there is no error."""
        for path in (_path(digest), *(_path(digest, side) for side in SIDES)):
            with suppress(FileNotFoundError):
                await self.objects.delete_async(path)

    async def _size(self, digest: str) -> int | None:
        try:
            return (await self.objects.head_async(_path(digest)))["size"]
        except FileNotFoundError:
            return None


def open_gallery(directory: Path) -> Gallery:
    """A gallery in a local folder, which is made if it is not there."""
    return Gallery(LocalStore(directory, mkdir=True), directory)


def _to_disk(file: Path) -> None:
    """The database must never know of a picture that the disk does not."""
    for path in (file, file.parent):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _path(digest: str, side: int | None = None) -> str:
    copy = f".{side}" if side else ""
    return f"{digest[:2]}/{digest}{copy}"  # a folder of a million files is slow to list and to back up
