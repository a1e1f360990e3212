"""`/settings`: what holds in a thread, or by default in its server; seen by all, changed by few, told to everybody."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

import discord
from discord import app_commands
from discord.ext import commands

from bot import receipt
from bot.audit import witness
from bot.catalogue import Catalogue
from bot.errors import Unreachable
from bot.letters import Letter, Postman
from bot.manners import Manners
from bot.model import Place
from bot.preferences import Asks, Held, Wishes
from bot.rights import RIGHTS, Right, may
from bot.store import Desk, Store
from bot.views.choices import USUAL, Field, Menu
from cogs.answers import amend, show
from cogs.gate import person
from cogs.router import Handler
from cogs.translate import Translator, member

PAINTING = ("ratio", "size", "model", "memory")
COMPANY = ("asks", "others", "hears")
GUESTS = 25  #: that a menu of members holds
HERE, SERVER = "here", "server"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Standing:
    """What somebody sees of a place's settings. Without a `place` these are the server's defaults."""

    server: int | None
    place: Place | None
    menu: Menu
    starter: int | None = None
    invited: tuple[int, ...] = ()
    mine: bool = False  #: whoever looks may change them
    hears: bool = True  #: words that call nobody can be read there
    above: bool = False  #: … and goes from a thread's to the server's, and back

    @property
    def scope(self) -> str:
        """For custom ids."""
        return HERE if self.place else SERVER

    @property
    def id(self) -> int:
        """Whose wishes these are."""
        found = self.place.conversation if self.place else self.server
        assert found is not None
        return found

    @property
    def fields(self) -> list[Field]:
        """The menus. Who is alone with the bot has nobody to share it with."""
        left_out = set() if self.hears else {"hears"}
        if self.place is not None and not self.place.ours:
            left_out.add("others")  # in people's own threads whoever posted a picture is always asked
        company = () if self.server is None else COMPANY
        names = (*PAINTING, *(each for each in company if each not in left_out))
        return self.menu.fields(names, datetime.now(UTC).date())


class SettingsPanel(commands.Cog):
    """The command and its panel."""

    def __init__(self, store: Store, postman: Postman, translator: Translator, catalogue: Catalogue) -> None:
        self._store = store
        self._postman = postman
        self._translator = translator
        self._catalogue = catalogue
        self.verbs: Mapping[str, Handler] = {"set": self._set, "settings": self._show}

    @property
    def _manners(self) -> Manners:
        return self._translator.manners

    @app_commands.command(name="settings")
    async def settings(self, interaction: discord.Interaction) -> None:
        """Shape, size, model and memory of a thread, who may ask there, and when I listen."""
        scope = SERVER if _is_outside(interaction) else HERE
        await show(interaction, await self._panel(interaction, scope))

    async def _show(self, interaction: discord.Interaction, arguments: list[str]) -> None:
        """From a thread's settings to the server's defaults, and back."""
        await amend(interaction, view=await self._panel(interaction, arguments[0]))

    async def _set(self, interaction: discord.Interaction, arguments: list[str]) -> None:
        """A choice. What may not or can't be chosen any more changes nothing: the panel shows how it stands."""
        scope, name = arguments
        standing = await self._standing(interaction, scope)
        told = await self._change(interaction, standing, name) if standing.mine else None
        await amend(interaction, view=await self._panel(interaction, scope))
        if told:
            await self._tell(interaction, told)

    async def _change(self, interaction: discord.Interaction, standing: Standing, name: str) -> str | None:
        """Write it down; the line that everybody reads, None where all stays as it was."""
        if name == "invited":
            return await self._invite(interaction, standing)
        [value] = _chosen(interaction)
        field = next((each for each in standing.fields if each.name == name), None)
        label = field.label(value) if field else None
        if field is None or label is None or value == field.chosen:
            return None
        async with self._store.write() as desk:
            if standing.place is not None:
                await desk.turns.open(standing.place, standing.menu.held.memory)
            await desk.preferences.wish(standing.id, name, None if value == USUAL else value)
            before = field.label(field.chosen) or field.chosen
            await _witnessed(desk, interaction, standing, name=name, before=before, after=label)
        key = "settings.told_server" if standing.place is None else "settings.told"
        what = self._catalogue.say(f"settings.{name}")
        return self._catalogue.say(key, name=_name(interaction), what=what, value=label)

    async def _invite(self, interaction: discord.Interaction, standing: Standing) -> str | None:
        guests = [each for each in _people(interaction) if each != standing.starter]
        if standing.place is None or set(guests) == set(standing.invited):
            return None
        async with self._store.write() as desk:
            await desk.preferences.invite(standing.id, guests)
            before, after = _named(standing.invited), _named(guests)
            await _witnessed(desk, interaction, standing, name="invited", before=before, after=after)
        who = self._catalogue.listed(f"<@{each}>" for each in guests) or self._catalogue.say("settings.nobody")
        return self._catalogue.say("settings.told_invited", name=_name(interaction), guests=who)

    async def _tell(self, interaction: discord.Interaction, text: str) -> None:
        """Everybody there reads it, and nobody's device rings for it."""
        assert interaction.channel_id is not None
        letter = Letter(interaction.channel_id, text, nonce=f"{interaction.id}-s", quiet=True)
        try:
            await self._postman.send(letter)
        except Unreachable as error:
            log.info("a change of settings can't be told in %s: %s", interaction.channel_id, error)

    async def _panel(self, interaction: discord.Interaction, scope: str) -> Panel:
        return Panel(await self._standing(interaction, scope), self._catalogue)

    async def _standing(self, interaction: discord.Interaction, scope: str) -> Standing:
        server, above = interaction.guild_id, not _is_outside(interaction) and may(Right.MANAGE, person(interaction))
        if scope == SERVER:
            wishes, _ = await self._store.preferences.of(server or 0)
            held, usual = self._manners.holding(Wishes(), wishes), self._manners.holding(Wishes(), Wishes())
            menu, mine = self._menu(wishes, held, usual), may(RIGHTS["set:server"], person(interaction))
            return Standing(server, None, menu, mine=mine, above=above, hears=self._hears(server))
        channel = interaction.channel
        assert isinstance(channel, discord.abc.Messageable)
        place = self._translator.place(channel, 0, "")
        thread, default = await self._store.preferences.of(place.conversation, server)
        held = self._manners.holding(thread, default, ours=place.ours)
        menu = self._menu(thread, held, self._manners.holding(Wishes(), default, ours=place.ours))
        starter = await self._manners.starter(place)
        guests = tuple(await self._store.preferences.invited(place.conversation))
        own = server is None or starter == interaction.user.id
        mine = may(RIGHTS["set:here"], person(interaction, own=own))
        hears = self._hears(server)
        return Standing(server, place, menu, starter, guests, mine=mine, above=above, hears=hears)

    def _hears(self, server: int | None) -> bool:
        return server is None or self._translator.client.intents.message_content

    def _menu(self, wishes: Wishes, held: Held, usual: Held) -> Menu:
        return Menu(wishes, held, usual, self._manners.settings.gemini, self._catalogue)


class Panel(discord.ui.LayoutView):
    """A standing as its viewer sees it: kept out of the library's own memory, so that it works after any restart."""

    def __init__(self, standing: Standing, catalogue: Catalogue) -> None:
        super().__init__(timeout=None)
        self._standing = standing
        self._catalogue = catalogue
        container = discord.ui.Container[Panel]()
        self._add(container, discord.ui.TextDisplay(self._heading()))
        for field in standing.fields:
            self._add(container, discord.ui.TextDisplay(self._title(field.name)))
            self._add(container, discord.ui.ActionRow(self._select(field)))
            if field.name == "asks" and standing.place and standing.menu.held.asks is Asks.INVITED:
                self._add(container, discord.ui.ActionRow(self._guests()))
        self.add_item(container)
        if switch := self._switch():
            self.add_item(discord.ui.ActionRow(switch))
        self.stop()

    @staticmethod
    def _add(container: discord.ui.Container[Panel], item: discord.ui.Item[Any]) -> None:
        container.add_item(item)

    def _say(self, key: str, **values: object) -> str:
        return self._catalogue.say(f"settings.{key}", **values)

    def _heading(self) -> str:
        standing, held = self._standing, self._standing.menu.held
        lines = [self._say(f"heading_{standing.scope}")]
        if not standing.mine and standing.place:
            starter = f"<@{standing.starter}>" if standing.starter else None
            lines.append(self._say("readonly", starter=starter) if starter else self._say("readonly_moderators"))
        elif not standing.mine:
            lines.append(self._say("readonly_server"))
        if not standing.hears:
            lines.append(self._say("deaf"))
        if held.gone:
            lines.append(self._say("gone", model=receipt.plain(held.gone), other=held.model.name))
        return "\n".join(lines)

    def _title(self, name: str) -> str:
        key = "hears_title_server" if name == "hears" and self._standing.place is None else f"{name}_title"
        return self._say("title", what=self._say(name), note=self._say(key))

    def _select(self, field: Field) -> discord.ui.Select[Panel]:
        options = [
            discord.SelectOption(
                label=each.label, value=each.value, description=each.note or None, default=each.value == field.chosen
            )
            for each in field.options
        ]
        custom_id = f"set:{self._standing.scope}:{field.name}"
        return discord.ui.Select(
            custom_id=custom_id,
            options=options,
            placeholder=self._say(field.name),  # read out to those who do not see the title above it
            disabled=not self._standing.mine,
        )

    def _guests(self) -> discord.ui.UserSelect[Panel]:
        user = discord.SelectDefaultValueType.user
        return discord.ui.UserSelect(
            custom_id="set:here:invited",
            min_values=0,
            max_values=GUESTS,
            placeholder=self._say("invite"),
            disabled=not self._standing.mine,
            default_values=[discord.SelectDefaultValue(id=each, type=user) for each in self._standing.invited[:GUESTS]],
        )

    def _switch(self) -> discord.ui.Button[Panel] | None:
        """The way to the server's defaults and back, for those who may change both."""
        if not self._standing.above:
            return None
        other = SERVER if self._standing.place else HERE
        return discord.ui.Button(label=self._say(f"to_{other}"), custom_id=f"settings:{other}")


async def _witnessed(desk: Desk, interaction: discord.Interaction, standing: Standing, **values: object) -> None:
    """The audit channel is told of it."""
    thread = standing.place.conversation if standing.place else None
    await witness.set_anew(desk, standing.server, member(interaction.user), thread=thread, **values)


def _named(members: Iterable[int]) -> str:
    return ", ".join(f"<@{each}>" for each in members)


def _is_outside(interaction: discord.Interaction) -> bool:
    return interaction.guild_id is not None and not isinstance(interaction.channel, discord.Thread)


def _name(interaction: discord.Interaction) -> str:
    return receipt.plain(interaction.user.display_name)


def _data(interaction: discord.Interaction) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", interaction.data or {})


def _chosen(interaction: discord.Interaction) -> Sequence[str]:
    return list(_data(interaction).get("values") or [USUAL])[:1]


def _people(interaction: discord.Interaction) -> Iterable[int]:
    """The chosen members, without bots, who ask nothing."""
    data = _data(interaction)
    users = (data.get("resolved") or {}).get("users") or {}
    return [int(each) for each in data.get("values") or [] if not (users.get(each) or {}).get("bot")]
