from pathlib import Path

from bot.store import open_store


async def test_the_locale_of_a_members_last_interaction_is_kept_for_each(tmp_path: Path):
    async with open_store(tmp_path) as store:
        async with store.write() as desk:
            await desk.locales.note(1, "de")
            await desk.locales.note(2, "fr")
            await desk.locales.note(1, "ja")
        assert [await store.locales.of(member) for member in (1, 2, 3)] == ["ja", "fr", None]
