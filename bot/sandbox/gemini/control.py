"""The levers and the books of a running stand-in."""

from bot.sandbox.gemini.faults import FaultTable
from bot.sandbox.gemini.record import Ledger


class Control:
    """What goes wrong, how long every answer takes (seconds), and what was asked so far."""

    def __init__(self, kept: int = 1000) -> None:
        self.faults = FaultTable()
        self.ledger = Ledger(kept)
        self.delay = 0.0

    def reset(self) -> None:
        """As at the start: nothing goes wrong, nothing takes long, nothing was asked."""
        self.faults.clear()
        self.ledger.forget()
        self.delay = 0.0
