"""The offline painter: no model, only shapes and colours, and it says so."""

from bot.sandbox.gemini.painter.offline import OfflinePainter

__all__ = ["OfflinePainter"]
