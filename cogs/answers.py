"""Answers to presses and commands: given though the line breaks, and given up where Discord takes none any more."""

from __future__ import annotations

import logging
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import aiohttp
import discord

from bot.catalogue import Catalogue

Result = TypeVar("Result")

ACKNOWLEDGED = 40060
GONE = {10015, 10062, 50027}  #: nobody waits for it any more, be it for three seconds or for fifteen minutes
ANSWERED = "answered"  #: among an interaction's extras
BROKEN = (aiohttp.ClientError, OSError)

log = logging.getLogger(__name__)


async def acknowledge(interaction: discord.Interaction, *, ephemeral: bool = False, thinking: bool = False) -> None:
    """Say that an answer comes."""
    await first(interaction, lambda: interaction.response.defer(ephemeral=ephemeral, thinking=thinking))


async def announce(interaction: discord.Interaction, text: str) -> int:
    """Answer with a message for everybody; its id."""
    told = await first(interaction, lambda: interaction.response.send_message(text))
    if told is not None and told.message_id is not None:
        return told.message_id
    return (await interaction.original_response()).id


async def whisper(interaction: discord.Interaction, text: str, view: discord.ui.View | None = None) -> None:
    """Tell the presser alone."""
    shown = discord.utils.MISSING if view is None else view
    async with tolerant(interaction):
        if _answered(interaction):
            await interaction.followup.send(text, ephemeral=True, view=shown)
        else:
            await first(interaction, lambda: interaction.response.send_message(text, ephemeral=True, view=shown))


async def show(interaction: discord.Interaction, page: discord.ui.LayoutView) -> None:
    """Open a page for the presser alone."""
    await first(interaction, lambda: interaction.response.send_message(view=page, ephemeral=True))


async def amend(interaction: discord.Interaction, **fields: Any) -> None:
    """Show this in the place of what was pressed, or of what came of it so far."""
    async with tolerant(interaction):
        if _answered(interaction):
            await interaction.edit_original_response(**fields)
        else:
            await first(interaction, lambda: interaction.response.edit_message(**fields))


async def open_form(interaction: discord.Interaction, form: discord.ui.Modal) -> None:
    """Ask for more, in a form."""
    await first(interaction, lambda: interaction.response.send_modal(form))


async def first(interaction: discord.Interaction, answer: Callable[[], Awaitable[Result]]) -> Result | None:
    """The first answer, once more where the line broke; None where Discord has it already."""
    for again in (True, False):
        try:
            return await answer()
        except discord.HTTPException as error:
            if error.code != ACKNOWLEDGED:
                raise
            interaction.extras[ANSWERED] = True
            return None
        except BROKEN:
            if not again:
                raise
    return None


def _answered(interaction: discord.Interaction) -> bool:
    """Whether Discord has the first answer: the library does not know of one that was taken and broke off."""
    return interaction.response.is_done() or ANSWERED in interaction.extras


@asynccontextmanager
async def tolerant(interaction: discord.Interaction) -> AsyncIterator[None]:
    """Inside, what Discord does not take any more is let go: whoever pressed sees that it failed."""
    try:
        yield
    except discord.HTTPException as error:
        if error.code not in GONE and error.status != 429 and error.status < 500:
            raise
        log.info("interaction %s can't be answered: %s %s", interaction.id, error.status, error.code)
    except BROKEN as error:
        log.info("interaction %s can't be answered: %s", interaction.id, type(error).__name__)


@asynccontextmanager
async def answering(interaction: discord.Interaction, catalogue: Catalogue) -> AsyncIterator[None]:
    """Inside, whatever goes wrong is told to whoever pressed, with the number that the log has it under.

    What breaks off at a stop is no mistake.
    """
    try:
        async with tolerant(interaction):
            yield
    except Exception:
        if interaction.client.is_closed():
            log.info("interaction %s was broken off by the stop", interaction.id)
            return
        number = secrets.token_hex(4)
        log.exception("interaction %s failed unexpectedly (%s)", interaction.id, number, extra={"id": number})
        await whisper(interaction, catalogue.say("error.asked_amiss", id=number))
