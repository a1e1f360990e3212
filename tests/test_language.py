import asyncio

from bot.language import served, speaking, spoken


def test_english_is_spoken_until_somebody_says_otherwise_and_again_afterwards():
    assert spoken() == "en"
    with speaking("de"):
        assert spoken() == "de"
        with speaking("xx"):
            assert spoken() == "en"
        assert spoken() == "de"
    assert spoken() == "en"


def test_a_locale_of_which_there_is_a_sister_is_served_by_that():
    assert (served("es-419"), served("es-ES"), served("en-GB"), served(None)) == ("es-ES", "es-ES", "en", "en")


async def test_a_task_speaks_what_was_spoken_where_it_was_begun():
    async def later() -> str:
        await asyncio.sleep(0)
        return spoken()

    with speaking("ja"):
        japanese = asyncio.create_task(later())
    with speaking("fr"):
        french = asyncio.create_task(later())
    assert [await japanese, await french, await later()] == ["ja", "fr", "en"]
