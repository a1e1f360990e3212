import pytest

from bot.deleting.removal import Removal
from bot.views import card
from tests.players import CATALOGUE, SETTINGS, THREAD, Bot, png

HERE, MODELS = THREAD.conversation, SETTINGS.gemini.models


async def told(bot: Bot, number: int) -> list[str]:
    found = await card.read(bot.store, HERE, number)
    assert found is not None
    return card.lines(found, MODELS, CATALOGUE).splitlines()


async def test_a_card_tells_the_ask_its_makers_its_price_and_its_place(world):
    async with world.bot() as bot:
        [first, second, _] = await bot.paint("a *house*", "make it night", "add a boat")
        lines = await told(bot, 2)
        place = f"https://discord.com/channels/9/{HERE}"
        assert lines[0].startswith(f"**[v2]({place}/{second})** · 64 × 48 pixels · PNG · ")
        assert lines[1] == "“make it night”"
        assert lines[2].startswith("Asked by Ada <t:")
        assert lines[2].endswith("painted by Nano Banana 2.1 (1K) in 6.2 s for $0.04")
        assert lines[3:] == [
            f"Painted from [v1]({place}/{first})",
            "Its branch: v1 → v2",
            "Painted from it: v3",
        ]
        assert (await told(bot, 1))[1] == r"“a \*house\*”"


async def test_references_are_named_and_a_brought_picture_says_who_brought_it(world):
    async with world.bot() as bot:
        await bot.hear(world.ask("a scene", world.cdn.holds("me.png", png()), world.cdn.holds("hat.png", png("blue"))))
        await bot.settle()
        assert "With “hat.png”" in await told(bot, 2)
        assert (await told(bot, 1))[1].startswith("Brought by Ada <t:")
        assert (await told(bot, 1))[1].endswith("“me.png”")


async def test_a_base_that_was_deleted_is_told_as_that_and_a_deleted_version_has_no_card(world):
    async with world.bot() as bot:
        await bot.paint("a house", "make it night")
        await Removal(bot.store, bot.gallery, world.discord, CATALOGUE).remove(HERE, 1)
        assert "Painted from v1, which was deleted" in await told(bot, 2)
        assert await card.read(bot.store, HERE, 1) is None
        assert await card.read(bot.store, HERE, 9) is None


async def test_a_long_branch_is_told_by_its_ends(world):
    async with world.bot() as bot:
        await bot.paint(*(f"edit {number}" for number in range(9)))
        assert "Its branch: v1 → v2 → v3 → … → v7 → v8 → v9" in await told(bot, 9)


@pytest.mark.parametrize(("size", "words"), [(12, "12 B"), (18_600, "18.6 KB"), (10_485_760, "10.5 MB")])
def test_bytes_are_told_as_people_read_them(size, words):
    assert card.weight(size) == words
