"""Every request that came in, for tests to count and to act upon."""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field

from aiohttp import web

BEFORE, AFTER = "before", "after"
_REMEMBERED = 100_000


@dataclass
class Seen:
    """One request; `status` is 0 until it is answered. Hooks also find the request and its response here."""

    method: str
    route: str
    path: str
    who: str
    at: float
    status: int = 0
    request: web.Request | None = field(default=None, repr=False)
    response: web.StreamResponse | None = field(default=None, repr=False)


# Called with "before" (nothing is done yet) and "after" (all is done, the answer not yet sent).
Hook = Callable[[str, Seen], Awaitable[None]]


class Traffic:
    """The requests so far, and the hooks that watch them."""

    def __init__(self, hooks: list[Hook]) -> None:
        self._seen: deque[Seen] = deque(maxlen=_REMEMBERED)
        self.hooks = hooks

    def __iter__(self) -> Iterator[Seen]:
        return iter(list(self._seen))

    def __len__(self) -> int:
        return len(self._seen)

    async def begin(self, seen: Seen) -> None:
        """Note a request before anything is done about it."""
        self._seen.append(seen)
        for hook in list(self.hooks):
            await hook(BEFORE, seen)

    async def end(self, seen: Seen, response: web.StreamResponse) -> None:
        """Note how it was answered."""
        seen.status, seen.response = response.status, response
        for hook in list(self.hooks):
            await hook(AFTER, seen)
