"""The connection to Discord: intents, no pings, small caches, and a guard against events it can't read."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any

import aiohttp
import discord
import yarl
from discord import app_commands
from discord.ext import commands

from bot.catalogue import Catalogue
from bot.config import Discord
from bot.errors import Unstartable
from bot.language import speaking
from bot.reason import reason
from cogs import registry
from cogs.answers import answering, whisper
from cogs.gate import Gate, named
from cogs.gateway import Line

log = logging.getLogger(__name__)

Parse = Callable[[Any], Any]
SILENCE = 2.5  #: heartbeats without an answer
LAST = 1.0  #: seconds for whoever is still at work when the connection is to be closed
SPARED = ("threads", "emojis", "stickers", "stage_instances", "guild_scheduled_events", "soundboard_sounds")
REMEMBERED = 1000  #: interactions that a repetition is known by


class Tree(app_commands.CommandTree["Client"]):
    """The commands, behind the gate."""

    async def interaction_check(self, interaction: discord.Interaction[Client], /) -> bool:
        """Whether somebody may give a command, or be helped to; if not, they alone are told why."""
        gate, command = self.client.gate, interaction.command
        if gate is None or command is None:
            return gate is not None  # one that we do not have is told so elsewhere
        told = await gate.closed(interaction, named(command))
        if told and interaction.type is not discord.InteractionType.autocomplete:
            await whisper(interaction, told)
        return told is None

    async def _call(self, interaction: discord.Interaction[Client]) -> None:
        if self.client.leaving:
            return
        with self.client.at_work():
            await super()._call(interaction)

    async def on_error(self, interaction: discord.Interaction[Client], error: app_commands.AppCommandError, /) -> None:
        """Whoever gave the command is told; one that Discord still offers, though it is gone or changed, is stale."""
        if isinstance(error, app_commands.CommandNotFound | app_commands.CommandSignatureMismatch):
            log.warning("%s", error)
            await whisper(interaction, self.client.catalogue.say("error.stale_button"))
        else:
            async with answering(interaction, self.client.catalogue):
                raise getattr(error, "original", error)


class Client(commands.Bot):
    """Easel on Discord. Its cogs are added by the composition root, and the gate that commands go through."""

    gate: Gate | None = None

    def __init__(self, settings: Discord, catalogue: Catalogue) -> None:
        self._settings = settings
        self.catalogue = catalogue
        self._at_work: set[asyncio.Task[Any]] = set()
        self.leaving = False  #: nothing new is heard any more
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # the bot never speaks
        super().__init__(
            command_prefix=commands.when_mentioned,
            intents=_intents(settings),
            allowed_mentions=discord.AllowedMentions.none(),
            help_command=None,
            tree_cls=Tree,
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            allowed_installs=app_commands.AppInstallationType(guild=True),
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=settings.direct_messages),
        )
        self.line = Line(self)
        parsers = self._connection.parsers
        parsers["INTERACTION_CREATE"] = _in_its_language(_unrepeated(parsers["INTERACTION_CREATE"]))
        parsers["GUILD_CREATE"] = _at_least(parsers)
        _guard(parsers)

    async def on_message(self, message: discord.Message) -> None:
        """The library would look for text commands; the cogs listen themselves."""

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """The task that goes through this ends with the client."""
        task = asyncio.current_task()
        assert task is not None
        self._at_work.add(task)
        try:
            yield
        finally:
            self._at_work.discard(task)

    async def _run_event(self, *arguments: Any, **named: Any) -> None:
        if self.leaving:
            return
        with self.at_work():
            await super()._run_event(*arguments, **named)

    async def close(self) -> None:
        """Whoever the library told of something has a moment to be done: next, the store is closed."""
        self.leaving = True
        if left := self._at_work - {asyncio.current_task()}:
            await asyncio.wait(left, timeout=LAST)
        await super().close()
        late = self._at_work - {asyncio.current_task()}
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def on_error(self, event_method: str, /, *arguments: Any, **named: Any) -> None:
        """What breaks off at a stop is no mistake."""
        if self.leaving:
            log.info("%s was broken off by the stop", event_method)
        else:
            await super().on_error(event_method, *arguments, **named)

    @property
    def answering(self) -> bool:
        """Whether Discord is there, and has answered one of the last heartbeats."""
        heart = self.ws._keep_alive if self.is_ready() and self.ws.open else None  # noqa: SLF001 - `latency` is never old
        if heart is None or heart.interval is None:
            return False
        return time.perf_counter() - heart._last_ack < SILENCE * heart.interval  # noqa: SLF001 - likewise

    async def log_in(self, token: str) -> None:
        """Introduce ourselves; no event arrives yet. Raises Unstartable."""
        if not token.isprintable():  # in a header it would be an error of the library's
            raise Unstartable("token_refused", variable=self._settings.token_env)
        with self.reaching():
            await self.login(token)

    async def tell_commands(self) -> None:
        """Make Discord know our commands, before the first of them can arrive. Raises Unstartable."""
        with self.reaching():
            await registry.sync(self.tree, self.catalogue)

    async def untold(self) -> list[str]:
        """The names of commands that Discord does not know as they are."""
        return await registry.differing(self.tree, self.catalogue)

    @contextmanager
    def reaching(self) -> Iterator[None]:
        """Whatever keeps us from Discord, as an Unstartable."""
        try:
            yield
        except discord.LoginFailure as error:
            raise Unstartable("token_refused", variable=self._settings.token_env) from error
        except (aiohttp.ClientError, OSError, discord.HTTPException) as error:
            detail = reason(error) or "no answer came"
            raise Unstartable("discord_away", url=self._settings.api_url, detail=detail) from error

    async def connect(self, *, reconnect: bool = True) -> None:
        """Hear what happens, over one connection after the other."""
        del reconnect  # always
        await self.line.keep()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """The library would wait here, at the open line; ours has waited before."""
        del shard_id, initial
        self.line.begin()

    async def hear(self) -> None:
        """Hear what happens until closed: without the privileged intent where Discord withholds it.

        Raises PrivilegedIntentsRequired where none is asked for.
        """
        try:
            await self.connect()
        except discord.PrivilegedIntentsRequired:
            if not self.intents.message_content:
                raise
            log.warning(" ".join(self.catalogue.say("check.intent_missing").split()))
            self._connection._intents.message_content = False  # noqa: SLF001 - the library takes intents only once
            await self.connect()


@asynccontextmanager
async def connection(client: Client, stop: asyncio.Event) -> AsyncIterator[asyncio.Event]:
    """The gateway, from when the yielded event is set until the client is closed. Its end is the program's.

    Raises Unstartable where Discord closed it for good.
    """
    begin = asyncio.Event()
    failures: list[Unstartable] = []

    async def connect() -> None:
        await begin.wait()
        try:
            await client.hear()
        except discord.ConnectionClosed as error:
            failures.append(Unstartable("gateway_closed", code=error.code))
        except discord.PrivilegedIntentsRequired:
            failures.append(Unstartable("intents_refused"))
        finally:
            stop.set()

    async with asyncio.TaskGroup() as group:
        task = group.create_task(connect(), name="gateway")
        try:
            yield begin
        finally:
            task.cancel()  # the client is closed by now; the line may rest until its next try
    if failures:
        raise failures[0]


def point_at(settings: Discord) -> None:
    """Send REST and gateway where the configuration says: Discord, a REST proxy, or the sandbox.

    The gateway's constant is used for every new IDENTIFY, without asking `/gateway` (discord.py 2.7.1, gateway.py).
    """
    discord.http.Route.BASE = settings.api_url
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(settings.gateway_url)


def _intents(settings: Discord) -> discord.Intents:
    # Direct messages are heard even where they are not allowed: the sentence that says so is better than silence.
    intents = discord.Intents(guilds=True, guild_messages=True, dm_messages=True, auto_moderation_configuration=True)
    intents.message_content = settings.message_content_intent
    return intents


def _unrepeated(parse: Parse) -> Parse:
    """An interaction can be answered only once, but the gateway may tell of it several times."""
    known: deque[str] = deque(maxlen=REMEMBERED)

    def parse_once(data: Any) -> None:
        if data["id"] not in known:
            known.append(data["id"])
            parse(data)

    return parse_once


def _at_least(parsers: dict[str, Parse]) -> Parse:
    """A server is not to be lost for one thread or sticker that can't be read: of its threads all others are kept."""
    parse, join = parsers["GUILD_CREATE"], parsers["THREAD_CREATE"]

    def parse_or_less(data: Any) -> None:
        try:
            parse(data)
        except Exception:
            log.exception("not all of server %s could be read", data.get("id"))
            parse({**data, **{name: [] for name in SPARED}})
            for thread in data.get("threads", []):
                with suppress(Exception):  # the one that was told of above
                    join({**thread, "guild_id": data["id"], "newly_created": False})

    return parse_or_less


def _in_its_language(parse: Parse) -> Parse:
    """The tasks that an interaction sets off all speak the language of whoever pressed."""

    def parse_speaking(data: Any) -> None:
        with speaking(data.get("locale")):
            parse(data)

    return parse_speaking


def _guard(parsers: dict[str, Parse]) -> None:
    """discord.py lets an event that it can't parse end the process; here it is logged and skipped."""

    def guarded(name: str, parse: Parse) -> Parse:
        def parse_or_log(data: Any) -> Any:
            try:
                return parse(data)
            except Exception:
                number = secrets.token_hex(4)
                log.exception("an event of type %s could not be read (%s)", name, number, extra={"id": number})
                return None

        return parse_or_log

    for name, parse in list(parsers.items()):
        parsers[name] = guarded(name, parse)
