"""Looking at a thread's versions over the wire: sheets, comparisons, films, and the ways on from there."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from bot.sandbox import Post
from bot.sandbox.discord.components import BUTTON, LINK, SELECT, all_of
from bot.sandbox.discord.post import Picture
from tests.e2e.stage import DEADLINE, Canvas, Stage
from tests.e2e.test_more import deleted

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]


async def shown(canvas: Canvas, member: str, name: str, after: int = 0) -> Post:
    """The next drawing of this name that the bot shows to somebody alone."""
    return await canvas.stage.sandbox.member(member).wait_for(
        lambda post: post.is_whisper and post.id > after and any(each.name.startswith(name) for each in post.pictures),
        canvas.id,
        DEADLINE,
    )


async def told(stage: Stage, member: str, words: str) -> Post:
    """What the bot says to somebody alone."""
    return await stage.sandbox.member(member).wait_for(
        lambda post: post.is_whisper and words in post.text, None, DEADLINE
    )


async def opened(stage: Stage, picture: Picture) -> Image.Image:
    return Image.open(io.BytesIO(await stage.ana.fetch(picture)))


async def grown(stage: Stage) -> Canvas:
    """A thread with a branch: v1, v2 from it, and v3 from v1 again."""
    canvas = await stage.canvas()
    first = await canvas.first()
    await canvas.ask("make it night")
    await canvas.ask("add a boat", reply_to=first)
    return canvas


def menu(post: Post) -> str:
    [found] = [each for each in all_of(post.data["components"]) if each["type"] == SELECT]
    return str(found["custom_id"])


async def test_history_draws_every_version_for_the_one_who_asked(stage: Stage):
    canvas = await grown(stage)
    before = [each.id for each in await canvas.posts()]
    assert (await stage.ben.slash(canvas.id, "history")).ok
    post = await shown(canvas, "ben", "history-1-3")
    [picture] = post.pictures
    sheet = await opened(stage, picture)
    assert sheet.width >= 600
    assert sheet.format == "JPEG"
    assert picture.alt is not None
    assert picture.alt.startswith("AI image: 3 versions as a tree. v1: a red house by the sea; v2 ← v1: make it night")
    assert "v3 ← v1 (◆ head): add a boat" in picture.alt
    assert "Plain words change **v3**" in post.text
    assert [each.id for each in await canvas.posts()] == before, "the thread stays calm"


async def test_the_menu_leads_to_a_version_and_makes_it_the_head_also_after_a_restart(stage: Stage):
    canvas = await grown(stage)
    await stage.ben.slash(canvas.id, "history")
    sheet = await shown(canvas, "ben", "history-1-3")
    await stage.restart()
    assert (await stage.ben.choose(sheet, menu(sheet), "2")).ok
    version = await shown(canvas, "ben", "small-2")
    second = (await canvas.pictures())["v2"]
    [link] = [each for each in all_of(version.data["components"]) if each["type"] == BUTTON and each["style"] == LINK]
    assert link["label"] == "Show me"
    assert link["url"].endswith(f"/{canvas.id}/{second.id}")
    assert (await stage.ben.press(version, version.buttons["Edit from v2"])).ok
    await stage.ana.wait_for(lambda post: "Ben goes on from" in post.text, canvas.id, DEADLINE)
    await canvas.ask("make it snow")
    assert await canvas.saw("make it snow") == ["v2"]


async def test_pages_hold_twenty_five_versions_the_newest_first(stage: Stage):
    stage.painter.on("an alphabet", lambda _: stage.painter.story(*"abcdefghijklmnopqrstuvwxyz"))
    canvas = await stage.canvas("an alphabet")
    await canvas.by.wait_for(lambda post: any("-v26." in each.name for each in post.pictures), canvas.id, DEADLINE)
    assert (await stage.ben.slash(canvas.id, "history")).ok
    newest = await shown(canvas, "ben", "history-2-26")
    assert list(newest.buttons) == ["Older", "Show everybody"]
    assert (await stage.ben.press(newest, newest.buttons["Older"])).ok
    oldest = await shown(canvas, "ben", "history-1-1.")
    assert oldest.id == newest.id, "it is turned like a page"
    assert list(oldest.buttons) == ["Newer", "Show everybody"]


async def test_show_everybody_posts_the_sheet_in_the_thread(stage: Stage):
    canvas = await grown(stage)
    await stage.ben.slash(canvas.id, "history")
    sheet = await shown(canvas, "ben", "history-1-3")
    assert (await stage.ben.press(sheet, sheet.buttons["Show everybody"])).ok
    public = await stage.ana.wait_for(
        lambda post: "shows the versions of this thread" in post.text, canvas.id, DEADLINE
    )
    assert not public.is_whisper
    assert "**Ben**" in public.text
    assert public.pictures[0].name == "history-1-3.jpg"
    assert not public.buttons


async def test_where_nothing_was_painted_history_says_so(stage: Stage):
    assert (await stage.ana.slash("studio", "history")).ok
    await told(stage, "ana", "There are no pictures in this thread yet")


async def test_a_page_that_is_not_there_and_a_version_that_is_not_there_are_met_with_a_sentence(stage: Stage):
    canvas = await grown(stage)
    assert (await stage.ana.slash(canvas.id, "history", page=7)).ok
    await told(stage, "ana", "There is no page 7 here; the last one is page 1.")
    assert (await stage.ana.slash(canvas.id, "compare", first="v1", second="v99")).ok
    await told(stage, "ana", "There is no v99 here; the newest is v3.")
    assert (await stage.ana.slash(canvas.id, "compare", first="the house", second="v1")).ok
    await told(stage, "ana", "I know versions by their numbers")
    assert (await stage.ana.slash(canvas.id, "compare", first="v2", second="2")).ok
    await told(stage, "ana", "That is v2 twice")
    assert (await stage.ana.slash(canvas.id, "timelapse", version="v1")).ok
    await told(stage, "ana", "a time-lapse needs two")


async def test_compare_tells_what_changed_and_moves_on_demand(stage: Stage):
    canvas = await grown(stage)
    assert (await stage.cleo.slash(canvas.id, "compare", first="v1", second="2")).ok
    post = await shown(canvas, "cleo", "compare-1-2.jpg")
    assert "**v1 → v2**" in post.text
    assert "% of the picture changed" in post.text
    for label in ("Wipe", "Blink"):
        assert (await stage.cleo.press(post, post.buttons[label])).ok
        moving = await shown(canvas, "cleo", "compare-1-2.webp", post.id)
        frames = await opened(stage, moving.pictures[0])
        assert getattr(frames, "n_frames", 1) >= 2
        assert (await stage.cleo.press(moving, moving.buttons["Show everybody"])).ok
        await stage.ana.wait_for(lambda each: "compares v1 with v2" in each.text, canvas.id, DEADLINE)


async def test_compare_suggests_the_versions_of_the_thread_by_number_and_by_words(stage: Stage):
    canvas = await grown(stage)
    everything = await stage.ana.complete(canvas.id, "compare", "first", first="")
    assert [each["value"] for each in everything.choices] == ["v3", "v2", "v1"]
    by_words = await stage.ana.complete(canvas.id, "compare", "second", first="v1", second="night")
    assert [each["name"] for each in by_words.choices] == ["v2 · make it night"]
    by_number = await stage.ana.complete(canvas.id, "timelapse", "version", version="v3")
    assert [each["value"] for each in by_number.choices] == ["v3"]


async def test_timelapse_shows_the_branch_of_the_head_and_of_any_version(stage: Stage):
    canvas = await grown(stage)
    await canvas.ask("make it snow")
    assert (await stage.ana.slash(canvas.id, "timelapse")).ok
    post = await shown(canvas, "ana", "timelapse-4.webp")
    film = await opened(stage, post.pictures[0])
    assert getattr(film, "n_frames", 1) == 3, "v1, v3, v4"
    assert post.pictures[0].alt == "AI image: a time-lapse from v1 to v4 in 3 pictures, with the words of each."
    assert (await stage.ana.slash(canvas.id, "timelapse", version="v2")).ok
    await shown(canvas, "ana", "timelapse-2.webp")
    assert (await stage.ana.press(post, post.buttons["Show everybody"])).ok
    await stage.ben.wait_for(lambda each: "shows how v4 came to be" in each.text, canvas.id, DEADLINE)


async def test_what_was_shown_before_a_deletion_and_is_pressed_after_it_says_so(stage: Stage):
    canvas = await grown(stage)
    await stage.ana.slash(canvas.id, "history")
    sheet = await shown(canvas, "ana", "history-1-3")
    await stage.ana.slash(canvas.id, "compare", first="v1", second="v2")
    compared = await shown(canvas, "ana", "compare-1-2")
    await deleted(stage.ana, (await canvas.pictures())["v2"], 2)
    assert (await stage.ana.choose(sheet, menu(sheet), "2")).ok
    await told(stage, "ana", "The picture of v2 is not there any more")
    assert (await stage.ana.press(compared, compared.buttons["Wipe"])).ok
    await stage.ana.slash(canvas.id, "history")
    again = await shown(canvas, "ana", "history-1-3", compared.id)
    assert again.pictures[0].alt is not None
    assert "v2 ← v1: deleted" in again.pictures[0].alt
    [options] = [each["options"] for each in all_of(again.data["components"]) if each["type"] == SELECT]
    assert [each["value"] for each in options] == ["3", "1"]
