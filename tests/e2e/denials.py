"""What the bot may not do for a while, and is told so as Discord tells it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.sandbox.discord import payload, seed
from bot.sandbox.discord.notices import Notices
from bot.sandbox.discord.nouns import Channel, Overwrite
from bot.sandbox.discord.permissions import Permission
from tests.e2e.stage import Stage


@asynccontextmanager
async def denied(stage: Stage, permission: Permission) -> AsyncIterator[None]:
    """The bot may not do that in #lounge for a while, and has been told so."""
    usual = stage.sandbox.world.channel(seed.LOUNGE).overwrites
    bans = tuple(Overwrite(each, deny=int(permission)) for each in (seed.EASEL, seed.GUILD))
    change(stage, stage.sandbox.world.channel(seed.LOUNGE), overwrites=(*usual, *bans))
    try:
        yield
    finally:
        change(stage, stage.sandbox.world.channel(seed.LOUNGE), overwrites=usual)


def change(stage: Stage, channel: Channel, **changes: object) -> None:
    world = stage.sandbox.world
    changed = world.change(channel, **changes)
    name = "THREAD_UPDATE" if changed.is_thread else "CHANNEL_UPDATE"
    Notices(world).place(name, changed, payload.channel(world, changed))
