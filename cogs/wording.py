"""What commands say of themselves in every language of Discord's: descriptions, options, entries of menus.

Names that are typed are the same everywhere, so that people can help each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from discord import AppCommandOptionType, app_commands

from bot.catalogue import Catalogue
from bot.language import ENGLISH, SERVED, speaking

NESTED = {AppCommandOptionType.subcommand.value, AppCommandOptionType.subcommand_group.value}
DIGITS = "0123456789"

Payload = dict[str, Any]
Command = app_commands.Command[Any, ..., Any] | app_commands.Group | app_commands.ContextMenu


@dataclass(frozen=True)
class Wording:
    """Fills in what the catalogue says.

    The keys: `command.<name>`, `command.<name>_<option>`, `option.<option>`, `choice.<option>_<value>`.
    """

    catalogue: Catalogue

    def dress(self, command: Command, payload: Payload) -> Payload:
        """A command as Discord is told of it; a menu's entry names its key among its extras."""
        if isinstance(command, app_commands.ContextMenu):
            return payload | self._said("name", key_of(command))
        return self._described(payload, key_of(command))

    def _described(self, node: Payload, key: str) -> Payload:
        options = [self._option(each, key) for each in node.get("options", ())]
        return node | self._said("description", key) | ({"options": options} if options else {})

    def _option(self, node: Payload, key: str) -> Payload:
        if node["type"] in NESTED:
            return self._described(node, f"{key}_{node['name']}")
        name, number = _numbered(node["name"])
        named = self._said("name", f"option.{name}", place=number)
        choices = [self._choice(each, name) for each in node.get("choices") or ()]
        return node | named | self._said("description", f"{key}_{name}") | ({"choices": choices} if choices else {})

    def _choice(self, node: Payload, option: str) -> Payload:
        """One that is called like its value, such as 16:9, is so in every language."""
        if node["name"] == str(node["value"]):
            return node
        return node | self._said("name", f"choice.{option}_{node['value']}")

    def _said(self, field: str, key: str, **values: object) -> Payload:
        """The English words, and those of each locale that are others."""
        words = {locale: self._in(locale, key, **values) for locale in (ENGLISH, *SERVED)}
        english = words.pop(ENGLISH)
        return {field: english, f"{field}_localizations": {at: said for at, said in words.items() if said != english}}

    def _in(self, locale: str, key: str, **values: object) -> str:
        with speaking(locale):
            return self.catalogue.say(key, **values)


def key_of(command: Command) -> str:
    """Where the catalogue has what a command says of itself, or what a menu's entry is called."""
    if isinstance(command, app_commands.ContextMenu):
        return str(command.extras["key"])
    return f"command.{command.qualified_name.replace(' ', '_')}"


def _numbered(name: str) -> tuple[str, str]:
    """`image2` is the second of its kind."""
    stem = name.rstrip(DIGITS)
    return stem, name.removeprefix(stem)
