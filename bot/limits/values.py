"""A value of a rule or a limit as people read it, on a panel and in the audit log alike. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot import receipt
from bot.catalogue import Catalogue
from bot.rules.amounts import MONEY

LONGEST = 200  #: characters of one


@dataclass(frozen=True)
class Values:
    """Puts values into words. `models` are the names of models by their ids."""

    catalogue: Catalogue
    models: Mapping[str, str] = field(default_factory=dict)

    def told(self, name: str, value: object) -> str:
        """The value of what has this name; nothing at all is no opinion."""
        say = self.catalogue.say
        if value is None or value == "":
            return say("audit.unset")
        if isinstance(value, bool):
            yes, no = (
                ("limits.yes", "limits.no") if name in self.catalogue.texts["dimension"] else ("audit.on", "audit.off")
            )
            return say(yes if value else no)
        if name in MONEY and isinstance(value, int | float):
            return receipt.dollars(float(value))
        if isinstance(value, list | tuple):
            return self.catalogue.enumerated(self._one(name, each) for each in value) or say("limits.none")
        return self._one(name, value)

    def _one(self, name: str, value: object) -> str:
        if name in {"channels", "audit"}:
            return f"<#{value}>"
        told = self.models.get(str(value), str(value)) if name == "models" else str(value)
        return told if told.startswith("<") else receipt.plain(told, LONGEST)
