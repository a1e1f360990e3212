"""docs/reliability.md: its table and chart of long life, put in anew by `--publish`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from tests.bench.page import DOCS
from tests.soak.chart import draw
from tests.soak.findings import Finding, markdown

PAGE, CHART = DOCS / "reliability.md", DOCS / "pictures" / "soak.png"
PLACE = re.compile(r"(<!-- soak -->\n).*?(<!-- end of soak -->)", re.DOTALL)


def publish(findings: Sequence[Finding], drawn: Mapping[str, Any], machine: str) -> None:
    """Replace what was measured before."""
    told = f"{markdown(findings)}\n\nMeasured on {machine}.\n"
    PAGE.write_text(PLACE.sub(lambda found: found[1] + told + found[2], PAGE.read_text("utf-8")), "utf-8")
    draw(CHART, drawn)
