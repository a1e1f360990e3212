"""Who one is, which applications there are, and where the gateway is."""

from __future__ import annotations

from dataclasses import replace

from bot.sandbox.discord import payload, problems
from bot.sandbox.discord.call import Call, Route
from bot.sandbox.discord.events import Event
from bot.sandbox.discord.localizations import LOCALES
from bot.sandbox.discord.nouns import DM, Channel, Json
from bot.sandbox.discord.problems import Problem
from bot.sandbox.discord.services import Services


class AccountRoutes:
    """Users, applications and the gateway's address."""

    def __init__(self, services: Services) -> None:
        self._world = services.world
        self._starts = services.gateway.starts

    def routes(self) -> list[Route]:
        """The paths of this area."""
        return [
            Route("GET", "/gateway", self.gateway, anonymous=True),
            Route("GET", "/gateway/bot", self.gateway_for_bots),
            Route("GET", "/users/@me", self.me),
            Route("PATCH", "/users/@me/settings", self.settings),
            Route("GET", "/users/@me/guilds", self.my_guilds),
            Route("GET", "/users/@me/channels", self.my_channels),
            Route("POST", "/users/@me/channels", self.open_direct_channel),
            Route("GET", "/users/{user_id}", self.user),
            Route("GET", "/oauth2/applications/@me", self.application),
            Route("GET", "/applications/@me", self.application),
        ]

    def _gateway_url(self) -> str:
        return self._world.origin.replace("http", "ws", 1) + "/gateway"

    async def gateway(self, _: Call) -> Json:
        """The websocket's address."""
        return {"url": self._gateway_url()}

    async def gateway_for_bots(self, call: Call) -> Json:
        """The address, and one shard for each thousand servers."""
        self._require_bot(call)
        shards = 1 + len(self._world.guilds) // 1000
        return {"url": self._gateway_url(), "shards": shards, "session_start_limit": self._starts.told()}

    def _require_bot(self, call: Call) -> None:
        if call.actor_id != self._world.application.bot_id:
            raise Problem(problems.UNAUTHORIZED)

    async def me(self, call: Call) -> Json:
        """The one who asks."""
        return payload.own_user(self._world.users[call.actor_id])

    async def settings(self, call: Call) -> Json:
        """The language that one reads Discord in."""
        locale = str((await call.fields()).get("locale") or "")
        if locale not in LOCALES:
            raise problems.invalid("locale", "BASE_TYPE_CHOICES", "This locale is not known.")
        self._world.users[call.actor_id] = replace(self._world.users[call.actor_id], locale=locale)
        return {"locale": locale}

    async def user(self, call: Call) -> Json:
        """Anybody."""
        return payload.user(self._world.user(call.id("user_id")))

    async def my_guilds(self, call: Call) -> list[Json]:
        """The servers one is in."""
        guilds = self._world.guilds.values()
        mine = [(one, one.members[call.actor_id]) for one in guilds if call.actor_id in one.members]
        return [payload.guild_in_list(guild, member) for guild, member in mine]

    async def my_channels(self, call: Call) -> list[Json]:
        """One's direct messages; bots see none."""
        if self._world.users[call.actor_id].bot:
            return []
        return [payload.channel(self._world, one, call.actor_id) for one in self._direct(call.actor_id)]

    def _direct(self, user_id: int) -> list[Channel]:
        return [one for one in self._world.channels.values() if one.kind == DM and user_id in one.recipients]

    async def open_direct_channel(self, call: Call) -> Json:
        """The direct messages with somebody, opened if need be."""
        fields = await call.fields()
        other = self._world.user(int(fields.get("recipient_id") or 0))
        if other.id == call.actor_id:
            raise Problem(problems.CLOSED_DM)
        known = [one for one in self._direct(call.actor_id) if other.id in one.recipients]
        channel = known[0] if known else self._open(call.actor_id, other.id)
        return payload.channel(self._world, channel, call.actor_id)

    def _open(self, *people: int) -> Channel:
        channel = Channel(self._world.issue(), DM, recipients=people)
        self._world.channels[channel.id] = channel
        # Bots hear nothing of new direct channels, only of the messages in them.
        for one in [one for one in people if not self._world.users[one].bot]:
            data = payload.channel(self._world, channel, one)
            self._world.publish(Event("CHANNEL_CREATE", data, only=frozenset({one})))
        return channel

    async def application(self, call: Call) -> Json:
        """The bot's registration."""
        self._require_bot(call)
        return payload.application(self._world)
