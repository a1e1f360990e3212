"""`python -m bot check`, as operators run it: each mistake of theirs with what is printed, and what it ends with.

A new mistake is one line in `MISTAKES`.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from email.utils import formatdate
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.discord import payload, seed
from bot.sandbox.discord.nouns import Overwrite
from bot.sandbox.discord.permissions import Permission
from tests.e2e.process import ROOT, written
from tests.e2e.stage import Stage
from tests.e2e.test_program import without_content

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

KEY, NONSENSE = "a key of Google's that nobody may see", "nonsense, and long enough to be secret"
NOWHERE = "http://127.0.0.1:9"
NO_LIMIT = "Quota exceeded for metric: generate_content_free_tier_requests, limit: 0, model: x"
NO_BILLING = "This API method requires billing to be enabled."
SPENT = "Your prepayment credits are depleted."
LEAKED = "Your API key was reported as leaked. Please use another API key."
OLD = {"id": "gemini-nano-banana-2.1", "retires": "2026-01-01"}
MUCH = """CREATE TABLE x (a); WITH RECURSIVE n (i) AS (SELECT 1 UNION SELECT i + 1 FROM n LIMIT 9999)
    INSERT INTO x SELECT hex(i) FROM n"""
CHECKS = (
    *("configuration", "limits", "disk", "database", "token", "intents", "permissions", "commands"),
    *("key", "model", "painting", "network", "clock"),
)
NEEDS = {"token": ("intents", "permissions", "commands"), "key": ("model", "painting"), "model": ("painting",)}
EVERYTHING = f"configuration {' '.join(f'-{each}' for each in CHECKS[1:])}"
LINE = re.compile(r"^ ([✓✗–]) (ok|problem|skipped) +(\w+) +(.*)$")
SIGNS = {"✓": "ok", "✗": "problem", "–": "skipped"}
COMMANDS = "/applications/{application_id}/commands"


@dataclass(frozen=True)
class Told:
    """What a check printed, its lines unfolded, and what it ended with."""

    status: int | None
    page: str
    states: dict[str, str]

    @property
    def flat(self) -> str:
        return " ".join(self.page.split())


@dataclass
class Scene:
    """What an operator does wrong."""

    stage: Stage
    folder: Path
    sections: dict[str, dict[str, Any]]
    environ: dict[str, str]
    stack: ExitStack
    paint: bool = False

    def set(self, section: str, **keys: Any) -> None:
        self.sections.setdefault(section, {}).update(keys)

    def path(self, name: str) -> Path:
        return self.folder / name

    def undo(self, work: Callable[[], object]) -> None:
        """At the end."""
        self.stack.callback(work)

    def without_file(self) -> None:
        self.sections = {}

    def answers(self, route: str, status: int, body: Any, date: float | None = None) -> None:
        """What GET gets there, for as long as the scene lasts."""
        headers = {} if date is None else {"Date": formatdate(date, usegmt=True)}
        self.stage.sandbox.faults.add("answer", "GET", route, times=None, status=status, body=body, headers=headers)

    def hangs(self, route: str) -> None:
        self.stage.sandbox.faults.add("hold", "GET", route, times=None)

    def paints(self, fault: str, **more: Any) -> None:
        """With --paint, and this happens."""
        self.stage.fault(fault, **more)
        self.paint = True


Mistake = Callable[[Scene], object]


def refusal(code: int, status: str, message: str, reason: str = "") -> dict[str, Any]:
    details = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason}] if reason else []
    return {"error": {"code": code, "status": status, "message": message, "details": details}}


def database(script: str, *, holes: bool = False) -> Mistake:
    """Another one, made by a script; a disk may have lost some of it."""

    def make(at: Scene) -> None:
        file = at.path("other") / "easel.db"
        file.parent.mkdir()
        with closing(sqlite3.connect(file)) as made:
            made.executescript(script)
        if holes:
            data = file.read_bytes()
            file.write_bytes(data[:8192] + bytes(8192) + data[16384:])
        at.set("storage", directory=str(file.parent))

    return make


def file_in_the_way(at: Scene) -> None:
    at.path("file").touch()
    at.set("storage", directory=str(at.path("file") / "data"))


def permit(stage: Stage, channel: int, overwrites: tuple[Overwrite, ...]) -> None:
    stage.sandbox.world.change(stage.sandbox.world.channel(channel), overwrites=overwrites)


def forbidden(permission: Permission, *channels: int) -> Mistake:
    def forbid(at: Scene) -> None:
        for channel in channels:
            usual = at.stage.sandbox.world.channel(channel).overwrites
            bans = tuple(Overwrite(each, deny=int(permission)) for each in (seed.EASEL, seed.GUILD))
            permit(at.stage, channel, (*usual, *bans))
            at.undo(partial(permit, at.stage, channel, usual))

    return forbid


def hidden(at: Scene) -> None:
    rooms = [each.id for each in at.stage.sandbox.world.channels.values() if each.guild_id and not each.is_thread]
    forbidden(Permission.VIEW_CHANNEL, *rooms)(at)


def intent_off(at: Scene) -> None:
    at.stack.enter_context(without_content(at.stage))


def elsewhere(at: Scene) -> None:
    """The portal names a web server that takes commands instead of the bot."""
    usual = payload.application(at.stage.sandbox.world)
    at.answers("/oauth2/applications/@me", 200, usual | {"interactions_endpoint_url": "https://example.org/"})


def untold(at: Scene) -> None:
    """Discord knows none of our commands."""
    world = at.stage.sandbox.world
    at.undo(partial(setattr, world, "commands", world.commands))
    world.commands = []


def another_model(at: Scene) -> None:
    """One of the operator's own paints, and Google has never heard of it."""
    price = {"text_in": 1, "text_out": 1, "image_out": 1, "picture_in_tokens": 1, "picture_out_tokens": {"1K": 1}}
    row = {"id": "gemini-9", "name": "Nine", "sizes": ["1K"], "ratios": ["1:1"], "pictures": 3, "thinking": []}
    at.set(
        "gemini",
        model="gemini-9",
        models=[row | {"signatures": False, "seconds": 9, "longest_side": 999, "price": price}],
    )


def token(value: str) -> Mistake:
    return lambda at: at.environ.update(DISCORD_TOKEN=value)


def key(value: str) -> Mistake:
    return lambda at: at.environ.update(GEMINI_API_KEY=value)


def config(section: str, **keys: Any) -> Mistake:
    return lambda at: at.set(section, **keys)


def google(code: int, status: str, message: str, reason: str = "") -> Mistake:
    """What it answers when it is asked for its models."""
    return lambda at: at.answers("/gemini/v1/models", code, refusal(code, status, message, reason))


def painted(fault: str = "slow", **more: Any) -> Mistake:
    return lambda at: at.paints(fault, **more)


def unpaid(code: int, status: str, message: str) -> Mistake:
    return painted("raw", status=code, text=json.dumps(refusal(code, status, message)))


def clock(seconds: float) -> Mistake:
    """Ours, seen from Discord's."""
    return lambda at: at.answers("/gateway", 200, {"url": "ws://127.0.0.1"}, date=time.time() - seconds)


def several(*mistakes: Mistake) -> Mistake:
    return lambda at: [mistake(at) for mistake in mistakes]


# What is done wrong, the checks that find it (with a minus: that are skipped for it), and words of what they say.
MISTAKES: list[tuple[str, Mistake, str, str]] = [
    ("none at all", lambda _: None, "", "All is well."),
    # the configuration
    ("no file", lambda at: at.without_file(), EVERYTHING, "copy config.example.toml there"),
    ("a key misspelt", config("discord", cdn_host="x"), "configuration", "Did you mean discord.cdn_hosts?"),
    ("an unknown model", config("gemini", model="gemini-9"), "configuration", "names no model that Easel knows"),
    ("a wrong token", token(NONSENSE), "token", "→ Copy it anew from the developer portal"),
    ("a torn token", token("two\nlines"), "token", "→ Copy it anew from the developer portal"),
    ("no token", token(""), "configuration -token", "names DISCORD_TOKEN that is empty or not set"),
    ("no key", key(" "), "configuration -key", "names GEMINI_API_KEY that is empty or not set"),
    ("a limit below a picture", config("limits", dollars_per_day=0.02), "limits", "dollars_per_day = 0.02"),
    ("a limit of next to nothing", config("limits", dollars_per_day=1e-7), "limits", "→ Raise it"),
    # Google
    ("a wrong key", google(400, "INVALID_ARGUMENT", "No.", "API_KEY_INVALID"), "key", "→ Copy it anew from Google AI"),
    ("a published key", google(403, "PERMISSION_DENIED", LEAKED), "key", "→ Make a new one"),
    ("a restricted key", google(403, "PERMISSION_DENIED", "Blocked."), "key", "allow the key the Generative"),
    ("a country without", google(400, "FAILED_PRECONDITION", "Location."), "key", "→ Run the bot in a country"),
    ("Google away", config("gemini", base_url=NOWHERE), "key", "at http://127.0.0.1:9: Connection refused."),
    ("Google ill", google(503, "UNAVAILABLE", "Overloaded."), "key", "→ Try again in some minutes."),
    ("not Google", lambda at: at.answers("/gemini/v1/models", 404, "<html>no</html>"), "key", "Mend [gemini] base_url"),
    ("a model that is gone", another_model, "model", "Google has no model gemini-9"),
    ("a model retired", config("gemini", models=[OLD]), "model", "time ended on 2026-01-01. → Choose another"),
    # Discord
    ("Discord away", config("discord", api_url=NOWHERE), "token", "at http://127.0.0.1:9: Connection refused."),
    ("Discord ill", lambda at: at.answers("/users/@me/guilds", 503, {}), "permissions", "Discord can't be reached"),
    ("no network", several(config("discord", api_url=NOWHERE), config("gemini", base_url=NOWHERE)),
        "token key -clock", "Look at the network"),
    ("no gateway", config("discord", gateway_url="ws://127.0.0.1:9"), "network", "→ Let this machine out"),
    ("no CDN", config("discord", cdn_hosts=["127.0.0.1", "127.0.0.2"]), "network", "127.0.0.2: Connection refused"),
    ("Discord hanging", lambda at: at.hangs("/users/@me"), "token", "no answer came"),
    ("the intent off", intent_off, "intents", "→ Switch it on in the developer portal"),
    ("the intent unwanted", several(intent_off, config("discord", message_content_intent=False)),
        "", "Message Content is not asked for"),
    ("a permission missing", forbidden(Permission.ATTACH_FILES, seed.LOUNGE),
        "permissions", "· Paint Club: “Attach Files” missing in 1 of 6 channels: #lounge"),
    ("an operator's channel", several(config("discord", operator_channel=str(seed.LOUNGE)),
        forbidden(Permission.SEND_MESSAGES, seed.LOUNGE)), "permissions", "operator_channel: “Send Messages” missing"),
    ("an operator's channel that is none", config("discord", operator_channel="7"),
        "permissions", "operator_channel: “View Channel” missing"),
    ("an operator's channel that hears", config("discord", operator_channel=str(seed.LOUNGE)), "", "channels: 5"),
    ("a room hidden", forbidden(Permission.VIEW_CHANNEL, seed.LOUNGE), "", "servers: 1, channels: 4"),
    ("no room for adults", config("discord", age_restricted_channels_only=True), "", "channels: 1"),
    ("every room hidden", hidden, "permissions", "sees no channel there"),
    ("no server", lambda at: at.answers("/users/@me/guilds", 200, []), "permissions", "oauth2/authorize?client_id="),
    ("commands not told", untold, "commands", "→ Start the bot: at every start it tells Discord"),
    ("commands sent elsewhere", elsewhere, "commands", "empty the Interactions Endpoint URL"),
    # here
    ("a newer database", database("PRAGMA user_version = 999"), "database", "made by a newer Easel"),
    ("an older database", database("CREATE TABLE x (a)"), "", "The next start brings it to version"),
    ("a torn database", database(MUCH, holes=True), "database", "→ Restore it from a backup"),
    ("no database", lambda at: at.set("storage", directory=str(at.path("new"))), "", "the first start makes it"),
    ("a folder that can't be", file_in_the_way, "disk", "→ Give that folder to the user"),
    ("a fast clock", clock(90), "clock", "s ahead of 127.0.0.1's"),
    ("a slow clock", clock(-90), "clock", "s behind 127.0.0.1's"),
    ("a clock a little off", clock(-3), "", "right, by 127.0.0.1"),
    # a picture
    ("a picture", painted(), "+painting", "pixels in"),
    ("a limit of 0", unpaid(429, "RESOURCE_EXHAUSTED", NO_LIMIT), "painting", "→ Set up billing"),
    ("no billing", unpaid(403, "PERMISSION_DENIED", NO_BILLING), "painting", "→ Open the project's billing"),
    ("nothing left", unpaid(429, "RESOURCE_EXHAUSTED", SPENT), "painting", "→ Raise the spending cap"),
    ("a limit reached", painted("429-minute"), "painting", "a limit of its project is reached"),
    ("a picture refused", painted("finish:IMAGE_SAFETY"), "painting", "look at [gemini] safety"),
    ("a picture of words", painted("text-only"), "painting", "answered without a picture"),
    ("a picture lost", painted("drop-after"), "painting", "Google can't be reached"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("mistake", "found", "said"), [each[1:] for each in MISTAKES], ids=[each[0] for each in MISTAKES]
)
async def test_a_mistake_is_told_with_its_remedy_and_keeps_nothing_else_from_being_looked_at(
    stage: Stage, tmp_path: Path, mistake: Mistake, found: str, said: str
):
    with scene_on(stage, tmp_path) as scene:
        mistake(scene)
        told = await checked(scene)
    assert told.states == expected(found)
    assert said in told.flat
    assert told.status == int("problem" in told.states.values())
    assert ("All is well." in told.flat) == (told.status == 0)
    assert not [secret for secret in (KEY, NONSENSE, stage.sandbox.bot_token) if secret in told.page]


async def test_every_problem_of_a_configuration_is_told_with_its_line(stage: Stage, tmp_path: Path):
    path = tmp_path / "config.toml"
    path.write_text('[gemini]\nat_once = 0\nsize = "9K"\n\n[limits]\ndollars_per_day = "much"\n[helth]\n', "utf-8")
    told = await run(path, {"DISCORD_TOKEN": "", "GEMINI_API_KEY": KEY})
    assert told.status == 1
    for line in (
        "line 2: gemini.at_once must be 1 or more, not 0",
        "line 3: gemini.size must be a size of the model: 1K, 2K, 4K",
        "line 6: limits.dollars_per_day must be a number, without quotes",
        "line 7: helth is not a key of Easel's. Did you mean health?",
        "discord.token_env names DISCORD_TOKEN that is empty or not set",
    ):
        assert line in told.flat


async def test_it_never_connects_to_the_gateway_tells_no_commands_and_writes_nothing(stage: Stage, tmp_path: Path):
    with scene_on(stage, tmp_path) as scene:
        untold(scene)
        since = len(stage.sandbox.traffic)
        scene.set("storage", directory=str(scene.path("data")))
        await checked(scene)
    sent = [each for each in list(stage.sandbox.traffic)[since:] if each.who == "bot"]
    assert {each.method for each in sent} == {"GET"}
    assert len([each for each in stage.sandbox.gateway.sessions.values() if each.user_id == seed.BOT]) == 1
    assert not scene.path("data").exists()


# -- what the program does with it at its start ----------------------------------------------------------------------


async def test_commands_are_told_at_the_first_start_and_at_the_next_only_if_they_changed(stage: Stage):
    stage.sandbox.world.commands = []
    seen = len(stage.sandbox.traffic)
    await stage.restart()
    await stage.restart()
    assert told_commands(stage, seen) == 1
    assert "commands that Discord did not know like this were told: Edit this picture" in stage.bot.said()
    known = next(each for each in stage.sandbox.world.commands if each["name"] == "imagine")
    known["description"] = "something older"
    await stage.restart()
    assert told_commands(stage, seen) == 2


async def test_a_model_that_google_does_not_have_is_told_at_the_start_and_the_bot_runs(stage: Stage):
    with scene_on(stage, stage.bot.folder) as scene:
        another_model(scene)
        async with stage.configured(gemini=scene.sections["gemini"]):
            await stage.until(lambda: "Google has no model gemini-9 for this key" in stage.bot.said())
            assert stage.sandbox.bot_is_connected


async def test_a_google_that_never_answers_keeps_nobody_from_starting(stage: Stage):
    gate = stage.sandbox.faults.add("hold", "GET", "/gemini/v1/models")
    await stage.restart()
    await stage.until(lambda: gate.seen)
    assert await stage.bot.stop() == 0


def told_commands(stage: Stage, since: int) -> int:
    sent = [(each.method, each.route) for each in list(stage.sandbox.traffic)[since:]]
    return sent.count(("PUT", COMMANDS))


# -- pieces ----------------------------------------------------------------------------------------------------------


@contextmanager
def scene_on(stage: Stage, folder: Path) -> Iterator[Scene]:
    """The usual set-up, with the bot running on it; at the end all is as before."""
    sections = {name: dict(keys) for name, keys in stage.bot.sections.items()}
    environ = {"DISCORD_TOKEN": stage.sandbox.bot_token, "GEMINI_API_KEY": KEY}
    with ExitStack() as stack:
        stack.callback(stage.sandbox.faults.clear)
        yield Scene(stage, folder, sections, environ, stack)


def expected(found: str) -> dict[str, str]:
    """How every check ends: as these say, and well but for those that need them; nobody asks for a picture."""
    words = {"-": "skipped", "+": "ok"}
    ends = {each.lstrip("-+"): words.get(each[0], "problem") for each in found.split()}
    waiting = [name for each, end in ends.items() if end != "ok" for name in NEEDS.get(each, ())]
    return dict.fromkeys(CHECKS, "ok") | dict.fromkeys(("painting", *waiting), "skipped") | ends


async def checked(scene: Scene) -> Told:
    path = scene.folder / "config.toml"
    if scene.sections:
        path.write_text(written(scene.sections), "utf-8")
    return await run(path, scene.environ, *(["--paint"] if scene.paint else []))


async def run(config: Path, environ: dict[str, str], *more: str) -> Told:
    out = config.with_suffix(".txt")
    with out.open("wb") as page:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "check", "--config", str(config), *more,
            cwd=ROOT, env=os.environ | {"COLUMNS": "100"} | environ,
            stdin=asyncio.subprocess.DEVNULL, stdout=page, stderr=page,
        )  # fmt: skip
    try:
        status = await asyncio.wait_for(process.wait(), 60)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    text = out.read_text("utf-8")
    assert "Traceback" not in text, text
    found = [match.groups() for match in map(LINE.match, text.splitlines()) if match]
    assert all(SIGNS[sign] == word for sign, word, *_ in found)
    return Told(status, text, {name: word for _, word, name, _ in found})
