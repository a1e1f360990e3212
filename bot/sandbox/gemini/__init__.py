"""A stand-in for the Gemini API that paints offline: for trying the bot without an account, and for its tests."""

from bot.sandbox.gemini.app import CONTROL, make_gemini_app
from bot.sandbox.gemini.control import Control
from bot.sandbox.gemini.faults import KINDS, Fault
from bot.sandbox.gemini.painter import OfflinePainter
from bot.sandbox.gemini.painting import CannedPainter, Painter, Painting
from bot.sandbox.gemini.service import Settings

__all__ = [
    "CONTROL",
    "KINDS",
    "CannedPainter",
    "Control",
    "Fault",
    "OfflinePainter",
    "Painter",
    "Painting",
    "Settings",
    "make_gemini_app",
]
