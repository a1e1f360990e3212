"""What was found, beside what is required of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.bench.figures import number

HEAD = ("", "found", "required", "")


@dataclass(frozen=True)
class Finding:
    """A number. `most` and `least` bound it, or else nothing is required. `why` is told where it fails."""

    key: str
    title: str
    value: float
    most: float | None = None
    least: float | None = None
    why: Sequence[str] = ()

    @property
    def met(self) -> bool | None:
        """Whether it holds."""
        if self.most is None and self.least is None:
            return None
        return (self.most is None or self.value <= self.most) and (self.least is None or self.value >= self.least)

    @property
    def cells(self) -> tuple[str, ...]:
        """The line of a table."""
        bounds = [f"at most {self.most:g}"] if self.most is not None else []
        bounds += [f"at least {self.least:g}"] if self.least is not None else []
        return self.title, _shown(self.value), " and ".join(bounds), {True: "yes", False: "NO", None: ""}[self.met]


def _shown(value: float) -> str:
    return f"{value:.0f}" if value == round(value) else number(value)


def missed(findings: Sequence[Finding]) -> list[Finding]:
    """Those that do not hold."""
    return [each for each in findings if each.met is False]


def table(findings: Sequence[Finding]) -> str:
    """For the terminal."""
    rows = [HEAD, *(each.cells for each in findings)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        f"{title.ljust(widths[0])}  {found.rjust(widths[1])}  {bound.ljust(widths[2])}  {met}".rstrip()
        for title, found, bound, met in rows
    )


def markdown(findings: Sequence[Finding]) -> str:
    """For a page."""
    rows = [
        f"| {title} | {found} | {bound}{': ' + met if met else ''} |"
        for title, found, bound, met in (e.cells for e in findings)
    ]
    return "\n".join(["|  | found | required |", "|---|---:|---|", *rows])


def write_json(path: Path, findings: Sequence[Finding], **beside: Any) -> None:
    """For machines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    told = {"findings": [asdict(each) | {"met": each.met} for each in findings], **beside}
    path.write_text(json.dumps(told, indent=1) + "\n", "utf-8")
