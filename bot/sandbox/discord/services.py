"""Everything the routes work with, put together once."""

from __future__ import annotations

from dataclasses import dataclass

from bot.sandbox.discord.answers import Answers
from bot.sandbox.discord.commands import Commands
from bot.sandbox.discord.faults import Faults
from bot.sandbox.discord.gateway import Gateway
from bot.sandbox.discord.gestures import Gestures
from bot.sandbox.discord.interactions import Interactions
from bot.sandbox.discord.marks import Marks
from bot.sandbox.discord.messages import Messages
from bot.sandbox.discord.notices import Notices
from bot.sandbox.discord.openings import Openings
from bot.sandbox.discord.ratelimits import RateLimits
from bot.sandbox.discord.threads import Threads
from bot.sandbox.discord.world import World


@dataclass(frozen=True)
class Services:
    """The rules of each area, over one world."""

    world: World
    gateway: Gateway
    faults: Faults
    limits: RateLimits
    notices: Notices
    messages: Messages
    marks: Marks
    threads: Threads
    openings: Openings
    commands: Commands
    interactions: Interactions
    gestures: Gestures
    answers: Answers


def services_for(world: World) -> Services:
    """The services of a world; its gateway listens to it."""
    interactions = Interactions(world)
    gateway = Gateway(world)
    world.listeners.append(gateway.publish)
    return Services(
        world=world,
        gateway=gateway,
        faults=Faults(),
        limits=RateLimits(world),
        notices=Notices(world),
        messages=Messages(world),
        marks=Marks(world),
        threads=Threads(world),
        openings=Openings(world),
        commands=Commands(world),
        interactions=interactions,
        gestures=Gestures(world, interactions),
        answers=Answers(world, interactions),
    )
