"""All that is kept of a member, in ZIP files on the disk: asks as JSON, pictures as files, the ledger as CSV."""

from __future__ import annotations

import asyncio
import csv
import json
import re
import tempfile
import zipfile
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from io import BufferedIOBase, StringIO
from pathlib import Path
from typing import Any, cast

from bot.errors import BadPicture
from bot.gallery import Gallery, Missing
from bot.model import Picture, Text, Turn
from bot.pictures import Pictures
from bot.quota import MICROS
from bot.store import LOWEST, Booking, Store
from bot.views.card import address

PAGE = 50  #: turns that are read at a time
SPARE = 64 * 1024  #: bytes of a ZIP for its own lists
NAME = 50  #: characters of a file's name that are kept
UNSAFE = re.compile(r"[^\w.()-]+")
COLUMNS = ("ask", "kind", "at", "state", "pictures", "dollars", "model")


@dataclass
class Volume:
    """One ZIP while it is filled. It has no name on the disk, and is gone with its closing."""

    file: BufferedIOBase
    limit: int  #: bytes
    records: list[dict[str, Any]] = field(default_factory=list)
    bookings: list[Booking] = field(default_factory=list)
    size: int = SPARE

    def __post_init__(self) -> None:
        """Begin."""
        self._zip = zipfile.ZipFile(self.file, "w", zipfile.ZIP_STORED)

    def fits(self, size: int) -> bool:
        """Whether so many bytes more are no more than may be handed over at once."""
        return self.size + size <= self.limit

    def add(self, name: str, data: bytes, *, shrink: bool = False) -> None:
        """A file. Blocks."""
        self._zip.writestr(name, data, zipfile.ZIP_DEFLATED if shrink else zipfile.ZIP_STORED)
        self.size += len(data) + 4 * len(name) + 256

    def close(self) -> BufferedIOBase:
        """Write down what the files are. Blocks."""
        self.add("asks.json", _json(self.records), shrink=True)
        self.add("ledger.csv", _csv(self.bookings), shrink=True)
        self._zip.close()
        self.file.seek(0)
        return self.file


@dataclass(frozen=True)
class Export:
    """Packs. Nothing of it is kept."""

    store: Store
    gallery: Gallery
    pictures: Pictures
    directory: Path

    async def volumes(self, member: int, limit: int) -> AsyncIterator[BufferedIOBase]:
        """ZIP files of at most so many bytes, each whole in itself and closed before the next."""
        volume = await self._begin(limit)
        await asyncio.to_thread(volume.add, "member.json", _json(await self.store.belongings.rest(member)), shrink=True)
        try:
            async for turn in self._turns(member):
                record, files, bookings = await self._told(turn, limit)
                size = sum(map(len, files.values())) + len(_json(record)) + 200 * len(bookings)
                if not volume.fits(size) and volume.records:
                    yield await asyncio.to_thread(volume.close)
                    volume.file.close()
                    volume = await self._begin(limit)
                volume.records.append(record)
                volume.bookings += bookings
                volume.size += len(_json(record)) + 200 * len(bookings)
                for name, data in files.items():
                    await asyncio.to_thread(volume.add, name, data)
            yield await asyncio.to_thread(volume.close)
        finally:
            volume.file.close()

    async def _begin(self, limit: int) -> Volume:
        def made() -> Volume:
            return Volume(cast("BufferedIOBase", tempfile.TemporaryFile(dir=self.directory)), limit)

        return await asyncio.to_thread(made)

    async def _turns(self, member: int) -> AsyncIterator[Turn]:
        after = LOWEST
        while found := await self.store.belongings.turns(member, after, PAGE):
            for turn in found:
                yield turn
            after = found[-1].id

    async def _told(self, turn: Turn, limit: int) -> tuple[dict[str, Any], dict[str, bytes], list[Booking]]:
        """What is known of a turn, and its pictures by their names."""
        belongings, folder, files = self.store.belongings, f"pictures/{turn.conversation}", dict[str, bytes]()
        shown = []
        pictures = await belongings.versions(turn.id)
        room = (limit - 2 * SPARE) // max(1, len(pictures) + len(turn.references))
        for each in pictures:
            file = None if each.gone else await self._file(f"{folder}/v{each.number}", each.picture, room, files)
            shown.append({"version": each.number, "file": file, "deleted": each.gone})
        along = []
        for place, other in enumerate(turn.references, start=1):
            stem = f"{folder}/{abs(turn.id)}-{place}-{safe(other.name)}"
            file = None if other.version else await self._file(stem, other.picture, room, files)
            along.append({"name": other.name, "version": other.version, "file": file})
        said = [each.text for each in await belongings.answer(turn.id) if isinstance(each, Text) and not each.thought]
        record = _record(turn) | {"pictures": shown, "went_along": along, "answer": said}
        return record, files, await belongings.ledger(turn.id)

    async def _file(self, stem: str, picture: Picture, room: int, files: dict[str, bytes]) -> str | None:
        """The picture as it is kept, or smaller where it would never fit; its name, None where it is lost."""
        try:
            data, extension = await self.pictures.fit(await self.gallery.get(picture.digest), room)
        except (Missing, BadPicture):
            return None
        name = f"{stem}.{extension}"
        files[name] = data
        return name


def _record(turn: Turn) -> dict[str, Any]:
    return {
        "ask": abs(turn.id),  # a picture that came with an ask has a turn of its own
        "at": _time(turn.asked_at),
        "where": address(turn.server, turn.conversation, turn.message),
        "name": turn.member.name,
        "kind": turn.kind.value,
        "words": turn.words,
        "recipe": turn.recipe,
        "thread": turn.title,
        "edits_version": turn.base,
        "model": turn.model,
        "size": turn.size,
        "shape": turn.ratio,
        "language": turn.language,
        "state": turn.state.value,
        "why_it_failed": turn.failure,
        "other_words": list(turn.wordings),
        "notes": list(turn.notes),
        "seconds": turn.seconds,
        "dollars": turn.dollars,
    }


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, default=str).encode()


def _csv(bookings: list[Booking]) -> bytes:
    out = StringIO()
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    for each in bookings:
        values = asdict(each)
        told = {"ask": values.pop("turn"), "at": _time(values.pop("at")), "dollars": values.pop("micros") / MICROS}
        writer.writerow(values | told)
    return out.getvalue().encode()


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")


def safe(name: str) -> str:
    """Of a file's name what every system takes, without its extension."""
    return UNSAFE.sub("_", Path(name).stem).strip("._")[:NAME] or "picture"
