"""Small honest stand-ins for the two ends of the core: a Discord that keeps what it is sent, and a painter.

Neither knows more of the bot than the Protocols `Postman` and `Painter`. Both can be told to fail, before the work is
done or after it.
"""

from __future__ import annotations

import asyncio
import itertools
import re
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path

import aiohttp
from aiohttp import web
from PIL import Image

from bot.admission import Admission
from bot.catalogue import load_catalogue
from bot.config import Settings, load
from bot.delivery import Delivery
from bot.downloads import Downloads
from bot.errors import Unreachable
from bot.forward import Forward
from bot.gallery import Gallery, open_gallery
from bot.letters import Button, Letter, Pace, Sighting
from bot.limits.pauses import Pauses
from bot.limits.threshold import Threshold
from bot.model import Ask, Member, Memory, Painted, Painting, Part, Picture, Place, Quoted, Request, Text, Turn, Upload
from bot.painting.brush import Brush, OnWait
from bot.painting.filters import Filters
from bot.pictures import Pictures
from bot.reception import Reception
from bot.recognition import Recognition
from bot.sealing import Keyring
from bot.standing import Standing
from bot.store import Store, open_store
from bot.studio import Crew, Studio
from bot.tokens import Usage
from bot.turnstile import Turnstile

ADA, BOB = Member(1, "Ada"), Member(2, "Bob")
THREAD = Place(50, 50, server=9, ours=True)
FAST = Pace(typing=30.0, quiet=30.0, pause=0.01, longest_pause=0.02)

CATALOGUE = load_catalogue()
SETTINGS = load(None, {"DISCORD_TOKEN": "t", "GEMINI_API_KEY": "k"})
MODEL = SETTINGS.gemini.models[SETTINGS.gemini.model]


def with_memory(memory: Memory) -> Settings:
    return SETTINGS.model_copy(update={"gemini": SETTINGS.gemini.model_copy(update={"memory": memory})})


def png(colour: str = "red", size: tuple[int, int] = (64, 48)) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, colour).save(out, "PNG")
    return out.getvalue()


@dataclass
class Post:
    """A message in a thread."""

    id: int
    letter: Letter
    texts: list[str]

    @property
    def text(self) -> str:
        return self.texts[-1]

    @property
    def sighting(self) -> Sighting:
        buttons = tuple(each.id for each in self.letter.buttons)
        return Sighting(self.id, self.text, self.files, self.letter.reply_to, buttons)

    @property
    def files(self) -> tuple[str, ...]:
        return tuple(each.name for each in self.letter.files)


class Discord:
    """The postman's Discord: obeys nonces, keeps threads and messages, and fails when it is told to."""

    def __init__(self) -> None:
        self.posts: dict[int, Post] = {}
        self.erased: list[Post] = []
        self.typed: list[int] = []
        self.opened: list[int] = []
        self.signed: list[int] = []
        self.strangers: set[int] = set()
        self.restricted: set[int] = set()
        self.closed: set[int] = set()
        self.unsaid: set[int] = set()
        self.origins: dict[int, Forward] = {}
        self.limit = 10 * 2**20
        self.calls: list[str] = []
        self._ids = itertools.count(1_000_001)
        self._nonces: dict[tuple[int, str], int] = {}
        self._faults: defaultdict[str, deque[tuple[Unreachable, bool]]] = defaultdict(deque)
        self._gates: dict[str, asyncio.Event] = {}

    # -- what a test says and asks

    def fail(self, verb: str, key: str = "unreachable", *, forever: bool = False, done: bool = False) -> None:
        """The next call of this kind fails; `done` says that only its answer is lost."""
        self._faults[verb].append((Unreachable(key, forever=forever, detail="a test"), done))

    def deny(self, verb: str) -> None:
        """The next call of this kind is one that the bot may not make."""
        self._faults[verb].append((Unreachable("unreachable", forever=True, denied=True, detail="a test"), False))

    def block(self, verb: str) -> asyncio.Event:
        """Calls of this kind wait for the event."""
        return self._gates.setdefault(verb, asyncio.Event())

    def thread(self, channel: int = THREAD.conversation) -> list[Post]:
        return [post for post in self.posts.values() if post.letter.channel == channel]

    def said(self, channel: int = THREAD.conversation) -> list[str]:
        return [post.text for post in self.thread(channel)]

    def receipts(self, channel: int = THREAD.conversation) -> list[str]:
        """The last line of every message, without time and price."""
        lines = [text.splitlines()[-1] for text in self.said(channel)]
        return [re.sub(r"^-# | · [\d.]+ s · \$[\d.]+", "", line) for line in lines]

    def statuses(self) -> list[Post]:
        """Every status there was."""
        return [post for post in [*self.posts.values(), *self.erased] if "<t:" in post.text]

    # -- the postman

    async def open(self, turn: Turn) -> None:
        async with self._fate("open"):
            self.opened.append(turn.conversation)

    async def send(self, letter: Letter) -> int:
        async with self._fate("send"):
            assert letter.text.strip() or letter.files, "Discord refuses an empty message"
            assert len(letter.text) <= 2000
            assert len(letter.nonce or "") <= 25
            known = self._nonces.get((letter.channel, letter.nonce)) if letter.nonce else None
            if known is None:
                known = next(self._ids)
                mention = f"<@{letter.ping}>\n" if letter.ping and letter.reply_to is None else ""
                self.posts[known] = Post(known, letter, [mention + letter.text.strip()])
                if letter.nonce:
                    self._nonces[letter.channel, letter.nonce] = known
        return known

    async def edit(self, channel: int, message: int, text: str, buttons: Sequence[Button] = ()) -> None:
        async with self._fate("edit"):
            if message not in self.posts:
                raise Unreachable("unreachable", forever=True, detail="Unknown Message")
            post = self.posts[message]
            post.texts.append(text)
            post.letter = replace(post.letter, buttons=tuple(buttons))

    async def type(self, channel: int) -> None:
        async with self._fate("type"):
            self.typed.append(channel)

    async def erase(self, channel: int, message: int) -> None:
        async with self._fate("erase"):
            if message in self.posts:
                self.erased.append(self.posts.pop(message))

    async def withdraw(self, channel: int, message: int, file: str) -> None:
        async with self._fate("withdraw"):
            if post := self.posts.get(message):
                kept = tuple(each for each in post.letter.files if not each.name.startswith(f"{file}."))
                post.letter = replace(post.letter, files=kept)

    async def sign(self, channel: int, message: int) -> None:
        async with self._fate("sign"):
            self.signed = [each for each in self.signed if each != message] + [message]

    async def unsign(self, channel: int, message: int) -> None:
        async with self._fate("unsign"):
            self.signed = [each for each in self.signed if each != message]

    async def own(self, channel: int, after: int) -> Sequence[Sighting]:
        async with self._fate("own"):
            found = [post for post in self.thread(channel) if post.id > after]
        return [post.sighting for post in found]

    async def knows(self, server: int, member: int) -> bool:
        return member not in self.strangers

    async def is_closed(self, thread: int) -> bool:
        async with self._fate("is_closed"):
            return thread in self.closed

    async def stands(self, channel: int, message: int) -> bool:
        async with self._fate("stands"):
            return message not in self.unsaid

    async def is_restricted(self, thread: int) -> bool:
        async with self._fate("is_restricted"):
            return thread in self.restricted

    async def trace(self, forward: Forward) -> Forward:
        async with self._fate("trace"):
            return self.origins.get(forward.message, forward)

    async def upload_limit(self, server: int | None) -> int:
        return self.limit

    @asynccontextmanager
    async def _fate(self, verb: str) -> AsyncIterator[None]:
        self.calls.append(verb)
        if gate := self._gates.get(verb):
            await gate.wait()
        await asyncio.sleep(0)
        error, done = self._faults[verb].popleft() if self._faults[verb] else (None, False)
        if error and not done:
            raise error
        yield
        if error:
            raise error


Answer = Sequence[str | bytes | Part] | Exception


class Painter:
    """Answers as it is told, else with one picture of a colour of its own; keeps its pictures in the gallery."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.answers: deque[Answer] = deque()
        self.under_way = self.most = 0
        self.pause: float | None = None
        self._gate: asyncio.Event | None = None
        self._colours = itertools.count(1)

    def will(self, *answers: Answer) -> None:
        """What comes next, in order."""
        self.answers.extend(answers)

    def hold(self) -> asyncio.Event:
        """Painting takes until the event is set."""
        self._gate = asyncio.Event()
        return self._gate

    @property
    def words(self) -> list[str]:
        """What was asked of it, the words of the last turn in each request."""
        texts = [[part.text for part in each.contents[-1].parts if isinstance(part, Text)] for each in self.requests]
        return ["\n".join(each) for each in texts]

    def at(self, gallery: Gallery, pictures: Pictures) -> AtWork:
        return AtWork(self, gallery, pictures)

    def next_answer(self) -> Answer:
        return self.answers.popleft() if self.answers else [self.draw()]

    def draw(self) -> bytes:
        number = next(self._colours)
        return png(f"#{number % 256:02x}{number * 37 % 256:02x}99")


@dataclass(frozen=True)
class AtWork:
    """The painter in one process of the bot."""

    painter: Painter
    gallery: Gallery
    pictures: Pictures

    async def paint(self, request: Request, on_wait: OnWait | None = None) -> Painting:
        player = self.painter
        player.requests.append(request)
        answer = player.next_answer()
        player.under_way += 1
        player.most = max(player.most, player.under_way)
        try:
            if player.pause is not None and on_wait:
                on_wait(player.pause)
            await (player._gate.wait() if player._gate else asyncio.sleep(0))
        finally:
            player.under_way -= 1
        if isinstance(answer, Exception):
            raise answer
        parts = tuple([await self._part(each) for each in answer])
        return Painting(parts, Usage(10, 1120, 0, 1120), 0.04, request.model.id, seconds=6.2)

    def estimate(self, request: Request) -> float:
        return 0.25

    async def _part(self, part: str | bytes | Part) -> Part:
        if isinstance(part, str):
            return Text(part, signature=b"\x00text\xff")
        if isinstance(part, bytes):
            await self.gallery.put(part)
            return Painted(await asyncio.to_thread(self.pictures.described, part), signature=b"\x00picture\xff")
        return part


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Cdn:
    """Discord's file host on loopback. A file is bytes, a status, or a handler of its own."""

    def __init__(self, base: str, served: dict[str, bytes | int | Handler], asked: list[str]) -> None:
        self.base = base
        self.served = served
        self.asked = asked
        self._ids = itertools.count(9001)

    def holds(self, name: str, content: bytes | int | Handler) -> Upload:
        """An upload whose file is there from now on."""
        self.served[name] = content
        size = len(content) if isinstance(content, bytes) else 1000
        return Upload(next(self._ids), name, f"{self.base}/{name}", size)


@asynccontextmanager
async def open_cdn() -> AsyncIterator[Cdn]:
    served: dict[str, bytes | int | Handler] = {}
    asked: list[str] = []

    async def serve(request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        asked.append(name)
        content = served.get(name, 404)
        if isinstance(content, bytes):
            return web.Response(body=content)
        return web.Response(status=content) if isinstance(content, int) else await content(request)

    app = web.Application()
    app.router.add_get("/{name}", serve)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        yield Cdn(f"http://{host}:{port}", served, asked)
    finally:
        await runner.cleanup()


@dataclass
class Bot:
    """One process of the bot, Discord and Gemini played."""

    studio: Studio
    store: Store
    gallery: Gallery
    life: asyncio.Task[None]
    world: World

    async def hear(self, *asks: Ask) -> None:
        """Hear them, one after the other."""
        for ask in asks:
            await self.studio.hear(ask)

    async def paint(self, *words: str) -> list[int]:
        """Pictures one after the other; the messages that they were posted in."""
        for each in words:
            await self.hear(self.world.ask(each))
            await self.settle()
        return [post.id for post in self.world.discord.thread()][-len(words) :]

    async def crash(self, *asks: Ask) -> asyncio.Event:
        """The process dies while it paints; the event lets the next one paint."""
        gate = self.world.painter.hold()
        await self.hear(*asks)
        await self.until(lambda: self.world.painter.under_way)
        await self.kill()
        return gate

    async def settle(self) -> None:
        """Wait until nobody works and nobody waits."""
        await self.until(lambda: not self.studio._lives and not self.studio._chores)

    async def until(self, true: Callable[[], object]) -> None:
        async with asyncio.timeout(10):
            while not true():  # noqa: ASYNC110 - it watches values of all kinds
                await asyncio.sleep(0.001)

    async def kill(self) -> None:
        """The process dies: nothing of it does anything more."""
        self.life.cancel()
        await asyncio.wait([self.life])

    async def stop(self, seconds: float = 5.0) -> None:
        """The process is told to stop."""
        await self.studio.drain(seconds)
        await self.kill()

    async def states(self) -> dict[int, str]:
        rows = await self.store.query.all("SELECT id, state FROM turns ORDER BY id")
        return {row["id"]: row["state"] for row in rows}


async def late_png(_request: web.Request) -> web.StreamResponse:
    """A picture that takes a moment to arrive."""
    await asyncio.sleep(0.05)
    return web.Response(body=png())


@dataclass
class Roster:
    """Who is a member where: everybody, without roles, where nothing else is written down."""

    servers: tuple[int, ...] = (9,)
    known: dict[tuple[int, int], Standing | Exception | None] = field(default_factory=dict)
    asked: list[tuple[int, int]] = field(default_factory=list)
    places: dict[int, tuple[int, ...]] = field(default_factory=dict)

    async def gathered(self) -> None:
        return

    def roles(self, server: int) -> Collection[int] | None:
        return None

    def around(self, channel: int) -> Collection[int]:
        return self.places.get(channel, ())

    async def find(self, server: int, member: int) -> Standing | None:
        self.asked.append((server, member))
        found = self.known.get((server, member), Standing(server, frozenset()))
        if isinstance(found, Exception):
            raise found
        return found


@dataclass
class World:
    """What outlives a process: a data directory, Discord, Gemini, and the members' files."""

    directory: Path
    cdn: Cdn
    discord: Discord = field(default_factory=Discord)
    painter: Painter = field(default_factory=Painter)
    roster: Roster = field(default_factory=Roster)
    ids: Iterator[int] = field(default_factory=lambda: itertools.count(101))
    keys: Keyring = field(default_factory=Keyring)

    def ask(self, words: str = "", *uploads: Upload, **others: object) -> Ask:
        """A message in the thread; `reply` is the id of the message that it answers."""
        number = next(self.ids)
        ask = Ask(number, THREAD, ADA, words, uploads, message=number)
        if (reply := others.pop("reply", None)) is not None:
            assert isinstance(reply, int)
            others["quoted"] = Quoted(reply, author=0)
        return replace(ask, **others)  # type: ignore[arg-type]  # the keywords are Ask's own

    @asynccontextmanager
    async def bot(
        self, *, places: int = 100, settings: Settings = SETTINGS, pace: Pace = FAST, resume: bool = True
    ) -> AsyncIterator[Bot]:
        """A process, from its start to its stop."""
        async with AsyncExitStack() as stack:
            store = await stack.enter_async_context(open_store(self.directory, self.keys))
            pictures = await stack.enter_async_context(Pictures())
            session = await stack.enter_async_context(aiohttp.ClientSession())
            gallery = open_gallery(self.directory / "pictures", self.keys)
            downloads = Downloads(session, ["127.0.0.1"], pauses=(0.01,))
            admission = Admission(Recognition(store, gallery, pictures), downloads, self.roster)
            threshold = Threshold(store, self.roster, settings.limits, Pauses(store, Turnstile(places)))
            crew = Crew(
                store=store,
                postman=self.discord,
                reception=Reception(store, admission, self.discord, settings, CATALOGUE, pace=pace),
                brush=Brush(
                    store,
                    self.painter.at(gallery, pictures),
                    settings,
                    CATALOGUE,
                    filters=Filters(self.discord, bool(settings.gemini.relaxed_safety)),
                    threshold=threshold,
                ),
                delivery=Delivery(store, gallery, pictures, self.discord, pace),
                turnstile=threshold.pauses.turnstile,
                catalogue=CATALOGUE,
                pace=pace,
            )
            studio, life = await _started(crew)
            if resume:
                await studio.resume()
            bot = Bot(studio, store, gallery, life, self)
            try:
                yield bot
            finally:
                await bot.stop()


async def _started(crew: Crew) -> tuple[Studio, asyncio.Task[None]]:
    ready: asyncio.Future[Studio] = asyncio.get_running_loop().create_future()

    async def live() -> None:
        async with asyncio.TaskGroup() as group:
            ready.set_result(Studio(crew, group))
            await asyncio.Event().wait()

    life = asyncio.create_task(live())
    return await ready, life


def picture(name: str = "a", width: int = 64, height: int = 48) -> Picture:
    """A picture of which nobody needs the bytes."""
    return Picture(name, "image/png", width, height, 1000)
