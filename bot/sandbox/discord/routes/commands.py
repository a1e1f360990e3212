"""The bot's commands, and what members find of them."""

from __future__ import annotations

from bot.sandbox.discord import payload, problems
from bot.sandbox.discord.call import Call, Made, Route
from bot.sandbox.discord.commands import is_permitted
from bot.sandbox.discord.nouns import Json
from bot.sandbox.discord.permissions import permissions_of
from bot.sandbox.discord.problems import Problem
from bot.sandbox.discord.services import Services

_GLOBAL = "/applications/{application_id}/commands"
_LOCAL = "/applications/{application_id}/guilds/{guild_id}/commands"


class CommandRoutes:
    """Commands registered and listed."""

    def __init__(self, services: Services) -> None:
        self._world = services.world
        self._commands = services.commands

    def routes(self) -> list[Route]:
        """The paths of this area."""
        registry = [
            route
            for base in (_GLOBAL, _LOCAL)
            for route in (
                Route("GET", base, self.listed),
                Route("PUT", base, self.replace_all),
                Route("POST", base, self.put),
                Route("GET", base + "/{command_id}", self.read),
                Route("PATCH", base + "/{command_id}", self.edit),
                Route("DELETE", base + "/{command_id}", self.delete),
            )
        ]
        return [
            Route("GET", _LOCAL + "/permissions", self.permissions),
            *registry,
            Route("GET", "/guilds/{guild_id}/application-command-index", self.index),
            Route("GET", "/channels/{channel_id}/application-command-index", self.direct_index),
        ]

    def _scope(self, call: Call) -> int | None:
        app = self._world.application
        if call.actor_id != app.bot_id or call.id("application_id") != app.id:
            raise Problem(problems.MISSING_ACCESS)
        if "guild_id" not in call.request.match_info:
            return None
        guild = self._world.guild(call.id("guild_id"))
        if app.bot_id not in guild.members:
            raise Problem(problems.MISSING_ACCESS)
        return guild.id

    async def listed(self, call: Call) -> list[Json]:
        """Every command of the scope."""
        return self._commands.listed(self._scope(call))

    async def replace_all(self, call: Call) -> list[Json]:
        """These commands and no others."""
        return self._commands.replace_all(self._scope(call), (await call.body()).fields)

    async def put(self, call: Call) -> Made:
        """One more command; 200 when it replaces one of its name."""
        scope = self._scope(call)
        before = {one["id"] for one in self._commands.listed(scope)}
        made = self._commands.put(scope, await call.fields())
        return Made(made, 200 if made["id"] in before else 201)

    async def read(self, call: Call) -> Json:
        """One command."""
        return self._commands.get(self._scope(call), call.id("command_id"))

    async def edit(self, call: Call) -> Json:
        """One command changed."""
        return self._commands.edit(self._scope(call), call.id("command_id"), await call.fields())

    async def delete(self, call: Call) -> None:
        """One command gone."""
        self._commands.delete(self._scope(call), call.id("command_id"))

    async def permissions(self, call: Call) -> list[Json]:
        """Nobody has overridden a command's permissions here."""
        self._scope(call)
        return []

    async def index(self, call: Call) -> Json:
        """The commands a member may use in a server."""
        return self._index_of(call, call.id("guild_id"))

    async def direct_index(self, call: Call) -> Json:
        """The commands one may use in a direct message with the bot, or in that channel's server."""
        channel = call.channel()
        if channel.guild_id is None:
            return self._indexed(self._commands.reachable(None))
        return self._index_of(call, channel.guild_id)

    def _index_of(self, call: Call, guild_id: int) -> Json:
        guild = self._world.guild(guild_id)
        held = permissions_of(guild, self._world.member(guild.id, call.actor_id))
        found = self._commands.reachable(guild.id)
        return self._indexed([one for one in found if is_permitted(one, held)])

    def _indexed(self, commands: list[Json]) -> Json:
        app = self._world.application
        bot = payload.user(self._world.users[app.bot_id])
        shown = {"id": str(app.id), "name": app.name, "icon": None, "description": "", "bot": bot}
        version = max((one["version"] for one in commands), default="0")
        return {"applications": [shown], "application_commands": commands, "version": version}
