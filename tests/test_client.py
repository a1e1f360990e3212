import asyncio

from bot.catalogue import load_catalogue
from bot.config import Discord
from cogs import client as module
from cogs.client import Client
from tests.fuzz.messages import SERVER, server


async def test_whoever_still_hears_of_something_has_a_moment_and_then_ends_with_the_connection(monkeypatch):
    monkeypatch.setattr(module, "LAST", 0.2)
    ends: list[str] = []

    async def hears(seconds: float) -> None:
        try:
            await asyncio.sleep(seconds)
            ends.append("done")
        except asyncio.CancelledError:
            ends.append("cut off")
            raise

    async with Client(Discord(), load_catalogue()) as client:
        client.add_listener(hears, "on_something")
        client.dispatch("something", 0.1)
        client.dispatch("something", 100.0)
        await asyncio.sleep(0.01)
        leaving = asyncio.create_task(client.close())
        await asyncio.sleep(0.05)
        client.dispatch("something", 0.0)
        await leaving
    assert ends == ["done", "cut off"], "next, the store is closed"


async def test_a_thread_that_can_not_be_read_takes_no_other_of_its_server_along():
    data = server()
    [thread] = data["threads"]
    data["threads"] = [{**thread, "id": "51"}, {"id": "garbled"}, {**thread, "id": "52"}, None]
    async with Client(Discord(), load_catalogue()) as client:
        client._connection.parsers["GUILD_CREATE"](data)
        found = client.get_guild(SERVER)
        assert found is not None
        assert {each.id for each in found.threads} == {51, 52}
