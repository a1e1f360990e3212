"""Everything the bot sends to Discord, held against Discord's own description of its API."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.sandbox.discord.multipart import read_form
from bot.sandbox.discord.traffic import BEFORE, Seen
from tests.e2e.sketches import photo
from tests.e2e.stage import BOT, DEADLINE, Stage, sentence
from tests.sandbox.test_discord_contract import SPEC, operation, problems, spec

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(not SPEC.exists(), reason="Discord's OpenAPI description is not beside the project"),
]

IDS = {"id", "channel_id", "message_id", "guild_id", "users", "roles"}


@dataclass
class Sent:
    """What the bot sent: method, route and fields."""

    letters: list[tuple[Seen, Any]] = field(default_factory=list)

    async def note(self, phase: str, seen: Seen) -> None:
        ours = seen.who == "bot" and not seen.route.startswith(("/gemini", "/attachments", "/ephemeral-attachments"))
        if phase == BEFORE and ours and seen.request is not None:
            form = read_form(seen.request.headers.get("Content-Type", ""), await seen.request.read())
            self.letters.append((seen, form.fields))

    @property
    def routes(self) -> set[str]:
        return {f"{seen.method} {seen.route}" for seen, _ in self.letters}

    @property
    def wrong(self) -> list[str]:
        return [f"{seen.method} {seen.route}: {each}" for seen, said in self.letters for each in complaints(seen, said)]


def complaints(seen: Seen, said: Any) -> list[str]:
    """What Discord's description would say against a request."""
    described = operation(seen.method, seen.path)
    if described is None:
        return ["is not described"]
    schema = body_of(described)
    if schema is None:
        return [] if said in ({}, None) else ["should say nothing"]
    return problems(schema, with_written_ids(said))


def with_written_ids(value: Any, key: str = "") -> Any:
    """discord.py writes ids as numbers. Discord takes them, though its description knows only strings."""
    if isinstance(value, dict):
        return {name: with_written_ids(each, name) for name, each in value.items()}
    if isinstance(value, list):
        return [with_written_ids(each, key) for each in value]
    is_id = key in IDS and isinstance(value, int) and not isinstance(value, bool)
    return str(value) if is_id else value


def body_of(described: dict[str, Any]) -> dict[str, Any] | None:
    body: dict[str, Any] = described.get("requestBody", {})
    while "$ref" in body:
        body = spec()["components"]["requestBodies"][body["$ref"].rsplit("/", 1)[1]]
    schema: dict[str, Any] | None = body.get("content", {}).get("application/json", {}).get("schema")
    return schema


async def test_all_that_the_bot_sends_is_as_discord_describes_it(stage: Stage):
    sent = Sent()
    stage.sandbox.traffic.hooks.append(sent.note)
    await stage.restart()
    await edits(stage)
    await presses(stage)
    await commands(stage)
    await mishaps(stage)
    assert sent.wrong == []
    assert sent.routes >= {
        "GET /users/@me",
        "GET /oauth2/applications/@me",
        "GET /applications/{application_id}/commands",
        "POST /channels/{channel_id}/messages/{message_id}/threads",
        "GET /channels/{channel_id}/messages",
        "GET /channels/{channel_id}/messages/{message_id}",
        "POST /channels/{channel_id}/messages",
        "PATCH /channels/{channel_id}/messages/{message_id}",
        "DELETE /channels/{channel_id}/messages/{message_id}",
        "POST /interactions/{interaction_id}/{token}/callback",
        "PATCH /webhooks/{application_id}/{token}/messages/{message_id}",
    }


async def edits(stage: Stage) -> None:
    """A canvas, an edit that takes long enough for a status, a chain behind it, a story."""
    canvas = await stage.canvas("put the hat on him", [photo("teal"), photo("gold")])
    stage.gemini.delay = 1.3
    await canvas.say("make it night")
    await canvas.ask("add a boat", [photo("navy")])
    stage.gemini.delay = 0
    stage.painter.on("a story", lambda _: stage.painter.story("One.", "Two."))
    await canvas.say("tell a story")
    await canvas.by.wait_for(lambda post: "Two." in post.text, canvas.id, DEADLINE)


async def presses(stage: Stage) -> None:
    """A picker, and the base."""
    canvas = await stage.opened(await stage.ana.say("studio", BOT, [photo("teal"), photo("gold")]))
    ask = await canvas.say("make it a painting", reply_to=await canvas.first())
    picker = await canvas.answer(ask)
    await stage.ana.press(picker, picker.buttons["v2"])
    await canvas.by.wait_for(lambda post: post.reply_to == ask.id and bool(post.pictures), canvas.id, DEADLINE)
    blended = await canvas.ask(pictures=[photo("navy")])
    await stage.ana.press(blended, blended.buttons[sentence("button.use_as_base")])


async def commands(stage: Stage) -> None:
    """`/imagine` where it works and where it can't."""
    await stage.ana.slash("studio", "imagine", prompt="a green dragon", image1=photo("teal"), ratio="16:9", size="1K")
    said = await stage.ana.wait_for(lambda post: "asks: a green dragon" in post.text, "studio", DEADLINE)
    await (await stage.opened(said)).first()


async def mishaps(stage: Stage) -> None:
    """A refusal, an empty ask, a lost answer asked for again, a picture that is found again after its posting broke."""
    canvas = await stage.canvas()
    stage.fault("blocked:SAFETY", "something rude")
    await canvas.ask("something rude")
    stage.fault("drop-after", "something lost")
    lost = await canvas.ask("something lost")
    await stage.ana.press(lost, next(iter(lost.buttons.values())))
    await canvas.answer(lost)
    stage.sandbox.faults.add("drop_after", "POST", "/channels/*/messages")
    await canvas.ask("make it night")
    ask = await stage.ana.say("studio", BOT)
    await stage.ana.wait_for(lambda post: post.reply_to == ask.id, "studio", DEADLINE)
