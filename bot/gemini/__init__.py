"""The google.genai door: contents in, parts out, and every refusal and error as one of our own."""

from bot.gemini.client import Gemini
from bot.gemini.patience import Patience
from bot.gemini.request import Terms
from bot.gemini.writer import GeminiWriter
from bot.gemini.writing import Pen

__all__ = ["Gemini", "GeminiWriter", "Patience", "Pen", "Terms"]
