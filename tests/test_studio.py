
import pytest

from tests.players import World, open_cdn


@pytest.fixture
async def world(tmp_path):
    async with open_cdn() as cdn:
        yield World(tmp_path, cdn)


async def test_an_ask_is_painted_and_posted_once_with_its_receipt(world):
    async with world.bot() as bot:
        await bot.studio.hear(world.ask("a red house"))
        await bot.settle()
        assert world.discord.said() == ["-# v1 · “a red house” · 6.2 s · $0.04"]
        [post] = world.discord.thread()
        assert (post.files, post.letter.reply_to, post.letter.ping) == (("easel-101-v1.png",), 101, None)
        assert post.letter.files[0].alt == "AI image: a red house"
        assert await bot.states() == {101: "posted"}
