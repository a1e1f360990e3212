"""What the stand-in answers, held against Discord's own description of its API."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path
from typing import Any

import discord
import orjson
import pytest
from aiohttp import web

from bot.sandbox import Sandbox
from bot.sandbox.discord import seed
from bot.sandbox.discord.traffic import AFTER, Seen
from tests.sandbox.discord_bot import Bot, picture, running

SPEC = Path(__file__).parents[3] / "shared" / "spec" / "discord-openapi.json"
# Routes that Discord serves but does not describe.
UNDESCRIBED = ("/interactions", "/application-command-index")
# Where the description is behind Discord's documentation: forwards, and the words in the tree of form errors.
BEHIND = ("message_reference/type: 0 was expected", "is not of type 'integer'")
pytestmark = pytest.mark.skipif(not SPEC.exists(), reason="Discord's OpenAPI description is not beside the project")


@cache
def spec() -> dict[str, Any]:
    document: dict[str, Any] = orjson.loads(SPEC.read_bytes())
    return document


def operation(method: str, path: str) -> dict[str, Any] | None:
    steps = path.split("/")
    best: tuple[int, dict[str, Any]] | None = None
    for pattern, item in spec()["paths"].items():
        known = pattern.split("/")
        if len(known) != len(steps) or method.lower() not in item:
            continue
        if all(a == b or a.startswith("{") for a, b in zip(known, steps, strict=True)):
            exact = sum(a == b for a, b in zip(known, steps, strict=True))
            if best is None or exact > best[0]:
                best = exact, item[method.lower()]
    return best[1] if best else None


@cache
def registry() -> Any:
    import referencing
    from referencing.jsonschema import DRAFT202012

    resource = DRAFT202012.create_resource(spec())
    return referencing.Registry().with_resource("urn:discord", resource)


def schema_of(described: dict[str, Any], status: int) -> dict[str, Any] | None:
    responses = described["responses"]
    found = responses.get(str(status)) or responses.get(f"{status // 100}XX")
    while found and "$ref" in found:
        found = spec()["components"]["responses"][found["$ref"].rsplit("/", 1)[1]]
    assert found is not None, f"a status of {status} is not described"
    content: dict[str, Any] = found.get("content", {})
    schema: dict[str, Any] | None = content.get("application/json", {}).get("schema")
    return schema


def problems(schema: dict[str, Any], value: Any) -> list[str]:
    import jsonschema

    absolute = orjson.loads(orjson.dumps(schema).replace(b'"#/', b'"urn:discord#/'))
    found = map(deepest, jsonschema.Draft202012Validator(absolute, registry=registry()).iter_errors(value))
    return [one for one in found if not one.endswith(BEHIND)]


def deepest(error: Any) -> str:
    while error.context:
        error = min(error.context, key=lambda one: (-len(one.absolute_path), "const" in one.message))
    return f"{'/'.join(str(one) for one in error.absolute_path)}: {error.message[:200]}"


class Contract:
    """Checks each answer as it leaves."""

    def __init__(self) -> None:
        self.checked: set[tuple[str, str, int]] = set()
        self.wrong: list[str] = []

    async def watch(self, phase: str, seen: Seen) -> None:
        if phase != AFTER or not seen.route.startswith(
            ("/channels", "/guilds", "/users", "/app", "/webhooks", "/gate", "/oauth2", "/inter")
        ):
            return
        assert isinstance(seen.response, web.Response)
        described = operation(seen.method, seen.path)
        if described is None:
            if not seen.route.endswith(UNDESCRIBED):
                self.wrong.append(f"{seen.method} {seen.route} is not described")
            return
        self.checked.add((seen.method, seen.route, seen.status))
        schema = schema_of(described, seen.status)
        body = seen.response.body
        if schema is None:
            assert not body, f"{seen.method} {seen.route} should say nothing"
            return
        assert isinstance(body, bytes)
        for problem in problems(schema, orjson.loads(body)):
            self.wrong.append(f"{seen.method} {seen.route} {seen.status}: {problem}")


@pytest.fixture
def contract(sandbox: Sandbox) -> Contract:
    made = Contract()
    sandbox.world.on_request.append(made.watch)
    return made


async def test_what_members_do_is_answered_as_described(sandbox: Sandbox, contract: Contract):
    ana = sandbox.member("ana")
    first = await ana.say("studio", f"hello <@{seed.BEN}>", pictures=[("cat.png", picture())])
    reply = await ana.say("studio", "and again", reply_to=first)
    await ana.forward(first, "lounge")
    await ana.edit(reply, "and once more")
    await ana.react(first, "🎨")
    await ana.messages("studio")
    thread = await ana.open_thread(first, "A thread")
    await ana.say(thread, "in the thread")
    post = await ana.open_post("showcase", "My piece", "look", [("piece.webp", picture(kind="WEBP"))])
    for method, path, fields in [
        ("GET", f"/channels/{seed.STUDIO}/messages/{first.id}", None),
        ("PUT", f"/channels/{seed.STUDIO}/messages/pins/{first.id}", None),
        ("GET", f"/channels/{seed.STUDIO}/messages/pins", None),
        ("DELETE", f"/channels/{seed.STUDIO}/messages/pins/{first.id}", None),
        ("POST", f"/channels/{seed.STUDIO}/typing", None),
        ("GET", f"/channels/{seed.STUDIO}", None),
        ("GET", f"/channels/{seed.SHOWCASE}", None),
        ("GET", f"/channels/{post.channel_id}", None),
        ("PATCH", f"/channels/{post.channel_id}", {"archived": True}),
        ("GET", f"/channels/{seed.SHOWCASE}/threads/archived/public", None),
        ("POST", f"/channels/{seed.STUDIO}/threads", {"name": "Free", "type": 11}),
        ("GET", f"/channels/{thread}/thread-members", None),
        ("DELETE", f"/channels/{thread}/thread-members/@me", None),
        ("PUT", f"/channels/{thread}/thread-members/@me", None),
        ("GET", f"/guilds/{seed.GUILD}", None),
        ("GET", f"/guilds/{seed.GUILD}/channels", None),
        ("GET", f"/guilds/{seed.GUILD}/roles", None),
        ("GET", f"/guilds/{seed.GUILD}/threads/active", None),
        ("GET", f"/guilds/{seed.GUILD}/members/{seed.BEN}", None),
        ("GET", "/users/@me", None),
        ("GET", f"/users/{seed.BEN}", None),
        ("GET", "/users/@me/guilds", None),
        ("POST", "/users/@me/channels", {"recipient_id": str(seed.BEN)}),
        ("GET", "/gateway", None),
        ("DELETE", f"/channels/{thread}", None),
    ]:
        await ana.call(method, path, fields)
    await ana.delete(reply)
    await ana.messages("studio")
    assert contract.wrong == []
    assert len(contract.checked) > 28


async def test_refusals_are_worded_as_described(sandbox: Sandbox, contract: Contract):
    cleo = sandbox.member("cleo")
    from bot.sandbox.discord.link import Refused

    for method, path, fields in [
        ("POST", f"/channels/{seed.STUDIO}/messages", {"content": "x" * 2001}),
        ("POST", f"/channels/{seed.STUDIO}/messages", {}),
        ("POST", f"/channels/{seed.ANNOUNCEMENTS}/messages", {"content": "x"}),
        ("GET", "/channels/123", None),
        ("GET", "/channels/abc", None),
    ]:
        with pytest.raises(Refused):
            await cleo.call(method, path, fields)
    assert contract.wrong == []


class View(discord.ui.LayoutView):
    def __init__(self) -> None:
        super().__init__(timeout=None)
        gallery: discord.ui.MediaGallery[Any] = discord.ui.MediaGallery(
            discord.MediaGalleryItem("attachment://v1.png", description="AI image: a fox")
        )
        row: discord.ui.ActionRow[Any] = discord.ui.ActionRow(
            discord.ui.Button(label="Again", custom_id="again:1"),
            discord.ui.Button(label="More", url="https://example.org"),
        )
        section: discord.ui.Section[Any] = discord.ui.Section(
            "beside", accessory=discord.ui.Thumbnail("attachment://v1.png")
        )
        box: discord.ui.Container[Any] = discord.ui.Container(
            discord.ui.TextDisplay("A fox"),
            gallery,
            section,
            discord.ui.Separator(),
            discord.ui.File("attachment://v1.png"),
            row,
        )
        self.add_item(box)


async def test_what_the_bot_does_is_answered_as_described(sandbox: Sandbox, contract: Contract):
    async with running(sandbox) as bot:
        channel = bot.place(seed.STUDIO)
        sent = await channel.send(view=View(), file=discord.File(io.BytesIO(picture()), "v1.png"))
        await sent.edit(view=discord.ui.LayoutView.from_message(sent))
        thread = await sent.create_thread(name="Fox")
        embed = discord.Embed(title="A fox", description="painted").set_footer(text="v1").add_field(name="a", value="b")
        embed.set_image(url="attachment://v2.png")
        plain = await thread.send("hello", embed=embed, file=discord.File(io.BytesIO(picture()), "v2.png"))
        await plain.edit(content="hello again", attachments=plain.attachments)
        await plain.add_reaction("🎨")
        await thread.edit(name="A fox")
        await bot.place(seed.SHOWCASE).create_thread(name="Piece", content="look", applied_tags=[])
        [one async for one in channel.history(limit=5)]
        await bot.fetch_channel(thread.id)
        await bot.http.get_bot_gateway()
        await bot.application_info()
        await bot.fetch_guild(seed.GUILD)
        await commands_and_interactions(sandbox, bot)
    assert contract.wrong == []
    assert len(contract.checked) >= 18


async def commands_and_interactions(sandbox: Sandbox, bot: Bot) -> None:
    @bot.tree.command(description="Paint a picture")
    @discord.app_commands.describe(prompt="What to paint", image="A picture to start from")
    async def imagine(interaction: discord.Interaction, prompt: str, image: discord.Attachment | None = None) -> None:
        await interaction.response.defer(thinking=True)
        await interaction.followup.send(f"painted {prompt}")
        await interaction.followup.send("more", ephemeral=True)
        original = await interaction.original_response()
        await original.edit(content="done")

    await bot.tree.sync()
    await bot.tree.fetch_commands()
    ana = sandbox.member("ana")
    outcome = await ana.slash("studio", "imagine", prompt="a fox", image=("fox.png", picture()))
    assert outcome.ok
    await ana.wait_for(lambda post: post.text == "done", "studio")
