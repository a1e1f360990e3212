"""Who may do what where."""

from __future__ import annotations

from dataclasses import replace

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox import Sandbox, paint_club
from bot.sandbox.discord import seed
from bot.sandbox.discord.link import Refused
from bot.sandbox.discord.nouns import PRIVATE_THREAD, PUBLIC_THREAD, Channel, Overwrite, ThreadState
from bot.sandbox.discord.permissions import EVERY, permissions_in
from bot.sandbox.discord.permissions import Permission as P  # noqa: N817 - a page of permissions reads better so
from tests.sandbox.discord_bot import running


def allowed(user_id: int, channel_id: int, *overwrites: Overwrite) -> int:
    world = paint_club()
    if overwrites:
        world.change(world.channels[channel_id], overwrites=overwrites)
    return world.allowed(user_id, world.channels[channel_id])


def test_the_owner_may_do_everything_and_a_stranger_nothing():
    assert allowed(seed.JUNE, seed.ANNOUNCEMENTS) == EVERY
    assert allowed(999, seed.STUDIO) == 0


def test_members_have_the_sum_of_their_roles():
    assert allowed(seed.ANA, seed.STUDIO) & P.MANAGE_MESSAGES
    assert not allowed(seed.BEN, seed.STUDIO) & P.MANAGE_MESSAGES


def test_a_role_is_denied_before_another_is_allowed():
    deny, allow = Overwrite(seed.GUILD, deny=int(P.SEND_MESSAGES)), Overwrite(seed.PAINTER, allow=int(P.SEND_MESSAGES))
    assert allowed(seed.BEN, seed.STUDIO, deny, allow) & P.SEND_MESSAGES
    assert not allowed(seed.CLEO, seed.STUDIO, deny, allow) & P.SEND_MESSAGES


def test_a_members_own_overwrite_has_the_last_word():
    deny = Overwrite(seed.BEN, deny=int(P.SEND_MESSAGES), member=True)
    allow = Overwrite(seed.PAINTER, allow=int(P.SEND_MESSAGES))
    assert not allowed(seed.BEN, seed.STUDIO, allow, deny) & P.SEND_MESSAGES


def test_without_sight_there_is_nothing_and_without_a_voice_no_files():
    assert allowed(seed.BEN, seed.STUDIO, Overwrite(seed.GUILD, deny=int(P.VIEW_CHANNEL))) == 0
    assert not allowed(seed.BEN, seed.ANNOUNCEMENTS) & P.ATTACH_FILES


def test_threads_take_the_permissions_of_their_channel_and_private_ones_know_their_members():
    world = paint_club()
    parent = world.channels[seed.PHOTOS]
    public = Channel(1, PUBLIC_THREAD, "t", seed.GUILD, seed.PHOTOS, thread=ThreadState(seed.BEN, 0, 0))
    private = replace(public, kind=PRIVATE_THREAD, thread=ThreadState(seed.BEN, 0, 0, members={seed.BEN: 0}))
    guild = world.guilds[seed.GUILD]

    def seen(user_id: int, thread: Channel) -> bool:
        return bool(permissions_in(guild, guild.members[user_id], thread, parent) & P.VIEW_CHANNEL)

    assert seen(seed.CLEO, public)
    assert [seen(one, private) for one in (seed.BEN, seed.ANA, seed.CLEO)] == [True, True, False]


BITS = st.integers(0, EVERY)


@given(everyone=st.tuples(BITS, BITS), role=st.tuples(BITS, BITS), own=st.tuples(BITS, BITS))
def test_the_algorithm_agrees_with_discord_pys(everyone: tuple[int, int], role: tuple[int, int], own: tuple[int, int]):
    overwrites = (
        Overwrite(seed.GUILD, *everyone),
        Overwrite(seed.PAINTER, *role),
        Overwrite(seed.BEN, *own, member=True),
    )
    base = discord.Permissions(int(seed.TALKING))
    for allow, deny in (everyone, role, own):
        base.handle_overwrite(allow, deny)
    if base.administrator:
        return
    expected = base.value if base.view_channel else 0
    if not base.send_messages:
        expected &= ~int(P.ATTACH_FILES | P.EMBED_LINKS | P.MENTION_EVERYONE)
    assert allowed(seed.BEN, seed.STUDIO, *overwrites) == expected


async def test_the_bot_may_not_speak_where_it_is_not_allowed(sandbox: Sandbox):
    async with running(sandbox) as bot:
        with pytest.raises(discord.Forbidden) as silent:
            await bot.place(seed.ANNOUNCEMENTS).send("hello")
        assert silent.value.code == 50013
        sandbox.world.change(
            sandbox.world.channels[seed.LOUNGE], overwrites=(Overwrite(seed.EASEL, deny=int(P.VIEW_CHANNEL)),)
        )
        with pytest.raises(discord.Forbidden) as blind:
            await bot.place(seed.LOUNGE).send("hello")
        assert blind.value.code == 50001


async def test_guests_open_no_threads_in_photos_and_moderators_announce(sandbox: Sandbox):
    cleo, ana = sandbox.member("cleo"), sandbox.member("ana")
    post = await cleo.say("photos", "my photo")
    with pytest.raises(Refused) as refused:
        await cleo.open_thread(post, "mine")
    assert refused.value.code == 50013
    assert await cleo.open_thread(await cleo.say("studio", "here"), "fine")
    await ana.say("announcements", "open day")
    with pytest.raises(Refused):
        await cleo.say("announcements", "me too")


async def test_a_wrong_member_token_is_unauthorized(sandbox: Sandbox):
    stranger = sandbox.member("mallory")
    with pytest.raises(ConnectionError, match="4004"):
        await stranger.messages("studio")
