import aiohttp
import pytest

from bot.errors import Unstartable
from bot.health import open_health
from bot.sandbox.discord.sandbox import listen


async def well() -> bool:
    return True


async def ill() -> bool:
    raise OSError("the disk is gone")


def free_port() -> int:
    with listen(0) as listener:
        return int(listener.getsockname()[1])


async def ask(port: int) -> tuple[int, object]:
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}/healthz") as response:
        return response.status, await response.json()


async def test_a_bot_whose_parts_are_all_well_is_healthy():
    port = free_port()
    async with open_health(("127.0.0.1", port), {"gateway": well, "database": well}):
        assert await ask(port) == (200, {"gateway": True, "database": True})


async def test_a_part_that_fails_makes_it_unhealthy_and_is_named():
    port = free_port()
    async with open_health(("127.0.0.1", port), {"gateway": well, "database": ill}):
        assert await ask(port) == (503, {"gateway": True, "database": False})


async def test_a_taken_port_is_told_with_the_key_to_change():
    with listen(0) as listener, pytest.raises(Unstartable, match="health_port"):
        async with open_health(("127.0.0.1", listener.getsockname()[1]), {}):
            pass


async def test_no_address_turns_it_off():
    async with open_health(None, {"gateway": ill}):
        pass
