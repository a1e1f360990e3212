"""The bot's slash commands and menu entries, as registered."""

from __future__ import annotations

import re
from typing import Any

from bot.sandbox.discord import localizations, problems
from bot.sandbox.discord.nouns import Json
from bot.sandbox.discord.permissions import EVERY
from bot.sandbox.discord.problems import FormErrors, Problem
from bot.sandbox.discord.world import World

SLASH, USER_MENU, MESSAGE_MENU = 1, 2, 3
SUB_COMMAND, SUB_GROUP = 1, 2
MOST = {SLASH: 100, USER_MENU: 15, MESSAGE_MENU: 15}
_NAME = re.compile(r"^[-_'\w]{1,32}$")
_KEPT = ("name", "description", "options", "default_member_permissions", "contexts", "nsfw", "integration_types",
         "name_localizations", "description_localizations", "dm_permission")  # fmt: skip
_DEFAULTS: Json = {
    "description": "",
    "default_member_permissions": None,
    "contexts": None,
    "nsfw": False,
    "integration_types": [0],
    "name_localizations": None,
    "description_localizations": None,
    "dm_permission": True,
}


class Commands:
    """The commands of the one app, the same in every server."""

    def __init__(self, world: World) -> None:
        self._world = world

    def reachable(self, guild_id: int | None) -> list[Json]:
        """What members find in a guild, or in a direct message."""
        return [one for one in self._world.commands if _fits(one, guild_id)]

    def replace_all(self, wanted: Any) -> list[Json]:
        """Make these the app's commands; those of the same kind and name keep their ids."""
        if not isinstance(wanted, list):
            raise problems.invalid("", "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
        _check_number(wanted)
        errors = FormErrors()
        for i, one in enumerate(wanted):
            _check(one, f"{i}.", errors)
        errors.check()
        self._world.commands = [self._made(one) for one in wanted]
        return self._world.commands

    def _made(self, wanted: Json) -> Json:
        kind = wanted.get("type") or SLASH
        known = [one for one in self._world.commands if (one["type"], one["name"]) == (kind, wanted["name"])]
        given = {key: wanted[key] for key in _KEPT if wanted.get(key) is not None}
        settled = {**_DEFAULTS, **given, "type": kind}
        if known and {**known[0], **settled} == known[0]:
            return known[0]
        number = str(self._world.issue())
        identity = {"id": known[0]["id"] if known else number, "version": number}
        return {**settled, **identity, "application_id": str(self._world.application.id)}


def is_permitted(command: Json, held: int) -> bool:
    """Whether somebody with these permissions may use the command; "0" leaves it to administrators."""
    needed = command["default_member_permissions"]
    if needed is None:
        return True
    return held == EVERY if int(needed) == 0 else not int(needed) & ~held


def _fits(command: Json, guild_id: int | None) -> bool:
    context = 0 if guild_id is not None else 1
    contexts = command["contexts"]
    if contexts is None:
        return guild_id is not None or bool(command["dm_permission"])
    return context in contexts


def _check_number(wanted: list[Json]) -> None:
    for kind, most in MOST.items():
        if sum((one.get("type") or SLASH) == kind for one in wanted) > most:
            raise Problem(problems.TOO_MANY_COMMANDS)
    named = [(one.get("type") or SLASH, one.get("name")) for one in wanted]
    if len(set(named)) < len(named):
        words = "Application command names must be unique"
        raise problems.invalid("", "APPLICATION_COMMANDS_DUPLICATE_NAME", words)


def _check(command: Json, path: str, errors: FormErrors) -> None:
    name, description = str(command.get("name") or ""), str(command.get("description") or "")
    if (command.get("type") or SLASH) == SLASH:
        _check_name(name, f"{path}name", errors)
        _check_description(description, f"{path}description", errors)
        localizations.check(command, "name", path, errors, _check_name)
        localizations.check(command, "description", path, errors, _check_description)
        _check_options(command.get("options") or [], f"{path}options", errors)
    else:
        _check_entry(name, f"{path}name", errors)
        localizations.check(command, "name", path, errors, _check_entry)
        if description:
            words = "Context menu commands cannot have description"
            errors.add(f"{path}description", "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_INVALID", words)
    if _weight(command) > 8000:
        errors.add(path.rstrip("."), "APPLICATION_COMMAND_TOO_LARGE", "Command exceeds maximum size (8000)")


def _check_entry(name: str, path: str, errors: FormErrors) -> None:
    errors.length(path, name, 1, 32)


def _check_description(description: str, path: str, errors: FormErrors) -> None:
    errors.length(path, description, 1, 100)


def _check_name(name: str, path: str, errors: FormErrors) -> None:
    if not _NAME.match(name) or name != name.lower():
        words = r"Command name is invalid: must match ^[-_'\p{L}\p{N}]{1,32}$ in lower case"
        errors.add(path, "APPLICATION_COMMAND_INVALID_NAME", words)


def _check_options(options: list[Json], path: str, errors: FormErrors) -> None:
    if len(options) > 25:
        errors.add(path, "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
    localizations.check_apart(options, path, errors)
    optional_seen = False
    for i, option in enumerate(options):
        here = f"{path}.{i}"
        _check_name(str(option.get("name") or ""), f"{here}.name", errors)
        _check_description(str(option.get("description") or ""), f"{here}.description", errors)
        localizations.check(option, "name", f"{here}.", errors, _check_name)
        localizations.check(option, "description", f"{here}.", errors, _check_description)
        if option.get("required") and optional_seen:
            words = "Required options must be placed before non-required options"
            errors.add(here, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", words)
        optional_seen |= not option.get("required")
        if len(option.get("choices") or []) > 25:
            errors.add(f"{here}.choices", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
        _check_options(option.get("options") or [], f"{here}.options", errors)


def _weight(node: Json) -> int:
    own = len(str(node.get("name") or "")) + len(str(node.get("description") or ""))
    choices = sum(len(str(one.get("name"))) + len(str(one.get("value"))) for one in node.get("choices") or [])
    return own + choices + sum(_weight(one) for one in node.get("options") or [])
