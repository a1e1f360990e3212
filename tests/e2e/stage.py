"""The stage that the tests play on: the sandbox in this process, the real bot in its own, and three members."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.catalogue import load_catalogue
from bot.sandbox import Member, Post, Sandbox, World, open_sandbox
from bot.sandbox.discord import seed
from bot.sandbox.discord.link import File
from bot.sandbox.discord.permissions import Permission
from bot.sandbox.gemini import CONTROL, Control, Fault, Settings, make_gemini_app
from bot.sandbox.gemini.record import Entry
from tests.e2e.process import BotProcess, Sections
from tests.e2e.sketches import Sketches, digest

PAINTING = "/gemini/*/models/*"
REQUESTS = 100_000  #: that the painter remembers
DEADLINE = 30.0  #: seconds that any wait may take
BOT = f"<@{seed.BOT}>"
STATUS = re.compile(r"^(🎨|🕰️|⏳).*<t:\d+:R>", re.DOTALL)
NUMBERED = re.compile(r"^easel-\d+-v(\d+)\.\w+$")


@dataclass
class Stage:
    """Everything a play needs."""

    sandbox: Sandbox
    gemini: Control
    painter: Sketches
    bot: BotProcess
    _files: dict[str, str] = field(default_factory=dict)

    @property
    def ana(self) -> Member:
        return self.sandbox.member("ana")

    @property
    def ben(self) -> Member:
        return self.sandbox.member("ben")

    @property
    def cleo(self) -> Member:
        return self.sandbox.member("cleo")

    # -- the bot -----------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        await self.until(lambda: not self.sandbox.bot_is_connected)
        await self.bot.start(lambda: self.sandbox.bot_is_connected)

    async def restart(self, **sections: Any) -> None:
        """Stop and start, with other keys in the configuration where some are given."""
        if self.bot.running:
            assert await self.bot.stop() == 0
        self.bot.configure(**sections)
        await self.start()

    @asynccontextmanager
    async def configured(self, **sections: Any) -> AsyncIterator[None]:
        """The bot, started anew with other keys in its configuration; at the end it rests, and they are as before."""
        usual = {name: dict(keys) for name, keys in self.bot.sections.items()}
        await self.restart(**sections)
        try:
            yield
        finally:
            await self.bot.stop()
            self.bot.sections = usual

    async def kill(self) -> None:
        self.bot.kill()
        await self.bot.ended()

    async def revive(self) -> None:
        """Start it again once it is dead."""
        await self.bot.ended()
        await self.start()

    # -- what people do ----------------------------------------------------------------------------------------------

    async def canvas(
        self, words: str = "a red house by the sea", pictures: Sequence[File] = (), by: Member | None = None
    ) -> Canvas:
        """A thread that the bot opened in #studio for these words, with its answer in it."""
        by = by or self.ana
        canvas = await self.opened(await by.say("studio", f"{BOT} {words}", pictures), by)
        await canvas.first()
        return canvas

    async def opened(self, post: Post, by: Member | None = None) -> Canvas:
        """The thread that opens from a message."""
        by = by or self.ana
        await by.link.wait_until(lambda: by.channels.get(post.id), DEADLINE)
        return Canvas(self, post.id, by)

    # -- what the painter saw ----------------------------------------------------------------------------------------

    def fault(self, kind: str, match: str | None = None, **more: Any) -> None:
        """Something goes wrong with the next request for these words."""
        self.gemini.faults.add(Fault(kind, match, **more))

    @asynccontextmanager
    async def held(self) -> AsyncIterator[Callable[[], int]]:
        """The painter's next request waits at its door for as long as this is open; tells whether it is there."""
        gate = self.sandbox.faults.add("hold", "POST", PAINTING)
        try:
            yield lambda: gate.seen
        finally:
            await self.until(lambda: gate.seen)
            gate.release()

    @asynccontextmanager
    async def granting(self, permission: Permission, role: int = seed.GUEST) -> AsyncIterator[None]:
        """Everybody with the role has this permission for as long as this is open."""
        june, path = self.sandbox.member("june"), f"/guilds/{seed.GUILD}/roles/{role}"
        usual = self.sandbox.world.guild(seed.GUILD).roles[role].permissions
        await june.call("PATCH", path, {"permissions": str(int(usual | permission))})
        try:
            yield
        finally:
            await june.call("PATCH", path, {"permissions": str(int(usual))})

    async def meanwhile(self) -> None:
        """Something else is painted from beginning to end: by then, all that was said before has been heard."""
        await self.canvas("something else")

    def requests(self, words: str) -> list[Entry]:
        """The requests with exactly these words as their instruction."""
        return [each for each in self.gemini.ledger.requests if each.texts and _instruction(each.texts[-1]) == words]

    def request(self, words: str) -> Entry:
        """The one request with these words."""
        [found] = self.requests(words)
        return found

    # -- patience ----------------------------------------------------------------------------------------------------

    async def until(self, found: Callable[[], Any], seconds: float = DEADLINE) -> Any:
        """What `found` returns once there is something."""
        async with asyncio.timeout(seconds):
            while not (value := found()):  # noqa: ASYNC110 - watches another process's traces, which tell nobody
                await asyncio.sleep(0.01)
            return value

    async def digest(self, post: Post, number: str = "") -> str:
        """The digest of a message's one picture as people get it, or of the one with this number."""
        [shown] = [each for each in post.pictures if not number or f"-{number}." in each.name]
        if shown.name not in self._files:
            self._files[shown.name] = digest(await self.ana.fetch(shown))
        return self._files[shown.name]


@dataclass(frozen=True)
class Canvas:
    """A thread, seen and written in by somebody."""

    stage: Stage
    id: int
    by: Member

    async def say(
        self, words: str = "", pictures: Sequence[File] = (), reply_to: Post | None = None, ping: bool = False
    ) -> Post:
        return await self.by.say(self.id, words, pictures, reply_to, ping)

    async def ask(
        self, words: str = "", pictures: Sequence[File] = (), reply_to: Post | None = None, ping: bool = False
    ) -> Post:
        """Say it, and wait for the answer."""
        return await self.answer(await self.say(words, pictures, reply_to, ping))

    async def lock(self) -> None:
        await self.stage.ana.call("PATCH", f"/channels/{self.id}", {"archived": True, "locked": True})

    async def unlock(self) -> None:
        await self.stage.ana.call("PATCH", f"/channels/{self.id}", {"archived": False, "locked": False})

    async def answer(self, ask: Post, seconds: float = DEADLINE) -> Post:
        """The answer to a message, as soon as it is there; statuses are none."""
        return await self.by.wait_for(lambda post: is_answer(post) and post.reply_to == ask.id, self.id, seconds)

    async def first(self, seconds: float = DEADLINE) -> Post:
        """The first answer in the thread."""
        return await self.by.wait_for(is_answer, self.id, seconds)

    async def status(self, ask: Post | None = None) -> Post:
        """The status of a waiting ask."""
        asked = ask.id if ask else None
        return await self.by.wait_for(lambda post: is_status(post) and post.reply_to == asked, self.id, DEADLINE)

    async def posts(self) -> list[Post]:
        """The bot's messages, the oldest first."""
        return [each for each in await self.by.messages(self.id, 100) if each.is_from_bot and each.data["type"] != 21]

    async def pictures(self) -> dict[str, Post]:
        """The painted pictures by their numbers, `v1` and so on; each number once."""
        found: dict[str, Post] = {}
        for post in await self.posts():
            for number in numbers(post):
                assert number not in found, f"{number} is there twice"
                found[number] = post
        return found

    async def saw(self, words: str) -> list[str]:
        """What the painter was shown for these words: painted pictures by their numbers here, photos by colour."""
        return [await self.name(each.sha256) for each in self.stage.request(words).pictures]

    async def saw_last(self, words: str) -> list[str]:
        """The same of the last request, where there were several."""
        return [await self.name(each.sha256) for each in self.stage.requests(words)[-1].pictures]

    async def name(self, sha256: str) -> str:
        known = {await self.stage.digest(post, number): number for number, post in (await self.pictures()).items()}
        return known.get(sha256) or self.stage.painter.colour(sha256)

    def seen_by(self, member: Member) -> Canvas:
        """The same thread, in somebody else's hands."""
        return Canvas(self.stage, self.id, member)


def sentence(key: str, **values: object) -> str:
    """What the catalogue says, up to the first value that is not given."""
    section, name = key.split(".")
    said, *_ = re.split(r"\{(?!" + "|".join([*values, "$^"]) + r")\w+\}", load_catalogue().texts[section][name])
    return said.format_map(values)


def is_status(post: Post) -> bool:
    return post.is_from_bot and bool(STATUS.match(post.text)) and not post.pictures


def is_answer(post: Post) -> bool:
    return post.is_from_bot and post.kind in (0, 19) and not is_status(post) and not post.is_whisper


def numbers(post: Post) -> list[str]:
    """The numbers of the pictures in a message, from their files' names."""
    found = [NUMBERED.match(each.name) for each in post.pictures]
    return [f"v{match[1]}" for match in found if match]


def receipt(post: Post) -> str:
    """The small lines under an answer."""
    return "\n".join(line.removeprefix("-# ") for line in post.text.splitlines() if line.startswith("-# "))


def _instruction(text: str) -> str:
    return text.removeprefix("Instruction: ").split("\nChange only this", maxsplit=1)[0]


@asynccontextmanager
async def open_stage(
    folder: Path,
    sections: Sections,
    painter: Sketches | None = None,
    world: World | None = None,
    prepare: Callable[[BotProcess], None] = lambda _: None,
) -> AsyncIterator[Stage]:
    """The curtain rises: sandbox up, bot running. Whatever happens, both are gone at the end."""
    painter = painter or Sketches()
    app = make_gemini_app(painter, Settings(kept=REQUESTS))
    async with open_sandbox(gemini=app, world=world) as sandbox:
        usual = _usual(sandbox, folder)
        everything = {name: {**usual.get(name, {}), **sections.get(name, {})} for name in {**usual, **sections}}
        bot = BotProcess(folder, everything, DISCORD_TOKEN=sandbox.bot_token, GEMINI_API_KEY="a key")
        prepare(bot)
        stage = Stage(sandbox, app[CONTROL], painter, bot)
        try:
            await asyncio.gather(stage.start(), *(each.link.open() for each in (stage.ana, stage.ben, stage.cleo)))
            yield stage
        finally:
            sandbox.faults.clear()
            bot.kill()
            await bot.ended()


def _usual(sandbox: Sandbox, folder: Path) -> dict[str, dict[str, Any]]:
    fences = ("pictures_per_member_hour", "pictures_per_server_day", "refused_per_member_hour")
    return {
        "discord": {
            "api_url": sandbox.api_url,
            "gateway_url": sandbox.gateway_url,
            "cdn_hosts": [sandbox.cdn_host],
            "direct_messages": True,
        },
        "gemini": {"base_url": sandbox.gemini_url},
        "storage": {"directory": str(folder / "data")},
        "health": {"listen": ""},
        "limits": dict.fromkeys(fences, 0) | {"dollars_per_10_minutes": 0.0, "dollars_per_day": 0.0},
        "logging": {"level": "INFO"},
    }
