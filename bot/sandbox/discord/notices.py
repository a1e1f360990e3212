"""The gateway events about messages and threads, each built in one place."""

from __future__ import annotations

from bot.sandbox.discord import message_payload, payload
from bot.sandbox.discord.events import Event
from bot.sandbox.discord.nouns import Channel, Json, Message
from bot.sandbox.discord.world import World


class Notices:
    """Tells everybody who may see it what has happened."""

    def __init__(self, world: World) -> None:
        self._world = world

    def message(self, name: str, message: Message) -> None:
        """MESSAGE_CREATE or MESSAGE_UPDATE, with the whole message."""
        data = self._with_members(message_payload.message(self._world, message), message)
        channel = self._world.channel(message.channel_id)
        bot_id = self._world.application.bot_id
        self._world.publish(
            Event(
                name,
                data,
                guild_id=channel.guild_id,
                channel_id=channel.id,
                only=None if message.whispered_to is None else frozenset({message.whispered_to}),
                blanked=message_payload.blanked(data, bot_id) if channel.guild_id else None,
            )
        )

    def _with_members(self, data: Json, message: Message) -> Json:
        guild_id = self._world.channel(message.channel_id).guild_id
        if guild_id is None:
            return data
        members = self._world.guild(guild_id).members
        data["guild_id"] = str(guild_id)
        if message.webhook_id is None and message.author_id in members:
            data["member"] = payload.bare_member(members[message.author_id])
        for mention in data["mentions"]:
            known = members.get(int(mention["id"]))
            if known is not None:
                mention["member"] = payload.bare_member(known)
        return data

    def place(self, name: str, channel: Channel, data: Json, *, only: frozenset[int] | None = None) -> None:
        """An event that concerns one channel."""
        placed = data if channel.guild_id is None else {**data, "guild_id": str(channel.guild_id)}
        self._world.publish(Event(name, placed, guild_id=channel.guild_id, channel_id=channel.id, only=only))

    def deleted(self, channel: Channel, message_ids: list[int]) -> None:
        """MESSAGE_DELETE, or MESSAGE_DELETE_BULK for several."""
        ids = [str(one) for one in message_ids]
        if len(ids) == 1:
            self.place("MESSAGE_DELETE", channel, {"id": ids[0], "channel_id": str(channel.id)})
        else:
            self.place("MESSAGE_DELETE_BULK", channel, {"ids": ids, "channel_id": str(channel.id)})

    def thread(self, name: str, thread: Channel) -> None:
        """THREAD_CREATE or THREAD_UPDATE."""
        data = payload.channel(self._world, thread)
        if name == "THREAD_CREATE":
            data["newly_created"] = True
        self.place(name, thread, data)

    def channel_gone(self, channel: Channel) -> None:
        """THREAD_DELETE or CHANNEL_DELETE, to those who could see it."""
        viewers = self.viewers(channel)
        if channel.is_thread:
            short = {"id": str(channel.id), "parent_id": str(channel.parent_id), "type": channel.kind}
            self.place("THREAD_DELETE", channel, short, only=viewers)
        else:
            self.place("CHANNEL_DELETE", channel, payload.channel(self._world, channel), only=viewers)

    def viewers(self, channel: Channel) -> frozenset[int]:
        """Everybody for whom the channel exists."""
        return frozenset(one for one in self._world.users if self._world.sees(one, channel))

    def thread_members(self, thread: Channel, added: list[int], removed: list[int]) -> None:
        """THREAD_MEMBERS_UPDATE: who came and who left."""
        assert thread.thread is not None
        assert thread.guild_id is not None
        members = self._world.guild(thread.guild_id).members
        newcomers = [
            {
                **payload.thread_member(thread, one),
                "member": payload.member(self._world, members[one]),
                "presence": None,
            }
            for one in added
        ]
        data: Json = {"id": str(thread.id), "member_count": min(len(thread.thread.members), 50)}
        if newcomers:
            data["added_members"] = newcomers
        if removed:
            data["removed_member_ids"] = [str(one) for one in removed]
        self.place("THREAD_MEMBERS_UPDATE", thread, data)
