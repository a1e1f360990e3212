"""Forms that pop up: what the bot may ask, and what a member may answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.sandbox.discord.components import (
    CHECKBOX,
    CHECKBOX_GROUP,
    LABEL,
    RADIO_GROUP,
    ROW,
    SELECT,
    SELECTS,
    TEXT,
    TEXT_INPUT,
    UPLOAD,
    Components,
)
from bot.sandbox.discord.nouns import Json
from bot.sandbox.discord.problems import FormErrors, invalid

FIELDS = SELECTS | {TEXT_INPUT, UPLOAD, RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX}
Attach = Callable[[list[str]], list[str]]


class Modal:
    """Reads the form a bot sends; each part gets an id."""

    def __init__(self) -> None:
        self.errors = FormErrors()
        self._ids = Components(self.errors, layout=True)
        self._next_id = 0

    def read(self, fields: Json) -> Json:
        """The form in normal form, or 50035."""
        self.errors.length("data.title", str(fields.get("title") or ""), 1, 45)
        self.errors.length("data.custom_id", str(fields.get("custom_id") or ""), 1, 100)
        parts = fields.get("components") or []
        if not 1 <= len(parts) <= 5:
            self.errors.add("data.components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
        read = [self._part(one, f"data.components.{i}") for i, one in enumerate(parts)]
        self.errors.check()
        return {"custom_id": fields["custom_id"], "title": fields["title"], "components": read}

    def _numbered(self, node: Json) -> Json:
        self._next_id += 1
        return {**node, "id": node.get("id") or self._next_id}

    def _part(self, node: Json, path: str) -> Json:
        part = self._numbered(node)
        kind = node.get("type")
        if kind == LABEL:
            self.errors.length(f"{path}.label", str(node.get("label") or ""), 1, 45)
            self.errors.length(f"{path}.description", str(node.get("description") or ""), 0, 100)
            part["component"] = self._field(node.get("component") or {}, f"{path}.component", FIELDS)
        elif kind == ROW:
            inner = node.get("components") or []
            only = frozenset({TEXT_INPUT})
            part["components"] = [self._field(one, f"{path}.components.{i}", only) for i, one in enumerate(inner)]
        elif kind != TEXT:
            self.errors.add(f"{path}.type", "UNION_TYPE_CHOICES", 'Value of field "type" must be one of (1, 10, 18).')
        return part

    def _field(self, node: Json, path: str, allowed: frozenset[int]) -> Json:
        if node.get("type") not in allowed:
            choices = ", ".join(str(one) for one in sorted(allowed))
            self.errors.add(f"{path}.type", "UNION_TYPE_CHOICES", f'Value of field "type" must be one of ({choices}).')
            return node
        self._ids.custom_id(node, path)
        least = 2 if node["type"] == RADIO_GROUP else 1
        if node["type"] in (SELECT, RADIO_GROUP, CHECKBOX_GROUP):
            most = 25 if node["type"] == SELECT else 10
            if not least <= len(node.get("options") or []) <= most:
                words = f"Must be between {least} and {most} in length."
                self.errors.add(f"{path}.options", "BASE_TYPE_BAD_LENGTH", words)
        return self._numbered(node)


class Answers:
    """Fits a member's answers into the form they were asked with."""

    def __init__(self, submitted: Any, attach: Attach) -> None:
        self._given = {one["custom_id"]: one for one in _fields_of(submitted) if "custom_id" in one}
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
