"""What the floor and the plain bot are told on their command line."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

MODEL = "gemini-nano-banana-2.1"


@dataclass(frozen=True)
class Orders:
    """Where everything is. `samples` is a file for the delays of the loop, "" for none."""

    api_url: str
    gateway_url: str
    gemini_url: str
    token: str
    picture: str
    samples: str = ""

    @property
    def words(self) -> str:
        """The orders as one argument."""
        return json.dumps(asdict(self))

    @property
    def sampled(self) -> Path | None:
        """The file for samples."""
        return Path(self.samples) if self.samples else None


def read_orders() -> Orders:
    """The orders that this process was started with."""
    return Orders(**json.loads(sys.argv[1]))
