"""What is no ask, and files that are no pictures."""

from __future__ import annotations

import pytest

from bot.sandbox.discord import seed
from bot.sandbox.discord.nouns import Member, Mentions, User
from tests.e2e.sketches import photo
from tests.e2e.stage import BOT, Canvas, Stage, receipt, sentence

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]


async def test_talk_among_people_is_no_ask(stage: Stage):
    canvas = await stage.canvas()
    aside = await canvas.say("// shall we make it night?")
    await canvas.seen_by(stage.ben).say("yes, do that", reply_to=aside)
    await canvas.say(f"{BOT} // he likes it")
    await only_this_is_painted(canvas)


async def test_bots_webhooks_and_system_messages_ask_nothing(stage: Stage):
    canvas = await stage.canvas()
    from_another_bot(stage, canvas, f"{BOT} make it pink")
    channel = stage.sandbox.world.channel(canvas.id)
    stage.sandbox.services.messages.post(channel, seed.CLEO, content="make it pink", webhook_id=seed.CLEO)
    first = await canvas.first()
    await stage.ana.call("PUT", f"/channels/{canvas.id}/messages/pins/{first.id}")
    await only_this_is_painted(canvas)


async def test_a_threads_first_message_told_twice_is_one_ask(stage: Stage):
    stage.sandbox.world.rules.repeat_starter = True
    canvas = await stage.canvas("a red house")
    await only_this_is_painted(canvas)


async def test_a_link_to_a_picture_is_never_opened(stage: Stage):
    canvas = await stage.canvas()
    link = f"{stage.sandbox.page_url}cat.png"
    answer = await canvas.ask(link)
    assert answer.text == sentence("error.link_only")
    v2 = await canvas.ask(f"make it like {link}")
    assert sentence("receipt.link") in receipt(v2)
    assert await canvas.saw(f"make it like {link}") == ["v1"]


async def test_where_some_attachments_are_unusable_the_receipt_names_them(stage: Stage):
    canvas = await stage.canvas()
    files = [photo("gold"), ("notes.txt", b"buy milk"), ("clip.mp4", b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom")]
    v2 = await canvas.ask("put the hat on the roof", files)
    assert await canvas.saw("put the hat on the roof") == ["v1", "gold"]
    told = receipt(v2).replace("\\", "")
    assert "Left out: notes.txt is not a picture" in told
    assert "clip.mp4" in told


async def test_where_all_attachments_are_unusable_nothing_is_painted(stage: Stage):
    canvas = await stage.canvas()
    answer = await canvas.ask("put the hat on the roof", [("notes.txt", b"buy milk"), ("empty.png", b"")])
    told = answer.text.replace("\\", "")
    assert "notes.txt" in told
    assert "empty.png" in told
    assert told.startswith(sentence("error.unusable_pictures"))
    assert not stage.requests("put the hat on the roof")


async def only_this_is_painted(canvas: Canvas) -> None:
    """An ask after all that finds the first version still at the head: nothing else was taken for an ask."""
    await canvas.ask("add a boat")
    assert list(await canvas.pictures()) == ["v1", "v2"]
    assert len(canvas.stage.gemini.ledger.requests) == 2


def from_another_bot(stage: Stage, canvas: Canvas, words: str) -> None:
    world, number = stage.sandbox.world, seed.BOT + 1000
    world.users[number] = User(number, "Other", bot=True)
    world.guilds[seed.GUILD].members[number] = Member(number, (seed.EASEL,))
    mentions = Mentions(users=(seed.BOT,))
    stage.sandbox.services.messages.post(world.channel(canvas.id), number, content=words, mentions=mentions)
