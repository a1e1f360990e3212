"""A version deleted: its message, its bytes, the head, and what others made of it."""

import asyncio
import time
from dataclasses import replace

import pytest

from bot.deleting.erasure import Eraser
from bot.deleting.removal import Removal
from bot.errors import Unreachable
from bot.model import Memory
from tests.players import CATALOGUE, THREAD, Bot, Post, World, with_memory

HERE = THREAD.conversation


def removal(bot: Bot) -> Removal:
    return Removal(bot.store, bot.gallery, bot.world.discord, CATALOGUE)


async def test_a_version_goes_with_its_message_and_its_bytes(world: World):
    async with world.bot() as bot:
        [_, second] = await bot.paint("a house", "make it night")
        version = await bot.store.versions.get(HERE, 2)
        assert version is not None
        removed = await removal(bot).remove(HERE, 2)
        assert removed.done
        assert removed.was_head
        assert removed.head is not None
        assert removed.head.number == 1
        assert second not in world.discord.posts
        assert not await bot.gallery.has(version.picture.digest)


async def test_what_is_deleted_twice_or_was_never_there_is_deleted_once(world: World):
    async with world.bot() as bot:
        await bot.paint("a house", "make it night")
        both = await asyncio.gather(*(removal(bot).remove(HERE, 2) for _ in range(2)))
        assert sorted(each.done for each in both) == [False, True]
        assert not (await removal(bot).remove(HERE, 9)).done


async def three(bot: Bot) -> Post:
    """A message with v2, v3 and v4."""
    await bot.paint("a house")
    shown = bot.world.discord.thread()
    await bot.hear(replace(bot.world.ask(again=101, count=3), message=shown[-1].id))
    await bot.settle()
    return bot.world.discord.thread()[-1]


async def test_a_picture_that_is_deleted_twice_at_once_leaves_the_last_one_beside_it(world: World):
    async with world.bot() as bot:
        post, deleting = await three(bot), removal(bot)
        for number in (2, 4):
            removed = await asyncio.gather(*(deleting.remove(HERE, number) for _ in range(3)))
            assert sum(each.done for each in removed) == 1
        assert [each.name for each in post.letter.files] == ["easel-102-v3.png"]
        assert post.id in world.discord.posts


async def test_pictures_of_one_message_that_are_deleted_at_once_take_it_along(world: World):
    async with world.bot() as bot:
        post, deleting = await three(bot), removal(bot)
        removed = await asyncio.gather(*(deleting.remove(HERE, number) for number in (2, 3, 4, 4)))
        assert [each.done for each in removed] == [True, True, True, False]
        assert post.id not in world.discord.posts
        assert not deleting.under_way
        assert not deleting.changing


async def test_a_message_that_somebody_deletes_while_a_picture_is_taken_out_of_it_goes_with_all_others(world: World):
    async with world.bot() as bot:
        post, deleting, gate = await three(bot), removal(bot), world.discord.block("withdraw")
        removing = asyncio.create_task(deleting.remove(HERE, 3))
        await bot.until(lambda: "withdraw" in world.discord.calls)
        eraser = Eraser(deleting)
        await eraser.unsaid(post.id)
        gate.set()
        assert (await removing).done
        while await eraser.step(time.time() + 1):
            pass
        assert [each.number for each in await bot.store.versions.named(HERE, [1, 2, 3, 4])] == [1]


async def test_beside_the_head_nothing_is_led_anywhere(world: World):
    async with world.bot() as bot:
        await bot.paint("a house", "make it night", "add a boat")
        removed = await removal(bot).remove(HERE, 2)
        assert (removed.done, removed.was_head) == (True, False)
        standing = await bot.store.turns.conversation(HERE)
        assert standing is not None
        assert standing.head is not None


async def test_where_discord_keeps_the_message_everything_is_kept(world: World):
    async with world.bot() as bot:
        await bot.paint("a house")
        world.discord.fail("erase", forever=True)
        with pytest.raises(Unreachable):
            await removal(bot).remove(HERE, 1)
        version = await bot.store.versions.get(HERE, 1)
        assert version is not None
        assert await bot.gallery.has(version.picture.digest)


async def test_an_ask_that_waits_for_a_deleted_picture_says_so_and_is_free(world: World):
    async with world.bot(places=1) as bot:
        [first, _] = await bot.paint("a house", "make it night")
        gate = world.painter.hold()
        await bot.hear(world.ask("something else"), world.ask("add a boat", reply=first))
        assert (await removal(bot).remove(HERE, 1)).done
        gate.set()
        await bot.settle()
        assert [text for text in world.discord.said() if text.startswith("v1, which this starts from, was deleted.")]
        assert "Instruction: add a boat" not in "\n".join(world.painter.words)


async def test_a_version_whose_message_is_gone_goes_as_soon_as_the_disk_takes_that(world: World):
    async with world.bot() as bot:
        [first, _] = await bot.paint("a house", "make it night")
        writer = bot.store._database.writer
        await writer.execute("PRAGMA query_only = ON")
        removing = asyncio.create_task(removal(bot).remove(HERE, 1))
        await bot.until(lambda: first not in world.discord.posts)
        await asyncio.sleep(0.1)
        assert await bot.store.versions.get(HERE, 1)
        await writer.execute("PRAGMA query_only = OFF")
        assert (await removing).done
        assert await bot.store.versions.get(HERE, 1) is None
        assert await bot.store.erasures.doomed(1) == []


async def test_words_after_a_deleted_head_edit_what_it_was_painted_from(world: World):
    async with world.bot() as bot:
        await bot.paint("a house", "make it night")
        await removal(bot).remove(HERE, 2)
        await bot.paint("add a boat")
        assert world.discord.receipts()[-1].startswith("v3 ← v1")


async def test_a_history_with_a_deleted_picture_does_not_go_along_and_the_receipt_says_so(world: World):
    async with world.bot(settings=with_memory(Memory.FULL)) as bot:
        await bot.paint("a house", "make it night")
        await bot.paint("add a boat")
        assert len(world.painter.requests[-1].contents) == 5
        await removal(bot).remove(HERE, 3)
        await bot.paint("make it snow")
        assert len(world.painter.requests[-1].contents) == 5, "the branch is that of v2"
        version = await bot.store.versions.get(HERE, 4)
        assert version is not None
        await bot.hear(world.ask("add a moon", base=4))
        await bot.settle()
        [post] = [each for each in world.discord.thread() if "add a moon" in each.text]
        assert "The thread's history could not go along" not in post.text
        await removal(bot).remove(HERE, 4)
        await bot.hear(world.ask("add a star", base=5))
        await bot.settle()
        assert len(world.painter.requests[-1].contents) == 3, "only what came after the deleted one goes along"


async def test_a_history_of_which_nothing_can_go_along_is_said_in_the_receipt(world: World):
    async with world.bot(settings=with_memory(Memory.FULL)) as bot:
        await bot.paint("a house")
        async with bot.store.write() as desk:
            await desk.query.tell("UPDATE turns SET model = 'another'")
        await bot.paint("make it night")
        assert len(world.painter.requests[-1].contents) == 1
        assert "-# The thread's history could not go along this time" in world.discord.said()[-1]
        kept = await bot.store.turns.get(102)
        assert kept is not None
        assert kept.memory is Memory.FOCUSED
