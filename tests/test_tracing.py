"""Whose forwarded pictures are, and what may be done with them."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.asking.target import Target
from bot.errors import ForeignPicture, Refusal, UnusablePictures, WordWanted
from bot.forward import Forward
from bot.manners import Manners
from bot.model import Ask, Memory, Picture, Quoted, Reference, Turn, Upload
from bot.owners.consent import Lending, bringing, forwarded
from bot.owners.tracing import Tracing
from bot.rules.rules import Consent
from bot.store.consent import Bringing, read, written
from tests.players import ADA, BOB, CATALOGUE, SETTINGS, THREAD, Bot, World, open_cdn

SERVER = 9
PLACE = replace(THREAD, server=SERVER)
UNTOLD = Forward(900, 6, SERVER)
PICTURE = Picture("0" * 64, "image/png", 8, 8, 90)
BOBS = replace(UNTOLD, author=BOB.id, name="Bob")


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Bot]:
    async with open_cdn() as cdn, World(tmp_path, cdn).bot() as bot:
        yield bot


def ask(forward: Forward = UNTOLD, **others: object) -> Ask:
    upload = Upload(700, "cat.png", "", 1, forward)
    return replace(Ask(100, PLACE, ADA, "", (upload,), message=100), **others)  # type: ignore[arg-type]


async def traced(bot: Bot, told: Forward, asked: Ask | None = None) -> Ask:
    """The ask, once Discord has told of the message that it forwards."""
    bot.world.discord.origins[UNTOLD.message] = told
    return await Tracing(bot.world.discord, Manners(bot.store, SETTINGS), CATALOGUE).traced(asked or ask())


async def refusal(bot: Bot, asked: Ask) -> str | None:
    try:
        return None if await Lending(bot.store, asked).lends() else "asks"
    except ForeignPicture as refused:
        return refused.key


async def test_a_forwarded_picture_is_its_first_posters_in_the_bots_threads_too(bot: Bot):
    asked = await traced(bot, BOBS)
    assert [(each.id, each.called) for each in forwarded(asked)] == [(BOB.id, "Bob")]
    assert await refusal(bot, asked) == "asks"
    with pytest.raises(WordWanted) as wanted:
        await Lending(bot.store, asked).check_forwarded()
    assert wanted.value.whose == BOB.id
    assert bringing(asked, 700) == Bringing(BOB.id, outside=True)


@pytest.mark.parametrize(
    "told",
    [
        replace(UNTOLD, author=ADA.id),
        replace(UNTOLD, author=ADA.id, server=77),
        replace(UNTOLD, author=1, painted=True),
        replace(UNTOLD, author=1, painted=True, server=77),
        replace(BOBS, inside=True),
    ],
)
async def test_ones_own_a_bots_and_those_of_the_bots_threads_ask_nobody(bot: Bot, told: Forward):
    asked = await traced(bot, told)
    assert forwarded(asked) == []
    assert await refusal(bot, asked) is None
    assert bringing(asked, 700) is None


async def test_a_thread_that_asks_first_does_so_for_forwards_too(bot: Bot):
    async with bot.store.write() as desk:
        await desk.turns.open(replace(PLACE, conversation=6, channel=6), Memory.FOCUSED)
        await desk.preferences.wish(6, "others", "ask_first")
    assert await refusal(bot, await traced(bot, replace(BOBS, inside=True))) == "asks"


@pytest.mark.parametrize("told", [UNTOLD, replace(BOBS, server=77), replace(BOBS, server=77, inside=True)])
@pytest.mark.parametrize("default", [*Consent, None])
async def test_of_what_nobody_can_be_asked_for_the_default_decides(bot: Bot, told: Forward, default: Consent | None):
    async with bot.store.write() as desk:
        await desk.rules.decide(SERVER, "consent", default and default.value)
    asked = await traced(bot, told)
    assert await refusal(bot, asked) == (None if default is Consent.ALWAYS else "foreign_unknown")
    assert bringing(asked, 700) is None


async def test_a_webhooks_picture_is_refused_forwarded_as_well_as_not(bot: Bot):
    async with bot.store.write() as desk:
        await desk.rules.decide(SERVER, "consent", Consent.ALWAYS.value)
    assert await refusal(bot, await traced(bot, replace(UNTOLD, name="Bridge"))) == "foreign_unknown"


async def test_while_discord_is_away_nothing_is_done(bot: Bot):
    bot.world.discord.fail("trace")
    with pytest.raises(Refusal) as refused:
        await traced(bot, BOBS)
    assert refused.value.key == "foreign_slow"
    bot.world.discord.fail("trace", forever=True)
    assert (await traced(bot, BOBS)).uploads[0].forward == UNTOLD


async def test_what_the_bot_painted_in_an_age_restricted_channel_is_refused_elsewhere_with_its_reason(bot: Bot):
    dark = replace(UNTOLD, author=1, painted=True, restricted=True)
    with pytest.raises(UnusablePictures) as refused:
        await traced(bot, dark)
    assert "cat.png was painted in an age-restricted channel" in CATALOGUE.tell(refused.value)
    there = ask(place=replace(PLACE, restricted=True))
    assert (await traced(bot, dark, there)).uploads[0].forward == dark


async def test_a_reply_to_a_forward_takes_the_word_of_whose_picture_it_is(bot: Bot):
    quoted = Quoted(800, ADA.id, ask().uploads, name="Ada")
    asked = await traced(bot, BOBS, ask(uploads=(), quoted=quoted))
    assert asked.quoted is not None
    assert (asked.quoted.author, asked.quoted.name) == (BOB.id, "Bob")
    assert await refusal(bot, asked) == "asks"
    assert bringing(asked, 700) == Bringing(BOB.id, outside=True)


async def test_a_yes_to_an_ask_is_none_to_other_words_with_the_same_picture(bot: Bot):
    reference = Reference(PICTURE, "cat.png")
    like = Turn(50, PLACE.conversation, ADA, "", "a-model", 0.0, references=(reference,))
    async with bot.store.write() as desk:
        await desk.consent.agree(like.id, BOB.id)
    asked = ask(uploads=(), words="set on fire")
    with pytest.raises(WordWanted) as wanted:
        await Lending(bot.store, asked).check(Target(references=(reference,), like=like))
    assert wanted.value.whose == BOB.id


def test_a_forward_is_written_down_and_read_as_it_was():
    assert read(written(ask(BOBS))) == ask(BOBS)
