"""The sessions that a bot may begin: so many, and then none until the time is over."""

from __future__ import annotations

from dataclasses import dataclass

from bot.sandbox.discord.nouns import Json
from bot.sandbox.discord.world import World


@dataclass
class Starts:
    """Counted from the first of them on; Discord takes the token away from who begins more."""

    world: World
    used: int = 0
    _since: float = 0.0

    def begin(self) -> bool:
        """One more; False where none was left."""
        self._renew()
        if self.used == 0:
            self._since = self.world.clock.now()
        self.used += 1
        return self.used <= self.world.rules.sessions

    def told(self) -> Json:
        """The `session_start_limit` of GET /gateway/bot."""
        self._renew()
        total, lasts = self.world.rules.sessions, self.world.rules.sessions_last
        left = lasts if self.used == 0 else self._since + lasts - self.world.clock.now()
        return {
            "total": total,
            "remaining": max(total - self.used, 0),
            "reset_after": int(left * 1000),
            "max_concurrency": 1,
        }

    def _renew(self) -> None:
        if self.world.clock.now() >= self._since + self.world.rules.sessions_last:
            self.used = 0
