"""What a doctor looks for: found by name, and mended where that can be done without people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from bot.store.ailments import Ailment
from bot.store.treatment import Treatment


class Complaint(Protocol):
    """One thing that can be wrong. Its sentence in the catalogue has its name."""

    @property
    def name(self) -> str:
        """One word."""

    @property
    def mendable(self) -> bool:
        """Whether anything can be done here."""

    def find(self) -> list[str]:
        """What has it."""

    def mend(self) -> None:
        """Do what can be done."""


@dataclass(frozen=True)
class InDatabase:
    """Rows that don't fit together."""

    treatment: Treatment
    ailment: Ailment

    @property
    def name(self) -> str:
        """As the ailment is called."""
        return self.ailment.name

    @property
    def mendable(self) -> bool:
        """Some rows only people understand."""
        return bool(self.ailment.mend)

    def find(self) -> list[str]:
        """Ids of turns or threads, for the most part."""
        return self.treatment.find(self.ailment)

    def mend(self) -> None:
        """Change rows."""
        self.treatment.mend(self.ailment)
