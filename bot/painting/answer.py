"""Which of an answer's parts people get to see. Pure.

A story has two or more pictures, each preceded by its own words: all of it is shown, in order. Otherwise several
pictures are drafts, and only the last one counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.model import Painted, Part, Picture, Text


@dataclass(frozen=True, slots=True)
class Panel:
    """A picture with the words above it; either may be missing, never both."""

    text: str | None = None
    painted: Painted | None = None


def panels(parts: Sequence[Part]) -> tuple[Panel, ...]:
    """What is posted, in order; nothing where the model said nothing."""
    spoken = [part for part in parts if not part.thought]
    told = _told(spoken)
    pictured = [panel for panel in told if panel.painted]
    if len(pictured) > 1 and all(panel.text for panel in pictured):
        return told
    panel = Panel(_joined(spoken), _final(parts))
    return (panel,) if panel.text or panel.painted else ()


def shown(parts: Sequence[Part]) -> list[Picture]:
    """The pictures among what is posted."""
    return [panel.painted.picture for panel in panels(parts) if panel.painted]


def _told(parts: Sequence[Part]) -> tuple[Panel, ...]:
    """The parts as a story: each picture with the words since the one before, and what is said after the last."""
    found: list[Panel] = []
    start = 0
    for end, part in enumerate(parts):
        if isinstance(part, Painted):
            found.append(Panel(_joined(parts[start:end]), part))
            start = end + 1
    rest = _joined(parts[start:])
    return (*found, Panel(rest)) if rest else tuple(found)


def _final(parts: Sequence[Part]) -> Painted | None:
    """The last picture that is no thought; the very last where all are, for the model sometimes flags its final one."""
    pictures = [part for part in parts if isinstance(part, Painted)]
    meant = [picture for picture in pictures if not picture.thought] or pictures
    return meant[-1] if meant else None


def _joined(parts: Sequence[Part]) -> str | None:
    texts = [part.text.strip() for part in parts if isinstance(part, Text)]
    return "\n".join(text for text in texts if text) or None
