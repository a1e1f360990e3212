"""Where a forwarded picture stood before, and, once Discord was asked, whose it is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Forward:
    """A message whose pictures another one forwards. All but its ids is told by `Postman.trace`."""

    message: int
    channel: int
    server: int | None = None
    author: int = 0  #: who posted it; 0 where nobody can tell
    name: str = ""  #: theirs
    painted: bool = False  #: a bot posted it, and has no consent to give
    inside: bool = False  #: it stands in a thread of the bot's
    restricted: bool = False  #: this bot posted it in an age-restricted channel
