"""What is done with a painted picture in the end, where its recipe says so: a sticker is cut out of its background."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from bot.catalogue import Catalogue
from bot.errors import BadPicture
from bot.letters import File
from bot.model import Turn, Version
from bot.pictures import Pictures

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Finished:
    """What goes beside the picture itself, or why it does not."""

    files: tuple[File, ...] = ()
    notes: tuple[str, ...] = ()


async def finished(turn: Turn, version: Version, painted: bytes, pictures: Pictures, catalogue: Catalogue) -> Finished:
    """Beside the picture, which stays as it was painted; nothing for most."""
    if turn.finish != "sticker":
        return Finished()
    try:
        data = await pictures.cut_out(painted)
    except BadPicture as error:
        log.info("v%s of turn %s can't be cut out: %s", version.number, turn.id, error.key)
        return Finished(notes=(catalogue.say("receipt.uncut"),))
    return Finished(
        (File(f"sticker-v{version.number}.png", data, catalogue.say("alt.sticker", number=version.number)),)
    )
