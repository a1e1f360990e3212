"""A Dockerfile as values: its stages, and in each the instructions in order."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Step:
    """One instruction: `RUN`, and what follows it on its line or lines."""

    word: str
    text: str

    @property
    def command(self) -> list[str]:
        """What `CMD`, `ENTRYPOINT` and `RUN` start; a plain line goes to the shell."""
        return list(json.loads(self.text)) if self.text.startswith("[") else ["/bin/sh", "-c", self.text]

    @property
    def values(self) -> dict[str, str]:
        """What `ENV` sets."""
        return dict(word.split("=", 1) for word in shlex.split(self.text))

    @property
    def copied(self) -> tuple[str | None, list[str], str]:
        """The stage that `COPY` copies from (None for the folder), what, and where to."""
        words = shlex.split(self.text)
        *names, target = [word for word in words if not word.startswith("--")]
        source = next((word.removeprefix("--from=") for word in words if word.startswith("--from=")), None)
        return source, names, target


@dataclass(frozen=True)
class Stage:
    """From one `FROM` to the next."""

    base: str
    name: str | None
    steps: tuple[Step, ...]

    def last(self, word: str) -> Step | None:
        """The instruction of that word that counts."""
        return next((step for step in reversed(self.steps) if step.word == word), None)


def stages(path: Path) -> list[Stage]:
    """All stages of a Dockerfile."""
    found: list[Stage] = []
    for step in _steps(path.read_text("utf-8")):
        if step.word == "FROM":
            base, _, name = step.text.partition(" AS ")
            found.append(Stage(base, name or None, ()))
        else:
            last = found.pop()
            found.append(Stage(last.base, last.name, (*last.steps, step)))
    return found


def probe(stage: Stage) -> list[str]:
    """The command of its HEALTHCHECK."""
    step = stage.last("HEALTHCHECK")
    assert step is not None
    return Step("CMD", step.text.partition("CMD ")[2]).command


def _steps(text: str) -> Iterator[Step]:
    plain = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    for line in re.sub(r"\s*\\\n\s*", " ", plain).splitlines():
        if line.strip():
            word, _, rest = line.strip().partition(" ")
            yield Step(word.upper(), rest.strip())
