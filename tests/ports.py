"""Ports for a server that stops and listens again."""

import random

from bot.sandbox.discord.sandbox import listen

# Below the range from which kernels take a port for an outgoing connection: one of those could stand on it in between.
QUIET = range(20_000, 32_000)


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with listen(random.choice(QUIET)) as listener:
        return int(listener.getsockname()[1])
