"""Whose forwarded pictures are: asked of Discord before anything is fetched, for a forward names only itself."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, replace

from bot import receipt
from bot.catalogue import Catalogue
from bot.errors import Refusal, Unreachable, UnusablePictures
from bot.forward import Forward
from bot.letters import Postman
from bot.manners import Manners, reserving
from bot.model import Ask, Place, Upload

PATIENCE = 8.0  #: seconds for Discord to tell; others in the thread wait meanwhile

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Tracing:
    """Finds the owners of what an ask forwards, or of what the message that it replies to does."""

    postman: Postman
    manners: Manners
    catalogue: Catalogue

    async def traced(self, ask: Ask) -> Ask:
        """The ask, its pictures knowing their owners. Raises Refusal where they can't be known, or shown here."""
        ask = replace(ask, uploads=await self._uploads(ask, ask.uploads))
        quoted = ask.quoted and replace(ask.quoted, uploads=await self._uploads(ask, ask.quoted.uploads))
        if quoted and quoted.uploads and (found := quoted.uploads[0].forward):
            quoted = replace(quoted, author=found.author or None, name=found.name)
        return replace(ask, quoted=quoted)

    async def _uploads(self, ask: Ask, uploads: tuple[Upload, ...]) -> tuple[Upload, ...]:
        """All of one message, so that what is forwarded comes from one other."""
        forward = next((each.forward for each in uploads if each.forward), None)
        if forward is None:
            return uploads
        found = await self._found(ask, forward)
        if found.restricted and ask.place.server is not None and not ask.place.restricted:
            told = [self.catalogue.say("picture.restricted", name=receipt.plain(each.name)) for each in uploads]
            raise UnusablePictures("unusable_pictures", files=self.catalogue.listed(told))
        return tuple(replace(each, forward=found if each.forward else None) for each in uploads)

    async def _found(self, ask: Ask, forward: Forward) -> Forward:
        try:
            async with asyncio.timeout(PATIENCE):
                found = await self.postman.trace(forward)
        except TimeoutError as error:
            raise Refusal("foreign_slow") from error
        except Unreachable as error:
            log.info("whose the picture is that %s forwards can't be told: %s", ask.id, error)
            if not error.forever:
                raise Refusal("foreign_slow") from error
            return forward
        if found.author == ask.member.id or found.painted:
            return found
        if found.server != ask.place.server or found.server is None:  # nobody there can be asked here
            return replace(found, author=0, name="", inside=False)
        return replace(found, inside=found.inside and not await self._is_reserved(found))

    async def _is_reserved(self, found: Forward) -> bool:
        """Whether pictures that were posted there are edited only with consent."""
        place = Place(found.channel, found.channel, found.server, ours=True)
        return reserving(await self.manners.held(place), place).reserved
