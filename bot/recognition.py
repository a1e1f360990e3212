"""A picture shown anywhere in a server, and the version that it is: by its bytes, else by what it looks like."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO

from bot.errors import BadPicture
from bot.fingerprint import Fingerprint, nearest, telling
from bot.gallery import Gallery, Missing
from bot.model import Place, Version
from bot.pictures import Pictures
from bot.store import Desk, Spot, Store

AT_A_TIME = 20  #: versions that are looked at between two questions to the store
PAUSE = 20.0  #: seconds until new versions are looked for; whoever asks looks at once
REST = 3.0  #: times as long as it took to look at one
PROMPT = 60  #: of the newest versions are looked at before an answer
NAMED = 3  #: versions in an answer, at most
CLOSEST = 12  #: of those that look alike, whose colours are compared

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Recognised:
    """The versions that a picture may be, the likeliest first; one alone may be `certain`."""

    spots: tuple[Spot, ...] = ()
    certain: bool = False


@dataclass(frozen=True)
class Recognition:
    """Looks at every version once, and at any picture that somebody asks about."""

    store: Store
    gallery: Gallery
    pictures: Pictures

    async def recognise(self, file: BinaryIO, place: int) -> Recognised:
        """What is known of a picture in a server (or the channel of a direct message). Raises BadPicture."""
        digest = await asyncio.to_thread(_digest, file)
        if spots := await self.store.prints.of_digest(place, digest):
            return Recognised(tuple(spots[:NAMED]), certain=len(spots) == 1)
        look = await self.pictures.look(file)
        await self.catch_up(PROMPT)
        return await self._resembling(look, place)

    async def check(self, file: BinaryIO, place: Place) -> None:
        """Refuse a copy of what was painted in an age-restricted channel where others see it. Raises BadPicture."""
        if place.restricted or place.server is None or not await self.store.prints.has_restricted(place.server):
            return
        spots = (await self.recognise(file, place.server)).spots
        here = any(each.conversation == place.conversation for each in spots)
        if spots and not here and set(spots) == await self.store.prints.restricted(spots, painted=True):
            raise BadPicture("restricted")

    async def catch_up(self, most: int, rest: float = 0.0) -> int:
        """Look at the newest versions that nobody has looked at yet, and keep that together; how many there were."""
        looks = dict[Spot, Fingerprint | None]()
        for conversation, version in await self.store.prints.missing(most):
            began = asyncio.get_running_loop().time()
            looks[Spot(conversation, version.number)] = await self._look(version)
            await asyncio.sleep(rest * (asyncio.get_running_loop().time() - began))
        if looks:
            await self.store.change(partial(_keep, looks=looks))
        return len(looks)

    async def run(self) -> None:
        """Look at every version, the newest first, one at a time and never in a hurry."""
        while True:
            try:
                if await self.catch_up(AT_A_TIME, REST) < AT_A_TIME:
                    await asyncio.sleep(PAUSE)
            except Exception:
                log.exception("versions could not be looked at")
                await asyncio.sleep(PAUSE)

    async def _look(self, version: Version) -> Fingerprint | None:
        try:
            file = self.gallery.file(version.picture.digest)
            if file is None:
                return await self.pictures.look_at(await self.gallery.get(version.picture.digest))
            with await asyncio.to_thread(file.open, "rb") as opened:
                return await self.pictures.look(opened)
        except (BadPicture, Missing, FileNotFoundError):
            log.info("v%s of turn %s can't be looked at", version.number, version.turn)
            return None

    async def _resembling(self, look: Fingerprint, place: int) -> Recognised:
        """Compare it with all that is known there, some at a time, so that nobody else has to wait."""
        alike: list[tuple[int, Spot]] = []
        async for page in self.store.prints.pages(place):
            found = await asyncio.to_thread(nearest, look.bits, [bits for _, bits in page])
            alike = sorted([*alike, *((distance, page[at][0]) for distance, at in found)], key=lambda each: each[0])
            del alike[CLOSEST:]
        looks = await self.store.prints.looks([spot for _, spot in alike])
        ranked = sorted((look.difference(each), spot) for spot, each in looks.items())
        count, certain = telling([difference for difference, _ in ranked], NAMED)
        return Recognised(tuple(spot for _, spot in ranked[:count]), certain)


async def _keep(desk: Desk, looks: Mapping[Spot, Fingerprint | None]) -> None:
    for spot, look in looks.items():
        await desk.prints.keep(spot, look)


def _digest(file: BinaryIO) -> str:
    file.seek(0)
    digest = hashlib.sha256()
    while block := file.read(2**20):
        digest.update(block)
    return digest.hexdigest()
