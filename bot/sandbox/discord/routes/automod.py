"""AutoMod: a server's rules, for those who manage it. They are kept and told; nothing here obeys them."""

from __future__ import annotations

from typing import Any

from bot.sandbox.discord import problems
from bot.sandbox.discord.call import Call, Route
from bot.sandbox.discord.events import Event
from bot.sandbox.discord.nouns import Guild, Json
from bot.sandbox.discord.permissions import Permission, permissions_of
from bot.sandbox.discord.problems import FormErrors, Problem
from bot.sandbox.discord.services import Services
from bot.sandbox.discord.world import found

_RULES = "/guilds/{guild_id}/auto-moderation/rules"
_RULE = _RULES + "/{rule_id}"
KEYWORD, PRESET = 1, 4
#: By its kind of trigger, what a rule says besides, and with which value where nobody gave one.
_METADATA: dict[int, Json] = {
    KEYWORD: {"keyword_filter": [], "regex_patterns": [], "allow_list": []},
    PRESET: {"presets": [], "allow_list": []},
}
_LISTS = {"keyword_filter": (1000, 60), "regex_patterns": (10, 260), "allow_list": (100, 60)}  # how many, how long


class AutoModRoutes:
    """Rules listed, made, changed and deleted."""

    def __init__(self, services: Services) -> None:
        self._world = services.world

    def routes(self) -> list[Route]:
        """The paths of this area."""
        return [
            Route("GET", _RULES, self.listed),
            Route("POST", _RULES, self.create),
            Route("GET", _RULE, self.one),
            Route("PATCH", _RULE, self.edit),
            Route("DELETE", _RULE, self.delete),
        ]

    def _guild(self, call: Call) -> Guild:
        guild = self._world.guild(call.id("guild_id"))
        if call.actor_id not in guild.members:
            raise Problem(problems.MISSING_ACCESS)
        if not permissions_of(guild, guild.members[call.actor_id]) & Permission.MANAGE_GUILD:
            raise Problem(problems.MISSING_PERMISSIONS)
        return guild

    def _rule(self, call: Call) -> Json:
        rule = self._guild(call).automod.get(call.id("rule_id"))
        return found(rule, problems.NOT_FOUND)

    async def listed(self, call: Call) -> list[Json]:
        """Every rule of a server."""
        return list(self._guild(call).automod.values())

    async def one(self, call: Call) -> Json:
        """One of them."""
        return self._rule(call)

    async def create(self, call: Call) -> Json:
        """A new rule."""
        guild, fields = self._guild(call), await call.fields()
        start: Json = {"id": str(self._world.issue()), "guild_id": str(guild.id), "creator_id": str(call.actor_id)}
        usual = {"enabled": False, "exempt_roles": [], "exempt_channels": [], "actions": []}
        return self._keep(guild, start | usual | _checked(fields), "AUTO_MODERATION_RULE_CREATE")

    async def edit(self, call: Call) -> Json:
        """A rule changed; its kind of trigger stays."""
        rule, fields = self._rule(call), await call.fields()
        changed = _checked({**rule, **fields, "trigger_type": rule["trigger_type"]})
        return self._keep(self._guild(call), changed, "AUTO_MODERATION_RULE_UPDATE")

    async def delete(self, call: Call) -> None:
        """A rule gone."""
        guild, rule = self._guild(call), self._rule(call)
        del guild.automod[int(rule["id"])]
        self._tell(guild, rule, "AUTO_MODERATION_RULE_DELETE")

    def _keep(self, guild: Guild, rule: Json, name: str) -> Json:
        guild.automod[int(rule["id"])] = rule
        self._tell(guild, rule, name)
        return rule

    def _tell(self, guild: Guild, rule: Json, name: str) -> None:
        """Only those hear of it who may read the rules."""
        members = guild.members.values()
        managers = frozenset(each.user_id for each in members if permissions_of(guild, each) & Permission.MANAGE_GUILD)
        self._world.publish(Event(name, rule, guild_id=guild.id, only=managers))


def _checked(fields: Json) -> Json:
    """A rule's fields as they are kept, its metadata whole."""
    errors = FormErrors()
    for name in ("name", "event_type", "trigger_type"):
        if name not in fields:
            errors.required(name)
    errors.check()
    metadata = _METADATA.get(fields["trigger_type"], {}) | dict(fields.get("trigger_metadata") or {})
    errors.length("name", str(fields["name"]), 1, 100)
    for name, bounds in _LISTS.items():
        _check_list(errors, f"trigger_metadata.{name}", metadata.get(name, []), bounds)
    errors.check()
    actions = [{"type": each["type"], "metadata": each.get("metadata") or {}} for each in fields.get("actions") or []]
    return {**fields, "actions": actions, "trigger_metadata": metadata}


def _check_list(errors: FormErrors, path: str, values: list[Any], bounds: tuple[int, int]) -> None:
    many, long = bounds
    if len(values) > many:
        errors.add(path, "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {many} in length.")
    for place, each in enumerate(values):
        errors.length(f"{path}.{place}", str(each), 1, long)
