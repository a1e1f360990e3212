"""Messages as Discord's JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.sandbox.discord import payload
from bot.sandbox.discord.cdn import address
from bot.sandbox.discord.clock import stamp
from bot.sandbox.discord.nouns import (
    HAS_THREAD,
    MENU_ANSWER,
    REPLY,
    SLASH_ANSWER,
    STARTER,
    Attachment,
    Json,
    Message,
    Origin,
    Reference,
)
from bot.sandbox.discord.world import World

_SHOWS_REFERENCED = frozenset({REPLY, SLASH_ANSWER, STARTER, MENU_ANSWER})


def message(world: World, message: Message, reader: int | None = None) -> Json:
    """A message as REST sends it: with the message it refers to, reactions, and the thread it grew."""
    data = basic(world, message)
    if message.reference and message.reference.kind == 0 and message.kind in _SHOWS_REFERENCED:
        data["referenced_message"] = _referenced(world, message.reference)
    if message.reactions:
        data["reactions"] = [_reaction(one.emoji, one.users, reader) for one in message.reactions]
    thread = world.channels.get(message.id) if message.has(HAS_THREAD) else None
    if thread is not None:
        data["thread"] = payload.channel(world, thread, reader)
    return data


def basic(world: World, message: Message) -> Json:
    """A message without the one it refers to."""
    author = world.users[message.author_id]
    data = _content(world, message) | {
        "id": str(message.id),
        "channel_id": str(message.channel_id),
        "author": payload.user(author),
        "pinned": message.pinned_at is not None,
        "mention_everyone": message.mentions.everyone,
        "tts": False,
    }
    return data | _extras(world, message)


def _content(world: World, message: Message) -> Json:
    files = {one.id: one for one in message.attachments}
    shown = _inline(message)
    return {
        "type": message.kind,
        "content": message.content,
        "mentions": [payload.user(world.users[one]) for one in message.mentions.users],
        "mention_roles": [str(one) for one in message.mentions.roles],
        "attachments": [attachment(world, one) for one in message.attachments if one.id not in shown],
        "embeds": [_filled(world, dict(one), files) for one in message.embeds],
        "timestamp": stamp(message.sent_at),
        "edited_timestamp": stamp(message.edited_at) if message.edited_at else None,
        "flags": message.flags,
        "components": [_filled(world, one, files) for one in message.components],
    }


def _extras(world: World, message: Message) -> Json:
    data: Json = {}
    if message.nonce is not None:
        data["nonce"] = message.nonce
    if message.reference is not None:
        data["message_reference"] = _reference(message.reference)
    if message.snapshot is not None:
        data["message_snapshots"] = [{"message": _content(world, message.snapshot)}]
    if message.webhook_id is not None:
        data |= {"webhook_id": str(message.webhook_id), "application_id": str(message.webhook_id)}
    elif message.author_id == world.application.bot_id:
        data["application_id"] = str(world.application.id)
    if message.origin is not None:
        data["interaction_metadata"] = metadata(world, message.origin)
    return data


def attachment(world: World, attachment: Attachment) -> Json:
    """A file with a fresh signed address."""
    url = address(world, attachment)
    optional = {
        "content_type": attachment.content_type,
        "width": attachment.width,
        "height": attachment.height,
        "description": attachment.description,
        "ephemeral": attachment.ephemeral or None,
    }
    return {
        "id": str(attachment.id),
        "filename": attachment.filename,
        "size": attachment.size,
        "url": url,
        "proxy_url": url,
        **{key: value for key, value in optional.items() if value is not None},
    }


def media(world: World, attachment: Attachment) -> Json:
    """A file as components carry it."""
    url = address(world, attachment)
    return {
        "id": str(attachment.id),
        "url": url,
        "proxy_url": url,
        "width": attachment.width,
        "height": attachment.height,
        "content_type": attachment.content_type,
        "attachment_id": str(attachment.id),
    }


def _filled(world: World, node: Any, files: Mapping[int, Attachment]) -> Any:
    if isinstance(node, list):
        return [_filled(world, one, files) for one in node]
    if not isinstance(node, dict):
        return node
    if "attachment_ref" in node:
        found = files.get(node["attachment_ref"])
        return media(world, found) if found else {"id": "0", "url": "", "proxy_url": ""}
    return {key: _filled(world, value, files) for key, value in node.items()}


def _inline(message: Message) -> set[int]:
    pending: list[Any] = [*message.components, *message.embeds]
    shown: set[int] = set()
    while pending:
        node = pending.pop()
        if isinstance(node, dict):
            shown |= {node["attachment_ref"]} if "attachment_ref" in node else set()
            pending.extend(node.values())
        elif isinstance(node, list):
            pending.extend(node)
    return shown


def _reference(reference: Reference) -> Json:
    optional = {"message_id": reference.message_id, "guild_id": reference.guild_id}
    return {
        "type": reference.kind,
        "channel_id": str(reference.channel_id),
        **{key: str(value) for key, value in optional.items() if value is not None},
    }


def _referenced(world: World, reference: Reference) -> Json | None:
    message_id = reference.message_id or 0
    found = world.messages.get(reference.channel_id, {}).get(message_id) or world.whispers.get(message_id)
    return basic(world, replace(found, nonce=None)) if found else None


def _reaction(emoji: str, users: tuple[int, ...], reader: int | None) -> Json:
    return {
        "emoji": {"id": None, "name": emoji},
        "count": len(users),
        "count_details": {"burst": 0, "normal": len(users)},
        "burst_colors": [],
        "me_burst": False,
        "me": reader in users,
    }


def metadata(world: World, origin: Origin) -> Json:
    """Which interaction a message answers, and whose."""
    data: Json = {
        "id": str(origin.id),
        "type": origin.kind,
        "user": payload.user(world.users[origin.user_id]),
        "authorizing_integration_owners": {"0": str(origin.guild_id or 0)},
    }
    optional = {
        "name": origin.name,
        "interacted_message_id": origin.message_id,
        "original_response_message_id": origin.original_id,
        "target_message_id": origin.target_id,
    }
    data |= {key: str(value) for key, value in optional.items() if value is not None}
    if origin.trigger is not None:
        data["triggering_interaction_metadata"] = metadata(world, origin.trigger)
    return data


def blanked(data: Json, bot_id: int) -> Json:
    """A message as a bot without the message content intent receives it."""
    hidden = data
    if not _concerns(data, bot_id):
        hidden = {**data, "content": "", "attachments": [], "embeds": [], "components": []}
        if "message_snapshots" in hidden:
            hidden["message_snapshots"] = [{"message": _emptied(one["message"])} for one in data["message_snapshots"]]
    if hidden.get("referenced_message"):
        hidden = {**hidden, "referenced_message": blanked(hidden["referenced_message"], bot_id)}
    return hidden


def _emptied(snapshot: Json) -> Json:
    return {**snapshot, "content": "", "attachments": [], "embeds": [], "components": []}


def _concerns(data: Json, bot_id: int) -> bool:
    own = data["author"]["id"] == str(bot_id)
    return own or any(one["id"] == str(bot_id) for one in data["mentions"])
