"""Discord's rate limits for the bot: buckets per route and place, and fifty requests a second over all."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from bot.sandbox.discord.nouns import Json
from bot.sandbox.discord.problems import OLD_EDITS, Kind
from bot.sandbox.discord.snowflake import seconds_of
from bot.sandbox.discord.world import World

GLOBAL, GLOBAL_PERIOD = 50, 1.0
_MESSAGES = "/channels/{channel_id}/messages"
_ONE = _MESSAGES + "/{message_id}"
_REACTION = _ONE + "/reactions/{emoji}"
_WEBHOOK = "/webhooks/{application_id}/{token}"
RATE_LIMITED = "You are being rate limited."


@dataclass(frozen=True)
class Limit:
    """So many requests in so many seconds, counted per channel or token; some are not announced in headers."""

    name: str
    count: int
    period: float
    silent: bool = False


LIMITS: Mapping[tuple[str, str], Limit] = {
    ("POST", _MESSAGES): Limit("messages", 5, 5.0),
    ("PATCH", _ONE): Limit("edits", 5, 5.0),
    ("DELETE", _ONE): Limit("deletions", 5, 1.0),
    ("POST", _MESSAGES + "/bulk-delete"): Limit("bulk", 1, 3.0),
    ("PUT", _REACTION + "/@me"): Limit("reactions", 1, 0.25),
    ("DELETE", _REACTION + "/@me"): Limit("reactions", 1, 0.25),
    ("POST", "/channels/{channel_id}/typing"): Limit("typing", 5, 5.0),
    ("POST", _WEBHOOK): Limit("followups", 5, 2.0),
    ("PATCH", _WEBHOOK + "/messages/{message_id}"): Limit("followups", 5, 2.0),
}
RENAMES = Limit("renames", 2, 600.0, silent=True)
OLD = Limit("old edits", 3, 6.0, silent=True)
EVERYTHING = Limit("global", GLOBAL, GLOBAL_PERIOD, silent=True)


@dataclass
class _Window:
    left: int
    ends_at: float


class TooFast(Exception):
    """A 429 and its headers."""

    def __init__(self, limit: Limit, retry_after: float, kind: Kind | None = None) -> None:
        super().__init__(limit.name)
        self.limit = limit
        self.retry_after = round(retry_after, 3)
        self.kind = kind

    @property
    def headers(self) -> dict[str, str]:
        """What a client needs to wait as long as it has to."""
        everywhere = self.limit is EVERYTHING
        scope = {"X-RateLimit-Scope": "global" if everywhere else "user"}
        spent = {} if self.limit.silent else {"X-RateLimit-Bucket": _hash(self.limit), "X-RateLimit-Remaining": "0"}
        if everywhere:
            scope["X-RateLimit-Global"] = "true"
        return {"Retry-After": str(self.retry_after), **scope, **spent}

    @property
    def body(self) -> Json:
        """The JSON of a 429."""
        message = self.kind.message if self.kind else RATE_LIMITED
        code = {"code": self.kind.code} if self.kind else {}
        everywhere = self.limit is EVERYTHING
        return {"message": message, "retry_after": self.retry_after, "global": everywhere, **code}


class RateLimits:
    """Counts the bot's requests."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._windows: dict[tuple[str, str], _Window] = {}

    def take(self, method: str, template: str, places: Mapping[str, str]) -> dict[str, str]:
        """Count a request; the headers of its answer, or TooFast. Interaction callbacks are exempt."""
        if not self._world.rules.rate_limits or template.startswith("/interactions"):
            return {}
        self._count(EVERYTHING, "")
        limit = LIMITS.get((method, template))
        if limit is None:
            return {}
        window = self._count(limit, places.get("channel_id") or places.get("token") or "")
        return self._headers(limit, window)

    def take_rename(self, channel_id: int) -> None:
        """Count a new name for a channel or thread, which Discord allows twice in ten minutes."""
        if self._world.rules.rate_limits:
            self._count(RENAMES, str(channel_id))

    def take_edit(self, channel_id: int, message_id: int) -> None:
        """Count an edit of a message that is more than an hour old."""
        is_old = self._world.clock.now() - seconds_of(message_id) > 3600
        if self._world.rules.rate_limits and is_old:
            self._count(OLD, str(channel_id), OLD_EDITS)

    def _count(self, limit: Limit, place: str, kind: Kind | None = None) -> _Window:
        now = self._world.clock.now()
        window = self._windows.get((limit.name, place))
        if window is None or now >= window.ends_at:
            window = self._windows[limit.name, place] = _Window(limit.count, now + limit.period)
        if window.left <= 0:
            raise TooFast(limit, window.ends_at - now, kind)
        window.left -= 1
        return window

    def _headers(self, limit: Limit, window: _Window) -> dict[str, str]:
        left = max(0.0, window.ends_at - self._world.clock.now())
        return {
            "X-RateLimit-Limit": str(limit.count),
            "X-RateLimit-Remaining": str(window.left),
            "X-RateLimit-Reset": f"{window.ends_at:.3f}",
            "X-RateLimit-Reset-After": f"{left:.3f}",
            "X-RateLimit-Bucket": _hash(limit),
        }


def _hash(limit: Limit) -> str:
    return hashlib.sha256(limit.name.encode()).hexdigest()[:32]
