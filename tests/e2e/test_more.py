"""`More…` under a result: the panel, the original, shapes and sizes, information and deletion, for whom and when."""

from __future__ import annotations

import asyncio

import pytest

from bot.sandbox import Member, Post
from bot.sandbox.discord import seed
from tests.e2e.sketches import digest
from tests.e2e.stage import BOT, DEADLINE, Canvas, Stage, is_answer, numbers, receipt

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

TOOLS = ["Original file", "Compare with its base", "Recipes…", "Information", "Delete…"]


async def whisper(member: Member, words: str, after: int = 0) -> Post:
    """What the bot says to somebody alone."""
    return await member.wait_for(
        lambda post: post.is_whisper and words in post.text and post.id > after, None, DEADLINE
    )


async def panel(member: Member, post: Post) -> Post:
    """The panel behind a result's `More…`."""
    assert (await member.press(post, post.buttons["More…"])).ok
    return await whisper(member, "What would you like?", after=post.id)


async def chosen(member: Member, opened: Post, beginning: str) -> None:
    """Press the panel's button that begins so."""
    [custom_id] = [each for label, each in opened.buttons.items() if label.startswith(beginning)]
    assert (await member.press(opened, custom_id)).ok


async def next_picture(canvas: Canvas, after: Post) -> Post:
    return await canvas.by.wait_for(
        lambda post: is_answer(post) and bool(post.pictures) and post.id > after.id, canvas.id, DEADLINE
    )


async def deleted(member: Member, post: Post, number: int) -> Post:
    """Delete the picture of a message, and be sure; the whisper that says so."""
    await chosen(member, await panel(member, post), "Delete")
    sure = await whisper(member, f"Shall I delete v{number}", after=post.id)
    assert (await member.press(sure, sure.buttons[f"Delete v{number}"])).ok
    return await whisper(member, f"v{number} is deleted.", after=post.id)


async def test_more_is_the_last_button_and_opens_a_panel_for_its_presser_alone(stage: Stage):
    canvas = await stage.canvas()
    second = await canvas.ask("make it night")
    assert list(second.buttons)[-1] == "More…"
    posts = [each.id for each in await canvas.posts()]
    opened = await panel(stage.ben, second)
    rows = [[each["label"] for each in row["components"]] for row in opened.data["components"]]
    assert rows[0] == TOOLS
    assert [each.id for each in await canvas.posts()] == posts


async def test_shapes_and_sizes_that_the_picture_has_not_got_have_their_price_on_the_button(stage: Stage):
    canvas = await stage.canvas()
    labels = list((await panel(stage.ana, await canvas.first())).buttons)
    assert [each for each in labels if "K" in each.split()[0]] == ["1K · $0.04", "2K · $0.05", "4K · $0.12"]
    assert "16:9 · $0.04" in labels
    assert not [each for each in labels if each.startswith("3:2")], "the sketches are 96 × 64 pixels"


async def test_the_original_is_the_stored_bytes_for_the_presser_alone(stage: Stage):
    canvas = await stage.canvas()
    first = await canvas.first()
    await chosen(stage.ben, await panel(stage.ben, first), "Original")
    file = await stage.ben.wait_for(lambda post: post.is_whisper and bool(post.pictures), None, DEADLINE)
    [shown] = file.pictures
    assert digest(await stage.ben.fetch(shown)) == stage.painter.made[-1]
    assert shown.name == first.pictures[0].name


async def test_an_original_above_the_limit_is_told_with_its_size(stage: Stage):
    stage.painter.size = (2048, 1792)
    canvas = await stage.canvas()
    first = await canvas.first()
    assert "Shown smaller" in receipt(first)
    await chosen(stage.ana, await panel(stage.ana, first), "Original")
    await whisper(stage.ana, "The original is 11.0 MB, and Discord takes files up to 10.5 MB here.")


async def test_a_shape_is_painted_from_exactly_the_picture_above_it(stage: Stage):
    canvas = await stage.canvas()
    first = await canvas.first()
    await canvas.ask("make it night")
    last = (await canvas.posts())[-1]
    await chosen(stage.ben, await panel(stage.ben, first), "16:9")
    answer = await next_picture(canvas, last)
    assert answer.reply_to == first.id
    assert receipt(answer).startswith("v3 ← v1 · “Extend this picture to 16\\:9")
    assert "Asked by Ben." in receipt(answer)
    [sent] = [each for each in stage.gemini.ledger.requests if "Extend this picture to 16:9" in each.texts[-1]]
    assert sent.config["imageConfig"]["aspectRatio"] == "16:9"


async def test_a_size_is_painted_anew_after_a_restart_too(stage: Stage):
    canvas = await stage.canvas()
    first = await canvas.first()
    opened = await panel(stage.ana, first)
    await stage.restart()
    await chosen(stage.ana, opened, "4K")
    assert receipt(await next_picture(canvas, first)).startswith("v2 ← v1 · “Paint the very same picture again in 4K")
    sent = stage.gemini.ledger.requests[-1]
    assert sent.config["imageConfig"]["imageSize"] == "4K"


async def test_information_tells_what_there_is_to_know_and_where_the_version_stands(stage: Stage):
    canvas = await stage.canvas("a red house")
    first = await canvas.first()
    second = await canvas.ask("make it night")
    await canvas.ask("add a boat")
    await chosen(stage.ben, await panel(stage.ben, second), "Information")
    told = (await whisper(stage.ben, "“make it night”")).text.splitlines()
    place = f"https://discord.com/channels/{seed.GUILD}/{canvas.id}"
    assert told[0].startswith(f"**[v2]({place}/{second.id})** · 96 × 64 pixels · PNG · ")
    assert told[2].startswith("Asked by Ana <t:")
    assert "painted by Nano Banana 2.1" in told[2]
    assert told[3:] == [f"Painted from [v1]({place}/{first.id})", "Its branch: v1 → v2", "Painted from it: v3"]


async def test_only_the_asker_and_moderators_can_delete(stage: Stage):
    canvas = await stage.opened(await stage.ben.say("studio", f"{BOT} a red house"), stage.ben)
    first = await canvas.first()
    for member, may in ((stage.ana, True), (stage.ben, True), (stage.cleo, False)):
        opened = await panel(member, first)
        assert ("Delete…" in opened.buttons) is may
        assert ("Compare with its base" in opened.buttons) is False, "there is nothing to compare the first one with"


async def test_a_deleted_head_takes_its_message_along_and_gives_the_head_back_to_its_base(stage: Stage):
    canvas = await stage.canvas()
    second = await canvas.ask("make it night")
    [shown] = second.pictures
    sha256 = await stage.digest(second)
    files = stage.bot.folder / "data" / "pictures"
    assert (files / sha256[:2] / sha256).exists()
    await deleted(stage.ana, second, 2)
    told = await stage.ben.wait_for(lambda post: "Ana deleted v2" in post.text, canvas.id, DEADLINE)
    assert "plain words change [v1](https://discord.com/channels/" in told.text
    assert second.id not in [post.id for post in await canvas.posts()]
    assert not (files / sha256[:2] / sha256).exists()
    await canvas.ask("add a boat")
    assert await canvas.saw("add a boat") == ["v1"]
    assert sorted(await canvas.pictures()) == ["v1", "v3"], "a number is never given again"
    assert shown.name not in [each.name for post in await canvas.posts() for each in post.pictures]


async def test_what_others_made_of_a_deleted_picture_stays_and_can_be_edited(stage: Stage):
    canvas = await stage.canvas()
    second = await canvas.ask("make it night")
    third = await canvas.ask("add a boat")
    await deleted(stage.ana, second, 2)
    await canvas.ask("go back to how it was before", reply_to=third)
    assert await canvas.saw_last("go back to how it was before") == ["v3"]
    last = (await canvas.posts())[-1]
    assert (await stage.ben.press(third, third.buttons["Retry"])).ok
    await whisper(stage.ben, "v2, which this starts from, was deleted. Nothing was charged.")
    assert (await canvas.posts())[-1].id == last.id
    await chosen(stage.ben, await panel(stage.ben, third), "Information")
    told = await whisper(stage.ben, "Painted from v2, which was deleted")
    assert "Its branch: v1 → v2 → v3" in told.text


async def test_a_panel_of_a_picture_that_was_deleted_meanwhile_says_so_calmly(stage: Stage):
    canvas = await stage.canvas()
    second = await canvas.ask("make it night")
    old = seen = await panel(stage.ana, second)
    form = (await stage.ben.press(second, second.buttons["Edit…"])).form
    assert form is not None
    await deleted(stage.ana, second, 2)
    for beginning in ("16:9", "4K", "Original", "Information", "Delete"):
        await chosen(stage.ana, old, beginning)
        seen = await whisper(stage.ana, "v2 was deleted", after=seen.id)
    assert (await stage.ben.submit(form, words="add a boat")).ok
    await whisper(stage.ben, "v2 was deleted", after=seen.id)
    assert not stage.requests("add a boat")


async def test_deleted_by_two_at_once_it_is_deleted_once(stage: Stage):
    canvas = await stage.canvas()
    second = await canvas.ask("make it night")
    sure: list[Post] = []
    for _ in range(2):
        await chosen(stage.ana, await panel(stage.ana, second), "Delete")
        sure.append(await whisper(stage.ana, "Shall I delete v2", after=sure[-1].id if sure else 0))
    outcomes = await asyncio.gather(*(stage.ana.press(each, each.buttons["Delete v2"]) for each in sure))
    assert all(each.ok for each in outcomes)
    await stage.ben.wait_for(lambda post: "Ana deleted v2" in post.text, canvas.id, DEADLINE)
    await canvas.ask("add a boat")
    assert await canvas.saw("add a boat") == ["v1"]


async def test_the_first_picture_deleted_leaves_a_blank_canvas(stage: Stage):
    canvas = await stage.canvas()
    await deleted(stage.ana, await canvas.first(), 1)
    await stage.ben.wait_for(lambda post: "plain words begin a new picture now" in post.text, canvas.id, DEADLINE)
    await canvas.ask("a green hill")
    assert await canvas.saw("a green hill") == []


async def test_one_of_three_in_a_message_is_chosen_first_and_deleted_alone(stage: Stage):
    canvas = await stage.canvas()
    first = await canvas.first()
    assert (await stage.ana.press(first, first.buttons["Variations"])).ok
    three = await next_picture(canvas, first)
    assert (await stage.ana.press(three, three.buttons["More…"])).ok
    which = await whisper(stage.ana, "Which one do you mean?", after=three.id)
    assert list(which.buttons) == ["v2", "v3", "v4"]
    assert (await stage.ana.press(which, which.buttons["v3"])).ok
    opened = await whisper(stage.ana, "v3** · What would you like?", after=three.id)
    assert opened.id == which.id, "the panel takes the place of the question"
    await chosen(stage.ana, opened, "Delete")
    sure = await whisper(stage.ana, "Shall I delete v3", after=three.id)
    assert (await stage.ana.press(sure, sure.buttons["Delete v3"])).ok
    await whisper(stage.ana, "v3 is deleted.", after=three.id)
    [left] = [each for each in await canvas.posts() if each.id == three.id]
    assert [each.name.split("-")[-1] for each in left.pictures] == ["v2.png", "v4.png"]
    assert list(left.buttons) == list(three.buttons)


async def test_in_a_thread_that_rests_pictures_are_deleted_too(stage: Stage):
    canvas = await stage.canvas()
    first = await canvas.first()
    assert (await stage.ana.press(first, first.buttons["Variations"])).ok
    three = await next_picture(canvas, first)
    second = await canvas.ask("make it night")
    await stage.ana.call("PATCH", f"/channels/{canvas.id}", {"archived": True})
    await deleted(stage.ana, second, 5)
    assert (await stage.ana.press(three, three.buttons["More…"])).ok
    which = await whisper(stage.ana, "Which one do you mean?", after=three.id)
    assert (await stage.ana.press(which, which.buttons["v3"])).ok
    await chosen(stage.ana, await whisper(stage.ana, "v3** · What would you like?", after=three.id), "Delete")
    sure = await whisper(stage.ana, "Shall I delete v3", after=three.id)
    assert (await stage.ana.press(sure, sure.buttons["Delete v3"])).ok
    await whisper(stage.ana, "v3 is deleted.", after=three.id)
    assert [numbers(each) for each in await canvas.posts() if each.pictures] == [["v1"], ["v2", "v4"]]
