"""Recipes: by command and from the menu, with a form and without, what they ask for and what their receipts say."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from bot.config.recipes import load
from bot.sandbox import Post
from bot.sandbox.discord.post import Form, Outcome
from bot.sandbox.gemini.painting import Painting
from bot.sandbox.gemini.request import Part, Request
from tests.e2e.sketches import digest, encoded, photo
from tests.e2e.stage import DEADLINE, Canvas, Stage, is_answer, receipt, sentence

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

BOOK = load()


def words(name: str, **values: str) -> str:
    """What the painter is told."""
    return BOOK[name].fill(values)


def form(outcome: Outcome) -> Form:
    assert outcome.form is not None
    return outcome.form


async def said(canvas: Canvas) -> list[int]:
    """All that the bot has said there."""
    return [post.id for post in await canvas.posts()]


async def next_picture(canvas: Canvas, after: Post) -> Post:
    return await canvas.by.wait_for(
        lambda post: is_answer(post) and bool(post.pictures) and post.id > after.id, canvas.id, DEADLINE
    )


async def whispered(stage: Stage, member: str, said: str) -> Post:
    """What the bot says to somebody alone, or comes to say in the same place."""
    return await stage.sandbox.member(member).wait_for(
        lambda post: post.is_whisper and said in post.text, None, DEADLINE
    )


async def test_recipes_are_offered_while_one_is_typing(stage: Stage):
    everything = (await stage.ana.complete("studio", "recipe", "name", name="")).choices
    assert len(everything) == len(BOOK)
    found = (await stage.ana.complete("studio", "recipe", "name", name="transl")).choices
    assert [each["value"] for each in found] == ["translate"]
    by_what_it_does = (await stage.ana.complete("studio", "recipe", "name", name="cut out")).choices
    assert [each["value"] for each in by_what_it_does] == ["sticker"]


async def test_a_recipe_in_a_thread_works_on_the_newest_picture_and_its_receipt_names_it(stage: Stage):
    canvas = await stage.canvas()
    second = await canvas.ask("make it night")
    assert (await stage.ben.slash(canvas.id, "recipe", name="watercolour")).ok
    answer = await next_picture(canvas, second)
    assert receipt(answer).startswith("v3 ← v2 · Watercolour · ")
    assert sentence("receipt.asked_by", name="Ben") in receipt(answer)
    assert await canvas.saw(words("watercolour")) == ["v2"]
    assert "Change only this" not in stage.request(words("watercolour")).texts[-1]
    [shown] = answer.pictures
    assert shown.alt == "AI image: v2 edited: Watercolour"
    await whispered(stage, "ben", sentence("recipe.taken", name="Watercolour"))


async def test_a_recipe_works_on_the_version_that_is_named(stage: Stage):
    canvas = await stage.canvas()
    last = await canvas.ask("make it night")
    assert (await stage.ana.slash(canvas.id, "recipe", name="comic", version=1)).ok
    answer = await next_picture(canvas, last)
    assert receipt(answer).startswith("v3 ← v1 · Comic · ")
    assert answer.reply_to == (await canvas.first()).id


async def test_a_version_that_is_not_there_is_said_to_the_asker_alone(stage: Stage):
    canvas = await stage.canvas()
    posts = await said(canvas)
    assert (await stage.ana.slash(canvas.id, "recipe", name="comic", version=9)).ok
    await whispered(stage, "ana", sentence("error.no_such_version", number=9))
    assert (await stage.ana.slash(canvas.id, "recipe", name="of my grandmother's")).ok
    await whispered(stage, "ana", sentence("error.recipe_unknown"))
    assert await said(canvas) == posts


async def test_a_recipe_with_fields_opens_a_form_that_outlives_a_restart(stage: Stage):
    canvas = await stage.canvas()
    first = await canvas.first()
    opened = form(await stage.ana.slash(canvas.id, "recipe", name="remove"))
    assert opened.title == "Remove something"
    assert list(opened.fields) == ["what", "pictures"]
    await stage.restart()
    assert (await stage.ana.submit(opened, what="the chimney")).ok
    answer = await next_picture(canvas, first)
    assert receipt(answer).startswith("v2 ← v1 · Remove something “the chimney” · ")
    assert await canvas.saw(words("remove", what="the chimney")) == ["v1"]


async def test_what_is_said_with_the_command_needs_no_form(stage: Stage):
    canvas = await stage.canvas()
    first = await canvas.first()
    assert (await stage.ana.slash(canvas.id, "recipe", name="Translate the text", detail1="Welsh")).kind == "done"
    assert receipt(await next_picture(canvas, first)).startswith("v2 ← v1 · Translate the text “Welsh” · ")


async def test_pictures_that_came_with_the_command_wait_for_its_form(stage: Stage):
    outcome = await stage.ana.slash(
        "studio", "recipe", name="combine", image1=photo("gold"), image2=photo("navy", (90, 160))
    )
    opened = form(outcome)
    assert list(opened.fields) == ["how"]
    await stage.restart()
    assert (await stage.ana.submit(opened, how="side by side")).ok
    asked = await stage.until(lambda: stage.requests(words("combine", how="side by side")))
    await stage.until(lambda: asked[0].state == "done")
    assert [stage.painter.colour(each.sha256) for each in asked[0].pictures] == ["gold", "navy"]
    assert asked[0].config["imageConfig"]["aspectRatio"] == "3:2", "the first picture's"


async def test_a_recipe_that_lacks_pictures_asks_for_them(stage: Stage):
    opened = form(await stage.ben.slash("studio", "recipe", name="oil"))
    assert opened.fields["pictures"]["min_values"] == 1
    assert (await stage.ben.submit(opened, [photo("lime")], pictures=[0])).ok
    announced = await stage.ben.wait_for(lambda post: "**Ben** asks: Oil painting" in post.text, "studio", DEADLINE)
    canvas = await stage.opened(announced, stage.ben)
    assert receipt(await canvas.first()).startswith("v2 ← v1 “lime.png” · Oil painting · ")


async def test_a_poster_begins_a_canvas_of_its_own_in_its_own_shape(stage: Stage):
    opened = form(await stage.ana.slash("studio", "recipe", name="poster", detail2="in the harbour"))
    assert opened.fields["line"]["value"] == "in the harbour"
    assert (await stage.ana.submit(opened, headline="Summer Fair", line="in the harbour")).ok
    announced = await stage.ana.wait_for(lambda post: "asks: Poster “Summer Fair" in post.text, "studio", DEADLINE)
    canvas = await stage.opened(announced)
    assert receipt(await canvas.first()).startswith("v1 · Poster “Summer Fair, in the harbour” · ")
    [asked] = stage.requests(words("poster", headline="Summer Fair", line="in the harbour"))
    assert asked.config["imageConfig"]["aspectRatio"] == "3:4"


async def test_a_version_named_in_a_field_goes_along(stage: Stage):
    canvas = await stage.canvas()
    last = await canvas.ask("make it night")
    said = "put the house of v1 beside it"
    opened = form(await stage.ana.slash(canvas.id, "recipe", name="combine"))
    assert (await stage.ana.submit(opened, how=said)).ok
    answer = await next_picture(canvas, last)
    assert receipt(answer).startswith("v3 ← v2 with v1 · Combine pictures “put the house of v1 beside it” · ")


async def test_a_recipe_with_too_few_pictures_is_refused_to_its_asker_alone(stage: Stage):
    canvas = await stage.canvas()
    opened = form(await stage.ana.slash(canvas.id, "recipe", name="combine"))
    posts = await said(canvas)
    assert (await stage.ana.submit(opened, how="somehow")).ok
    await whispered(stage, "ana", "needs pictures to work on: 2 or more")
    assert await said(canvas) == posts


async def test_retry_keeps_the_recipe_and_an_edit_after_it_is_told_of_it_by_name(stage: Stage):
    canvas = await stage.canvas()
    first = await canvas.first()
    assert (await stage.ana.slash(canvas.id, "recipe", name="paper")).ok
    made = await next_picture(canvas, first)
    assert (await stage.ana.press(made, made.buttons["Retry"])).ok
    again = await next_picture(canvas, made)
    assert receipt(again).startswith("v3 ← v1 · Paper craft · ")
    await canvas.ask("add a boat")
    told = "\n".join(stage.request("add a boat").texts)
    assert "Earlier in this thread: a red house by the sea; Paper craft." in told


async def menu(stage: Stage, post: Post, by: str = "ana") -> Post:
    """The recipes behind `More…`, as somebody sees them."""
    member, here = stage.sandbox.member(by), post.channel_id
    assert (await member.press(post, post.buttons["More…"])).ok
    panel = await member.wait_for(lambda one: one.channel_id == here and "Recipes…" in one.buttons, None, DEADLINE)
    assert (await member.press(panel, panel.buttons["Recipes…"])).ok
    asked = sentence("recipe.choose", number=1)
    return await member.wait_for(lambda one: one.channel_id == here and one.text == asked, None, DEADLINE)


async def test_the_menu_under_a_picture_has_every_recipe_and_works_after_a_restart(stage: Stage):
    canvas = await stage.canvas()
    first = await canvas.first()
    last = await canvas.ask("make it night")
    shown = await menu(stage, first)
    [select] = [each for row in shown.data["components"] for each in row["components"]]
    assert [each["value"] for each in select["options"]] == list(BOOK)
    await stage.restart()
    assert (await stage.ana.choose(shown, select["custom_id"], "miniature")).ok
    answer = await next_picture(canvas, last)
    assert receipt(answer).startswith("v3 ← v1 · Miniature · ")
    assert answer.reply_to == first.id
    await whispered(stage, "ana", sentence("recipe.taken", name="Miniature"))


async def test_a_recipe_with_fields_opens_its_form_from_the_menu(stage: Stage):
    canvas = await stage.canvas()
    first = await canvas.first()
    shown = await menu(stage, first)
    opened = form(await stage.ana.choose(shown, "recipe:1:0", "combine"))
    assert (await stage.ana.submit(opened, [photo("gold")], how="on the roof", pictures=[0])).ok
    answer = await next_picture(canvas, first)
    assert receipt(answer).startswith("v2 ← v1 with “gold.png” · Combine pictures “on the roof” · ")


def disc(_: Request) -> Painting:
    """A red disc on white, as a painter of stickers would have it."""
    image = Image.new("RGB", (600, 600), "white")
    ImageDraw.Draw(image).ellipse((150, 150, 450, 450), fill="red")
    return Painting((Part(data=encoded(image, "PNG"), mime="image/png"),))


async def test_a_sticker_is_cut_out_and_posted_beside_the_picture_which_stays_the_base(stage: Stage):
    canvas = await stage.canvas()
    first = await canvas.first()
    stage.painter.on("Make one sticker", disc)
    assert (await stage.ana.slash(canvas.id, "recipe", name="sticker")).ok
    answer = await next_picture(canvas, first)
    painted, cut = answer.pictures
    assert (cut.name, cut.width, cut.height) == ("sticker-v2.png", 320, 320)
    assert cut.alt == sentence("alt.sticker", number=2)
    data = await stage.ana.fetch(cut)
    with Image.open(io.BytesIO(data)) as image:
        assert image.convert("RGBA").getchannel("A").getextrema() == (0, 255)
    assert len(data) <= 512 * 1024
    assert stage.request(words("sticker")).config["imageConfig"]["aspectRatio"] == "1:1"
    await canvas.ask("give it a hat")
    [seen] = stage.request("give it a hat").pictures
    assert seen.sha256 == digest(await stage.ana.fetch(painted))


async def test_a_sticker_whose_background_is_not_plain_is_posted_as_it_is_and_says_so(stage: Stage):
    canvas = await stage.canvas()
    first = await canvas.first()
    assert (await stage.ana.slash(canvas.id, "recipe", name="sticker")).ok
    answer = await next_picture(canvas, first)
    assert len(answer.pictures) == 1
    assert sentence("receipt.uncut") in receipt(answer)


async def test_two_at_once_get_a_picture_each(stage: Stage):
    canvas = await stage.canvas()
    for each in (stage.ana, stage.ben):
        assert (await each.slash(canvas.id, "recipe", name="pixels", version=1)).ok
    await stage.until(lambda: len(stage.requests(words("pixels"))) == 2)


async def test_over_a_limit_the_asker_alone_reads_until_when(stage: Stage):
    canvas = await stage.canvas()
    async with stage.configured(limits={"pictures_per_member_hour": 1}):
        posts = await said(canvas)
        assert (await stage.ana.slash(canvas.id, "recipe", name="pixels")).ok
        await whispered(stage, "ana", "limit of pictures")
        assert await said(canvas) == posts


async def test_an_operators_own_recipes_are_there_as_well(stage: Stage, tmp_path: Path):
    mine = tmp_path / "mine.toml"
    mine.write_text('[[recipes]]\nid = "owl"\nname = "With our owl"\ndescription = "An owl"\nwords = "Add an owl."\n')
    canvas = await stage.canvas()
    async with stage.configured(gemini={"recipes": str(mine)}):
        first = await canvas.first()
        assert (await stage.ana.slash(canvas.id, "recipe", name="owl")).ok
        assert receipt(await next_picture(canvas, first)).startswith("v2 ← v1 · With our owl · ")
