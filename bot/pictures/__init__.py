"""The Pillow door: what a file is, and the picture in it made fit for a model or for Discord.

Files come from strangers, so they are opened in processes of their own (`hand` and `worker`), which are bounded in
memory and time and can be ended at any moment. The bot itself reads no more than the head of what the model painted.
"""

from bot.pictures.door import Drawing, Pictures
from bot.pictures.orders import Limits
from bot.pictures.plans import Bar, Bars, Blink, Card, Chart, Comparison, Film, Plan, Sheet, Stack, Wipe, percent

__all__ = [
    "Bar",
    "Bars",
    "Blink",
    "Card",
    "Chart",
    "Comparison",
    "Drawing",
    "Film",
    "Limits",
    "Pictures",
    "Plan",
    "Sheet",
    "Stack",
    "Wipe",
    "percent",
]
