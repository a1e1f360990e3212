"""Which events a gateway connection asked for."""

from __future__ import annotations

from enum import IntFlag

from bot.sandbox.discord.events import Event


class Intent(IntFlag):
    """Discord's gateway intents, as far as there are events for them."""

    GUILDS = 1 << 0
    GUILD_MEMBERS = 1 << 1
    GUILD_PRESENCES = 1 << 8
    GUILD_MESSAGES = 1 << 9
    GUILD_MESSAGE_REACTIONS = 1 << 10
    GUILD_MESSAGE_TYPING = 1 << 11
    DIRECT_MESSAGES = 1 << 12
    DIRECT_MESSAGE_REACTIONS = 1 << 13
    DIRECT_MESSAGE_TYPING = 1 << 14
    MESSAGE_CONTENT = 1 << 15
    AUTO_MODERATION_CONFIGURATION = 1 << 20


ALL = (1 << 26) - 1
_IN_GUILDS = {
    "MESSAGE_REACTION": Intent.GUILD_MESSAGE_REACTIONS,
    "MESSAGE_": Intent.GUILD_MESSAGES,
    "TYPING_START": Intent.GUILD_MESSAGE_TYPING,
    "GUILD_MEMBER_": Intent.GUILD_MEMBERS,
    "CHANNEL_": Intent.GUILDS,
    "THREAD_": Intent.GUILDS,
    "GUILD_": Intent.GUILDS,
    "AUTO_MODERATION_RULE_": Intent.AUTO_MODERATION_CONFIGURATION,
}
_IN_DIRECT_MESSAGES = {
    "MESSAGE_REACTION": Intent.DIRECT_MESSAGE_REACTIONS,
    "MESSAGE_": Intent.DIRECT_MESSAGES,
    "TYPING_START": Intent.DIRECT_MESSAGE_TYPING,
    "CHANNEL_PINS": Intent.DIRECT_MESSAGES,
}


def wanted(event: Event, intents: int, user_id: int) -> bool:
    """Whether a connection with these intents receives the event."""
    if event.name.startswith("INTERACTION") or intents == ALL:
        return True
    if event.name == "GUILD_MEMBER_UPDATE" and event.data["user"]["id"] == str(user_id):
        return True
    if event.name == "THREAD_MEMBERS_UPDATE" and not intents & Intent.GUILD_MEMBERS:
        return bool(intents & Intent.GUILDS) and _concerns(event, user_id)
    table = _IN_DIRECT_MESSAGES if event.guild_id is None else _IN_GUILDS
    for prefix, intent in table.items():
        if event.name.startswith(prefix):
            return bool(intents & intent)
    return True


def _concerns(event: Event, user_id: int) -> bool:
    added = [one["user_id"] for one in event.data.get("added_members", [])]
    return str(user_id) in (*added, *event.data.get("removed_member_ids", []))
