"""Whose word an ask needs, when it has it, and what becomes of it while it waits."""

import asyncio
import time
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.asking.target import Target
from bot.errors import ForeignPicture, WordWanted
from bot.filled import Filled
from bot.kept import Scope
from bot.model import Ask, Memory, Place, Quoted, Upload
from bot.owners import consent
from bot.owners.consent import Lending, bringing, quoted_owner
from bot.owners.petitions import HOLD, MOST_WAITING, Petitions
from bot.rules.rules import Consent
from bot.store import Erasure
from bot.store.consent import Bringing, Petition, read, written
from tests.players import ADA, BOB, CATALOGUE, FAST, THREAD, Bot, World, png

SERVER = 9
LOUNGE = Place(600, 6, server=SERVER, title="bluer", ours=True)
SHARED = replace(THREAD, server=SERVER)
RESERVED = replace(SHARED, reserved=True)
WORD = [*Consent, None]


def quoting(world: World | None = None, author: int | None = BOB.id, **others: object) -> Quoted:
    upload = world.cdn.holds("bob.png", png()) if world else Upload(700, "bob.png", "", 1)
    return Quoted(900, author, (upload,), name="Bob", **others)  # type: ignore[arg-type]


def ask(place: Place = LOUNGE, **others: object) -> Ask:
    return replace(Ask(100, place, ADA, "bluer", quoted=quoting(), message=100), **others)  # type: ignore[arg-type]


def petitions(bot: Bot, hold: float = HOLD) -> Petitions:
    return Petitions(bot.store, bot.world.discord, CATALOGUE, hold, FAST)


async def waits(bot: Bot, **others: object) -> Petition:
    """Ada asks for Bob's picture in the lounge."""
    asked = bot.world.ask("bluer", place=LOUNGE, quoted=quoting(bot.world), **others)
    await bot.hear(asked)
    petition = await bot.store.consent.get(asked.id, BOB.id)
    assert petition is not None
    return petition


async def says(bot: Bot, member: int, stance: Consent | None) -> None:
    async with bot.store.write() as desk:
        await desk.consent.stand(SERVER, member, stance, time.time())


# -- whose picture it is -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", [LOUNGE, RESERVED, replace(SHARED, ours=False)])
def test_outside_the_bots_threads_and_where_it_is_asked_first_a_picture_has_its_owner(place: Place):
    owner = quoted_owner(ask(place))
    assert owner is not None
    assert (owner.id, owner.called) == (BOB.id, "Bob")


def test_in_the_bots_threads_and_for_ones_own_and_for_a_bots_nobody_is_asked():
    assert quoted_owner(ask(SHARED)) is None
    assert quoted_owner(ask(quoted=quoting(author=ADA.id))) is None
    assert quoted_owner(ask(quoted=quoting(free=True))) is None
    assert quoted_owner(ask(quoted=None)) is None


def test_a_brought_picture_is_noted_with_its_owner_and_where_it_came_from():
    assert bringing(ask(), 700) == Bringing(BOB.id, outside=True)
    assert bringing(ask(SHARED), 700) == Bringing(BOB.id, outside=False)
    assert bringing(ask(uploads=(Upload(700, "own.png", "", 1),)), 700) is None
    assert bringing(ask(quoted=quoting(free=True)), 700) is None


@pytest.mark.parametrize("own", WORD)
@pytest.mark.parametrize("default", WORD)
async def test_what_a_member_has_said_goes_before_what_moderators_say(world: World, own, default):
    async with world.bot() as bot:
        await says(bot, BOB.id, own)
        async with bot.store.write() as desk:
            await desk.rules.decide(SERVER, "consent", default and default.value)
        lends = Lending(bot.store, ask()).lends()
        match own or default or Consent.ASK:
            case Consent.NEVER:
                with pytest.raises(ForeignPicture):
                    await lends
            case held:
                assert await lends is (held is Consent.ALWAYS)


async def test_a_webhooks_picture_has_nobody_to_ask(world: World):
    async with world.bot() as bot:
        with pytest.raises(ForeignPicture) as refused:
            await Lending(bot.store, ask(quoted=quoting(author=None))).lends()
        assert refused.value.key == "foreign_unknown"


async def test_never_goes_before_a_yes_to_one_ask(world: World):
    async with world.bot() as bot:
        async with bot.store.write() as desk:
            await desk.consent.agree(100, BOB.id)
        assert await Lending(bot.store, ask()).lends()
        await says(bot, BOB.id, Consent.NEVER)
        with pytest.raises(ForeignPicture):
            await Lending(bot.store, ask()).lends()


# -- an ask that waits -------------------------------------------------------------------------------------------------


async def test_nothing_is_fetched_claimed_or_painted_while_it_waits(world: World):
    async with world.bot() as bot:
        petition = await waits(bot)
        await bot.settle()
        assert world.cdn.asked == []
        assert world.painter.requests == []
        assert await bot.store.turns.unfinished() == []
        assert await bot.store.query.all("SELECT 1 FROM claims") == []
        [post] = world.discord.thread(LOUNGE.channel)
        assert "“bluer”" in post.text
        assert (post.letter.calls, post.letter.ping, post.letter.reply_to) == (BOB.id, None, 900)
        assert (petition.message, petition.picture, petition.granted) == (post.id, 900, False)


async def test_heard_again_it_asks_nobody_again(world: World):
    async with world.bot() as bot:
        petition = await waits(bot)
        await bot.hear(petition.ask, petition.ask)
    async with world.bot() as bot:
        await bot.hear(petition.ask)
        assert len(world.discord.thread(LOUNGE.channel)) == 1


async def test_agreed_to_it_is_admitted_like_any_other_with_consent_on_its_receipt(world: World):
    async with world.bot() as bot:
        petition = await waits(bot)
        assert await petitions(bot).grant(petition)
        assert not await petitions(bot).grant(petition)
        asks = [replace(petition.ask, agreed=True)] * 3
        await asyncio.gather(*(bot.studio.hear(each) for each in asks))
        await bot.settle()
        assert len(world.painter.requests) == 1
        [turn] = await bot.store.turns._found("turns.id = :id", id=petition.ask.id)
        assert turn.notes == ("With Bob's consent.",)


async def test_without_a_yes_nothing_is_painted_whoever_says_that_there_was_one(world: World):
    async with world.bot() as bot:
        petition = await waits(bot)
        await bot.hear(replace(petition.ask, agreed=True))
        await bot.settle()
        assert world.painter.requests == []


async def test_who_has_left_is_not_asked(world: World):
    world.discord.strangers.add(BOB.id)
    async with world.bot() as bot:
        asked = world.ask("bluer", place=LOUNGE, quoted=quoting(world))
        await bot.hear(asked)
        assert "is not in this server any more" in world.discord.said(LOUNGE.channel)[0]
        assert await bot.store.consent.get(asked.id, BOB.id) is None


async def test_where_the_owner_cannot_be_asked_the_asker_is_told(world: World):
    world.discord.fail("send", forever=True)
    async with world.bot() as bot:
        asked = world.ask("bluer", place=LOUNGE, quoted=quoting(world))
        await bot.hear(asked)
        assert "somebody else's" in world.discord.said(LOUNGE.channel)[0]
        assert await bot.store.consent.get(asked.id, BOB.id) is None


async def test_while_discord_is_away_the_question_waits_for_it(world: World, monkeypatch):
    for _ in range(10):
        world.discord.fail("send")
    async with world.bot() as bot:
        petition = await waits(bot)
        assert petition.message is None
        world.discord._faults.clear()
        monkeypatch.setattr("bot.owners.petitions.PAUSE", -1.0)
        await petitions(bot).look()
        assert len(world.discord.thread(LOUNGE.channel)) == 1


async def test_nobody_is_asked_without_end(world: World):
    async with world.bot() as bot:
        for _ in range(MOST_WAITING):
            await waits(bot)
        await bot.hear(world.ask("once more", place=LOUNGE, quoted=quoting(world)))
        assert "let them answer first" in world.discord.said(LOUNGE.channel)[-1]


# -- its end -----------------------------------------------------------------------------------------------------------


async def test_a_day_without_a_word_is_a_no_and_is_told_once(world: World):
    async with world.bot() as bot:
        petition = await waits(bot)
        await petitions(bot, hold=3600.0).look()
        assert await bot.store.consent.get(petition.ask.id, BOB.id)
        late = petitions(bot, hold=-1.0)
        await asyncio.gather(late.look(), late.look())
        question, told = world.discord.thread(LOUNGE.channel)
        assert "no word came" in question.text
        assert "Bob has not said a word about it in time" in told.text
        assert (told.letter.ping, told.letter.reply_to) == (ADA.id, petition.ask.id)
        assert not await late.grant(petition)


async def test_never_ends_all_that_waits_for_the_owner(world: World):
    async with world.bot() as bot:
        for _ in range(2):
            await waits(bot)
        assert await petitions(bot).stand(SERVER, BOB.id, Consent.NEVER) == []
        assert await bot.store.consent.of_author(SERVER, BOB.id) == []
        assert await bot.store.consent.stance(SERVER, BOB.id) is Consent.NEVER
        texts = world.discord.said(LOUNGE.channel)
        assert len([each for each in texts if "edited by others" in each]) == 2


async def test_always_grants_all_that_waits_for_the_owner(world: World):
    async with world.bot() as bot:
        first, second = [await waits(bot) for _ in range(2)]
        agreed = await petitions(bot).stand(SERVER, BOB.id, Consent.ALWAYS)
        assert [each.ask.id for each in agreed] == [first.ask.id, second.ask.id]
        assert len(await bot.store.consent.granted()) == 2


async def test_taken_back_it_leaves_no_words(world: World):
    async with world.bot() as bot:
        petition = await waits(bot)
        await bot.studio.withdraw(petition.ask.id)
        assert "has taken it back" in world.discord.said(LOUNGE.channel)[0]
        assert await bot.store.query.all("SELECT 1 FROM petitions") == []
        assert not await petitions(bot).grant(petition)


async def test_taken_back_while_the_question_is_on_its_way_leaves_no_question(world: World):
    gate = world.discord.block("send")
    async with world.bot() as bot:
        asked = world.ask("bluer", place=LOUNGE, quoted=quoting(world))
        hearing = asyncio.create_task(bot.studio.hear(asked))
        await bot.until(lambda: "send" in world.discord.calls)
        await petitions(bot).withdraw(asked.id)
        gate.set()
        await hearing
        assert world.discord.thread(LOUNGE.channel) == []


async def test_other_words_have_another_mark(world: World):
    async with world.bot() as bot:
        petition = await waits(bot)
        await bot.studio.rewrite(replace(petition.ask, words="redder"))
        changed = await bot.store.consent.get(petition.ask.id, BOB.id)
        assert changed is not None
        assert (changed.ask.words, changed.mark != petition.mark) == ("redder", True)
        [post] = world.discord.thread(LOUNGE.channel)
        assert "“redder”" in post.text
        assert all(each.id.endswith(changed.mark) for each in post.letter.buttons)


async def test_a_yes_to_other_words_is_taken_back_and_asked_for_anew(world: World):
    async with world.bot() as bot:
        petition = await waits(bot)
        assert await petitions(bot).grant(petition)
        assert await petitions(bot).revoke(petition)
        assert not await petitions(bot).revoke(petition)
        await bot.studio.rewrite(replace(petition.ask, words="redder"))
        [post] = world.discord.thread(LOUNGE.channel)
        assert "“redder”" in post.text
        assert post.letter.buttons
        assert await bot.store.consent.agreed(petition.ask.id) == set()


async def test_what_was_agreed_to_keeps_its_words_while_it_waits_to_be_painted(world: World):
    async with world.bot(places=1) as bot:
        gate = world.painter.hold()
        await bot.hear(world.ask("a cat"))
        await bot.until(lambda: world.painter.under_way)
        agreed, other = (world.ask("bluer", place=LOUNGE, quoted=quoting(world)), world.ask("a dog"))
        async with bot.store.write() as desk:
            await desk.consent.agree(agreed.id, BOB.id)
        await bot.hear(agreed, other)
        for each in (agreed, other):
            await bot.studio.rewrite(replace(each, words="set on fire"))
        turns = [await bot.store.turns.get(each.id) for each in (agreed, other)]
        assert [turn and turn.words for turn in turns] == ["bluer", "set on fire"]
        gate.set()
        await bot.settle()


# -- pictures that are versions already --------------------------------------------------------------------------------


async def brought(bot: Bot, place: Place = SHARED) -> int:
    """Ada brings Bob's picture with his consent and edits it; its version's number."""
    asked = bot.world.ask("bluer", place=place, quoted=quoting(bot.world))
    async with bot.store.write() as desk:
        await desk.consent.agree(asked.id, BOB.id)
    await bot.hear(asked)
    await bot.settle()
    return 1


async def owner_of(bot: Bot, number: int, place: Place) -> int | None:
    """Who is asked where Ada edits a version."""
    try:
        await Lending(bot.store, ask(place, quoted=None)).check(Target(base=number))
    except WordWanted as wanted:
        return wanted.whose
    return None


async def test_brought_from_outside_it_keeps_its_owner_and_what_is_painted_has_none(world: World):
    async with world.bot() as bot:
        await bot.hear(world.ask("a cat"))
        await bot.settle()
        outside = replace(SHARED, ours=False)
        await brought(bot, outside)
        numbers = (1, 2, 3)
        assert [await owner_of(bot, each, SHARED) for each in numbers] == [None, BOB.id, None]


async def test_posted_in_the_thread_it_has_an_owner_only_where_the_thread_asks_first(world: World):
    async with world.bot() as bot:
        await brought(bot)
        assert await owner_of(bot, 1, SHARED) is None
        assert await owner_of(bot, 1, RESERVED) == BOB.id
        async with bot.store.write() as desk:
            await desk.traces.forget(Erasure(Scope.MEMBER, BOB.id, time.time()))
        with pytest.raises(ForeignPicture) as unknown:
            await owner_of(bot, 1, RESERVED)
        assert unknown.value.key == "foreign_unknown"


async def test_an_edit_falls_back_onto_no_picture_without_consent(world: World):
    async with world.bot() as bot:
        async with bot.store.write() as desk:
            await desk.turns.open(SHARED, Memory.FOCUSED)
            await desk.preferences.wish(SHARED.conversation, "others", "ask_first")
        gate = world.painter.hold()
        world.painter.will(RuntimeError("lost"))
        await bot.hear(world.ask("bluer", world.cdn.holds("bob.png", png()), member=BOB, place=SHARED))
        await bot.until(lambda: world.painter.under_way)
        await bot.hear(world.ask("redder", place=SHARED))
        gate.set()
        await bot.settle()
        assert len(world.painter.requests) == 1
        assert "who was not asked" in world.discord.said()[-1]


# -- written down ------------------------------------------------------------------------------------------------------

IDS, WORDS = st.integers(1, 2**63 - 1), st.text(max_size=40)
UPLOADS = st.lists(st.builds(Upload, IDS, WORDS, WORDS, IDS), max_size=3).map(tuple)


@given(
    st.builds(
        Ask,
        IDS,
        st.builds(Place, IDS, IDS, IDS, st.none() | WORDS, st.booleans(), within=st.tuples(IDS, IDS)),
        st.builds(type(ADA), IDS, WORDS, st.none() | st.frozensets(IDS, max_size=3)),
        WORDS,
        UPLOADS,
        st.none() | st.builds(Quoted, IDS, st.none() | IDS, UPLOADS, st.tuples(IDS), WORDS, st.booleans()),
        recipe=st.none() | st.builds(Filled, WORDS, st.integers(1, 4), st.none() | WORDS),
        count=st.none() | st.integers(1, 3),
        choice=st.none() | st.integers(0, 3),
        base=st.none() | IDS,
        again=st.none() | IDS,
    )
)
def test_an_ask_that_is_written_down_is_read_as_it_was(asked: Ask):
    assert read(written(asked)) == asked


def test_what_another_version_of_the_program_wrote_is_passed_over():
    later = written(ask()).replace('"words": ', '"mood": "merry", "words": ')
    assert read(later) == ask()


def test_the_mark_is_of_all_that_is_asked():
    upload, recipe = Upload(7, "own.png", "", 1), Filled("Sticker")
    changes: list[dict[str, Any]] = [{}, {"words": "redder"}, {"uploads": (upload,)}, {"count": 2}, {"recipe": recipe}]
    marks = [consent.mark(ask(**each)) for each in changes]
    assert len(set(marks)) == len(marks)
    assert consent.mark(ask()) == marks[0]
    assert consent.mark(ask(uploads=(replace(upload, url="a fresh address"),))) == marks[2]


def test_two_texts_with_the_same_mark_cannot_be_made():
    pair = ("make it sunny;~~~-~", "set it on fire bcehaa")  # the same by their CRC-32
    assert len({consent.mark(ask(words=each)) for each in pair}) == 2
    assert len(consent.mark(ask())) * 4 >= 160


def test_the_ids_of_the_buttons_fit_into_discords_hundred_characters():
    asked = replace(ask(), id=2**64 - 1)
    petition = Petition(asked, 2**64 - 1, "Bob", 0.0, mark=consent.mark(asked))
    assert max(len(each.id) for each in consent.buttons(petition, CATALOGUE)) <= 100
