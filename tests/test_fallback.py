from dataclasses import replace

import pytest

from bot.config import RoleLimits, Settings
from bot.errors import Blank, Crowded, Declined, Failure, Misconfigured, Uncertain
from bot.model import Memory
from bot.price import set_aside
from bot.quota import micros
from tests.players import CATALOGUE, MODEL, SETTINGS, THREAD, Bot, World, with_memory

LITE, PRO, OLD = "gemini-3.1-flash-lite-image", "gemini-3-pro-image", "gemini-2.5-flash-image"
BUSY = Crowded("overloaded", tries=3)
GONE = Misconfigured("misconfigured_model", model=MODEL.id)
BECAUSE = "Painted by Nano Banana 2 Lite, because Nano Banana 2.1 was overloaded."


def backed(model: str = LITE, settings: Settings = SETTINGS, **gemini: object) -> Settings:
    """The settings with a model that steps in."""
    return settings.model_copy(update={"gemini": settings.gemini.model_copy(update={"fallback": model, **gemini})})


def asked(world: World) -> list[str]:
    """The models that were asked, in order."""
    return [each.model.id for each in world.painter.requests]


async def notes(bot: Bot, turn: int = 101) -> tuple[str, ...]:
    found = await bot.store.turns.get(turn)
    assert found is not None
    return found.notes


async def calls(bot: Bot, turn: int = 101) -> list[tuple[str, str, int]]:
    """Every call for a turn: its model, what came of it, and what it counts."""
    sql = "SELECT model, outcome, micros FROM calls WHERE turn = :turn ORDER BY take, attempt"
    return [(row["model"], row["outcome"], row["micros"]) for row in await bot.store.query.all(sql, turn=turn)]


@pytest.mark.parametrize(
    ("trouble", "why"),
    [
        (GONE, "Google has no Nano Banana 2.1 any more"),
        (BUSY, "Nano Banana 2.1 was overloaded"),
        (Crowded("internal", tries=3), "Nano Banana 2.1 was overloaded"),
        (Crowded("crowded_minute", after=90.0, when="later"), "Google's limit for Nano Banana 2.1 was reached"),
        (Crowded("crowded_day", after=9000.0, when="later"), "Google's limit for Nano Banana 2.1 was reached"),
        (Crowded("crowded_quota"), "Google's limit for Nano Banana 2.1 was reached"),
    ],
    ids=lambda each: each.key if isinstance(each, Failure) else "",
)
async def test_what_its_own_model_can_not_paint_is_painted_once_by_the_other_and_the_receipt_says_why(
    world, trouble, why
):
    world.painter.will(trouble)
    async with world.bot(settings=backed()) as bot:
        await bot.paint("a cat")
        [told] = world.discord.said()
        assert told == f"-# v1 · “a cat” · 6.2 s · $0.04\n-# Painted by Nano Banana 2 Lite, because {why}."
        assert await calls(bot) == [(MODEL.id, trouble.key, 0), (LITE, "painted", 40_000)]
        claim = await bot.store.query.one("SELECT pictures, micros, state FROM claims WHERE turn = 101")
        assert tuple(claim) == (1, 40_000, "settled")
        await bot.paint("bluer")
        assert asked(world) == [MODEL.id, LITE, MODEL.id]
        assert world.discord.receipts()[-1] == "v2 ← v1 · “bluer”"


@pytest.mark.parametrize(
    "failure",
    [
        Declined("declined_words", reason="SAFETY"),
        Blank("blank_other"),
        Uncertain("uncertain_dropped"),
        Misconfigured("misconfigured_key"),
        Crowded("unreached", tries=3),
    ],
    ids=lambda failure: failure.key,
)
async def test_no_other_model_is_asked_for_what_was_declined_or_may_be_paid_or_would_fail_there_as_well(world, failure):
    world.painter.will(failure)
    async with world.bot(settings=backed()) as bot:
        await bot.hear(world.ask("a cat"))
        await bot.settle()
        assert asked(world) == [MODEL.id]


async def test_without_one_in_the_configuration_nothing_steps_in(world):
    world.painter.will(BUSY)
    async with world.bot() as bot:
        await bot.paint("a cat")
        assert asked(world) == [MODEL.id]


async def test_where_the_other_fails_too_the_first_failure_is_told_and_nothing_counts(world):
    world.painter.will(GONE, BUSY)
    async with world.bot(settings=backed()) as bot:
        await bot.paint("a cat")
        assert world.discord.said() == [CATALOGUE.tell(GONE)]
        assert await calls(bot) == [(MODEL.id, "misconfigured_model", 0), (LITE, "overloaded", 0)]


async def test_what_the_other_declines_is_declined(world):
    declined = Declined("declined_image_safety", reason="IMAGE_SAFETY")
    world.painter.will(BUSY, declined)
    async with world.bot(settings=backed()) as bot:
        await bot.paint("a cat")
        assert world.discord.said()[0].startswith(CATALOGUE.tell(declined))


@pytest.mark.parametrize(("model", "dearest"), [(PRO, PRO), (LITE, MODEL.id)])
async def test_the_claim_covers_the_dearer_of_the_two(world, model, dearest):
    async with world.bot(settings=backed(model), places=0) as bot:
        await bot.hear(world.ask("a cat"))
        claim = await bot.store.query.one("SELECT micros FROM claims WHERE turn = 101")
        one = SETTINGS.gemini.models[dearest]
        assert claim["micros"] == micros(set_aside(one, "1K", Memory.FOCUSED, words=len("a cat")))


async def test_a_model_that_the_asker_may_not_use_never_steps_in(world):
    settings = backed()
    limits = settings.limits.model_copy(update={"role": (RoleLimits(role=9, models=(MODEL.id, PRO)),)})
    world.painter.will(BUSY)
    async with world.bot(settings=settings.model_copy(update={"limits": limits})) as bot:
        await bot.paint("a cat")
        assert asked(world) == [MODEL.id]


async def test_a_shape_and_a_size_that_it_has_not_are_the_nearest_and_the_usual_and_that_is_said(world):
    world.painter.will(BUSY)
    async with world.bot(settings=backed()) as bot:
        await bot.hear(world.ask("a cat", ratio="8:1", size="4K"))
        await bot.settle()
        [own, other] = world.painter.requests
        assert ((own.ratio, own.size), (other.ratio, other.size)) == (("8:1", "4K"), ("21:9", None))
        told = world.discord.said()[0].splitlines()[1:]
        assert sorted(told) == [
            "-# Nano Banana 2 Lite does not paint in 4K, so this has its usual size.",
            f"-# {BECAUSE}",
            "-# This model does not paint 8:1; the nearest shape that it has is 21:9.",
        ]


async def test_a_model_that_paints_larger_than_was_asked_for_does_not_step_in(world):
    small = replace(MODEL, sizes=("512", "1K"), price=replace(MODEL.price, picture_out_tokens={"512": 700, "1K": 1120}))
    settings = backed(size="512", models={**SETTINGS.gemini.models, MODEL.id: small})
    world.painter.will(BUSY)
    async with world.bot(settings=settings) as bot:
        await bot.paint("a cat")
        assert asked(world) == [MODEL.id]


async def test_a_model_that_takes_fewer_pictures_than_there_are_does_not_step_in(world):
    async with world.bot(settings=backed(OLD)) as bot:
        await bot.paint("a cat", "a dog", "a bird", "a fish")
        world.painter.will(BUSY, BUSY)
        await bot.paint("with the one in v1 and v2", "with those in v1, v2 and v3")
        assert asked(world)[4:] == [MODEL.id, OLD, MODEL.id]


async def test_another_models_history_is_told_in_words_to_the_one_that_steps_in(world):
    async with world.bot(settings=backed(settings=with_memory(Memory.FULL))) as bot:
        await bot.paint("a cat")
        world.painter.will(BUSY)
        await bot.paint("bluer")
        [_, own, other] = world.painter.requests
        assert (len(own.contents), len(other.contents)) == (3, 1)
        assert BECAUSE in await notes(bot, 102)


async def test_of_several_takes_each_goes_its_own_way_and_the_receipt_says_that_some_did(world):
    async with world.bot(settings=backed()) as bot:
        await bot.paint("a cat")
        world.painter.will(BUSY)
        await bot.hear(world.ask("", again=101, count=3, place=THREAD))
        await bot.settle()
        assert sorted(asked(world)[1:]) == [LITE, *[MODEL.id] * 3]
        some = "At least one of these was painted by Nano Banana 2 Lite, because Nano Banana 2.1 was overloaded."
        assert some in world.discord.said()[-1]
        assert len(world.discord.thread()[-1].files) == 3


async def test_a_crash_while_the_other_paints_ends_in_one_picture_of_the_others(world):
    world.painter.will(GONE)
    async with world.bot(settings=backed()) as bot:
        gate = world.painter.hold()
        gate.set()
        await bot.hear(world.ask("a cat"))
        await bot.until(lambda: world.painter.requests)
        gate.clear()
        await bot.until(lambda: asked(world) == [MODEL.id, LITE] and world.painter.under_way)
        await bot.kill()
    gate.set()
    async with world.bot(settings=backed()) as bot:
        await bot.settle()
        assert asked(world) == [MODEL.id, LITE, LITE]
        assert world.discord.said()[0].splitlines()[1:] == [
            "-# Painted by Nano Banana 2 Lite, because Google has no Nano Banana 2.1 any more.",
            f"-# {CATALOGUE.say('receipt.again')}",
        ]
        assert await calls(bot) == [
            (MODEL.id, "misconfigured_model", 0),
            (LITE, "lost", 250_000),
            (LITE, "painted", 40_000),
        ]


async def test_one_that_left_the_configuration_meanwhile_does_not_step_in(world):
    async with world.bot(settings=backed(), places=0) as bot:
        await bot.hear(world.ask("a cat"))
    models = {name: each for name, each in SETTINGS.gemini.models.items() if name != LITE}
    world.painter.will(BUSY)
    async with world.bot(settings=backed("", models=models)) as bot:
        await bot.settle()
        assert asked(world) == [MODEL.id]
