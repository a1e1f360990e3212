"""The checks in their order, each as soon as it is known; the bot itself may be running meanwhile."""

from __future__ import annotations

import logging
import shutil
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import fields, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, TextIO, cast

from bot.catalogue import Catalogue, load_catalogue
from bot.check.finding import Check, Finding, State, problem, run
from bot.check.google import Album, Google
from bot.check.ground import Ground
from bot.check.network import Network
from bot.check.page import Page
from bot.check.portal import Portal
from bot.config import Settings, look
from bot.errors import Unstartable
from bot.gemini import Gemini, Patience, Terms
from bot.pictures import Pictures
from cogs.assembly import Tools, add_cogs, add_words
from cogs.client import Client, point_at
from cogs.inspection import Inspection

FIRST = "configuration"
OTHERS = (
    *("limits", "disk", "database", "token", "intents", "permissions", "commands"),
    *("key", "model", "painting", "network", "clock"),
)
NEEDS = MappingProxyType(
    {
        **dict.fromkeys(("intents", "permissions", "commands"), ("token",)),
        "model": ("key",),
        "painting": ("key", "model"),
    }
)


class Nobody:
    """Stands where somebody would carry commands out."""

    def __getattr__(self, name: str) -> Nobody:
        """Whoever belongs to it is nobody either."""
        return self


async def check(config: Path | None, environ: Mapping[str, str], out: TextIO, *, paint: bool = False) -> bool:
    """Look at everything and write what is found; whether all is well. With `paint`, one picture is paid for."""
    logging.getLogger().addHandler(logging.NullHandler())  # what goes wrong is told here, in sentences
    catalogue = load_catalogue()
    width = shutil.get_terminal_size((100, 24)).columns
    file = str(config or catalogue.say("check.defaults"))
    try:
        settings, problems = look(config, environ)
    except Unstartable as error:
        return await _shown(run(_nothing(file, error, catalogue), catalogue), Page(out, width), catalogue)
    page = Page(out, width, settings.secrets)
    async with AsyncExitStack() as stack:
        ground = Ground(settings, catalogue, file, problems)
        checks = await _checks(stack, ground, paint=paint)
        well = await _shown(run(checks, catalogue), page, catalogue)
    if not settings.discord.age_restricted_channels_only:
        page.write(catalogue.say("check.adults"))
    return well


async def _shown(findings: AsyncIterator[tuple[str, Finding]], page: Page, catalogue: Catalogue) -> bool:
    wrong = 0
    async for name, finding in findings:
        page.show(name, finding)
        wrong += finding.state is State.PROBLEM
    page.write()
    page.write(catalogue.say("check.wrong", count=wrong) if wrong else catalogue.say("check.well"))
    return not wrong


def _nothing(file: str, error: Unstartable, catalogue: Catalogue) -> Sequence[Check]:
    """Without a configuration that can be read there is nothing else to look at."""
    reasons = [each.removeprefix("- ") for each in str(error.values["problems"]).splitlines()]

    async def unread() -> Finding:
        return problem(catalogue.say("check.configuration_unread", file=file), *reasons)

    return [Check(FIRST, unread), *(Check(name, unread, (FIRST,)) for name in OTHERS)]


async def _checks(stack: AsyncExitStack, ground: Ground, *, paint: bool) -> Sequence[Check]:
    settings, catalogue = ground.settings, ground.catalogue
    portal = Portal(settings, catalogue, await _inspection(stack, settings, catalogue))
    google = Google(settings, catalogue, await _gemini(stack, settings), paint)
    network = Network(settings, catalogue)
    looks = (
        *(
            ground.limits,
            ground.disk,
            ground.database,
            portal.token,
            portal.intents,
            portal.permissions,
            portal.commands,
        ),
        *(google.key, google.model, google.painting, network.ways, network.clock),
    )
    others = [Check(name, look, NEEDS.get(name, ())) for name, look in zip(OTHERS, looks, strict=True)]
    return [Check(FIRST, ground.configuration), *others]


async def _inspection(stack: AsyncExitStack, settings: Settings, catalogue: Catalogue) -> Inspection:
    """Discord with our commands at hand; what carries them out is not there, and nobody asks for it."""
    point_at(settings.discord)
    client = await stack.enter_async_context(Client(settings.discord, catalogue))
    nobody = cast("Any", Nobody())
    tools = Tools(*[nobody] * len(fields(Tools)))
    await add_cogs(nobody, tools, client, settings, catalogue)
    await add_words(nobody, tools, client)
    return Inspection(client, settings.discord.age_restricted_channels_only)


async def _gemini(stack: AsyncExitStack, settings: Settings) -> Gemini:
    pictures = await stack.enter_async_context(Pictures())
    asking = Terms.of(settings)
    asking = replace(asking, key=asking.key or "none")  # the library wants one before anybody asks with it
    gemini = Gemini(asking, Album(), pictures, Patience(tries=1))
    return await stack.enter_async_context(gemini)
