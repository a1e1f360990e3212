"""What the rest of the bot sees of pictures."""

from __future__ import annotations

import asyncio
import hashlib
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Literal, Self

from PIL import Image

from bot.errors import BadPicture
from bot.fingerprint import BITS, COLOURS, Fingerprint
from bot.model import Picture
from bot.pictures.bundle import packed
from bot.pictures.cutout import WORKED_AT
from bot.pictures.kinds import MIMES, sniff
from bot.pictures.looking import LONGEST
from bot.pictures.orders import MIB, Limits, Made, Order
from bot.pictures.plans import Chart, Plan
from bot.pictures.pool import Pool
from bot.pictures.source import size_of

WORKERS = 2
LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawn picture: its bytes, its file's extension, and what was measured on the way."""

    data: bytes
    extension: str
    measured: float


class Pictures:
    """Decodes and encodes in a few processes of its own, each within bounds; what is too much for them waits.

    `directory` is for files that nobody sees, and that vanish with the bot.
    """

    def __init__(self, directory: Path | None = None, *, limits: Limits = LIMITS) -> None:
        self._directory = directory
        self._limits = limits
        self._pool = Pool(WORKERS, limits.memory)
        self._easel = asyncio.Semaphore(1)  # who only looks leaves a worker to those who paint

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._pool.close()

    @property
    def pids(self) -> list[int]:
        """The processes that work for it in this moment."""
        return self._pool.pids

    def warm_up(self) -> None:
        """Have a worker ready before the first picture comes; otherwise it is started then."""
        self._pool.warm_up()

    async def normalise(self, file: BinaryIO, longest_side: int) -> tuple[bytes, Picture]:
        """Any picture as an upright sRGB PNG (where something shows through) or JPEG without metadata.

        `longest_side` is in pixels; smaller pictures keep their size. Raises BadPicture.
        """
        made = await self._pool.carry_out(self._order("normalise", file, longest_side), file)
        return made.data, await asyncio.to_thread(_described, made)

    async def look(self, file: BinaryIO) -> Fingerprint:
        """What any picture looks like. Raises BadPicture."""
        made = await self._pool.carry_out(self._order("look", file, LONGEST), file)
        if len(made.data) != BITS + COLOURS:
            raise BadPicture("crashed")
        return Fingerprint(made.data[:BITS], made.data[BITS:])

    async def look_at(self, data: bytes) -> Fingerprint:
        """What a picture of our own looks like. Raises BadPicture."""
        with await self._file(data) as file:
            return await self.look(file)

    async def fit(self, data: bytes, limit: int) -> tuple[bytes, str]:
        """Bytes and file extension of at most `limit` bytes: the original if it fits, else the best copy that does."""
        if len(data) <= limit:
            return data, _extension(sniff(data))
        order = Order("copy", self._limits, self._limits.usual, self._limits.copying, largest=limit)
        with await self._file(data) as file:
            made = await self._pool.carry_out(order, file)
        return made.data, _extension(made.kind)

    async def small(self, data: bytes, longest_side: int) -> bytes:
        """A picture of our own, with no side longer than that in pixels. Raises BadPicture."""
        with await self._file(data) as file:
            made = await self._pool.carry_out(self._order("small", file, longest_side), file)
        return made.data

    async def cut_out(self, data: bytes) -> bytes:
        """The subject of a picture of our own on a plain background, as a PNG of 320 pixels. Raises BadPicture."""
        with await self._file(data) as file:
            return (await self._pool.carry_out(self._order("cut_out", file, WORKED_AT), file)).data

    async def draw(self, plan: Plan, pictures: Sequence[bytes]) -> Drawing:
        """What the plan says, of pictures that were made small before. Raises BadPicture."""
        chart = isinstance(plan, Chart)
        order = Order("draw", self._limits, self._limits.usual, self._limits.drawing, last=chart)
        with await self._file(await asyncio.to_thread(packed, plan, pictures)) as file:
            async with self._easel:
                made = await self._pool.carry_out(order, file)
        return Drawing(made.data, _extension(made.kind), made.measured)

    def described(self, data: bytes) -> Picture:
        """What the bytes of the model's own picture are, not decoded. Work for a thread. Raises BadPicture."""
        return _describe(data)

    def _order(self, work: Literal["normalise", "look", "small", "cut_out"], file: BinaryIO, longest: int) -> Order:
        limits = self._limits
        seconds = limits.seconds + limits.seconds_per_mib * size_of(file) / MIB
        return Order(work, limits, limits.usual, seconds, longest=longest)

    async def _file(self, data: bytes) -> BinaryIO:
        """The bytes in a file without a name, for the caller to close. Raises BadPicture."""
        try:
            return await asyncio.to_thread(self._kept, data)
        except OSError as error:
            raise BadPicture("no_room") from error

    def _kept(self, data: bytes) -> BinaryIO:
        file: BinaryIO = tempfile.TemporaryFile(buffering=0, dir=self._directory)  # noqa: SIM115 - the caller closes it
        try:
            if file.write(data) == len(data):
                return file
        except OSError:
            file.close()
            raise
        file.close()
        raise OSError("the disk is full")


def _describe(data: bytes) -> Picture:
    kind = sniff(data)
    Image.MAX_IMAGE_PIXELS = None
    try:
        with Image.open(BytesIO(data), formats=(kind,)) as image:
            return _described(Made(data, kind, *image.size))
    except Exception as error:
        raise BadPicture("truncated") from error


def _described(made: Made) -> Picture:
    digest = hashlib.sha256(made.data).hexdigest()
    return Picture(digest, MIMES[made.kind], made.width, made.height, size=len(made.data))


def _extension(kind: str) -> str:
    return MIMES[kind].removeprefix("image/").replace("jpeg", "jpg")
