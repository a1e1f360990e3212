"""Discord's REST API v10, an area a module."""

from __future__ import annotations

from bot.sandbox.discord.call import Route
from bot.sandbox.discord.routes.accounts import AccountRoutes
from bot.sandbox.discord.routes.automod import AutoModRoutes
from bot.sandbox.discord.routes.channels import ChannelRoutes
from bot.sandbox.discord.routes.commands import CommandRoutes
from bot.sandbox.discord.routes.guilds import GuildRoutes
from bot.sandbox.discord.routes.interactions import InteractionRoutes
from bot.sandbox.discord.routes.memberships import MembershipRoutes
from bot.sandbox.discord.routes.messages import MessageRoutes
from bot.sandbox.discord.routes.reactions import ReactionRoutes
from bot.sandbox.discord.routes.threads import ThreadRoutes
from bot.sandbox.discord.services import Services


def routes(services: Services) -> list[Route]:
    """Every route; the more particular paths of an area come first."""
    areas = (
        AccountRoutes,
        GuildRoutes,
        AutoModRoutes,
        MembershipRoutes,
        ReactionRoutes,
        MessageRoutes,
        ThreadRoutes,
        ChannelRoutes,
        CommandRoutes,
        InteractionRoutes,
    )
    return [route for area in areas for route in area(services).routes()]
