"""People and places as Discord's JSON, with every field its description calls required."""

from __future__ import annotations

from bot.sandbox.discord.clock import stamp
from bot.sandbox.discord.nouns import (
    CATEGORY,
    DM,
    FORUM,
    Application,
    Channel,
    Guild,
    Json,
    Member,
    Overwrite,
    Role,
    Tag,
    User,
)
from bot.sandbox.discord.permissions import permissions_of
from bot.sandbox.discord.world import World

_MESSAGE_CONTENT, _GUILD_MEMBERS, _PRESENCES = 1 << 19, 1 << 15, 1 << 13


def user(person: User) -> Json:
    """An account."""
    plain = {
        "id": str(person.id),
        "username": person.name,
        "global_name": person.display,
        "avatar": None,
        "discriminator": "0000" if person.bot else "0",
        "public_flags": 0,
        "flags": 0,
        "primary_guild": None,
    }
    return {**plain, "bot": True} if person.bot else plain


def own_user(person: User) -> Json:
    """An account as only its owner sees it."""
    return {**user(person), "mfa_enabled": person.bot, "locale": person.locale, "verified": True, "email": None}


def bare_member(member: Member) -> Json:
    """A membership without its user, as it rides on gateway messages."""
    return {
        "avatar": None,
        "banner": None,
        "communication_disabled_until": None,
        "deaf": False,
        "flags": 0,
        "joined_at": stamp(member.joined_at),
        "mute": False,
        "nick": member.nick,
        "pending": False,
        "premium_since": None,
        "roles": [str(role) for role in member.roles],
    }


def member(world: World, member: Member) -> Json:
    """A membership with its user."""
    return {**bare_member(member), "user": user(world.users[member.user_id])}


def role(role: Role) -> Json:
    """A role."""
    return {
        "id": str(role.id),
        "name": role.name,
        "permissions": str(role.permissions),
        "position": role.position,
        "color": role.colour,
        "colors": {"primary_color": role.colour, "secondary_color": None, "tertiary_color": None},
        "hoist": role.colour != 0,
        "managed": role.managed,
        "mentionable": role.mentionable,
        "icon": None,
        "unicode_emoji": None,
        "flags": 0,
        **({"tags": {"bot_id": str(role.bot_id)}} if role.bot_id else {}),
    }


def overwrite(overwrite: Overwrite) -> Json:
    """A channel's exception for one role or member."""
    return {
        "id": str(overwrite.id),
        "type": int(overwrite.member),
        "allow": str(overwrite.allow),
        "deny": str(overwrite.deny),
    }


def tag(tag: Tag) -> Json:
    """A forum's tag."""
    return {
        "id": str(tag.id),
        "name": tag.name,
        "moderated": tag.moderated,
        "emoji_id": None,
        "emoji_name": tag.emoji,
    }


def channel(world: World, channel: Channel, reader: int | None = None) -> Json:
    """A channel, thread or DM; `reader` adds that user's own place in a thread, or names the other in a DM."""
    if channel.kind == DM:
        return _direct(world, channel, reader)
    return _thread(channel, reader) if channel.is_thread else _guild_channel(channel)


def channel_for(world: World, one: Channel, user_id: int) -> Json:
    """A channel as an interaction names it: with what its user may do there."""
    return {**channel(world, one, world.application.bot_id), "permissions": str(world.allowed(user_id, one))}


def _basics(channel: Channel) -> Json:
    return {
        "id": str(channel.id),
        "type": channel.kind,
        "flags": channel.flags,
        "last_message_id": str(channel.last_message_id) if channel.last_message_id else None,
    }


def _direct(world: World, channel: Channel, reader: int | None) -> Json:
    others = [person for person in channel.recipients if person != reader]
    return {**_basics(channel), "recipients": [user(world.users[person]) for person in others]}


def _guild_channel(channel: Channel) -> Json:
    data = _basics(channel) | {
        "guild_id": str(channel.guild_id),
        "name": channel.name,
        "position": channel.position,
        "parent_id": str(channel.parent_id) if channel.parent_id else None,
        "permission_overwrites": [overwrite(one) for one in channel.overwrites],
        "nsfw": channel.nsfw,
    }
    if channel.kind == CATEGORY:
        del data["last_message_id"]
        return data
    data |= {"topic": channel.topic, "rate_limit_per_user": channel.slowmode, "default_auto_archive_duration": 1440}
    if channel.last_pin_at:
        data["last_pin_timestamp"] = stamp(channel.last_pin_at)
    return data | _forum(channel) if channel.kind == FORUM else data


def _forum(channel: Channel) -> Json:
    return {
        "available_tags": [tag(one) for one in channel.tags],
        "default_reaction_emoji": None,
        "default_sort_order": None,
        "default_forum_layout": 0,
        "default_thread_rate_limit_per_user": 0,
    }


def _thread(channel: Channel, reader: int | None) -> Json:
    state = channel.thread
    assert state is not None
    data = _basics(channel) | {
        "guild_id": str(channel.guild_id),
        "parent_id": str(channel.parent_id),
        "owner_id": str(state.owner_id),
        "name": channel.name,
        "rate_limit_per_user": channel.slowmode,
        "message_count": state.message_count,
        "member_count": min(len(state.members), 50),
        "total_message_sent": state.total_sent,
        "applied_tags": [str(one) for one in state.tags],
        "thread_metadata": thread_metadata(channel),
    }
    if channel.last_pin_at:
        data["last_pin_timestamp"] = stamp(channel.last_pin_at)
    if reader in state.members:
        data["member"] = thread_member(channel, reader or 0)
    return data


def thread_metadata(channel: Channel) -> Json:
    """Whether and when a thread rests."""
    state = channel.thread
    assert state is not None
    private = {"invitable": state.invitable} if channel.kind == 12 else {}
    return private | {
        "archived": state.archived,
        "archive_timestamp": stamp(state.archive_at),
        "auto_archive_duration": state.auto_archive,
        "locked": state.locked,
        "create_timestamp": stamp(state.created_at),
    }


def thread_member(channel: Channel, user_id: int) -> Json:
    """One user's place in a thread."""
    assert channel.thread is not None
    joined = channel.thread.members[user_id]
    return {"id": str(channel.id), "user_id": str(user_id), "join_timestamp": stamp(joined), "flags": 1}


def guild(guild: Guild) -> Json:
    """A server, without its channels and members."""
    empty = dict.fromkeys(
        (
            "icon", "description", "home_header", "splash", "discovery_splash", "banner", "application_id",
            "afk_channel_id", "system_channel_id", "widget_channel_id", "max_presences", "vanity_url_code",
            "rules_channel_id", "safety_alerts_channel_id", "public_updates_channel_id", "incidents_data",
        )
    )  # fmt: skip
    return empty | {
        "id": str(guild.id),
        "name": guild.name,
        "owner_id": str(guild.owner_id),
        "features": [],
        "region": "deprecated",
        "afk_timeout": 300,
        "system_channel_flags": 0,
        "widget_enabled": False,
        "verification_level": 1,
        "roles": [role(one) for one in guild.roles.values()],
        "default_message_notifications": 1,
        "mfa_level": 0,
        "explicit_content_filter": 2,
        "max_members": 250_000,
        "max_stage_video_channel_users": 50,
        "max_video_channel_users": 25,
        "premium_tier": guild.tier,
        "premium_subscription_count": 0,
        "preferred_locale": guild.locale,
        "premium_progress_bar_enabled": False,
        "nsfw": False,
        "nsfw_level": 0,
        "emojis": [],
        "stickers": [],
    }


def guild_in_list(guild: Guild, member: Member) -> Json:
    """A server in somebody's own list of servers."""
    return {
        "id": str(guild.id),
        "name": guild.name,
        "icon": None,
        "banner": None,
        "owner": guild.owner_id == member.user_id,
        "permissions": str(permissions_of(guild, member)),
        "features": [],
    }


def application(world: World) -> Json:
    """The bot's own registration."""
    app: Application = world.application
    owner = next(iter(world.guilds.values())).owner_id if world.guilds else app.bot_id
    flags = _MESSAGE_CONTENT * app.message_content | _GUILD_MEMBERS * app.guild_members | _PRESENCES * app.presences
    return {
        "id": str(app.id),
        "name": app.name,
        "icon": None,
        "description": "",
        "type": None,
        "bot": user(world.users[app.bot_id]),
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "flags": flags,
        "flags_new": str(flags),
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "owner": user(world.users[owner]),
        "approximate_guild_count": len(world.guilds),
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0,
        "team": None,
        "eligible_oauth2_scopes": [],
        "integration_types_config": {"0": {}},
    }
