"""Who may do what where: Discord's permission bits and its algorithm."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntFlag

from bot.sandbox.discord.nouns import PRIVATE_THREAD, Channel, Guild, Member, Overwrite


class Permission(IntFlag):
    """Discord's permission bits, as far as a paint club needs them."""

    KICK_MEMBERS = 1 << 1
    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    USE_EXTERNAL_EMOJIS = 1 << 18
    CHANGE_NICKNAME = 1 << 26
    MANAGE_ROLES = 1 << 28
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    CREATE_PRIVATE_THREADS = 1 << 36
    SEND_MESSAGES_IN_THREADS = 1 << 38
    MODERATE_MEMBERS = 1 << 40
    USE_EXTERNAL_APPS = 1 << 50
    PIN_MESSAGES = 1 << 51
    BYPASS_SLOWMODE = 1 << 52


P = Permission
EVERY = (1 << 53) - 1
IN_DIRECT_MESSAGES = (
    P.VIEW_CHANNEL
    | P.SEND_MESSAGES
    | P.READ_MESSAGE_HISTORY
    | P.ATTACH_FILES
    | P.EMBED_LINKS
    | P.ADD_REACTIONS
    | P.USE_EXTERNAL_EMOJIS
    | P.USE_APPLICATION_COMMANDS
    | P.PIN_MESSAGES
)
NEEDS_A_VOICE = P.ATTACH_FILES | P.EMBED_LINKS | P.MENTION_EVERYONE


def permissions_of(guild: Guild, member: Member) -> int:
    """What the member's roles give in the whole guild."""
    if member.user_id == guild.owner_id:
        return EVERY
    granted = guild.roles[guild.id].permissions
    for role_id in member.roles:
        role = guild.roles.get(role_id)
        granted |= role.permissions if role else 0
    return EVERY if granted & P.ADMINISTRATOR else granted


def permissions_in(guild: Guild, member: Member, channel: Channel, parent: Channel | None = None) -> int:
    """What the member may do in a channel; a thread takes its overwrites from `parent`."""
    granted = permissions_of(guild, member)
    if granted == EVERY:
        return EVERY
    granted = _overwritten(granted, (parent or channel).overwrites, guild, member)
    return _implied(granted, member, channel)


def _overwritten(granted: int, overwrites: Iterable[Overwrite], guild: Guild, member: Member) -> int:
    by_id = {(overwrite.member, overwrite.id): overwrite for overwrite in overwrites}
    layers = (
        [by_id.get((False, guild.id))],
        [by_id.get((False, role)) for role in member.roles if role != guild.id],
        [by_id.get((True, member.user_id))],
    )
    for layer in layers:
        found = [overwrite for overwrite in layer if overwrite is not None]
        for overwrite in found:
            granted &= ~overwrite.deny
        for overwrite in found:
            granted |= overwrite.allow
    return granted


def _implied(granted: int, member: Member, channel: Channel) -> int:
    if not granted & P.VIEW_CHANNEL or not _admitted(granted, member, channel):
        return 0
    voice = P.SEND_MESSAGES_IN_THREADS if channel.is_thread else P.SEND_MESSAGES
    return granted if granted & voice else granted & ~NEEDS_A_VOICE


def _admitted(granted: int, member: Member, channel: Channel) -> bool:
    if channel.kind != PRIVATE_THREAD or channel.thread is None:
        return True
    return member.user_id in channel.thread.members or bool(granted & P.MANAGE_THREADS)
