"""Small copies of pictures: each made once, and kept beside its picture for as long as that."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot.errors import BadPicture
from bot.gallery import SIDES, Gallery, Missing
from bot.model import Picture
from bot.pictures import Pictures

AT_ONCE = 2  #: pictures worked on, so that members' own need not wait behind all those of a sheet
THUMBNAIL, VIEW = SIDES


class Thumbnails:
    """Makes them where there are none yet."""

    def __init__(self, gallery: Gallery, pictures: Pictures) -> None:
        self._gallery = gallery
        self._pictures = pictures
        self._room = asyncio.Semaphore(AT_ONCE)

    async def all(self, wanted: Sequence[Picture], side: int) -> list[bytes | None]:
        """A copy of each, in order; None where a picture is gone or can't be read."""
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self.get(each, side)) for each in wanted]
        return [task.result() for task in tasks]

    async def get(self, picture: Picture, side: int) -> bytes | None:
        """A copy with sides of at most `side` pixels, one of the gallery's."""
        if (kept := await self._gallery.small(picture.digest, side)) is not None:
            return kept
        try:
            async with self._room:
                made = await self._pictures.small(await self._gallery.get(picture.digest), side)
        except (Missing, BadPicture):
            return None
        await self._gallery.put_small(picture.digest, side, made)
        return made
