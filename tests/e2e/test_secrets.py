"""The bot's secrets are marked, and everything goes wrong: they stand in nothing that the bot says, shows or keeps."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from pathlib import Path
from urllib.parse import quote

import aiohttp
import pytest

from bot.sandbox.discord import seed
from bot.sandbox.discord.traffic import BEFORE, Seen
from tests.e2e.conftest import tidy
from tests.e2e.sketches import photo
from tests.e2e.stage import DEADLINE, Stage
from tests.ports import free_port

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

PORT = free_port()
TOKEN, KEY, SEAL = r'MTk4-"marked"\token-1', r'AIza-"marked"\key-22222', r'seal "marked" \secret ' + 3 * "and long "
SETTINGS = {
    "health": {"listen": f"127.0.0.1:{PORT}"},
    "discord": {"operator_channel": str(seed.LOUNGE)},
    "gemini": {"deadline_seconds": 3},
}
TROUBLES = ("400-key", "403-leaked", "404", "429-minute", "500-broken", "502-html", "200-broken", "drop-after", "hang")


def forms(secret: str) -> set[bytes]:
    """A secret as it may be written somewhere."""
    written = {secret, json.dumps(secret)[1:-1], repr(secret)[1:-1], quote(secret), quote(secret, safe="")}
    written |= {json.dumps(each)[1:-1] for each in written}
    return {each.encode() for each in written} | {base64.b64encode(secret.encode()).rstrip(b"=")[:-2]}


def leaks(told: bytes, *secrets: str) -> list[str]:
    """Those of the secrets that can be read there."""
    return [each for each in (*secrets, TOKEN, KEY, SEAL) if any(form in told for form in forms(each))]


@pytest.fixture
def heard(theatre: Stage) -> list[bytes]:
    """All that the bot sends to Discord, and the tokens of interactions in a list behind it."""
    sent: list[bytes] = []

    async def listen(phase: str, seen: Seen) -> None:
        if phase == BEFORE and seen.who == "bot" and seen.request is not None and "/gemini" not in seen.route:
            sent.append(await seen.request.read())

    theatre.sandbox.traffic.hooks.append(listen)
    return sent


async def test_no_secret_is_told_whatever_goes_wrong(theatre: Stage, heard: list[bytes]):
    stage = theatre  # whose log is not clean after this
    stage.sandbox.world.tokens[f"Bot {TOKEN}"] = seed.BOT
    stage.bot.export(DISCORD_TOKEN=TOKEN, GEMINI_API_KEY=KEY, EASEL_KEY=SEAL)
    await stage.bot.stop()
    since = stage.bot.log.stat().st_size
    kept = {"directory": str(stage.bot.folder / "sealed"), "encryption_keys_env": ["EASEL_KEY"]}
    stage.bot.configure(logging={"format": "json", "level": "DEBUG"}, storage=kept)
    await tidy(stage)
    said = [*await play(stage), *await commands(stage)]
    assert await stage.bot.stop() == 0
    said.append(await turned_away(stage))
    log = stage.bot.log.read_bytes()[since:]
    assert b"INFO" in log
    assert leaks(log, *tokens(stage)) == []
    for each in (*said, *heard):
        assert leaks(each) == []
    for path in files(stage.bot.folder, stage.bot.log):
        assert (path.name, leaks(path.read_bytes())) == (path.name, [])


async def play(stage: Stage) -> list[bytes]:
    """Asks, presses, commands, and each trouble with Google, one of them with the key in its words."""
    canvas = await stage.canvas("a red house", [photo("teal")])
    assert (await stage.ana.slash(canvas.id, "history")).ok
    for place, kind in enumerate(TROUBLES):
        stage.fault(kind, f"trouble {place}", wait=1.0)
        await canvas.ask(f"trouble {place}")
    error = {"code": 400, "message": f"API key {KEY} not valid.", "status": "INVALID_ARGUMENT"}
    stage.fault("raw", "the key", status=400, text=json.dumps({"error": error}))
    told = await canvas.ask("the key")
    stage.sandbox.faults.add("answer", "POST", "/channels/*/messages", status=500, times=2)
    await canvas.ask("after a trouble of Discord's")
    stage.sandbox.gateway.close(4000, seed.BOT)
    await stage.until(lambda: stage.sandbox.bot_is_connected)
    async with aiohttp.ClientSession(f"http://127.0.0.1:{PORT}") as session:
        pages = [await (await session.get(path)).read() for path in ("/healthz", "/metrics", "/nowhere")]
    return [told.text.encode(), *pages, *await export(stage)]


async def export(stage: Stage) -> list[bytes]:
    """All that is kept of somebody, as it is handed to them: each file, unpacked."""
    assert (await stage.ana.slash("studio", "my-data export")).ok
    part = await stage.ana.wait_for(lambda post: any(".zip" in each.name for each in post.pictures), None, DEADLINE)
    with zipfile.ZipFile(io.BytesIO(await stage.ana.fetch(part.pictures[0]))) as packed:
        found = {name: packed.read(name) for name in packed.namelist()}
    assert b"trouble 0" in found["asks.json"]
    return ["\n".join(found).encode(), *found.values()]


async def commands(stage: Stage) -> list[bytes]:
    """What an operator calls, and reads."""
    backup = str(stage.bot.folder / "backups")
    calls = [
        ("check",),
        ("check", "--paint"),
        ("doctor",),
        ("backup", "--to", backup),
        ("restore", backup),
        ("nonsense",),
    ]
    return [(await stage.bot.call(*each))[1].encode() for each in calls]


async def turned_away(stage: Stage) -> bytes:
    """Starts and checks with secrets that nobody takes."""
    del stage.sandbox.world.tokens[f"Bot {TOKEN}"]
    said = (await stage.bot.call("check"))[1]
    with pytest.raises(AssertionError, match="the bot ended at its start"):
        await stage.bot.start(lambda: False)
    return said.encode()


def tokens(stage: Stage) -> list[str]:
    """Of interactions: whoever has one may speak in the bot's name for a quarter of an hour."""
    parts = [each.path.split("/") for each in stage.sandbox.traffic if "/callback" in each.path]
    found = [each[each.index("interactions") + 2] for each in parts]
    assert found
    return found


def files(folder: Path, *but: Path) -> list[Path]:
    return [each for each in folder.rglob("*") if each.is_file() and each not in but]
