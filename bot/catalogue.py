"""Every sentence for people, by key, so that it can be translated. English is complete; others are held against it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from bot.errors import EaselError


@dataclass(frozen=True)
class Catalogue:
    """The sentences of one language."""

    texts: Mapping[str, Mapping[str, str]]

    def say(self, key: str, /, **values: object) -> str:
        """The sentence `section.name` with its values filled in. Raises KeyError for a key that is not there."""
        section, _, name = key.partition(".")
        return self.texts[section][name].format_map(values)

    def tell(self, error: EaselError, /, **values: object) -> str:
        """What an error says to people."""
        return self.say(f"error.{error.key}", **{**values, **error.values})


def load_catalogue(language: str = "en") -> Catalogue:
    """The catalogue of a language that ships with Easel."""
    texts: dict[str, Any] = tomllib.loads((files("bot") / "texts" / f"{language}.toml").read_text("utf-8"))
    return Catalogue(texts)
