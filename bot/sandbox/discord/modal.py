"""Forms that pop up: what the bot may ask."""

from __future__ import annotations

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
from bot.sandbox.discord.problems import FormErrors

FIELDS = SELECTS | {TEXT_INPUT, UPLOAD, RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX}


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
