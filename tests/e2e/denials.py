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


@asynccontextmanager
async def lowered(stage: Stage, permission: Permission) -> AsyncIterator[None]:
    """No role of the bot's brings that permission for a while."""
    usual = dict(stage.sandbox.world.guild(seed.GUILD).roles)
    await _allow(stage, {role: usual[role].permissions & ~permission for role in (seed.EASEL, seed.GUILD)})
    try:
        yield
    finally:
        await _allow(stage, {role: usual[role].permissions for role in (seed.EASEL, seed.GUILD)})


async def _allow(stage: Stage, permissions: dict[int, int]) -> None:
    for role, held in permissions.items():
        path = f"/guilds/{seed.GUILD}/roles/{role}"
        await stage.sandbox.member("june").call("PATCH", path, {"permissions": str(int(held))})


@asynccontextmanager
async def silenced(stage: Stage, permission: Permission) -> AsyncIterator[None]:
    """The bot has a role for a while that takes that permission away in #lounge."""
    june, lounge = stage.sandbox.member("june"), stage.sandbox.world.channel(seed.LOUNGE)
    path = f"/guilds/{seed.GUILD}/members/{seed.BOT}/roles/{seed.GUEST}"
    change(stage, lounge, overwrites=(*lounge.overwrites, Overwrite(seed.GUEST, deny=int(permission))))
    await june.call("PUT", path)
    try:
        yield
    finally:
        await june.call("DELETE", path)  # of nothing else is the bot told
        stage.sandbox.world.change(stage.sandbox.world.channel(seed.LOUNGE), overwrites=lounge.overwrites)


def change(stage: Stage, channel: Channel, **changes: object) -> None:
    world = stage.sandbox.world
    changed = world.change(channel, **changes)
    name = "THREAD_UPDATE" if changed.is_thread else "CHANNEL_UPDATE"
    Notices(world).place(name, changed, payload.channel(world, changed))
