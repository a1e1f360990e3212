"""The sandbox: stand-ins for Discord and Gemini that speak the real protocols on this machine."""

from __future__ import annotations

from bot.sandbox.discord.card import PainterCard
from bot.sandbox.discord.levers import Controller
from bot.sandbox.discord.member import Member, Outcome, Post
from bot.sandbox.discord.sandbox import Sandbox, open_sandbox
from bot.sandbox.discord.seed import BOT_TOKEN, paint_club
from bot.sandbox.discord.world import World

__all__ = [
    "BOT_TOKEN",
    "Controller",
    "Member",
    "Outcome",
    "PainterCard",
    "Post",
    "Sandbox",
    "World",
    "open_sandbox",
    "paint_club",
]
