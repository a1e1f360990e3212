import asyncio

from bot.deleting.erasure import Eraser
from bot.deleting.removal import Removal
from cogs.catchup import CatchUp
from cogs.client import Client
from cogs.translate import Translator
from tests.players import CATALOGUE, SETTINGS, World


class Endless(CatchUp):
    """Has many threads to look through."""

    async def _look_through(self, read: set[int]) -> None:
        await asyncio.sleep(1000)


async def test_however_often_discord_is_ready_one_looks_through_and_ends_with_the_client(world: World):
    async with world.bot() as bot, Client(SETTINGS.discord, CATALOGUE) as client:
        eraser = Eraser(Removal(bot.store, bot.gallery, world.discord, CATALOGUE))
        translator = Translator(client, CATALOGUE, SETTINGS.discord, None)  # type: ignore[arg-type]  # nobody asks
        looking = Endless(bot.studio, eraser, translator, SETTINGS.discord)
        await looking._begin_to_look(set())
        await asyncio.gather(*(looking._begin_to_look(set()) for _ in range(3)))
        assert len(going()) == 1
        await looking.cog_unload()
        assert going() == []


def going() -> list[str]:
    return [each.get_name() for each in asyncio.all_tasks() if each.get_name() == "look-through"]
