"""The bot's commands, and what members find of them."""

from __future__ import annotations

from bot.sandbox.discord import payload, problems
from bot.sandbox.discord.call import Call, Route
from bot.sandbox.discord.commands import is_permitted
from bot.sandbox.discord.localizations import localized
from bot.sandbox.discord.nouns import Json
from bot.sandbox.discord.permissions import permissions_of
from bot.sandbox.discord.problems import Problem
from bot.sandbox.discord.services import Services

_ALL = "/applications/{application_id}/commands"


class CommandRoutes:
    """Commands registered and listed."""

    def __init__(self, services: Services) -> None:
        self._world = services.world
        self._commands = services.commands

    def routes(self) -> list[Route]:
        """The paths of this area."""
        return [
            Route("GET", _ALL, self.listed),
            Route("PUT", _ALL, self.replace_all),
            Route("GET", "/guilds/{guild_id}/application-command-index", self.index),
            Route("GET", "/channels/{channel_id}/application-command-index", self.direct_index),
        ]

    def _require_own(self, call: Call) -> None:
        app = self._world.application
        if call.actor_id != app.bot_id or call.id("application_id") != app.id:
            raise Problem(problems.MISSING_ACCESS)

    async def listed(self, call: Call) -> list[Json]:
        """Every command of the app."""
        self._require_own(call)
        return self._world.commands

    async def replace_all(self, call: Call) -> list[Json]:
        """These commands and no others."""
        self._require_own(call)
        return self._commands.replace_all((await call.body()).fields)

    async def index(self, call: Call) -> Json:
        """The commands a member may use in a server."""
        return self._index_of(call, call.id("guild_id"))

    async def direct_index(self, call: Call) -> Json:
        """The commands one may use in a direct message with the bot, or in that channel's server."""
        channel = call.channel()
        if channel.guild_id is None:
            return self._indexed(call, self._commands.reachable(None))
        return self._index_of(call, channel.guild_id)

    def _index_of(self, call: Call, guild_id: int) -> Json:
        guild = self._world.guild(guild_id)
        held = permissions_of(guild, self._world.member(guild.id, call.actor_id))
        found = self._commands.reachable(guild.id)
        return self._indexed(call, [one for one in found if is_permitted(one, held)])

    def _indexed(self, call: Call, commands: list[Json]) -> Json:
        app = self._world.application
        bot = payload.user(self._world.users[app.bot_id])
        shown = {"id": str(app.id), "name": app.name, "icon": None, "description": "", "bot": bot}
        locale = self._world.users[call.actor_id].locale
        read = [localized(each, locale) for each in commands]
        version = max((one["version"] for one in commands), default="0")
        return {"applications": [shown], "application_commands": read, "version": version}
