"""What a client hears first: READY and one GUILD_CREATE per server, as far as it may see."""

from __future__ import annotations

from bot.sandbox.discord import payload
from bot.sandbox.discord.clock import stamp
from bot.sandbox.discord.intents import ALL, Intent
from bot.sandbox.discord.nouns import DM, Channel, Guild, Json
from bot.sandbox.discord.session import Session
from bot.sandbox.discord.world import World


def greet(world: World, session: Session) -> None:
    """Send READY, then every server of this shard."""
    guilds = [one for one in world.guilds.values() if _is_theirs(one, session)]
    session.tell("READY", _ready(world, session, guilds))
    if session.intents & Intent.GUILDS:
        for guild in guilds:
            session.tell("GUILD_CREATE", _guild_create(world, session, guild))


def _is_theirs(guild: Guild, session: Session) -> bool:
    number, count = session.shard
    return session.user_id in guild.members and (guild.id >> 22) % count == number


def _ready(world: World, session: Session, guilds: list[Guild]) -> Json:
    person = world.users[session.user_id]
    app = world.application
    return {
        "v": 10,
        "user": payload.own_user(person),
        "session_id": session.id,
        "session_type": "normal",
        "resume_gateway_url": world.origin.replace("http", "ws", 1) + "/gateway",
        "guilds": [{"id": str(one.id), "unavailable": True} for one in guilds],
        "private_channels": [] if person.bot else _direct_channels(world, session.user_id),
        "shard": list(session.shard),
        "application": {"id": str(app.id), "flags": payload.application(world)["flags"]} if person.bot else None,
        "relationships": [],
        "presences": [],
        "user_settings": {},
        "geo_ordered_rtc_regions": [],
        "_trace": [],
    }


def _direct_channels(world: World, user_id: int) -> list[Json]:
    found = [one for one in world.channels.values() if one.kind == DM and user_id in one.recipients]
    return [payload.channel(world, one, user_id) for one in found]


def _guild_create(world: World, session: Session, guild: Guild) -> Json:
    everybody = session.intents == ALL or session.intents & Intent.GUILD_MEMBERS
    shown = [one for one in guild.members.values() if everybody or one.user_id == session.user_id]
    return {
        **payload.guild(guild),
        "joined_at": stamp(guild.members[session.user_id].joined_at),
        "large": False,
        "unavailable": False,
        "member_count": len(guild.members),
        "voice_states": [],
        "members": [payload.member(world, one) for one in shown],
        "channels": [payload.channel(world, one) for one in _visible(world, session, guild)],
        "threads": [payload.channel(world, one, session.user_id) for one in _active(world, session, guild)],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }


def _visible(world: World, session: Session, guild: Guild) -> list[Channel]:
    own = [one for one in world.channels.values() if one.guild_id == guild.id and not one.is_thread]
    return [one for one in own if world.sees(session.user_id, one)]


def _active(world: World, session: Session, guild: Guild) -> list[Channel]:
    awake = [one for one in world.threads(guild.id) if one.thread and not one.thread.archived]
    return [one for one in awake if world.sees(session.user_id, one)]
