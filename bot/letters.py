"""What goes into a thread, as plain values, and the postman who carries it there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.model import Turn

TEXT_LIMIT = 2000  #: characters of a Discord message


@dataclass(frozen=True)
class File:
    """A picture to attach; `alt` is read to those who do not see it."""

    name: str
    data: bytes
    alt: str


@dataclass(frozen=True)
class Button:
    """Something to press; `id` says everything, so that it works for ever."""

    label: str
    id: str


@dataclass(frozen=True)
class Letter:
    """One message. `nonce` makes a second sending of the same harmless; `ping` is the member to call."""

    channel: int
    text: str
    files: tuple[File, ...] = ()
    buttons: tuple[Button, ...] = ()
    reply_to: int | None = None
    ping: int | None = None
    nonce: str | None = None


@dataclass(frozen=True)
class Sighting:
    """One of the bot's own messages as found in a thread."""

    message: int
    text: str
    files: tuple[str, ...]
    reply_to: int | None


class Postman(Protocol):
    """Discord, as far as the studio needs it. All but `own` and `upload_limit` raise Unreachable."""

    async def open(self, turn: Turn) -> None:
        """Open the turn's thread from its message, unless it is open."""

    async def send(self, letter: Letter) -> int:
        """Post; the message's id."""

    async def edit(self, channel: int, message: int, text: str) -> None:
        """Put new words into a message of the bot's."""

    async def erase(self, channel: int, message: int) -> None:
        """Delete a message of the bot's; one that is gone is no error."""

    async def own(self, channel: int, after: int) -> Sequence[Sighting]:
        """The bot's own messages after an id, oldest first."""

    def upload_limit(self, server: int | None) -> int:
        """Bytes of the largest file that may be posted in a server or DM."""
