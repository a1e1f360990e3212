"""The values a member gives to a command's options."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.sandbox.discord.commands import SUB_COMMAND, SUB_GROUP
from bot.sandbox.discord.nouns import Json
from bot.sandbox.discord.problems import FormErrors, invalid
from bot.sandbox.discord.resolved import ATTACHMENT, CHANNEL, MENTIONABLE, ROLE, USER, Resolved

STRING, INTEGER, BOOLEAN, NUMBER = 3, 4, 5, 10
_TYPES: dict[int, type | tuple[type, ...]] = {STRING: str, INTEGER: int, BOOLEAN: bool, NUMBER: (int, float)}
_BAD_TYPE = "This value does not suit the option."


class Options:
    """Checks values against a command's options; `strict` is off while a member is still typing."""

    def __init__(self, resolved: Resolved, attach: Callable[[list[str]], list[str]], *, strict: bool) -> None:
        self._resolved = resolved
        self._attach = attach
        self._strict = strict

    def read(self, options: list[Json], given: list[Json], path: str = "data.options") -> list[Json]:
        """The values as the bot receives them."""
        by_name = {one["name"]: one for one in options}
        missing = [name for name, one in by_name.items() if one.get("required") and not _named(given, name)]
        if missing and self._strict:
            raise invalid(f"{path}.{missing[0]}", "BASE_TYPE_REQUIRED", "This field is required")
        unknown = [one.get("name") for one in given if one.get("name") not in by_name]
        if unknown:
            raise invalid(path, "APPLICATION_COMMAND_OPTION_UNKNOWN", f"There is no option {unknown[0]}.")
        return [self._one(by_name[one["name"]], one, f"{path}.{one['name']}") for one in given]

    def _one(self, option: Json, given: Json, path: str) -> Json:
        kind = option["type"]
        bare = {"name": option["name"], "type": kind}
        if kind in (SUB_COMMAND, SUB_GROUP):
            return bare | {"options": self.read(option.get("options") or [], given.get("options") or [], path)}
        value = given.get("value")
        if given.get("focused"):
            return bare | {"value": value, "focused": True}
        if kind in _TYPES:
            self._check(option, value, path)
            return bare | {"value": value}
        return bare | {"value": self._referred(kind, str(value))}

    def _referred(self, kind: int, value: str) -> str:
        if kind == ATTACHMENT:
            return self._attach([value])[0]
        if kind in (USER, CHANNEL, ROLE, MENTIONABLE):
            self._resolved.add(kind, value)
        return value

    def _check(self, option: Json, value: Any, path: str) -> None:
        wanted = _TYPES[option["type"]]
        if not isinstance(value, wanted) or (isinstance(value, bool) and option["type"] != BOOLEAN):
            raise invalid(path, "APPLICATION_COMMAND_OPTION_TYPE_INVALID", _BAD_TYPE)
        choices = [one["value"] for one in option.get("choices") or []]
        if choices and value not in choices and self._strict:
            raise invalid(path, "BASE_TYPE_CHOICES", "Choose one of the options.")
        if isinstance(value, str):
            errors = FormErrors()
            errors.length(path, value, option.get("min_length") or 0, option.get("max_length") or 6000)
            errors.check()
        elif not option.get("min_value", value) <= value <= option.get("max_value", value):
            raise invalid(path, "NUMBER_TYPE_RANGE", "This number is outside of its bounds.")


def _named(given: list[Json], name: str) -> bool:
    return any(one.get("name") == name for one in given)
