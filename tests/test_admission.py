import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import count

import aiohttp
import pytest

from bot.admission import WORDS, Admission, Admitted, Fetched, check_words
from bot.config import Settings
from bot.downloads import Downloads
from bot.errors import ForeignPicture, NothingAsked, Refusal, UnusablePictures
from bot.gallery import Gallery, open_gallery
from bot.letters import shown
from bot.model import Ask, Kind, Member, Memory, Painted, Painting, Place, Quoted, State, Turn, Upload
from bot.pictures import Pictures
from bot.recognition import Recognition
from bot.store import Message, Said, Store, open_store
from bot.tokens import Usage
from tests.players import ADA, BOB, CATALOGUE, MODEL, SETTINGS, THREAD, Cdn, Roster, open_cdn, picture, png, with_memory


@dataclass
class Door:
    """An admission with all that it opens to."""

    cdn: Cdn
    store: Store
    gallery: Gallery
    admission: Admission
    settings: Settings = SETTINGS
    ids: Iterator[int] = field(default_factory=lambda: count(101))

    def ask(self, words: str = "", *uploads: Upload, **others: object) -> Ask:
        number = next(self.ids)
        return replace(Ask(number, THREAD, ADA, words, uploads, message=number), **others)  # type: ignore[arg-type]

    async def fetched(self, ask: Ask) -> Fetched:
        return await self.admission.fetch(ask, MODEL, CATALOGUE)

    async def admits(self, ask: Ask) -> Admitted:
        return await self.admission.admit(ask, await self.fetched(ask), self.settings, CATALOGUE)

    async def turn(self, ask: Ask) -> Turn:
        turn = (await self.admits(ask)).turn
        assert turn is not None
        assert await self.store.turns.get(turn.id) == replace(turn, member=Member(turn.member.id, turn.member.name))
        return turn

    async def paints(self, turn: Turn, *names: str) -> None:
        """The turn is painted and seen in a message with ten times its id."""
        async with self.store.write() as desk:
            await desk.turns.start(replace(turn, attempts=1), 0.1)
            parts = tuple(Painted(picture(name)) for name in names)
            await desk.turns.keep(replace(turn, attempts=1), Painting(parts, Usage(), 0.04, MODEL.id))
            if names:
                await desk.versions.add(turn, [picture(name) for name in names], turn.id * 10)
            await desk.messages.add(Message(turn.id * 10, turn.conversation, turn.id, Said.ANSWER))
            await desk.turns.posted(turn.id)

    async def waits(self, turn: Turn) -> int:
        async with self.store.write() as desk:
            await desk.messages.add(Message(turn.id * 10, turn.conversation, turn.id, Said.STATUS))
        return turn.id * 10

    async def fails(self, turn: Turn) -> int:
        async with self.store.write() as desk:
            await desk.turns.fail(turn, "No.", "declined_prompt_safety", 0.0)
            await desk.messages.add(Message(turn.id * 10, turn.conversation, turn.id, Said.FAILURE))
        return turn.id * 10


@pytest.fixture
async def door(tmp_path):
    async with (
        open_cdn() as cdn,
        open_store(tmp_path) as store,
        Pictures() as pictures,
        aiohttp.ClientSession() as http,
    ):
        gallery = open_gallery(tmp_path / "pictures")
        downloads = Downloads(http, ["127.0.0.1"], pauses=(0.01,))
        yield Door(cdn, store, gallery, Admission(Recognition(store, gallery, pictures), downloads, Roster()))


async def head(door: Door) -> tuple[int | None, int | None]:
    conversation = await door.store.turns.conversation(THREAD.conversation)
    assert conversation is not None
    return conversation.head, conversation.head_number


# -- pictures


async def test_pictures_are_fetched_side_by_side_and_kept_in_the_gallery_in_their_order(door):
    together = asyncio.Barrier(3)

    async def serve(request):
        await asyncio.wait_for(together.wait(), 5)
        return aiohttp.web.Response(body=png(request.match_info["name"].removesuffix(".png")))

    names = ["red.png", "green.png", "blue.png"]
    fetched = await door.fetched(door.ask("", *(door.cdn.holds(name, serve) for name in names)))
    assert [each.name for each in fetched.usable] == names
    assert all([await door.gallery.has(each.picture.digest) for each in fetched.usable])


async def test_files_that_are_no_pictures_are_named_with_their_reason(door):
    notes = door.cdn.holds("notes_v2.txt", b"just words")
    half = door.cdn.holds("half.png", png()[:60])
    fetched = await door.fetched(door.ask("", notes, door.cdn.holds("cat.png", png()), half))
    assert [each.name for each in fetched.usable] == ["cat.png"]
    assert fetched.unusable == (
        r"notes\_v2.txt is not a picture that I can read",
        "half.png is damaged, or ends too early",
    )


async def test_an_ask_with_some_unusable_pictures_is_admitted_and_its_receipt_names_them(door):
    turn = await door.turn(
        door.ask("a hat", door.cdn.holds("a.png", png()), door.cdn.holds("b.txt", b"x"), door.cdn.holds("c.mp4", b"x"))
    )
    assert turn.notes == (
        "Left out: b.txt is not a picture that I can read and c.mp4 is not a picture that I can read.",
    )


async def test_an_ask_of_which_no_picture_can_be_used_is_refused_and_leaves_nothing(door):
    with pytest.raises(UnusablePictures) as refused:
        await door.admits(door.ask("a hat", door.cdn.holds("b.txt", b"words"), door.cdn.holds("gone.png", 404)))
    told = CATALOGUE.tell(refused.value)
    assert "b.txt is not a picture that I can read and gone.png could not be fetched from Discord" in told
    assert await door.store.turns.conversation(THREAD.conversation) is None


async def test_a_picture_that_is_erased_each_time_it_was_fetched_is_refused_with_its_reason(door, monkeypatch):
    monkeypatch.setattr(Gallery, "lies", lambda *_: False)
    with pytest.raises(Refusal) as caught:
        await door.admits(door.ask("make it night", door.cdn.holds("a.png", png())))
    assert caught.value.key == "picture_erased"


async def test_the_names_of_files_are_cut_and_their_markdown_is_shown(door):
    fetched = await door.fetched(door.ask("", door.cdn.holds("x" * 120 + "*.txt", b"words")))
    assert fetched.unusable == ("x" * 39 + "… is not a picture that I can read",)


async def test_more_references_than_the_model_takes_are_left_out_and_named(door):
    await door.paints(await door.turn(door.ask("a cat")), "cat")
    files = [door.cdn.holds(f"{number}.png", png(size=(8 + number, 8))) for number in range(15)]
    turn = await door.turn(door.ask("all of them", *files))
    assert [each.name for each in turn.references] == [f"{number}.png" for number in range(13)]
    assert turn.notes == ("This model takes 14 pictures at once, so I left out 13.png and 14.png.",)


# -- what becomes of an ask


async def test_an_ask_becomes_a_turn_with_all_it_says(door):
    asked = door.ask("a cat", ratio="16:9", size="2K", place=replace(THREAD, title="a cat", channel=7))
    turn = await door.turn(asked)
    assert (turn.id, turn.words, turn.ratio, turn.size) == (asked.id, "a cat", "16:9", "2K")
    assert (turn.conversation, turn.channel, turn.server, turn.title) == (50, 7, 9, "a cat")
    assert (turn.message, turn.model, turn.state, turn.kind) == (asked.id, MODEL.id, State.ASKED, Kind.PAINT)
    assert await head(door) == (turn.id, None)


async def test_a_duplicate_of_an_ask_does_nothing(door):
    asked = door.ask("a cat")
    await door.turn(asked)
    assert await door.admits(asked) == Admitted()
    assert len(await door.store.turns.unfinished()) == 1


async def test_twenty_duplicates_at_once_become_one_turn(door):
    asked = door.ask("a cat", door.cdn.holds("a.png", png()))
    admitted = await asyncio.gather(*(door.admits(asked) for _ in range(20)))
    assert sum(each.turn is not None for each in admitted) == 1


async def test_plain_words_edit_the_version_that_is_the_head(door):
    first = await door.turn(door.ask("a cat"))
    await door.paints(first, "one", "two")
    turn = await door.turn(door.ask("bluer"))
    assert (turn.parent, turn.base) == (first.id, 2)


async def test_a_reply_to_a_picture_whose_message_is_not_noted_yet_is_known_by_its_file(door):
    first = await door.turn(door.ask("a cat"))
    await door.paints(first, "one", "two")
    posted_now = Quoted(message=777, author=99, shows=shown(["easel-101-v1.jpg", "holiday.jpg"]))
    turn = await door.turn(door.ask("bluer", quoted=posted_now))
    assert (turn.parent, turn.base) == (first.id, 1)


async def test_a_first_picture_with_words_becomes_a_version_that_is_edited(door):
    asked = door.ask("bluer", door.cdn.holds("cat.png", png()), door.cdn.holds("style.png", png("blue")))
    turn = await door.turn(asked)
    [start] = await door.store.versions.of_turn(-asked.id)
    assert (turn.parent, turn.base, start.message) == (-asked.id, 1, asked.id)
    assert [each.name for each in turn.references] == ["style.png"]
    assert await head(door) == (asked.id, None)


async def test_pictures_without_words_become_versions_and_wait_for_nothing(door):
    turn = await door.turn(door.ask("", door.cdn.holds("a.png", png()), door.cdn.holds("b.png", png("blue"))))
    assert (turn.kind, turn.state) == (Kind.UPLOAD, State.PAINTED)
    assert [each.number for each in await door.store.versions.of_turn(turn.id)] == [1, 2]
    assert await head(door) == (turn.id, 1)


async def test_a_reply_to_one_of_several_uploads_is_a_question_then_an_edit(door):
    upload = await door.turn(door.ask("", door.cdn.holds("a.png", png()), door.cdn.holds("b.png", png("blue"))))
    asked = door.ask("bluer", quoted=Quoted(upload.id, ADA.id, (Upload(1, "a.png", "", 1), Upload(2, "b.png", "", 1))))
    question = (await door.admits(asked)).question
    assert question is not None
    assert question.labels == ("v1", "v2")
    turn = await door.turn(replace(asked, choice=1))
    assert (turn.parent, turn.base) == (upload.id, 2)
    assert await door.admits(replace(asked, choice=0)) == Admitted()


async def test_a_picture_alone_offers_itself_as_the_base(door):
    first = await door.turn(door.ask("a cat"))
    await door.paints(first, "cat")
    turn = await door.turn(door.ask("", door.cdn.holds("hat.png", png())))
    assert turn.words == CATALOGUE.say("ask.blend")
    assert (turn.offer, turn.parent, turn.base) == (True, first.id, 1)


async def test_a_reply_to_words_alone_brings_the_references_of_the_first_ask(door):
    await door.paints(await door.turn(door.ask("a cat")), "cat")
    asked_back = await door.turn(door.ask("wear this", door.cdn.holds("hat.png", png()), ratio="1:1"))
    await door.paints(asked_back)
    for asked in (door.ask("the left one"), door.ask("the left one", quoted=Quoted(asked_back.id * 10))):
        turn = await door.turn(asked)
        assert (turn.parent, turn.base, turn.ratio) == (asked_back.id, None, "1:1")
        assert [each.name for each in turn.references] == ["hat.png"]
        async with door.store.write() as desk:
            await desk.turns.cancel(turn.id)


async def test_a_reply_to_a_failure_asks_again_with_the_same_shape_and_pictures(door):
    await door.paints(await door.turn(door.ask("a cat")), "cat")
    failed = await door.turn(door.ask("with a gun", door.cdn.holds("hat.png", png()), ratio="16:9", size="4K"))
    message = await door.fails(failed)
    turn = await door.turn(door.ask("with a flower", quoted=Quoted(message)))
    assert (turn.parent, turn.base, turn.words) == (failed.parent, 1, "with a flower")
    assert (turn.ratio, turn.size, [each.name for each in turn.references]) == ("16:9", "4K", ["hat.png"])


async def test_a_reply_to_a_status_changes_the_waiting_ask_and_is_heard_once(door):
    waiting = await door.turn(door.ask("a cat", door.cdn.holds("a.png", png())))
    asked = door.ask("a dog", quoted=Quoted(await door.waits(waiting)))
    admitted = await door.admits(asked)
    assert admitted.changed
    assert admitted.turn == await door.store.turns.get(waiting.id)
    assert admitted.turn.words == "a dog"
    assert await door.admits(asked) == Admitted()
    assert [each.id for each in await door.store.turns.unfinished()] == [waiting.id]


async def test_a_persons_picture_outside_the_bots_threads_is_never_even_fetched(door):
    upload = door.cdn.holds("bob.png", png())
    new_thread = Place(60, 6, server=9, title="bluer", ours=True)
    with pytest.raises(ForeignPicture):
        await door.admits(door.ask("bluer", quoted=Quoted(900, BOB.id, (upload,)), place=new_thread))
    assert door.cdn.asked == []


async def test_a_persons_picture_in_the_bots_thread_becomes_a_version_once(door):
    upload = door.cdn.holds("bob.png", png())
    first = await door.turn(door.ask("bluer", quoted=Quoted(900, BOB.id, (upload,))))
    second = await door.turn(door.ask("redder", quoted=Quoted(900, BOB.id, (upload,))))
    assert (first.parent, first.base) == (second.parent, second.base) == (-first.id, 1)
    assert door.cdn.asked == ["bob.png"]


async def test_two_who_reply_to_the_same_picture_at_once_edit_the_same_version(door):
    upload = door.cdn.holds("bob.png", png())
    asks = [door.ask(words, quoted=Quoted(900, BOB.id, (upload,))) for words in ("bluer", "redder")]
    fetched = [await door.fetched(ask) for ask in asks]
    turns = [(await door.admission.admit(*each, SETTINGS, CATALOGUE)).turn for each in zip(asks, fetched, strict=True)]
    assert [(turn.base, turn.references) for turn in turns] == [(1, ()), (1, ())]


async def test_a_quoted_picture_that_cannot_be_used_is_refused_even_where_others_can(door):
    quoted = Quoted(900, BOB.id, (door.cdn.holds("bob.gif", b"no picture"),))
    with pytest.raises(UnusablePictures) as refused:
        await door.admits(door.ask("wear this", door.cdn.holds("hat.png", png()), quoted=quoted))
    assert "bob.gif is not a picture" in CATALOGUE.tell(refused.value)


async def test_versions_that_are_not_there_are_told_and_read_as_words(door):
    await door.paints(await door.turn(door.ask("a cat")), "cat")
    turn = await door.turn(door.ask("with a V8 engine"))
    assert turn.notes == ("There is no v8 here (the newest is v1), so I read it as plain words.",)
    assert (await door.turn(door.ask("a V8 engine", place=Place(60, 60)))).notes == ()


async def test_a_link_alone_is_not_opened_and_one_among_words_is_told(door):
    url = "https://example.org/cat.png"
    with pytest.raises(NothingAsked) as refused:
        await door.admits(door.ask(url, link=True))
    assert "I never open links" in CATALOGUE.tell(refused.value)
    turn = await door.turn(door.ask(f"like {url}", link=True))
    assert turn.notes == ("I never open links. To use that picture, attach it.",)


async def test_words_that_refer_back_send_the_history_along(door):
    assert (await door.turn(door.ask("a cat"))).memory is Memory.FOCUSED
    assert (await door.turn(door.ask("go back to the first one"))).memory is Memory.FULL


async def test_a_threads_own_memory_holds_even_where_the_operators_changes(door):
    door.settings = with_memory(Memory.FULL)
    assert (await door.turn(door.ask("a cat"))).memory is Memory.FULL
    door.settings = SETTINGS
    assert (await door.turn(door.ask("bluer"))).memory is Memory.FULL


def test_an_ask_longer_than_anybody_means_is_refused():
    check_words(Ask(1, THREAD, ADA, "x" * WORDS))
    with pytest.raises(Refusal):
        check_words(Ask(1, THREAD, ADA, "x" * (WORDS + 1)))


# -- an edited message


async def rewritten(door: Door, ask: Ask, words: str) -> Turn | None:
    return await door.admission.rewrite(replace(ask, words=words), door.settings, CATALOGUE)


async def test_an_edited_message_changes_words_and_named_versions_and_keeps_attachments(door):
    await door.paints(await door.turn(door.ask("a cat")), "one", "two")
    asked = door.ask("v1 with it", door.cdn.holds("hat.png", png()))
    await door.turn(asked)
    changed = await rewritten(door, asked, "v2 and v9 with it, as it was before")
    assert changed is not None
    assert changed == await door.store.turns.get(asked.id)
    assert [each.name for each in changed.references] == ["hat.png"]  # v2 is the base
    assert changed.memory is Memory.FULL
    assert changed.notes == ("There is no v9 here (the newest is v2), so I read it as plain words.",)
    back = await rewritten(door, asked, "v1 with it")
    assert back is not None
    assert [each.name for each in back.references] == ["hat.png", "v1"]


async def test_an_edited_message_of_an_ask_that_started_from_its_own_picture_changes_the_ask(door):
    asked = door.ask("bluer", door.cdn.holds("cat.png", png()))
    await door.turn(asked)
    changed = await rewritten(door, asked, "redder")
    assert changed is not None
    assert (changed.id, changed.words, changed.base) == (asked.id, "redder", 1)


async def test_an_edited_message_of_an_ask_that_has_begun_changes_nothing(door):
    asked = door.ask("a cat")
    await door.paints(await door.turn(asked), "cat")
    assert await rewritten(door, asked, "a dog") is None
    assert await rewritten(door, door.ask("never heard"), "a dog") is None


async def test_an_edit_never_sends_more_pictures_than_the_model_takes(door):
    await door.paints(await door.turn(door.ask("a cat")), *(f"p{number}" for number in range(20)))
    asked = door.ask("all", *(door.cdn.holds(f"{number}.png", png(size=(8 + number, 8))) for number in range(10)))
    await door.turn(asked)
    changed = await rewritten(door, asked, " ".join(f"v{number}" for number in range(1, 20)))
    assert changed is not None
    assert len(changed.references) == MODEL.pictures - 1
    assert "I left out v4, v5" in changed.notes[0]
