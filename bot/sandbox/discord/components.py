"""Buttons, menus and layouts under a message: Discord's rules for them, and their normal form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.sandbox.discord.nouns import Json
from bot.sandbox.discord.problems import FormErrors

ROW, BUTTON, SELECT, TEXT_INPUT, USER_SELECT, ROLE_SELECT, MENTION_SELECT, CHANNEL_SELECT = range(1, 9)
SECTION, TEXT, THUMBNAIL, GALLERY, FILE, SEPARATOR = range(9, 15)
CONTAINER, LABEL, UPLOAD = 17, 18, 19
RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX = 21, 22, 23

SELECTS = frozenset({SELECT, USER_SELECT, ROLE_SELECT, MENTION_SELECT, CHANNEL_SELECT})
LEGACY_TOP = frozenset({ROW})
INSIDE_CONTAINER = frozenset({ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR})
TOP = INSIDE_CONTAINER | {CONTAINER}
LINK, PREMIUM = 5, 6
MOST_COMPONENTS, MOST_TEXT = 40, 4000

_DEFAULTS: dict[int, Json] = {
    CONTAINER: {"accent_color": None, "spoiler": False},
    THUMBNAIL: {"description": None, "spoiler": False},
    FILE: {"name": None, "size": None, "spoiler": False},
    SEPARATOR: {"spacing": 1, "divider": True},
    **{kind: {"min_values": 1, "max_values": 1} for kind in SELECTS},
}


class Components:
    """Reads one message's components, noting mistakes in `errors`; `layout` means Components V2."""

    def __init__(self, errors: FormErrors, *, layout: bool) -> None:
        self.errors = errors
        self.layout = layout
        self.count = 0
        self.text = 0
        self._custom_ids: set[str] = set()
        self._ids: set[int] = set()
        self._next_id = 1

    def read(self, components: list[Json]) -> tuple[Json, ...]:
        """The components in normal form: defaults filled in, each with an id."""
        self._collect_ids(components)
        allowed = TOP if self.layout else LEGACY_TOP
        if not self.layout and len(components) > 5:
            self.errors.add("components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
        read = [self._one(node, f"components.{i}", allowed) for i, node in enumerate(components)]
        if self.layout and self.count > MOST_COMPONENTS:
            self.errors.add(
                "components", "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", "Maximum of 40 components exceeded."
            )
        if self.text > MOST_TEXT:
            words = f"The total text must be {MOST_TEXT} or fewer in length."
            self.errors.add("components", "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", words)
        return tuple(read)

    def _collect_ids(self, node: Any) -> None:
        for one in node if isinstance(node, list) else [node]:
            if isinstance(one, dict) and "type" in one:
                if one.get("id"):
                    self._ids.add(one["id"])
                self._collect_ids(one.get("components", []))
                self._collect_ids(one.get("accessory") or [])

    def _one(self, node: Any, path: str, allowed: frozenset[int]) -> Json:
        kind = node.get("type") if isinstance(node, dict) else None
        if kind not in allowed:
            choices = ", ".join(str(one) for one in sorted(allowed))
            words = f'Value of field "type" must be one of ({choices}).'
            self.errors.add(f"{path}.type", "UNION_TYPE_CHOICES", words)
            return {}
        self.count += 1
        data = {**_DEFAULTS.get(kind, {}), **node, "id": node.get("id") or self._free_id()}
        self._reader(kind)(data, path)
        return data

    def _free_id(self) -> int:
        while self._next_id in self._ids:
            self._next_id += 1
        self._ids.add(self._next_id)
        return self._next_id

    def _reader(self, kind: int) -> Callable[[Json, str], None]:
        if kind in SELECTS:
            return self._select
        return {
            ROW: self._row,
            BUTTON: self._button,
            SECTION: self._section,
            TEXT: self._text,
            THUMBNAIL: self._described,
            GALLERY: self._gallery,
            FILE: self._ignore,
            SEPARATOR: self._ignore,
            CONTAINER: self._container,
        }[kind]

    def _ignore(self, data: Json, path: str) -> None:
        pass

    def _row(self, data: Json, path: str) -> None:
        children = data.get("components") or []
        kinds = [one.get("type") for one in children]
        most = 1 if any(kind in SELECTS for kind in kinds) else 5
        if not 1 <= len(children) <= most:
            self.errors.add(f"{path}.components", "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {most} in length.")
        data["components"] = self._children(children, path, SELECTS | {BUTTON})

    def _children(self, children: list[Json], path: str, allowed: frozenset[int]) -> list[Json]:
        return [self._one(one, f"{path}.components.{i}", allowed) for i, one in enumerate(children)]

    def _container(self, data: Json, path: str) -> None:
        children = data.get("components") or []
        if not children:
            self.errors.required(f"{path}.components")
        data["components"] = self._children(children, path, INSIDE_CONTAINER)

    def _section(self, data: Json, path: str) -> None:
        children = data.get("components") or []
        if not 1 <= len(children) <= 3:
            self.errors.add(f"{path}.components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 3 in length.")
        data["components"] = self._children(children, path, frozenset({TEXT}))
        if not data.get("accessory"):
            self.errors.required(f"{path}.accessory")
            return
        data["accessory"] = self._one(data["accessory"], f"{path}.accessory", frozenset({BUTTON, THUMBNAIL}))

    def _text(self, data: Json, path: str) -> None:
        content = str(data.get("content", ""))
        self.text += len(content)
        self.errors.length(f"{path}.content", content, 1, MOST_TEXT)

    def _described(self, data: Json, path: str) -> None:
        if data.get("description") is not None:
            self.errors.length(f"{path}.description", data["description"], 0, 1024)

    def _gallery(self, data: Json, path: str) -> None:
        items = data.get("items") or []
        if not 1 <= len(items) <= 10:
            self.errors.add(f"{path}.items", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 10 in length.")
        data["items"] = [{"description": None, "spoiler": False, **one} for one in items]
        for i, item in enumerate(data["items"]):
            self._described(item, f"{path}.items.{i}")

    def _button(self, data: Json, path: str) -> None:
        style = data.get("style")
        if style not in range(1, 7):
            self.errors.add(f"{path}.style", "BASE_TYPE_CHOICES", "Value must be one of (1, 2, 3, 4, 5, 6).")
        elif style == LINK:
            self._link(data, path)
        elif style != PREMIUM:
            self.custom_id(data, path)
        if style != PREMIUM and not data.get("label") and not data.get("emoji"):
            words = "A component must have a label or an emoji to be valid"
            self.errors.add(path, "BUTTON_COMPONENT_INVALID", words)
        self.errors.length(f"{path}.label", data.get("label") or "", 0, 80)

    def _link(self, data: Json, path: str) -> None:
        if not data.get("url"):
            self.errors.add(path, "BUTTON_COMPONENT_URL_REQUIRED", "A url is required")
        elif not str(data["url"]).startswith(("http://", "https://", "discord://")):
            words = "Scheme must be one of ('http', 'https', 'discord')."
            self.errors.add(f"{path}.url", "URL_TYPE_INVALID_SCHEME", words)
        self.errors.length(f"{path}.url", data.get("url") or "", 0, 512)

    def custom_id(self, data: Json, path: str) -> None:
        """Note a custom id that is missing, too long, or used twice."""
        custom_id = data.get("custom_id")
        if not isinstance(custom_id, str):
            self.errors.required(f"{path}.custom_id")
            return
        self.errors.length(f"{path}.custom_id", custom_id, 1, 100)
        if custom_id in self._custom_ids:
            words = "Component custom id cannot be duplicated"
            self.errors.add(f"{path}.custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED", words)
        self._custom_ids.add(custom_id)

    def _select(self, data: Json, path: str) -> None:
        self.custom_id(data, path)
        self.errors.length(f"{path}.placeholder", data.get("placeholder") or "", 0, 150)
        if data["type"] == SELECT:
            self._options(data, path, 25)
        elif "default_values" in data:
            data["default_values"] = [{**one, "id": str(one["id"])} for one in data["default_values"] or []]

    def _options(self, data: Json, path: str, most: int) -> None:
        options = data.get("options") or []
        if not 1 <= len(options) <= most:
            self.errors.add(f"{path}.options", "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {most} in length.")
        values: set[str] = set()
        for i, option in enumerate(options):
            self.errors.length(f"{path}.options.{i}.label", option.get("label") or "", 1, 100)
            self.errors.length(f"{path}.options.{i}.value", option.get("value") or "", 1, 100)
            self.errors.length(f"{path}.options.{i}.description", option.get("description") or "", 0, 100)
            if option.get("value") in values:
                words = "The specified option value is already used"
                self.errors.add(f"{path}.options.{i}.value", "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", words)
            values.add(option.get("value", ""))


def all_of(components: Any) -> list[Json]:
    """Every component of a message, however deep."""
    found = []
    for one in components:
        found.append(one)
        found += all_of(one.get("components") or [])
        found += all_of([nested for key in ("accessory", "component") if (nested := one.get(key))])
    return found
