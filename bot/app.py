"""The composition root: one `async with` opens all, and its order is the order of closing."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass

import aiohttp

from bot.admission import Admission
from bot.adviser import Adviser
from bot.album import Album
from bot.automod import Book
from bot.blocks import Blocks
from bot.brush import Brush
from bot.catalogue import Catalogue, load_catalogue
from bot.config import Settings
from bot.cookbook import open_cookbook
from bot.delivery import Delivery
from bot.downloads import Downloads
from bot.erasure import Eraser, erasing
from bot.errors import Unstartable
from bot.export import Export
from bot.filters import Filters
from bot.gallery import Gallery, open_gallery
from bot.gemini import Gemini, GeminiWriter, Pen, Terms
from bot.health import Check, Health, Sparing, open_health, room_in
from bot.journal import Journal
from bot.lock import alone
from bot.manners import Manners
from bot.metrics import loop_watched
from bot.outlook import Outlook, foreseen
from bot.pauses import Pauses
from bot.petitions import Petitions, attended
from bot.pictures import Pictures
from bot.reception import Reception
from bot.recognition import Recognition, at_work
from bot.removal import Removal
from bot.reports import Reports
from bot.sentry import Sentry, standing
from bot.store import Store, open_store
from bot.studio import Crew, Studio, open_studio
from bot.teller import Teller, telling
from bot.thumbnails import Thumbnails
from bot.turnstile import Turnstile
from bot.words import open_words
from cogs.asker import Asker
from cogs.audit import Audit
from cogs.audit import Desk as AuditDesk
from cogs.automod import AutoModCog, DiscordRules
from cogs.blocking import Blocking
from cogs.catchup import CatchUp
from cogs.client import Client, connection, point_at
from cogs.compare import Compare
from cogs.consent import Consents
from cogs.deletions import Deletions
from cogs.edits import Edits
from cogs.gate import Gate
from cogs.help import Guide
from cogs.history import History
from cogs.imagine import Imagine
from cogs.limits import LimitsPanel
from cogs.locales import Locales
from cogs.menus import Menus
from cogs.more import Kit, More
from cogs.origins import Origins, Sight
from cogs.pickers import Pickers
from cogs.postman import DiscordPostman
from cogs.privacy import PrivacyCog, PrivacyDesk
from cogs.recipes import Recipes
from cogs.reports import Reporting
from cogs.results import Results
from cogs.roster import DiscordRoster, Roll
from cogs.router import Handler, Router
from cogs.settings import SettingsPanel
from cogs.timelapse import Timelapse
from cogs.translate import Translator
from cogs.usage import Books, Usage
from cogs.usage_report import Bureau, UsageReport
from cogs.variations import Variations
from cogs.waiting import Waiting
from cogs.words import WordLists

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Tools:
    """What studio and cogs work with."""

    store: Store
    gallery: Gallery
    pictures: Pictures
    downloads: Downloads
    postman: DiscordPostman
    petitions: Petitions
    recognition: Recognition
    teller: Teller
    eraser: Eraser
    roster: DiscordRoster


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
        studio = await stack.enter_async_context(open_studio(crew, settings.discord.stop_seconds))
        await add_cogs(studio, tools, client, settings, catalogue)
        await add_words(crew, tools, client)
        await client.add_cog(Roll(tools.roster, settings.limits))
        await stack.enter_async_context(loop_watched(crew.journal.metrics))
        health = _health(crew, client, settings)
        await stack.enter_async_context(open_health(settings.health.address, health))
        await client.log_in(settings.token.value)
        await client.tell_commands()
        await stack.enter_async_context(erasing(tools.eraser))
        await Pauses(store, crew.turnstile).begin()
        Blocks(store, studio, tools.petitions, catalogue).begin()
        await studio.resume()  # before any event can begin the same turn
        await stack.enter_async_context(telling(tools.teller))
        sentry = Sentry(store, tools.postman, settings, catalogue, crew.journal, health.checks)
        await stack.enter_async_context(standing(sentry))
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
    recognition = await stack.enter_async_context(at_work(Recognition(store, gallery, pictures)))
    postman, roster = DiscordPostman(client), DiscordRoster(client)
    eraser = Eraser(Removal(store, gallery, postman, catalogue))
    reports = Reports(store, gallery, pictures, eraser.removal, catalogue)
    teller = Teller(store, postman, reports, catalogue, settings.gemini.names)
    petitions = Petitions(store, postman, catalogue, settings.discord.consent_hours * 3600)
    await stack.enter_async_context(attended(petitions))
    return Tools(store, gallery, pictures, downloads, postman, petitions, recognition, teller, eraser, roster)


async def _crew(stack: AsyncExitStack, tools: Tools, settings: Settings, catalogue: Catalogue) -> Crew:
    store, gallery, pictures, postman = tools.store, tools.gallery, tools.pictures, tools.postman
    journal = Journal()
    painter = await stack.enter_async_context(Gemini(Terms.of(settings), gallery, pictures, journal=journal))
    await stack.enter_async_context(foreseen(Outlook(settings, catalogue), painter.models))
    admission = Admission(tools.recognition, tools.downloads, tools.roster)
    rules = Book(DiscordRules(postman.client))
    words = await stack.enter_async_context(open_words(store, rules, postman, catalogue))
    filters = Filters(store, postman, allowed=bool(settings.gemini.relaxed_safety))
    return Crew(
        store=store,
        postman=postman,
        reception=Reception(store, admission, postman, settings, catalogue, journal=journal, words=words),
        brush=Brush(
            store, painter, settings, catalogue, journal, _adviser(store, painter, settings, catalogue), filters
        ),
        delivery=Delivery(store, gallery, pictures, postman, words=words),
        turnstile=Turnstile(settings.gemini.at_once),
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
    return Health(checks, crew.journal)


def _adviser(store: Store, gemini: Gemini, settings: Settings, catalogue: Catalogue) -> Adviser:
    model = settings.gemini.text_model
    writer = GeminiWriter(gemini, Pen(model, settings.gemini.text_price)) if model else None
    return Adviser(store, settings, catalogue, writer)


async def add_cogs(studio: Studio, tools: Tools, client: Client, settings: Settings, catalogue: Catalogue) -> None:
    """Everything that the bot does on Discord, its commands among it."""
    store = tools.store
    translator = Translator(client, catalogue, settings.discord, Manners(store, settings))
    gate = client.gate = Gate(translator, catalogue)
    await client.add_cog(Locales(store))
    await client.add_cog(Edits(studio, translator))
    await client.add_cog(Deletions(client, studio, tools.eraser))
    await client.add_cog(Imagine(studio, translator))
    pickers = Pickers(studio, store, translator, catalogue)
    asker = Asker(studio, store, translator, catalogue)
    results = Results(asker, store, catalogue)
    panel = SettingsPanel(store, tools.postman, translator, catalogue)
    await client.add_cog(panel)
    guide = Guide(client, settings.limits, catalogue)
    await client.add_cog(guide)
    kit = Kit(store, tools.gallery, tools.eraser.removal, settings.gemini.models)
    more = More(asker, kit, catalogue)
    variations, waiting = Variations(more.asker), Waiting(studio, store, catalogue)
    recipes = Recipes(asker, open_cookbook(settings.gemini.recipes))
    await client.add_cog(recipes)
    menus = Menus(asker, catalogue)
    await client.add_cog(menus)
    sight = Sight(tools.recognition, tools.downloads, settings.gemini.models)
    await client.add_cog(Origins(asker, sight, catalogue))
    verbs = (each.verbs for each in (pickers, results, more, panel, guide, variations, waiting, recipes, menus))
    governing = await _governing(asker, tools, client, settings)
    await client.add_cog(Router(gate, catalogue, *await _viewers(tools, client, catalogue), *governing, *verbs))
    await client.add_cog(CatchUp(studio, tools.eraser, translator, settings.discord))


async def _governing(asker: Asker, tools: Tools, client: Client, settings: Settings) -> list[Mapping[str, Handler]]:
    """Limits, consent, the audit log, privacy: what moderators decide, and members for themselves. Its verbs."""
    store, catalogue = tools.store, asker.catalogue
    await client.add_cog(Blocking(store, catalogue))
    books = Books(store, settings, tools.roster)
    await client.add_cog(Usage(books, asker.translator))
    pressed = (
        UsageReport(Bureau(books, tools.pictures, catalogue)),
        LimitsPanel(store, settings, catalogue),
        Consents(asker, tools.petitions),
        Audit(AuditDesk(store, tools.teller, catalogue)),
        Reporting(asker, tools.teller.reports, tools.roster),
        PrivacyCog(_privacy(asker.studio, tools, settings, catalogue)),
    )
    for each in pressed:
        await client.add_cog(each)
    return [each.verbs for each in pressed]


async def add_words(crew: Crew, tools: Tools, client: Client) -> None:
    """The rules on words, heard of and changed."""
    assert crew.reception.words is not None
    await client.add_cog(AutoModCog(crew.reception.words))
    await client.add_cog(WordLists(crew.reception.words, tools.downloads, crew.catalogue))


def _privacy(studio: Studio, tools: Tools, settings: Settings, catalogue: Catalogue) -> PrivacyDesk:
    export = Export(tools.store, tools.gallery, tools.pictures, settings.storage.directory)
    return PrivacyDesk(studio, tools.eraser, export, settings.privacy, catalogue)


async def _viewers(tools: Tools, client: Client, catalogue: Catalogue) -> list[Mapping[str, Handler]]:
    """What shows pictures and paints none: its verbs."""
    album = Album(tools.store, Thumbnails(tools.gallery, tools.pictures), tools.pictures, catalogue)
    viewers = (History(album), Compare(album), Timelapse(album))
    for each in viewers:
        await client.add_cog(each)
    return [each.verbs for each in viewers]


def _listen_for_stop(stop: asyncio.Event) -> None:
    """discord.py listens to Ctrl-C alone; a container's stop would kill us with everything open."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
