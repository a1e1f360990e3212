"""What is told of messages before they are heard: which of them are gone, and how the others read by now."""

from __future__ import annotations

from collections.abc import Iterable

from bot.model import Ask

REMEMBERED = 1000  #: messages and threads, those told of last; Discord deletes up to 100 at once


class Tidings:
    """Lasts as long as the process. A message that is gone stays gone, whatever is told of it later."""

    def __init__(self) -> None:
        self._told: dict[int, Ask | None] = {}

    def gone(self, messages: Iterable[int]) -> None:
        """They were deleted, or ask nothing any more."""
        for message in messages:
            self._keep(message, None)

    def thread_gone(self, thread: int) -> None:
        """It was deleted with all that was asked in it."""
        self._keep(-thread, None)  # it has the id of the message that it was opened from, and outlives that

    def edited(self, ask: Ask) -> None:
        """Its message reads like this by now."""
        if self.newest(ask):
            self._keep(ask.id, ask)

    def forget(self, member: int, until: int) -> None:
        """What a member's messages with a lower id read like goes: nothing comes of those any more."""
        theirs = {each.id for each in self._told.values() if each and each.member.id == member and each.id < until}
        self._told = {message: told for message, told in self._told.items() if message not in theirs}

    def renew(self) -> None:
        """Messages are read anew from now on, which is after every edit that was told of."""
        self._told = {message: told for message, told in self._told.items() if told is None}

    def newest(self, ask: Ask) -> Ask | None:
        """The ask as its message reads by now; None where that or its thread is gone."""
        return None if -ask.place.conversation in self._told else self._told.get(ask.id, ask)

    def _keep(self, message: int, told: Ask | None) -> None:
        self._told.pop(message, None)  # it would keep its old place, and be forgotten too early
        self._told[message] = told
        if len(self._told) > REMEMBERED:
            del self._told[next(iter(self._told))]
