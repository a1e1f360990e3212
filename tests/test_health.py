import asyncio
import json
import shutil
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import aiohttp
import psutil
import pytest

from bot import __version__
from bot.breaker import ROW
from bot.errors import Crowded, Declined, Failure, Unstartable
from bot.health import ROOM, Health, Sparing, open_health, room_in
from bot.model import Painting
from bot.sandbox.discord.sandbox import listen
from bot.tokens import Usage
from bot.watch.journal import Journal
from tests.players import SETTINGS
from tests.ports import free_port


async def well() -> bool:
    return True


async def ill() -> bool:
    raise OSError("the disk is gone")


async def stuck() -> bool:
    await asyncio.Event().wait()
    return True


async def painted() -> Painting:
    return Painting((), Usage(), 0.04, "nano", 6.0)


async def failing(failure: Failure) -> Painting:
    raise failure


async def ask(health: Health, path: str = "healthz") -> tuple[int, str]:
    port = free_port()
    async with (
        open_health(("127.0.0.1", port), health),
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}/{path}") as response,
    ):
        return response.status, await response.text()


async def healthz(health: Health) -> tuple[int, dict[str, Any]]:
    status, told = await ask(health)
    return status, json.loads(told)


async def test_a_bot_whose_parts_are_all_well_is_healthy():
    status, told = await healthz(Health({"gateway": well, "database": well}, Journal()))
    assert (status, told["gateway"], told["database"]) == (200, True, True)


async def test_how_long_discord_lets_nobody_in_is_told():
    _, told = await healthz(Health({"gateway": ill}, Journal(), lambda: 1_800_000_000.0))
    assert told["gateway_rests_until"] == "2027-01-15T08:00:00+00:00"


async def test_a_part_that_fails_makes_it_unhealthy_and_is_named():
    status, told = await healthz(Health({"gateway": well, "database": ill}, Journal()))
    assert (status, told["gateway"], told["database"]) == (503, True, False)


async def test_a_part_that_does_not_answer_is_given_two_seconds():
    status, told = await asyncio.wait_for(healthz(Health({"gateway": stuck, "database": stuck}, Journal())), 3.5)
    assert (status, told["gateway"], told["database"]) == (503, False, False)


async def test_a_check_that_costs_something_looks_once_in_a_while_however_often_and_by_how_many_it_is_asked():
    looks = []

    async def look() -> bool:
        looks.append(1)
        await asyncio.sleep(0.01)
        return len(looks) > 1

    check = Sparing(look, 0.2)
    assert await asyncio.gather(*(check() for _ in range(5))) == [False] * 5
    assert len(looks) == 1
    await asyncio.sleep(0.2)
    assert await asyncio.gather(*(check() for _ in range(5))) == [True] * 5
    assert len(looks) == 2


async def test_a_look_that_takes_too_long_is_not_well_and_is_not_repeated_at_once():
    looks = []

    async def look() -> bool:
        looks.append(1)
        return await stuck()

    check = Sparing(look)
    for _ in range(2):
        with suppress(TimeoutError):
            assert not await asyncio.wait_for(check(), 0.05)
    assert len(looks) == 1


async def test_a_disk_without_room_for_a_picture_is_not_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    room = room_in(tmp_path)
    assert await room()
    monkeypatch.setattr("shutil.disk_usage", lambda _: shutil._ntuple_diskusage(10**9, 10**9, ROOM - 1))
    assert not await room()


async def test_it_tells_its_version_and_for_how_long_it_is_up():
    _, told = await healthz(Health({}, Journal(), began=time.monotonic() - 90))
    assert (told["version"], told["uptime_seconds"]) == (__version__, 90)


async def test_before_the_first_call_nothing_is_known_of_gemini():
    _, told = await healthz(Health({}, Journal()))
    nothing = dict.fromkeys(("answered", "last_answer", "last_failure", "reason"))
    assert told["gemini"] == {**nothing, "breaker_open": []}


async def test_models_that_are_not_tried_again_are_named():
    journal = Journal()
    for model in ("nano", "pro"):
        for _ in range(ROW):
            journal.breaker(model).failed()
    journal.breaker("pro").answered()
    status, told = await healthz(Health({}, journal))
    assert (status, told["gemini"]["breaker_open"]) == (200, ["nano"])
    _, numbers = await ask(Health({}, journal), "metrics")
    assert 'easel_breaker_open{model="nano"} 1.0' in numbers
    assert 'easel_breaker_open{model="pro"} 0.0' in numbers


async def test_what_happened_last_with_gemini_is_told_and_never_turns_it_red():
    journal = Journal()
    await journal.call("nano", painted())
    with pytest.raises(Crowded):
        await journal.call("nano", failing(Crowded("overloaded")))
    status, told = await healthz(Health({"gateway": well, "database": well}, journal))
    assert (status, told["gemini"]["answered"], told["gemini"]["reason"]) == (200, False, "overloaded")
    assert told["gemini"]["last_answer"].endswith("+00:00")


async def test_a_model_that_says_no_is_a_model_that_answers():
    journal = Journal()
    with pytest.raises(Declined):
        await journal.call("nano", failing(Declined("declined_words", reason="SAFETY")))
    _, told = await healthz(Health({}, journal))
    assert (told["gemini"]["answered"], told["gemini"]["last_failure"]) == (True, None)


async def test_the_numbers_are_at_metrics():
    status, told = await ask(Health({}, Journal()), "metrics")
    assert status == 200
    assert "easel_waiting 0.0" in told


async def test_a_taken_port_is_told_with_the_key_to_change():
    with listen(0) as listener, pytest.raises(Unstartable, match="health_port"):
        async with open_health(("127.0.0.1", listener.getsockname()[1]), Health({}, Journal())):
            pass


async def test_it_listens_to_this_machine_alone_unless_told_otherwise():
    address = SETTINGS.health.address
    assert address is not None
    port = free_port()
    async with open_health((address[0], port), Health({}, Journal())):
        heard = [each.laddr for each in psutil.Process().net_connections("tcp") if each.status == psutil.CONN_LISTEN]
    assert [each.ip for each in heard if each.port == port] == ["127.0.0.1"]


async def test_no_address_turns_it_off():
    async with open_health(None, Health({"gateway": ill}, Journal())):
        pass


@pytest.mark.parametrize("later", range(5))
async def test_whoever_looks_and_is_cut_off_in_the_moment_that_the_look_is_done_ends(later: int):
    done = asyncio.Event()

    async def check() -> bool:
        await done.wait()
        return True

    look = asyncio.create_task(Sparing(check)())
    await asyncio.sleep(0.01)
    done.set()
    for _ in range(later):
        await asyncio.sleep(0)
    if look.cancel():
        with suppress(asyncio.CancelledError):
            await look
        assert look.cancelled(), "a stop would wait for it for ever"
