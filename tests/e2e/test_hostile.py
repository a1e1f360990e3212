"""A member who means harm, and a gateway that garbles what it tells: nobody is called, nothing is obeyed, all goes on.

Every test here stands under the watch of watch.py as well.
"""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.sandbox.discord import seed
from bot.sandbox.gemini.painting import Painting
from bot.sandbox.gemini.request import Part
from tests.e2e.conftest import tidy
from tests.e2e.sketches import photo
from tests.e2e.stage import BOT, DEADLINE, Stage, is_answer, numbers, receipt
from tests.fuzz.mutating import json_mutated
from tests.fuzz.words import TURNING

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

CALLS = f"@everyone @here @\u200beveryone <@{seed.BEN}> <@&{seed.MODERATOR}> <@!{seed.CLEO}>"
NASTY = (
    f"{CALLS} **bold** __u__ ~~s~~ ||s|| `c` ```b``` > q >>> q -# s # h [a](https://evil.example) <t:1:R> </imagine:1>",
    "\u202egnp.exe\u202c v99999999 v" + "9" * 300 + " \u200b\u3164 \u2028 e\u0301 ﷺ 👩‍👩‍👧‍👦 שלום",
    "\n".join(["1:2", "a@" * 300, "[a](" * 200, CALLS]),
)
GARBLED = {"MESSAGE_CREATE", "MESSAGE_UPDATE", "INTERACTION_CREATE"}


@pytest.mark.parametrize("words", NASTY, ids=["calls and markdown", "letters", "without end"])
async def test_nobody_is_called_and_no_line_is_turned_whatever_a_member_writes(stage: Stage, words: str):
    stage.painter.on(words[:20], lambda _: Painting((Part(text=f">>> {words}"), stage.painter.picture())))
    canvas = await stage.canvas(words, [photo("teal")])
    await canvas.ask(words, reply_to=await canvas.first())
    assert (await stage.ana.slash("studio", "imagine", prompt=words, image1=("../../a\u202e.png", photo("gold")[1]))).ok
    assert (await stage.ana.slash(canvas.id, "history")).ok
    stage.fault("blocked:SAFETY", words[:20])
    await canvas.ask(words)
    await stage.meanwhile()
    told = [post for place in (canvas.id, "studio") for post in await stage.ana.messages(place, 50) if post.is_from_bot]
    assert len(told) > 3
    for post in told:
        assert (post.data["mention_everyone"], post.data["mention_roles"], post.data["mentions"]) == (False, [], [])
        assert not TURNING.search(receipt(post))
    assert not TURNING.search(stage.sandbox.world.channel(canvas.id).name)


async def test_garbled_events_neither_end_the_bot_nor_keep_it_from_its_work(theatre: Stage):
    stage = theatre  # whose log is not clean after this
    await tidy(stage)
    canvas = await stage.canvas("a lighthouse", [photo("teal")])
    await canvas.ask("make it night", reply_to=await canvas.first())
    await stage.ana.slash(canvas.id, "history")
    pid, random = stage.bot.pid, Random(7)
    events = heard(stage)
    assert {name for name, _ in events} >= {"MESSAGE_CREATE", "INTERACTION_CREATE"}
    for _ in range(300):
        name, data = random.choice(events)
        for _ in range(random.randint(1, 4)):
            data = json_mutated(data, random)
        for session in stage.sandbox.gateway._live(seed.BOT):
            session.send(name, data)
    ask = await canvas.say("add a moon, and nothing else")
    answer = await canvas.by.wait_for(lambda post: is_answer(post) and post.reply_to == ask.id, canvas.id)
    assert numbers(answer)
    assert (stage.bot.running, stage.bot.pid) == (True, pid)


def heard(stage: Stage) -> list[tuple[str, bytes]]:
    """What the bot was told so far, of the kinds that are garbled."""
    frames: list[Any] = [
        json.loads(frame) for session in stage.sandbox.gateway._live(seed.BOT) for _, frame in session._sent
    ]
    return [(each["t"], json.dumps(each["d"]).encode()) for each in frames if each["t"] in GARBLED]


@pytest.mark.parametrize("status", [301, 302, 307])
async def test_a_file_whose_address_leads_elsewhere_is_fetched_from_nowhere(stage: Stage, status: int):
    asked: list[str] = []

    async def heard(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(body=photo("gold")[1])

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", heard)
    async with TestServer(app, host="localhost") as elsewhere:
        away = str(elsewhere.make_url("/a.png").with_host("localhost"))
        stage.sandbox.faults.add("answer", "GET", "/attachments/*/*/*", status=status, headers={"Location": away})
        ask = await stage.ana.say("studio", f"{BOT} a hat", [("a.png", photo("teal")[1])])
        told = await stage.ana.wait_for(lambda post: post.reply_to == ask.id, "studio", DEADLINE)
    assert "a.png" in told.text.replace("\\", "")
    assert (told.pictures, asked) == ([], [])
