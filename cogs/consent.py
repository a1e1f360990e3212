"""Consent: what the owner of a picture answers, what then becomes of the ask, and `/consent` to see and change it."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

import discord
from discord import app_commands
from discord.ext import commands

from bot import receipt
from bot.errors import ForeignPicture, Refusal, Unreachable
from bot.language import speaking, spoken
from bot.limits.moderation import Moderation
from bot.model import Ask, Member
from bot.moments import relative
from bot.owners import consent
from bot.owners.petitions import Petitions
from bot.rights import RIGHTS, may
from bot.rules.rules import Consent
from bot.store.consent import Petition
from bot.views import card
from cogs.answers import acknowledge, amend, show, whisper
from cogs.asker import Asker
from cogs.gate import person
from cogs.router import Handler
from cogs.telling import fetched, located, telling
from cogs.translate import member

USUAL = "-"  #: the option that leaves it to the server
SHOWN = 8  #: asks that are listed
WORDS = 60  #: characters of each

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Renewal:
    """An ask as Discord has it now: its words, its member's roles, and fresh addresses of its pictures."""

    asker: Asker

    async def of(self, petition: Petition) -> Ask:
        """The ask. Raises Refusal where it, its asker or its picture is gone, Unreachable while Discord is away."""
        kept = petition.ask
        fresh = await self._pressed(kept) if kept.pressed else await self._written(kept)
        if petition.picture is not None and _pictures(fresh) != _pictures(kept):
            raise ForeignPicture("foreign_gone")
        return replace(fresh, member=await self._member(kept), agreed=True, overheard=False)

    async def _written(self, kept: Ask) -> Ask:
        """The message, read once more."""
        message = await self._message(kept.place.channel, kept.id, "gone_ask")
        ask = await self.asker.translator.ask_from(message, kept.choice)
        if ask is None:
            raise Refusal("gone_ask")
        return ask

    async def _pressed(self, kept: Ask) -> Ask:
        """What was pressed stays as it was; the message with the picture is looked at again."""
        if kept.quoted is None or not kept.quoted.uploads:
            return kept
        message = await self._message(kept.place.channel, kept.quoted.message, "foreign_gone")
        return replace(kept, quoted=self.asker.translator.shown_in(message))

    async def _message(self, channel: int, message: int, gone: str) -> discord.Message:
        try:
            return await fetched(self.asker.translator.client, channel, message)
        except Unreachable as error:
            if not error.forever:
                raise
            raise (Refusal("gone_ask") if gone == "gone_ask" else ForeignPicture("foreign_gone")) from error

    async def _member(self, kept: Ask) -> Member:
        """Roles may have changed since."""
        client = self.asker.translator.client
        guild = client.get_guild(kept.place.server or 0)
        try:
            async with telling("unreachable"):
                return member(await guild.fetch_member(kept.member.id)) if guild else kept.member
        except Unreachable as error:
            if error.forever:
                raise Refusal("gone_ask") from error
            raise


class Consents(commands.Cog):
    """The buttons, the command and its panel."""

    def __init__(self, asker: Asker, petitions: Petitions) -> None:
        self._asker = asker
        self._petitions = petitions
        self._renewal = Renewal(asker)
        self._catalogue = asker.catalogue
        self._store = asker.store
        self.verbs: Mapping[str, Handler] = {"consent": self._answer, "stance": self._choose}

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """What was agreed to before a stop goes on."""
        self._petitions.connected.set()
        await self._go_on(await self._store.consent.granted())

    @commands.Cog.listener()
    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """A picture that is gone is waited for no more."""
        await self._petitions.lose(payload.message_id)

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """Many at once."""
        for message in payload.message_ids:
            await self._petitions.lose(message)

    @commands.Cog.listener()
    async def on_raw_thread_delete(self, payload: discord.RawThreadDeleteEvent) -> None:
        """Nobody waits any more in a thread that is gone."""
        await self._petitions.abandon(payload.thread_id)

    # -- the owner answers

    async def _answer(self, interaction: discord.Interaction, arguments: list[str]) -> None:
        """One of the three buttons; whoever else presses is told whose word it is."""
        word, ask, author, mark = arguments
        if not may(RIGHTS["consent"], person(interaction, own=interaction.user.id == int(author))):
            await whisper(interaction, self._catalogue.say("consent.not_yours", owner=f"<@{author}>"))
            return
        await acknowledge(interaction)
        petition = await self._store.consent.get(int(ask), int(author))
        if petition is None or petition.granted or self._petitions.is_late(petition):
            await whisper(interaction, self._catalogue.say("consent.over"))
            return
        if interaction.message is not None:  # a press can be faster than the noting of what was posted
            petition = replace(petition, message=interaction.message.id)
        if word == Consent.NEVER:
            await self._petitions.stand(petition.ask.place.server or 0, petition.author, Consent.NEVER)
        elif await self._still_stands(interaction, petition, mark):
            agreed = await self._agreed(petition, word)
            if not agreed:  # another press was faster
                await whisper(interaction, self._catalogue.say("consent.over"))
            await self._go_on(agreed)

    async def _still_stands(self, interaction: discord.Interaction, petition: Petition, mark: str) -> bool:
        """Whether the ask is there with the words that are said yes to; otherwise the owner is told."""
        try:
            fresh = await self._renewal.of(petition)
            if consent.mark(fresh) == mark:
                return True
            await self._asker.studio.rewrite(fresh)  # they were changed while nobody listened
            told = "consent.changed"
        except Unreachable:
            told = "consent.away"
        except Refusal as gone:
            await self._lose(petition, gone)
            told = "consent.over"
        await whisper(interaction, self._catalogue.say(told))
        return False

    async def _agreed(self, petition: Petition, word: str) -> list[Petition]:
        """What is agreed to with this word."""
        if word == Consent.ALWAYS:
            return await self._petitions.stand(petition.ask.place.server or 0, petition.author, Consent.ALWAYS)
        return [petition] if await self._petitions.grant(petition) else []

    async def _lose(self, petition: Petition, gone: Refusal) -> None:
        """The picture is gone, of which the asker hears; or the asker is, or took the ask back."""
        if isinstance(gone, ForeignPicture):
            await self._petitions.end(petition, "gone", told=gone.key)
        else:
            await self._petitions.end(petition, "withdrawn")

    async def _go_on(self, agreed: Sequence[Petition]) -> None:
        for petition in agreed:
            try:
                await self._paint(petition)
            except Unreachable as error:
                log.warning("ask %s, agreed to, goes on when Discord is there: %s", petition.ask.id, error)
            except Exception:
                log.exception("ask %s, agreed to, was left for the next start", petition.ask.id)

    async def _paint(self, petition: Petition) -> None:
        """Admit it like any other ask."""
        try:
            ask = await self._renewal.of(petition)
        except Refusal as gone:
            await self._lose(petition, gone)
            return
        if consent.mark(ask) != petition.mark:  # edited after the yes, which was to other words
            if await self._petitions.revoke(petition):
                await self._asker.studio.rewrite(ask)
            return
        with speaking(await self._store.locales.of(ask.member.id) or ask.language or spoken()):
            admitted = await self._asker.studio.hear(ask, await self._closed(ask))
            if admitted.stopping:
                return
            if admitted.refusal and not admitted.waits:
                await self._petitions.answer(ask, admitted.refusal)
        await self._petitions.settle(petition)

    async def _closed(self, ask: Ask) -> Refusal | None:
        translator = self._asker.translator
        return translator.closed(await located(translator.client, ask.place.channel))

    # -- the command

    @app_commands.command(name="consent")
    @app_commands.guild_only()
    @app_commands.choices(default=[app_commands.Choice(name=each.value, value=each.value) for each in Consent])
    async def consent(self, interaction: discord.Interaction, default: str | None = None) -> None:
        """Whether others may edit the pictures that you post in this server."""
        assert interaction.guild_id is not None
        told = await self._decide(interaction, Consent(default)) if default else None
        await show(interaction, await self._panel(interaction, told))

    async def _decide(self, interaction: discord.Interaction, default: Consent) -> str:
        """What holds for those who have said nothing is for moderators to say."""
        if not may(RIGHTS["/consent:default"], person(interaction)):
            return self._catalogue.say("consent.moderators")
        async with Moderation(self._store).change(interaction.guild_id or 0, member(interaction.user)) as change:
            await change.rule("consent", default.value)
        return self._catalogue.say("consent.decided", stance=self._catalogue.say(f"consent.stance_{default}"))

    async def _choose(self, interaction: discord.Interaction, _arguments: list[str]) -> None:
        """A choice in the panel. What waits for the chooser is answered with it."""
        data = cast("Mapping[str, list[str]]", interaction.data or {})
        value = (data.get("values") or [USUAL])[0]
        server, chosen = interaction.guild_id or 0, None if value == USUAL else Consent(value)
        await acknowledge(interaction)
        agreed = await self._petitions.stand(server, interaction.user.id, chosen)
        await amend(interaction, view=await self._panel(interaction))
        await self._go_on(agreed)

    async def _panel(self, interaction: discord.Interaction, told: str | None = None) -> ConsentPanel:
        server, user, say = interaction.guild_id or 0, interaction.user.id, self._catalogue.say
        default = (await self._store.rules.of(server)).consent
        stance = await self._store.consent.stance(server, user)
        usual = say("consent.usual", value=say(f"consent.stance_{default}"))
        options = [discord.SelectOption(label=usual, value=USUAL, default=stance is None)]
        for each in Consent:
            label, note = say(f"consent.stance_{each}"), say(f"consent.stance_{each}_note")
            options.append(discord.SelectOption(label=label, value=each, description=note, default=each is stance))
        above = "\n\n".join(filter(None, [told, say("consent.panel")]))
        return ConsentPanel([above, await self._waiting(server, user)], options)

    async def _waiting(self, server: int, user: int) -> str:
        """The asks that wait for somebody's word, and their own that wait for others'."""
        theirs = [self._line(each, "consent.line") for each in await self._store.consent.of_author(server, user)]
        own = [self._line(each, "consent.own_line") for each in await self._store.consent.of_asker(server, user)]
        heading = [self._catalogue.say("consent.waiting" if theirs or own else "consent.nothing_waits")]
        return "\n".join([*heading, *theirs[:SHOWN], *own[:SHOWN]])

    def _line(self, petition: Petition, key: str) -> str:
        ask = petition.ask
        said = receipt.plain(ask.words, WORDS) or self._catalogue.say("consent.wordless")
        link = card.address(ask.place.server, ask.place.channel, petition.message)
        until = relative(petition.at + self._petitions.hold)
        names = {"owner": f"<@{petition.author}>", "asker": f"<@{ask.member.id}>"}
        return self._catalogue.say(key, words=said, link=link, until=until, **names)


class ConsentPanel(discord.ui.LayoutView):
    """What somebody says, and what waits: kept out of the library's own memory, so that it works after any restart."""

    def __init__(self, texts: Sequence[str], options: list[discord.SelectOption]) -> None:
        super().__init__(timeout=None)
        container = discord.ui.Container[ConsentPanel]()
        above, below = texts
        container.add_item(discord.ui.TextDisplay(above))
        container.add_item(discord.ui.ActionRow(discord.ui.Select(custom_id="stance", options=options)))
        container.add_item(discord.ui.TextDisplay(below))
        self.add_item(container)
        self.stop()


def _pictures(ask: Ask) -> list[int]:
    """The files that may be meant."""
    return [each.id for each in ask.quoted.uploads] if ask.quoted else []
