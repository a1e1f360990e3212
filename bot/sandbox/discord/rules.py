"""The numbers Discord works by, which a test may change."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1 << 20


@dataclass
class Rules:
    """Time limits in seconds, sizes in bytes."""

    acknowledge_within: float = 3.0
    token_lives: float = 900.0
    url_lives: float = 86_400.0
    nonce_lives: float = 300.0
    heartbeat_interval: float = 41.25
    heartbeats_answered: bool = True
    session_waits: float = 300.0
    sessions: int = 1000
    sessions_last: float = 86_400.0
    rate_limits: bool = True
    # Some clients have seen a thread's first message twice, the second time with the thread's own id.
    repeat_starter: bool = False
    upload_limit: int | None = None
    active_threads: int = 1000

    def file_limit(self, tier: int) -> int:
        """The largest file in bytes, by the guild's boost tier."""
        if self.upload_limit is not None:
            return self.upload_limit
        return {2: 50 * MIB, 3: 100 * MIB}.get(tier, 10 * MIB)
