"""All that the bot does on Discord, put together and given to the client."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.audit.teller import Teller
from bot.catalogue import Catalogue
from bot.config import Settings
from bot.cookbook import open_cookbook
from bot.deleting.erasure import Eraser
from bot.deleting.export import Export
from bot.deleting.unposting import Unposting
from bot.downloads import Downloads
from bot.gallery import Gallery
from bot.limits.threshold import Threshold
from bot.manners import Manners
from bot.owners.petitions import Petitions
from bot.pictures import Pictures
from bot.recognition import Recognition
from bot.store import Store
from bot.studio import Crew, Studio
from bot.views.album import Album
from bot.views.thumbnails import Thumbnails
from cogs.asker import Asker
from cogs.audit import Audit
from cogs.audit import Desk as AuditDesk
from cogs.automod import AutoModCog
from cogs.blocking import Blocking
from cogs.catchup import CatchUp
from cogs.client import Client
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
from cogs.roster import DiscordRoster
from cogs.router import Handler, Router
from cogs.settings import SettingsPanel
from cogs.timelapse import Timelapse
from cogs.translate import Translator
from cogs.usage import Books, Usage
from cogs.usage_report import Bureau, UsageReport
from cogs.variations import Variations
from cogs.waiting import Waiting
from cogs.words import WordLists


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
    threshold: Threshold
    unposting: Unposting


async def add_cogs(studio: Studio, tools: Tools, client: Client, settings: Settings, catalogue: Catalogue) -> None:
    """Everything that the bot does on Discord, its commands among it."""
    store = tools.store
    translator = Translator(client, catalogue, settings.discord, Manners(store, settings))
    gate = client.gate = Gate(translator, catalogue)
    await client.add_cog(Locales(store))
    await client.add_cog(Edits(studio, translator))
    await client.add_cog(Deletions(client, studio, tools.eraser, tools.unposting))
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
        PrivacyCog(_privacy(tools, settings, catalogue)),
    )
    for each in pressed:
        await client.add_cog(each)
    return [each.verbs for each in pressed]


async def add_words(crew: Crew, tools: Tools, client: Client) -> None:
    """The rules on words, heard of and changed."""
    assert crew.reception.words is not None
    await client.add_cog(AutoModCog(crew.reception.words))
    await client.add_cog(WordLists(crew.reception.words, tools.downloads, crew.catalogue))


def _privacy(tools: Tools, settings: Settings, catalogue: Catalogue) -> PrivacyDesk:
    export = Export(tools.store, tools.gallery, tools.pictures, settings.storage.directory)
    return PrivacyDesk(tools.eraser, export, settings.privacy, catalogue)


async def _viewers(tools: Tools, client: Client, catalogue: Catalogue) -> list[Mapping[str, Handler]]:
    """What shows pictures and paints none: its verbs."""
    album = Album(tools.store, Thumbnails(tools.gallery, tools.pictures), tools.pictures, catalogue)
    viewers = (History(album), Compare(album), Timelapse(album))
    for each in viewers:
        await client.add_cog(each)
    return [each.verbs for each in viewers]
