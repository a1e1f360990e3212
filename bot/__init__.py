"""Easel: what the bot does. Nothing here imports discord; `cogs` is the Discord side."""

__version__ = "0.1.0"
