import discord

from bot.deleting.erasure import Eraser
from bot.deleting.removal import Removal
from cogs.losses import Losses
from tests.players import CATALOGUE, THREAD, World


async def test_what_is_posted_while_a_thread_is_read_is_not_missed_there(world: World):
    async with world.bot() as bot:
        eraser = Eraser(Removal(bot.store, bot.gallery, world.discord, CATALOGUE))
        losses = Losses(discord.Client(intents=discord.Intents.none()), bot.studio, eraser)

        async def is_painted_in() -> list[discord.Message]:
            await bot.paint("a house")
            return []

        async def is_empty() -> list[discord.Message]:
            return []

        await losses.noting(THREAD.conversation, 100, is_painted_in)
        assert losses.places == []
        await losses.noting(THREAD.conversation, 100, is_empty)
        assert losses.places == [THREAD.conversation]
