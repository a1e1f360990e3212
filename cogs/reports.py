"""`Report`: a form for whoever finds something wrong with a picture, and what moderators do about it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot import receipt
from bot.audit.reports import Complaint, Reports
from bot.deleting.removal import Removed
from bot.errors import Unreachable
from bot.language import speaking
from bot.letters import Button, Letter
from bot.limits.roster import PATIENCE, Roster
from bot.model import Member
from bot.store import Entry
from bot.store.audit import REPORT
from bot.views import card
from cogs.answers import acknowledge, amend, open_form, whisper
from cogs.asker import Asker, conversation
from cogs.blocking import spared
from cogs.forms import texts
from cogs.menus import known_in
from cogs.postman import Row
from cogs.router import Handler
from cogs.translate import is_restricted, member

REASON = 400  #: characters


class Reporting(commands.Cog):
    """The menu's entry, the form, and what moderators do."""

    def __init__(self, asker: Asker, reports: Reports, roster: Roster) -> None:
        self._asker = asker
        self._reports = reports
        self._roster = roster
        self._catalogue = asker.catalogue
        self._entry = app_commands.ContextMenu(
            name=self._catalogue.say("menu.report"),
            callback=self._pointed,
            allowed_contexts=app_commands.AppCommandContext(guild=True),
            extras={"key": "menu.report"},
        )
        self.verbs: Mapping[str, Handler] = {"report": self._open, "reporting": self._sent, "judge": self._judge}

    async def cog_load(self) -> None:
        """Put the entry into the menu."""
        self._asker.translator.client.tree.add_command(self._entry)  # type: ignore[attr-defined]  # our client has one

    # -- who reports -------------------------------------------------------------------------------------------------

    async def _pointed(self, interaction: discord.Interaction, message: discord.Message) -> None:
        """Open the form for the message's picture; where there are several, first ask which."""
        known = await known_in(self._asker, interaction, self._asker.translator.shown_in(message))
        if len(known) > 1:
            buttons = [Button(f"v{each.number}", f"report:{each.number}") for each in known]
            await whisper(interaction, self._catalogue.say("picker.meant"), Row(buttons))
        elif known:
            await self._open(interaction, [str(known[0].number)])
        else:
            await whisper(interaction, self._catalogue.say("reports.no_picture"))

    async def _open(self, interaction: discord.Interaction, arguments: list[str]) -> None:
        number = int(arguments[0])
        complaint = _complaint(interaction, number)
        if complaint is None:
            await whisper(interaction, self._catalogue.say("error.stale_button"))
        elif key := await self._reports.hindrance(complaint):
            await whisper(interaction, self._catalogue.say(f"reports.{key}"))
        else:
            await open_form(interaction, self._form(number))

    def _form(self, number: int) -> discord.ui.Modal:
        say = self._catalogue.say
        modal = discord.ui.Modal(title=say("reports.form", number=number), custom_id=f"reporting:{number}")
        reason = discord.ui.TextInput[discord.ui.Modal](
            custom_id="reason", style=discord.TextStyle.paragraph, required=False, max_length=REASON
        )
        why, readers = say("reports.why"), say("reports.who_reads")
        modal.add_item(discord.ui.Label(text=why, description=readers, component=reason))
        modal.stop()
        return modal

    async def _sent(self, interaction: discord.Interaction, arguments: list[str]) -> None:
        """The form comes back."""
        complaint = _complaint(interaction, int(arguments[0]), texts(interaction).get("reason", ""))
        if complaint is None:
            await whisper(interaction, self._catalogue.say("error.stale_button"))
        else:
            await whisper(interaction, self._catalogue.say(f"reports.{await self._reports.take(complaint)}"))

    # -- who decides -------------------------------------------------------------------------------------------------

    async def _judge(self, interaction: discord.Interaction, arguments: list[str]) -> None:
        """A moderator deals with a report."""
        deed, number = arguments
        entry = await self._asker.store.audit.get(int(number))
        if entry is None or entry.kind != REPORT or entry.server != interaction.guild_id:
            await whisper(interaction, self._catalogue.say("reports.forgotten"))
        elif by := _who_did(entry, deed):
            await self._show(interaction, entry)
            await whisper(interaction, self._catalogue.say("reports.done_by", who=f"<@{by}>"))
        elif deed == "block" and (key := await self._spared(interaction, entry.told["asker"])):
            await whisper(interaction, self._catalogue.say(f"limits.{key}", names=f"<@{entry.told['asker']}>"))
        elif deed == "delete":
            await self._delete(interaction, entry)
        else:
            await self._do(interaction, entry, deed)

    async def _spared(self, interaction: discord.Interaction, asker: int) -> str:
        """Why they can't be blocked by whoever presses; empty where they can."""
        try:
            async with asyncio.timeout(PATIENCE):
                found = await self._roster.find(interaction.guild_id or 0, asker)
        except (Unreachable, TimeoutError):
            return "standing_unknown"
        return spared(interaction, Member(asker, "", found.roles, found.moderator) if found else Member(asker, ""))

    async def _do(self, interaction: discord.Interaction, entry: Entry, deed: str) -> None:
        by = member(interaction.user)
        if deed == "block":
            # Whoever is blocked reads the reason, so that the reporter's own words are no part of it.
            reason = self._catalogue.say("reports.blocked", number=entry.told["number"])
            first = await self._reports.block(entry, by, reason)
        else:
            first = await self._reports.note(entry, deed, by)
        await self._show(interaction, entry)
        if not first:
            await whisper(interaction, self._catalogue.say("reports.done"))

    async def _delete(self, interaction: discord.Interaction, entry: Entry) -> None:
        await acknowledge(interaction)
        try:
            removed = await self._reports.delete(entry)
        except Unreachable as error:
            detail = error.values.get("detail", "")
            await whisper(interaction, self._catalogue.say("more.undeletable", detail=detail))
            return
        if removed.early:
            await whisper(interaction, self._catalogue.say("more.early", number=entry.told["number"]))
            return
        if removed.done:
            await self._reports.note(entry, "delete", member(interaction.user))
        await self._show(interaction, entry)
        if not removed.done:
            await whisper(interaction, self._catalogue.say("reports.gone_now"))
        elif removed.was_head:
            await self._tell_thread(interaction, entry, removed)

    async def _tell_thread(self, interaction: discord.Interaction, entry: Entry, removed: Removed) -> None:
        """Plain words change another picture there now, and whoever says them reads which."""
        thread, number = entry.told["channel"], entry.told["number"]
        named = {"name": receipt.plain(interaction.user.display_name), "number": number}
        with speaking(await self._asker.store.locales.of(entry.server)):
            if removed.head is None:
                text = self._catalogue.say("more.blank", **named)
            else:
                link = card.address(entry.server, thread, removed.head.message)
                text = self._catalogue.say("more.led_back", head=removed.head.number, link=link, **named)
        await self._reports.tell(Letter(thread, text, nonce=f"{interaction.id}-l"))

    async def _show(self, interaction: discord.Interaction, entry: Entry) -> None:
        """The report as it is now, in the server's language and not in the presser's."""
        with speaking(await self._asker.store.locales.of(entry.server)):
            page = await self._reports.page(await self._asker.store.audit.get(entry.id) or entry)
        fields: dict[str, Any] = {"content": page.text, "view": Row(page.buttons) if page.buttons else None}
        if page.version is None:
            fields["attachments"] = []
        fields["allowed_mentions"] = discord.AllowedMentions.none()
        await amend(interaction, **fields)


def _complaint(interaction: discord.Interaction, number: int, reason: str = "") -> Complaint | None:
    """None in a direct message, which has no moderators."""
    if interaction.guild_id is None:
        return None
    place = (interaction.guild_id, conversation(interaction), number)
    return Complaint(*place, member(interaction.user), reason, is_restricted(interaction.channel))


def _who_did(entry: Entry, deed: str) -> int | None:
    """Who has dealt with it, where there is nothing left to do."""
    return next((by for known, by in entry.told["deeds"] if known in {deed, "dismiss"}), None)
