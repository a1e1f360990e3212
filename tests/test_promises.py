from pathlib import Path

from bot.catalogue import sentences
from bot.store import Promise
from tests.players import ADA, BOB, World, open_cdn


async def test_who_was_cut_off_by_a_stop_is_told_in_the_language_of_their_last_interaction(tmp_path: Path):
    async with open_cdn() as cdn, World(tmp_path, cdn).bot() as bot:
        async with bot.store.write() as desk:
            await desk.locales.note(ADA.id, "de")
            await desk.promises.make(Promise(1, ADA.id, 50))
            await desk.promises.make(Promise(2, BOB.id, 50))
        await bot.studio.promises.answer()
        german, english = (sentences(each)["error"]["stopped"] for each in ("de", "en"))
        assert bot.world.discord.said() == [german.format(member="<@1>"), english.format(member="<@2>")]


async def test_a_promise_that_was_kept_in_the_moment_of_a_crash_is_forgotten_without_a_word(tmp_path: Path):
    async with open_cdn() as cdn, World(tmp_path, cdn).bot() as bot:
        ask = bot.world.ask("a house")
        await bot.hear(ask)
        await bot.settle()
        before = bot.world.discord.said()
        async with bot.store.write() as desk:
            await desk.promises.make(Promise(ask.id, ADA.id, 50))
        await bot.studio.promises.answer()
        assert bot.world.discord.said() == before
        assert not await bot.store.query.all("SELECT * FROM promises")
