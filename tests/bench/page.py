"""docs/performance.md: its table and its chart, put in anew by `--publish`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.bench.chart import draw_chart
from tests.bench.figures import Figure, markdown

DOCS = Path(__file__).parents[2] / "docs"
PAGE, CHART = DOCS / "performance.md", DOCS / "pictures" / "performance.png"
PLACE = re.compile(r"(<!-- table -->\n).*?(<!-- end -->)", re.DOTALL)


def publish(figures: Sequence[Figure], sizes: Mapping[str, Sequence[int]], below: str) -> None:
    """Replace what was measured before; `below` is a line under the table."""
    told = f"{markdown(figures)}\n\n{below}\n"
    PAGE.write_text(PLACE.sub(lambda found: found[1] + told + found[2], PAGE.read_text("utf-8")), "utf-8")
    draw_chart(CHART, figures, sizes)
