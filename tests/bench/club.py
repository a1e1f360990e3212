"""A server with a hundred threads, each with a member of its own who asks in it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.sandbox import World, paint_club
from bot.sandbox.discord.nouns import PUBLIC_THREAD, Channel, Member, ThreadState, User
from bot.sandbox.discord.seed import BOT, GUILD, PAINTER, STUDIO

THREADS = 100
WORDS = (
    "make the sky a little warmer, as on a late summer evening",
    "put a small wooden boat on the left shore of the lake",
    "take the people out of the background, please",
    "let it snow, but keep the path free so that one can walk",
    "give the cat a red scarf with white dots",
    "turn the lamp on and let its light fall onto the table",
    "add a row of birches behind the house, half in the fog",
    "paint the door green and make the windows a bit larger",
    "move the camera closer to the boat and lower the horizon",
    "more contrast in the clouds, less in the water",
)


@dataclass(frozen=True)
class Seat:
    """A thread and who asks in it."""

    thread: int
    member: int


def bench_club(threads: int = THREADS) -> tuple[World, list[Seat]]:
    """The Paint Club with many more members, each in a thread that the bot once opened; without rate limits."""
    world = paint_club()
    world.rules.rate_limits = False
    return world, [_seat(world, number) for number in range(threads)]


def words_of(turn: int) -> str:
    """What is asked in a turn."""
    return WORDS[turn % len(WORDS)]


def _seat(world: World, number: int) -> Seat:
    now, guild = world.clock.now(), world.guilds[GUILD]
    seat = Seat(world.issue(), world.issue())
    world.users[seat.member] = User(seat.member, f"member{number}", f"Member {number}")
    guild.members[seat.member] = Member(seat.member, (PAINTER,))
    state = ThreadState(BOT, now, now, members={BOT: now, seat.member: now})
    thread = Channel(seat.thread, PUBLIC_THREAD, f"picture {number}", GUILD, STUDIO, thread=state)
    world.channels[seat.thread] = thread
    return seat
