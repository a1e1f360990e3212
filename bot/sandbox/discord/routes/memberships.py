"""Who belongs to a server, and with which roles."""

from __future__ import annotations

from dataclasses import replace

from bot.sandbox.discord import payload, problems
from bot.sandbox.discord.call import Call, Route
from bot.sandbox.discord.events import Event
from bot.sandbox.discord.nouns import Guild, Json, Member, Role
from bot.sandbox.discord.permissions import Permission, permissions_of
from bot.sandbox.discord.problems import FormErrors, Problem
from bot.sandbox.discord.services import Services

_MEMBER = "/guilds/{guild_id}/members/{user_id}"
_ROLES = "/guilds/{guild_id}/roles"


class MembershipRoutes:
    """Roles made and given, members sent away."""

    def __init__(self, services: Services) -> None:
        self._world = services.world

    def routes(self) -> list[Route]:
        """The paths of this area."""
        return [
            Route("DELETE", _MEMBER, self.remove_member),
            Route("PUT", _MEMBER + "/roles/{role_id}", self.give_role),
            Route("DELETE", _MEMBER + "/roles/{role_id}", self.take_role),
            Route("DELETE", "/users/@me/guilds/{guild_id}", self.leave),
            Route("POST", _ROLES, self.create_role),
            Route("PATCH", _ROLES + "/{role_id}", self.edit_role),
            Route("DELETE", _ROLES + "/{role_id}", self.delete_role),
        ]

    def _guild(self, call: Call, needed: int = 0) -> Guild:
        guild = self._world.guild(call.id("guild_id"))
        if call.actor_id not in guild.members:
            raise Problem(problems.MISSING_ACCESS)
        if needed & ~permissions_of(guild, guild.members[call.actor_id]):
            raise Problem(problems.MISSING_PERMISSIONS)
        return guild

    async def give_role(self, call: Call) -> None:
        """A member gets a role."""
        guild = self._guild(call, Permission.MANAGE_ROLES)
        member, role_id = self._world.member(guild.id, call.id("user_id")), call.id("role_id")
        if role_id not in guild.roles:
            raise Problem(problems.UNKNOWN_ROLE)
        self._keep(guild, replace(member, roles=(*(one for one in member.roles if one != role_id), role_id)))

    async def take_role(self, call: Call) -> None:
        """A member loses a role."""
        guild = self._guild(call, Permission.MANAGE_ROLES)
        member, role_id = self._world.member(guild.id, call.id("user_id")), call.id("role_id")
        self._keep(guild, replace(member, roles=tuple(one for one in member.roles if one != role_id)))

    def _keep(self, guild: Guild, member: Member) -> None:
        guild.members[member.user_id] = member
        data = {**payload.member(self._world, member), "guild_id": str(guild.id)}
        self._world.publish(Event("GUILD_MEMBER_UPDATE", data, guild_id=guild.id))

    async def remove_member(self, call: Call) -> None:
        """Somebody sent away."""
        guild = self._guild(call, Permission.KICK_MEMBERS)
        self._remove(guild, self._world.member(guild.id, call.id("user_id")))

    async def leave(self, call: Call) -> None:
        """Oneself away."""
        guild = self._guild(call)
        self._remove(guild, self._world.member(guild.id, call.actor_id))

    def _remove(self, guild: Guild, member: Member) -> None:
        gone = Event("GUILD_DELETE", {"id": str(guild.id)}, guild_id=guild.id, only=frozenset({member.user_id}))
        self._world.publish(gone)
        del guild.members[member.user_id]
        data = {"guild_id": str(guild.id), "user": payload.user(self._world.users[member.user_id])}
        self._world.publish(Event("GUILD_MEMBER_REMOVE", data, guild_id=guild.id))

    async def create_role(self, call: Call) -> Json:
        """A new role."""
        guild, fields = self._guild(call, Permission.MANAGE_ROLES), await call.fields()
        made = _changed(Role(self._world.issue(), "new role", guild.roles[guild.id].permissions), fields)
        return self._keep_role(guild, made, "GUILD_ROLE_CREATE")

    async def edit_role(self, call: Call) -> Json:
        """A role changed."""
        guild, fields = self._guild(call, Permission.MANAGE_ROLES), await call.fields()
        return self._keep_role(guild, _changed(_role(guild, call), fields), "GUILD_ROLE_UPDATE")

    def _keep_role(self, guild: Guild, role: Role, name: str) -> Json:
        guild.roles[role.id] = role
        shown = payload.role(role)
        self._world.publish(Event(name, {"guild_id": str(guild.id), "role": shown}, guild_id=guild.id))
        return shown

    async def delete_role(self, call: Call) -> None:
        """A role gone, from its members too."""
        guild = self._guild(call, Permission.MANAGE_ROLES)
        role = _role(guild, call)
        if role.managed or role.id == guild.id:
            raise Problem(problems.MISSING_PERMISSIONS)
        del guild.roles[role.id]
        for member in list(guild.members.values()):
            if role.id in member.roles:
                self._keep(guild, replace(member, roles=tuple(one for one in member.roles if one != role.id)))
        data = {"guild_id": str(guild.id), "role_id": str(role.id)}
        self._world.publish(Event("GUILD_ROLE_DELETE", data, guild_id=guild.id))


def _role(guild: Guild, call: Call) -> Role:
    found = guild.roles.get(call.id("role_id"))
    if found is None:
        raise Problem(problems.UNKNOWN_ROLE)
    return found


def _changed(role: Role, fields: Json) -> Role:
    errors = FormErrors()
    name = str(fields.get("name") or role.name)
    errors.length("name", name, 1, 100)
    errors.check()
    return replace(
        role,
        name=name,
        permissions=int(fields.get("permissions") or role.permissions),
        colour=int(fields.get("color") or role.colour),
        mentionable=bool(fields.get("mentionable", role.mentionable)),
    )
