"""Commands, buttons, menus and forms: from a member's press to the bot's answer."""

from __future__ import annotations

import asyncio
import io
from typing import Any

import discord
import pytest

from bot.sandbox import Member, Post, Sandbox
from bot.sandbox.discord import seed
from bot.sandbox.discord.link import Refused
from tests.sandbox.discord_bot import Bot, picture


async def posted_with_buttons(bot: Bot, member: Member) -> Post:
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label="Again", custom_id="again:1"))
    view.add_item(discord.ui.Select(custom_id="pick", options=[discord.SelectOption(label=name) for name in "abc"]))
    sent = await bot.place(seed.STUDIO).send("a fox", view=view)
    return await member.wait_for(lambda post: post.id == sent.id, "studio")


async def test_a_pressed_button_reaches_the_bot_with_its_message_and_its_presser(bot: Bot, ana: Member):
    post = await posted_with_buttons(bot, ana)
    pressing = asyncio.create_task(ana.press(post, post.buttons["Again"]))
    heard = await bot.presses.get()
    assert heard.data["custom_id"] == "again:1"
    assert heard.user.name == "ana"
    assert isinstance(heard.user, discord.Member)
    assert [role.name for role in heard.user.roles] == ["@everyone", "Moderator"]
    assert heard.message.id == post.id
    assert heard.permissions.manage_messages
    assert heard.app_permissions.attach_files
    await heard.response.defer()
    assert (await pressing).ok


async def test_a_whisper_is_seen_by_its_presser_alone_and_is_in_no_history(bot: Bot, ana: Member, ben: Member):
    post = await posted_with_buttons(bot, ana)
    await ben.messages("studio")
    pressing = asyncio.create_task(ana.press(post, "again:1"))
    heard = await bot.presses.get()
    await heard.response.send_message("only you", ephemeral=True)
    await pressing
    whisper = await ana.wait_for(lambda one: one.text == "only you")
    assert whisper.is_whisper
    assert "only you" not in [one.text for one in [*ben.seen.values(), *await ana.messages("studio")]]


async def test_defer_then_follow_up_turns_thinking_into_the_answer(sandbox: Sandbox, bot: Bot, ana: Member):
    post = await posted_with_buttons(bot, ana)
    pressing = asyncio.create_task(ana.press(post, "again:1"))
    heard = await bot.presses.get()
    await heard.response.defer(thinking=True, ephemeral=True)
    await pressing
    thinking = await ana.wait_for(lambda one: one.is_thinking)
    sent = await heard.followup.send("ready", file=discord.File(io.BytesIO(picture()), "v1.png"), wait=True)
    ready = await ana.wait_for(lambda one: one.text == "ready")
    assert ready.id == thinking.id == sent.id
    assert ready.is_whisper
    assert ready.pictures[0].name == "v1.png"
    more = await heard.followup.send("more", ephemeral=True, wait=True)
    assert more.id != sent.id
    await heard.delete_original_response()
    await more.edit(content="still more")
    assert (await ana.wait_for(lambda one: one.id == more.id and one.text == "still more")).is_whisper
    assert sent.id in ana.deleted


async def test_an_update_changes_the_pressed_message(bot: Bot, ana: Member):
    post = await posted_with_buttons(bot, ana)
    pressing = asyncio.create_task(ana.press(post, "again:1"))
    heard = await bot.presses.get()
    await heard.response.edit_message(content="painted", view=None)
    await pressing
    changed = await ana.wait_for(lambda one: one.id == post.id and one.text == "painted", "studio")
    assert changed.buttons == {}


async def test_a_select_gives_its_values(bot: Bot, ana: Member):
    post = await posted_with_buttons(bot, ana)
    choosing = asyncio.create_task(ana.choose(post, "pick", "b"))
    heard = await bot.presses.get()
    assert heard.data["values"] == ["b"]
    await heard.response.send_message("b it is")
    await choosing
    with pytest.raises(Refused, match="BASE_TYPE_CHOICES"):
        await ana.choose(post, "pick", "z")


async def test_silence_for_three_seconds_fails_the_interaction(sandbox: Sandbox, bot: Bot, ana: Member):
    sandbox.world.rules.acknowledge_within = 0.1
    post = await posted_with_buttons(bot, ana)
    outcome = await ana.press(post, "again:1")
    assert outcome.kind == "failed"
    heard = await bot.presses.get()
    with pytest.raises(discord.NotFound) as late:
        await heard.response.send_message("too late")
    assert late.value.code == 10062


async def test_the_second_answer_is_refused(bot: Bot, ana: Member):
    post = await posted_with_buttons(bot, ana)
    pressing = asyncio.create_task(ana.press(post, "again:1"))
    heard = await bot.presses.get()
    await heard.response.defer()
    await pressing
    heard.response._response_type = None
    with pytest.raises(discord.HTTPException) as twice:
        await heard.response.send_message("again")
    assert twice.value.code == 40060


async def test_a_token_lives_for_fifteen_minutes(sandbox: Sandbox, bot: Bot, ana: Member):
    post = await posted_with_buttons(bot, ana)
    pressing = asyncio.create_task(ana.press(post, "again:1"))
    heard = await bot.presses.get()
    await heard.response.defer()
    await pressing
    sandbox.world.clock.advance(901)
    with pytest.raises(discord.HTTPException) as dead:
        await heard.followup.send("at last")
    assert (dead.value.status, dead.value.code) == (401, 50027)


class Wish(discord.ui.Modal, title="Change it"):
    words: Any = discord.ui.Label(
        text="What shall I change?", component=discord.ui.TextInput(custom_id="words", max_length=50)
    )
    file: Any = discord.ui.Label(text="A picture", component=discord.ui.FileUpload(custom_id="file", required=False))


async def test_a_form_pops_up_and_comes_back_with_words_and_a_file(bot: Bot, ana: Member):
    post = await posted_with_buttons(bot, ana)
    pressing = asyncio.create_task(ana.press(post, "again:1"))
    heard = await bot.presses.get()
    modal = Wish(custom_id="wish:1", timeout=60)
    submitted = asyncio.Event()

    async def on_submit(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("thank you", ephemeral=True)
        submitted.set()

    modal.on_submit = on_submit  # type: ignore[method-assign]
    await heard.response.send_modal(modal)
    outcome = await pressing
    assert outcome.form is not None
    assert (outcome.form.title, outcome.form.custom_id) == ("Change it", "wish:1")
    with pytest.raises(Refused, match="50035"):
        await ana.submit(outcome.form, words="x" * 51)
    photo = picture()
    done = await ana.submit(outcome.form, [("cat.png", photo)], words="a hat", file=["0"])
    await asyncio.wait_for(submitted.wait(), 5)
    assert done.ok
    assert modal.words.component.value == "a hat"
    [attachment] = modal.file.component.values
    assert await attachment.read() == photo


async def test_slash_commands_are_synced_listed_and_run_with_files(bot: Bot, ana: Member):
    ran: dict[str, Any] = {}

    @bot.tree.command(description="Paint a picture")
    async def imagine(interaction: discord.Interaction, prompt: str, image1: discord.Attachment | None = None) -> None:
        ran.update(prompt=prompt, bytes=await image1.read() if image1 else b"", channel=interaction.channel)
        await interaction.response.send_message(f"painting {prompt}")

    synced = await bot.tree.sync()
    assert [one.name for one in synced] == ["imagine"]
    assert [one["name"] for one in await ana.commands("studio")] == ["imagine"]
    photo = picture()
    assert (await ana.slash("studio", "imagine", prompt="a fox", image1=("fox.png", photo))).ok
    assert (ran["prompt"], ran["bytes"]) == ("a fox", photo)
    assert ran["channel"].id == seed.STUDIO
    answer = await ana.wait_for(lambda one: one.text == "painting a fox", "studio")
    assert answer.kind == 20
    assert answer.data["interaction_metadata"]["user"]["username"] == "ana"
    again = await bot.tree.sync()
    assert [one.id for one in again] == [one.id for one in synced]
    with pytest.raises(Refused, match="BASE_TYPE_REQUIRED"):
        await ana.slash("studio", "imagine")


async def test_sub_commands_choices_and_completions_work(bot: Bot, ana: Member):
    group = discord.app_commands.Group(name="limits", description="Limits")
    ran = []

    @group.command(name="set", description="Set one")
    @discord.app_commands.choices(span=[discord.app_commands.Choice(name="an hour", value="hour")])
    async def set_limit(interaction: discord.Interaction, role: discord.Role, span: str, count: int = 3) -> None:
        ran.append((role.name, span, count))
        await interaction.response.send_message("done", ephemeral=True)

    @set_limit.autocomplete("count")  # type: ignore[arg-type]
    async def counts(_: discord.Interaction, current: int) -> list[discord.app_commands.Choice[int]]:
        return [discord.app_commands.Choice(name=f"{current} pictures", value=5)]

    bot.tree.add_command(group)
    await bot.tree.sync()
    assert (await ana.slash("studio", "limits set", role=seed.PAINTER, span="hour", count=7)).ok
    assert ran == [("Painter", "hour", 7)]
    completed = await ana.complete("studio", "limits set", "count", count=5)
    assert completed.choices == ({"name": "5 pictures", "value": 5},)


async def test_a_message_menu_gives_the_whole_message(bot: Bot, ana: Member, ben: Member):
    seen = []

    @bot.tree.context_menu(name="Edit this picture")
    async def edit(interaction: discord.Interaction, message: discord.Message) -> None:
        seen.append((message.content, await message.attachments[0].read()))
        await interaction.response.send_message("on it", ephemeral=True)

    await bot.tree.sync()
    post = await ben.say("lounge", "my cat", [("cat.png", picture())])
    assert (await ana.menu(post, "Edit this picture")).ok
    assert seen == [("my cat", picture())]


async def test_a_command_for_moderators_is_hidden_from_others(bot: Bot, ana: Member, ben: Member):
    @bot.tree.command(description="Only for moderators")
    @discord.app_commands.default_permissions(manage_guild=True)
    async def panel(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("here", ephemeral=True)

    await bot.tree.sync()
    assert (await ana.slash("studio", "panel")).ok
    assert await ben.commands("studio") == []
    with pytest.raises(LookupError):
        await ben.slash("studio", "panel")


async def test_a_command_in_direct_messages_has_a_user_and_no_server(bot: Bot, ana: Member):
    found = []

    @bot.tree.command(description="Ping")
    async def ping(interaction: discord.Interaction) -> None:
        found.append((interaction.guild_id, interaction.user.name, interaction.channel))
        await interaction.response.send_message("pong")

    await bot.tree.sync()
    assert (await ana.slash("dm", "ping")).ok
    assert found[0][:2] == (None, "ana")
    assert isinstance(found[0][2], discord.DMChannel)


async def test_a_layout_keeps_its_pictures_out_of_the_attachments(bot: Bot, ana: Member):
    view = discord.ui.LayoutView(timeout=None)
    gallery: Any = discord.ui.MediaGallery(
        discord.MediaGalleryItem("attachment://v1.png", description="AI image: a fox")
    )
    row: Any = discord.ui.ActionRow(discord.ui.Button(label="Again", custom_id="again:2"))
    view.add_item(gallery).add_item(row)
    sent = await bot.place(seed.STUDIO).send(view=view, file=discord.File(io.BytesIO(picture()), "v1.png"))
    assert sent.attachments == []
    post = await ana.wait_for(lambda one: one.id == sent.id, "studio")
    assert (post.pictures[0].alt, post.pictures[0].width) == ("AI image: a fox", 64)
    assert await ana.fetch(post.pictures[0]) == picture()
    kept = await sent.edit(view=discord.ui.LayoutView.from_message(sent))
    assert kept.components[0].items[0].media.attachment_id == sent.components[0].items[0].media.attachment_id
    with pytest.raises(discord.HTTPException) as both:
        await bot.http.edit_message(
            sent.channel.id, sent.id, params=discord.http.handle_message_parameters(content="x")
        )
    assert both.value.code == 50035


async def test_in_a_thread_that_is_closed_for_good_nothing_can_be_answered(sandbox: Sandbox, bot: Bot, ana: Member):
    thread = await (await bot.place(seed.STUDIO).send("a fox")).create_thread(name="A fox")
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label="Again", custom_id="again:1"))
    sent = await thread.send("v1", view=view)
    post = await ana.wait_for(lambda one: one.id == sent.id, thread.id)
    await ana.call("PATCH", f"/channels/{thread.id}", {"archived": True, "locked": True})
    sandbox.world.rules.acknowledge_within = 0.3
    pressing = asyncio.create_task(ana.press(post, "again:1"))
    heard = await bot.presses.get()
    with pytest.raises(discord.HTTPException) as closed:
        await heard.response.send_message("too late")
    assert closed.value.code == 50083
    assert (await pressing).kind == "failed"
    command = {"type": 2, "application_id": str(seed.APPLICATION), "channel_id": str(thread.id), "data": {}}
    with pytest.raises(Refused, match="50083"):
        await ana.call("POST", "/interactions", command)


async def test_a_role_select_brings_the_role_along(bot: Bot, ana: Member):
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.RoleSelect(custom_id="role"))
    sent = await bot.place(seed.STUDIO).send("which role?", view=view)
    post = await ana.wait_for(lambda one: one.id == sent.id, "studio")
    choosing = asyncio.create_task(ana.choose(post, "role", str(seed.PAINTER)))
    heard = await bot.presses.get()
    assert heard.data["resolved"]["roles"][str(seed.PAINTER)]["name"] == "Painter"
    await heard.response.defer()
    assert (await choosing).ok


async def test_what_is_not_there_can_not_be_pressed(bot: Bot, ana: Member, ben: Member):
    post = await posted_with_buttons(bot, ana)
    for fields in (
        {"message_id": str(post.id), "data": {"component_type": 2, "custom_id": "nothing"}},
        {"message_id": "1", "data": {"component_type": 2, "custom_id": "again:1"}},
        {"type": 9},
        {"application_id": "1"},
        {"type": 5, "data": {"id": "1"}},
    ):
        body = {"type": 3, "application_id": str(seed.APPLICATION), "channel_id": str(seed.STUDIO), **fields}
        with pytest.raises(Refused):
            await ana.call("POST", "/interactions", body)
    pressing = asyncio.create_task(ana.press(post, "again:1"))
    heard = await bot.presses.get()
    await heard.response.send_message("only you", view=one_button("secret"), ephemeral=True)
    await pressing
    whisper = await ana.wait_for(lambda one: one.text == "only you")
    with pytest.raises(Refused, match="10008"):
        await ben.press(whisper, "secret")


def one_button(custom_id: str) -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    return view.add_item(discord.ui.Button(label="Press", custom_id=custom_id))


async def test_only_a_first_answer_can_be_a_form(bot: Bot, ana: Member):
    post = await posted_with_buttons(bot, ana)
    pressing = asyncio.create_task(ana.press(post, "again:1"))
    heard = await bot.presses.get()
    await heard.response.defer()
    assert (await pressing).ok
    heard.response._response_type = None
    with pytest.raises(discord.HTTPException) as late:
        await heard.response.send_modal(Wish(timeout=60))
    assert late.value.code == 40060
