"""A form that a member has filled in and sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.sandbox.discord.components import CHECKBOX, CHECKBOX_GROUP, LABEL, RADIO_GROUP, ROW, TEXT_INPUT, UPLOAD
from bot.sandbox.discord.nouns import Json
from bot.sandbox.discord.problems import FormErrors, invalid

Attach = Callable[[list[str]], list[str]]


class Submission:
    """Fits a member's answers into the form they were asked with."""

    def __init__(self, given: Any, attach: Attach) -> None:
        self._given = {one["custom_id"]: one for one in _fields_of(given) if "custom_id" in one}
        self._attach = attach

    def fill(self, modal: Json) -> list[Json]:
        """The components as the bot receives them."""
        return [self._part(one) for one in modal["components"]]

    def _part(self, part: Json) -> Json:
        bare = {"type": part["type"], "id": part["id"]}
        if part["type"] == LABEL:
            return bare | {"component": self._field(part["component"])}
        if part["type"] == ROW:
            return bare | {"components": [self._field(one) for one in part["components"]]}
        return bare

    def _field(self, field: Json) -> Json:
        given = self._given.get(field["custom_id"], {})
        bare = {"type": field["type"], "id": field["id"], "custom_id": field["custom_id"]}
        if field["type"] == TEXT_INPUT:
            return bare | {"value": _words(field, str(given.get("value") or ""))}
        if field["type"] == CHECKBOX:
            return bare | {"value": bool(given.get("value"))}
        if field["type"] == RADIO_GROUP:
            return bare | {"value": _choice(field, given.get("value"))}
        values = _several(field, [str(one) for one in given.get("values") or []])
        return bare | {"values": self._attach(values) if field["type"] == UPLOAD else values}


def _fields_of(parts: Any) -> list[Json]:
    inner = [[one.get("component")] if "component" in one else one.get("components", [one]) for one in parts or []]
    return [field for fields in inner for field in fields if field]


def _words(field: Json, value: str) -> str:
    errors = FormErrors()
    least = field.get("min_length") or (1 if field.get("required", True) else 0)
    if value or field.get("required", True):
        errors.length(field["custom_id"], value, least, field.get("max_length") or 4000)
    errors.check()
    return value


def _choice(field: Json, value: Any) -> str | None:
    known = [one["value"] for one in field.get("options") or []]
    if value not in known and (value is not None or field.get("required", True)):
        raise invalid(field["custom_id"], "BASE_TYPE_CHOICES", "Choose one of the options.")
    return value if value is None else str(value)


def _several(field: Json, values: list[str]) -> list[str]:
    least = field.get("min_values", 1) if field.get("required", True) else 0
    most = field.get("max_values") or (len(field.get("options") or []) if field["type"] == CHECKBOX_GROUP else 1)
    if not least <= len(values) <= most and (values or field.get("required", True)):
        raise invalid(field["custom_id"], "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")
    return values
