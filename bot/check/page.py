"""Findings as lines for a terminal: aligned, folded, readable without colours and by ear; no secret gets through."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TextIO

from bot.check.finding import Finding
from bot.watch.logs import starred

NAMES, WORDS = 14, 8  #: columns for a check's name, and for the word of its state
NARROWEST, WIDEST = 60, 120


@dataclass(frozen=True)
class Page:
    """Where the findings are written, one by one as they come. `width` in columns."""

    out: TextIO
    width: int
    secrets: Sequence[str] = ()

    def write(self, line: str = "") -> None:
        """A line of its own, folded."""
        self._print(self._folded(line, "", ""))

    def show(self, name: str, finding: Finding) -> None:
        """One check: its state, its name and what it tells, with the remedy under an arrow."""
        state = finding.state
        head = f" {state.sign} {state.word:<{WORDS}} {name:<{NAMES}} "
        margin = " " * len(head)
        first, *others = finding.told
        self._print(self._folded(first, head, margin))
        for line in others:
            self._print(self._folded(line, f"{margin}· ", f"{margin}  "))
        if finding.remedy:
            self._print(self._folded(finding.remedy, f"{margin}→ ", f"{margin}  "))

    def _folded(self, text: str, first: str, margin: str) -> str:
        width = max(NARROWEST, min(self.width, WIDEST))
        return textwrap.fill(
            text,
            width,
            initial_indent=first,
            subsequent_indent=margin,
            break_long_words=False,  # an address must stay in one piece
            break_on_hyphens=False,
        )

    def _print(self, text: str) -> None:
        print(starred(text, self.secrets), file=self.out, flush=True)
