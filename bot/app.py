"""The composition root: one `async with` opens all, and its order is the order of closing."""

from __future__ import annotations

import asyncio
import logging
import signal
from contextlib import AbstractAsyncContextManager, AsyncExitStack

import aiohttp

from bot.admission import Admission
from bot.audit.reports import Reports
from bot.audit.teller import Teller
from bot.automod import Book
from bot.backlog import Backlog
from bot.blocks import Blocks
from bot.catalogue import Catalogue, load_catalogue
from bot.chores import beside
from bot.config import Settings
from bot.deleting.erasure import Eraser
from bot.deleting.removal import Removal
from bot.deleting.strays import Strays
from bot.deleting.unposting import Unposting
from bot.delivery import Delivery
from bot.downloads import Downloads
from bot.errors import Unstartable
from bot.gallery import open_gallery
from bot.gemini import Gemini, GeminiWriter, Pen, Terms
from bot.health import Check, Health, Sparing, open_health, room_in
from bot.limits.pauses import Pauses
from bot.limits.threshold import Threshold
from bot.lock import alone
from bot.memory import give_back
from bot.moments import HOUR
from bot.owners.petitions import Petitions
from bot.painting.adviser import Adviser
from bot.painting.brush import Brush
from bot.painting.filters import Filters
from bot.pictures import Pictures
from bot.recall import Recall
from bot.reception import Reception
from bot.recognition import Recognition
from bot.store import Store, open_store
from bot.studio import Crew, open_studio
from bot.turnstile import Turnstile
from bot.watch.journal import Journal
from bot.watch.outlook import Outlook
from bot.watch.sentry import Sentry
from bot.words import open_words
from cogs.ajar import Ajar
from cogs.assembly import Tools, add_cogs, add_words
from cogs.automod import DiscordRules
from cogs.client import Client, connection, point_at
from cogs.postman import DiscordPostman
from cogs.reopenings import Reopenings
from cogs.roster import DiscordRoster, Roll

log = logging.getLogger(__name__)


async def run(settings: Settings) -> None:
    """The bot, until it is told to stop. Raises Unstartable."""
    try:
        await _run(settings)
    except BaseExceptionGroup as group:
        raise _unwrapped(group) from None


def _unwrapped(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """Task groups wrap what ends them; the operator wants the sentence inside."""
    found: BaseException | None = group.subgroup(Unstartable)
    while isinstance(found, BaseExceptionGroup):
        found = found.exceptions[0]
    return found or group


async def _run(settings: Settings) -> None:
    stop = asyncio.Event()
    _listen_for_stop(stop)
    point_at(settings.discord)
    catalogue = load_catalogue()
    client = Client(settings.discord, catalogue)
    async with AsyncExitStack() as stack:
        stack.enter_context(alone(settings.storage.directory))
        store = await stack.enter_async_context(open_store(settings.storage.directory, settings.keyring))
        tools = await _tools(stack, store, client, settings, catalogue)
        crew = await _crew(stack, tools, settings, catalogue)
        connect = await stack.enter_async_context(connection(client, stop))
        await stack.enter_async_context(client)
        await stack.enter_async_context(tools.postman.ajar.minded())
        studio = await stack.enter_async_context(open_studio(crew, settings.discord.stop_seconds))
        await add_cogs(studio, tools, client, settings, catalogue)
        await add_words(crew, tools, client)
        await client.add_cog(Roll(tools.roster, settings.limits))
        await stack.enter_async_context(beside(watch=crew.journal.metrics.watch_loop(), memory=give_back()))
        health = _health(crew, client, settings)
        await stack.enter_async_context(open_health(settings.health.address, health))
        await client.log_in(settings.token.value)
        await client.tell_commands()
        await stack.enter_async_context(_cleaning(tools))
        await tools.threshold.pauses.begin()
        Blocks(tools.threshold, studio, tools.petitions, catalogue).begin()
        await Recall(crew, studio, tools.eraser).begin()
        await studio.resume()  # before any event can begin the same turn
        backlog = Backlog(crew, studio, tools.eraser)
        await client.add_cog(Reopenings(backlog))
        await stack.enter_async_context(beside(audit=tools.teller.work(), backlog=backlog.run()))
        sentry = Sentry(store, tools.postman, settings, catalogue, crew.journal, health.checks)
        await sentry.begin()
        await stack.enter_async_context(beside(sentry=sentry.work()))
        connect.set()
        await stop.wait()
        log.info("stopping: nothing new is taken, what is being painted has %s s", settings.discord.stop_seconds)


async def _tools(
    stack: AsyncExitStack, store: Store, client: Client, settings: Settings, catalogue: Catalogue
) -> Tools:
    gallery = open_gallery(settings.storage.directory / "pictures", settings.keyring)
    pictures = await stack.enter_async_context(Pictures(settings.storage.directory))
    pictures.warm_up()
    session = await stack.enter_async_context(aiohttp.ClientSession(trust_env=True))
    downloads = Downloads(session, settings.discord.cdn_hosts, settings.storage.directory)
    recognition = Recognition(store, gallery, pictures)
    await stack.enter_async_context(beside(recognition=recognition.run()))
    postman, roster = DiscordPostman(client, Ajar(client)), DiscordRoster(client)
    eraser = Eraser(Removal(store, gallery, postman, catalogue))
    reports = Reports(store, gallery, pictures, eraser.removal, catalogue)
    teller = Teller(store, postman, reports, catalogue, settings.gemini.names)
    petitions = Petitions(store, postman, catalogue, settings.discord.consent_hours * HOUR)
    await stack.enter_async_context(beside(petitions=petitions.run()))
    pauses = Pauses(store, Turnstile(settings.gemini.at_once))
    threshold = Threshold(store, roster, settings.limits, pauses)
    seen = (store, gallery, pictures, downloads, postman, petitions, recognition)
    return Tools(*seen, teller, eraser, roster, threshold, Unposting(store, postman))


async def _crew(stack: AsyncExitStack, tools: Tools, settings: Settings, catalogue: Catalogue) -> Crew:
    store, gallery, pictures, postman = tools.store, tools.gallery, tools.pictures, tools.postman
    journal = Journal()
    painter = await stack.enter_async_context(Gemini(Terms.of(settings), gallery, pictures, journal=journal))
    await stack.enter_async_context(beside(outlook=Outlook(settings, catalogue).warn(painter.models)))
    admission = Admission(tools.recognition, tools.downloads, tools.roster)
    rules = Book(DiscordRules(postman.client))
    words = await stack.enter_async_context(open_words(store, rules, postman, catalogue, tools.roster))
    filters = Filters(postman, allowed=bool(settings.gemini.relaxed_safety))
    return Crew(
        store=store,
        postman=postman,
        reception=Reception(store, admission, postman, settings, catalogue, journal=journal, words=words),
        brush=Brush(
            store,
            painter,
            settings,
            catalogue,
            journal,
            adviser=_adviser(store, painter, settings, catalogue),
            filters=filters,
            threshold=tools.threshold,
        ),
        delivery=Delivery(store, gallery, pictures, postman, words=words),
        turnstile=tools.threshold.pauses.turnstile,
        catalogue=catalogue,
        journal=journal,
    )


def _health(crew: Crew, client: Client, settings: Settings) -> Health:
    async def gateway() -> bool:
        return client.answering

    async def database() -> bool:
        await crew.store.touch()
        return True

    checks: dict[str, Check] = {
        "gateway": gateway,
        "database": Sparing(database),
        "disk": Sparing(room_in(settings.storage.directory)),
    }
    crew.journal.metrics.waiting.set_function(lambda: crew.turnstile.waiting)
    crew.journal.metrics.connected.set_function(lambda: client.answering)
    crew.journal.metrics.latency.set_function(lambda: client.latency)
    fences = {"10 minutes": settings.limits.dollars_per_10_minutes, "day": settings.limits.dollars_per_day}
    crew.journal.metrics.fence(settings.storage.directory, fences)
    return Health(checks, crew.journal, lambda: client.line.rests_until)


def _cleaning(tools: Tools) -> AbstractAsyncContextManager[None]:
    """What is to go from the database, from Discord and from the gallery goes, beside everything else."""
    strays = Strays(tools.store, tools.gallery)
    return beside(eraser=tools.eraser.run(), unposting=tools.unposting.run(), strays=strays.run())


def _adviser(store: Store, gemini: Gemini, settings: Settings, catalogue: Catalogue) -> Adviser:
    model = settings.gemini.text_model
    writer = GeminiWriter(gemini, Pen(model, settings.gemini.text_price)) if model else None
    return Adviser(store, settings, catalogue, writer)


def _listen_for_stop(stop: asyncio.Event) -> None:
    """discord.py listens to Ctrl-C alone; a container's stop would kill us with everything open."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
