"""The entries in the menu of every message: for whom, on what, and what is told to those who may know it."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageDraw

from bot.sandbox import Member, Post
from bot.sandbox.discord import seed
from bot.sandbox.discord.nouns import Overwrite
from bot.sandbox.discord.permissions import Permission
from bot.sandbox.gemini.painting import Painting
from bot.sandbox.gemini.request import Part
from tests.e2e.denials import change
from tests.e2e.sketches import encoded, photo
from tests.e2e.stage import BOT, DEADLINE, Canvas, Stage, is_answer, receipt
from tests.files import PHOTOS, photograph

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

EDIT, INFORMATION, REPORT = "Edit this picture", "Picture information", "Report this picture"


async def whisper(member: Member, words: str, after: int = 0) -> Post:
    """What the bot says to somebody alone."""
    return await member.wait_for(
        lambda post: post.is_whisper and words in post.text and post.id > after, None, DEADLINE
    )


async def told(member: Member, post: Post) -> str:
    """What `Picture information` says of a message."""
    assert (await member.menu(post, INFORMATION)).ok
    answer = await member.wait_for(
        lambda each: each.is_whisper and bool(each.text) and each.id > post.id and not each.is_thinking, None, DEADLINE
    )
    return answer.text


async def next_picture(canvas: Canvas, after: Post) -> Post:
    return await canvas.by.wait_for(
        lambda post: is_answer(post) and bool(post.pictures) and post.id > after.id, canvas.id, DEADLINE
    )


def copy_of(data: bytes, kind: str, quality: int, part: int) -> tuple[str, bytes]:
    """A picture as it comes back: in another format, with fewer pixels."""
    with Image.open(io.BytesIO(data)) as image:
        small = image.convert("RGB").resize((image.width // part, image.height // part))
    out = io.BytesIO()
    small.save(out, kind, quality=quality)
    return f"download.{kind.lower()}", out.getvalue()


def with_hat(image: Image.Image) -> Image.Image:
    image = image.copy()
    ImageDraw.Draw(image).rectangle((190, 10, 300, 70), fill="purple")
    return image


def paints(stage: Stage, words: str, image: Image.Image) -> None:
    """The painter answers these words with a real picture."""
    data = encoded(image, "PNG")
    stage.painter.on(words, lambda _: Painting((Part(data=data, mime="image/png"),)))


async def test_all_entries_are_in_the_menu_of_every_message(stage: Stage):
    names = {each["name"] for each in await stage.cleo.commands("studio") if each["type"] == 3}
    assert names == {EDIT, INFORMATION, REPORT}


async def test_editing_a_picture_of_ours_starts_from_exactly_that_version(stage: Stage):
    canvas = await stage.canvas()
    first = await canvas.first()
    await canvas.ask("make it night")
    last = (await canvas.posts())[-1]
    form = (await stage.ben.menu(first, EDIT)).form
    assert form is not None
    assert form.title == "Edit v1"
    assert (await stage.ben.submit(form, [photo("teal")], words="add a boat", pictures=[0])).ok
    answer = await next_picture(canvas, last)
    assert await canvas.saw("add a boat") == ["v1", "teal"]
    assert answer.reply_to == first.id
    assert "Asked by Ben." in receipt(answer)


async def test_a_picture_that_somebody_posted_in_our_thread_becomes_the_starting_version(stage: Stage):
    canvas = await stage.canvas()
    await canvas.ask("make it night")
    shown = await canvas.seen_by(stage.cleo).say("// look", [photo("gold")])
    form = (await stage.ben.menu(shown, EDIT)).form
    assert form is not None
    await stage.restart()
    assert (await stage.ben.submit(form, words="add a boat")).ok
    answer = await next_picture(canvas, shown)
    assert await canvas.saw("add a boat") == ["gold"]
    assert receipt(answer).startswith("v4 ← v3 “gold.png” · “add a boat”")
    assert answer.reply_to == shown.id


async def test_of_several_pictures_the_presser_is_asked_which(stage: Stage):
    canvas = await stage.canvas()
    shown = await canvas.say("// look", [photo("gold"), photo("navy")])
    assert (await stage.ben.menu(shown, EDIT)).ok
    which = await whisper(stage.ben, "Which one shall I change?")
    form = (await stage.ben.press(which, which.buttons["navy.png"])).form
    assert form is not None
    assert (await stage.ben.submit(form, words="add a boat")).ok
    await next_picture(canvas, shown)
    assert await canvas.saw("add a boat") == ["navy"]


async def test_ones_own_picture_anywhere_opens_a_thread_from_its_message(stage: Stage):
    shown = await stage.ben.say("lounge", "my garden", [photo("lime")])
    form = (await stage.ben.menu(shown, EDIT)).form
    assert form is not None
    assert (await stage.ben.submit(form, words="add a pond")).ok
    canvas = await stage.opened(shown, stage.ben)
    assert receipt(await canvas.first()).startswith("v2 ← v1 “lime.png” · “add a pond”")
    assert await canvas.saw("add a pond") == ["lime"]


async def test_a_message_without_a_picture_has_nothing_to_edit_or_to_tell_of(stage: Stage):
    shown = await stage.ben.say("lounge", "no picture")
    assert (await stage.ben.menu(shown, EDIT)).form is None
    first = await whisper(stage.ben, "There is no picture in that message", after=shown.id)
    assert (await stage.ben.menu(shown, INFORMATION)).ok
    await whisper(stage.ben, "There is no picture in that message", after=first.id)


async def test_without_the_intent_the_menu_edits_all_the_same(stage: Stage):
    async with stage.configured(discord={"message_content_intent": False}):
        shown = await stage.ben.say("lounge", "my garden", [photo("lime")])
        form = (await stage.ben.menu(shown, EDIT)).form
        assert form is not None
        assert (await stage.ben.submit(form, words="add a pond")).ok
        canvas = await stage.opened(shown, stage.ben)
        await canvas.first()
        assert await canvas.saw("add a pond") == ["lime"]


async def test_information_of_a_picture_of_ours_is_its_card(stage: Stage):
    canvas = await stage.canvas("a red house")
    first = await canvas.first()
    await canvas.ask("make it night")
    card = await told(stage.cleo, first)
    assert "“a red house”" in card
    assert f"/{canvas.id}/{first.id})** · 96 × 64 pixels" in card


@pytest.mark.parametrize(("kind", "quality", "part"), [("JPEG", 50, 1), ("WEBP", 80, 2), ("JPEG", 75, 4)])
async def test_a_picture_sent_again_in_another_form_is_still_known(stage: Stage, kind: str, quality: int, part: int):
    image = photograph()
    paints(stage, f"a portrait {quality}", image.rotate(quality))
    canvas = await stage.canvas(f"a portrait {quality}")
    first = await canvas.first()
    [shown] = first.pictures
    again = copy_of(await stage.ana.fetch(shown), kind, quality, part)
    card = await told(stage.cleo, await stage.ben.say("lounge", "look", [again]))
    assert f"“a portrait {quality}”" in card
    assert f"https://discord.com/channels/{seed.GUILD}/{canvas.id}/{first.id}" in card


async def test_a_picture_and_its_edit_are_told_apart(stage: Stage):
    with Image.open(PHOTOS / "chelsea.png") as opened:
        image = opened.convert("RGB")
    paints(stage, "add a hat", with_hat(image))
    paints(stage, "a cat", image)
    canvas = await stage.canvas("a cat")
    await canvas.ask("add a hat")
    for source, words in ((image, "“a cat”"), (with_hat(image), "“add a hat”")):
        file = copy_of(encoded(source, "PNG"), "JPEG", 60, 2)
        assert words in (await told(stage.cleo, await stage.ben.say("lounge", "look", [file]))).splitlines()[1]


async def test_one_that_is_like_several_is_told_with_all_of_them(stage: Stage):
    with Image.open(PHOTOS / "coffee.png") as opened:
        image = opened.convert("RGB")
    paints(stage, "a cup", image)
    paints(stage, "wash it", image)
    canvas = await stage.canvas("a cup")
    await canvas.ask("wash it")
    file = copy_of(encoded(image, "PNG"), "JPEG", 60, 2)
    lines = (await told(stage.cleo, await stage.ben.say("lounge", "look", [file]))).splitlines()
    assert lines[0].startswith("I am not sure which one this is.")
    assert sorted(line.split("]")[0] for line in lines[1:]) == ["[v1", "[v2"]


async def test_what_the_asker_can_not_see_is_not_told(stage: Stage):
    with Image.open(PHOTOS / "motorcycle_right.png") as opened:
        image = opened.convert("RGB")
    paints(stage, "a motorcycle", image)
    await stage.canvas("a motorcycle")
    studio = stage.sandbox.world.channel(seed.STUDIO)
    hidden = Overwrite(seed.GUEST, deny=int(Permission.VIEW_CHANNEL))
    change(stage, studio, overwrites=(*studio.overwrites, hidden))
    try:
        file = copy_of(encoded(image, "PNG"), "JPEG", 60, 2)
        shown = await stage.ben.say("lounge", "look", [file])
        assert await told(stage.cleo, shown) == "This picture was made in this server, in a place that you can't see."
        assert "“a motorcycle”" in await told(stage.ben, shown)
    finally:
        change(stage, stage.sandbox.world.channel(seed.STUDIO), overwrites=studio.overwrites)


async def test_a_strangers_picture_is_not_known(stage: Stage):
    with Image.open(PHOTOS / "hubble_deep_field.jpg") as opened:
        file = ("stars.jpg", encoded(opened.convert("RGB"), "JPEG"))
    assert (await told(stage.cleo, await stage.ben.say("lounge", "look", [file]))).startswith("I don't know this")


async def test_a_file_that_is_no_picture_is_told_as_such(stage: Stage):
    shown = await stage.ben.say("lounge", "look", [("notes.png", b"nothing but words")])
    assert await told(stage.cleo, shown) == "notes.png is not a picture that I can read"


async def test_a_deleted_picture_is_known_no_more(stage: Stage):
    with Image.open(PHOTOS / "retina.jpg") as opened:
        image = opened.convert("RGB")
    paints(stage, "an eye", image)
    canvas = await stage.opened(await stage.ana.say("studio", f"{BOT} an eye"))
    first = await canvas.first()
    file = copy_of(encoded(image, "PNG"), "JPEG", 60, 2)
    shown = await stage.ben.say("lounge", "look", [file])
    assert "“an eye”" in await told(stage.cleo, shown)
    assert (await stage.ana.press(first, first.buttons["More…"])).ok
    panel = await whisper(stage.ana, "What would you like?", after=first.id)
    assert (await stage.ana.press(panel, panel.buttons["Delete…"])).ok
    sure = await whisper(stage.ana, "Shall I delete v1", after=panel.id)
    assert (await stage.ana.press(sure, sure.buttons["Delete v1"])).ok
    await whisper(stage.ana, "v1 is deleted.", after=panel.id)
    again = await stage.ben.say("lounge", "look", [file])
    assert (await told(stage.cleo, again)).startswith("I don't know this")
