"""The buttons under a result: always the same five, in one row. Pure.

An id is the verb and the numbers of the versions to be seen, which never change; the thread tells the conversation.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.catalogue import Catalogue
from bot.letters import Button
from bot.model import Turn, Version

VERBS = ("edit", "retry", "vary", "undo", "more")


def under(turn: Turn, versions: Sequence[Version], catalogue: Catalogue) -> tuple[Button, ...]:
    """The row of a message that shows these versions of a turn, in order."""
    if not versions:
        return ()
    first, last = versions[0].number, versions[-1].number
    numbers = str(first) if first == last else f"{first}-{last}"
    return tuple(
        Button(
            catalogue.say(f"row.{verb}"),
            f"{verb}:{numbers}",
            primary=verb == "edit",
            disabled=verb == "undo" and turn.base is None,
        )
        for verb in VERBS
    )


def numbers(argument: str) -> list[int]:
    """The versions that an id speaks of."""
    first, _, last = argument.partition("-")
    return list(range(int(first), int(last or first) + 1))
