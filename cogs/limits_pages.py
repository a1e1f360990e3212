"""The pages of `/limits` and its forms, as Discord's components. None stays in the library's own memory."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import discord

from bot.catalogue import Catalogue
from bot.letters import cut
from bot.limits.panel import Board
from bot.model import Model
from bot.rules.allowance import Allowance, Written
from bot.rules.amounts import shown
from bot.rules.rules import Subject
from bot.size import pixels

FORMS: Mapping[str, Sequence[str]] = {
    "amounts": (
        *("pictures_per_hour", "pictures_per_day", "pictures_per_30_days"),
        *("dollars_per_day", "dollars_per_30_days"),
    ),
    "pace": ("at_once", "variations", "priority"),
    "budgets": ("dollars_per_day", "dollars_per_30_days"),
}
UNSET = "-"  #: the value of the option that has no opinion
YES, NO = "yes", "no"
SHOWN = 25  #: that a menu holds
TITLE = 45  #: characters of a form's title
PLACES = [
    discord.ChannelType.text,
    discord.ChannelType.news,
    discord.ChannelType.forum,
    discord.ChannelType.category,
]  #: that may be let in or kept out; a thread takes its parent's stance

Item = discord.ui.Item[Any]


@dataclass(frozen=True)
class Pages:
    """Draws what the board says, with the models that can be chosen now."""

    board: Board
    models: Sequence[Model]
    note: str = ""  #: what whoever pressed should know first

    @property
    def _catalogue(self) -> Catalogue:
        return self.board.catalogue

    def role(self, role: int) -> Page:
        """A role: what it allows, and everything that changes it."""
        everyone = role == self.board.decisions.server
        defaults = [] if everyone else _defaults([role], discord.SelectDefaultValueType.role)
        chooser = discord.ui.RoleSelect[Any](
            custom_id="limits:role", placeholder=self._say("choose_role"), default_values=defaults
        )
        blocked = self.board.decisions.blocks(role, self.board.now) is not None
        buttons = [
            self._button("amounts", f"form:amounts:{role}", discord.ButtonStyle.primary),
            self._button("pace", f"form:pace:{role}", discord.ButtonStyle.primary),
            self._button("clear", f"clear:{role}", disabled=not self._is_set(role)),
            self._button(
                "unblock" if blocked else "block",
                f"block:{role}:{'off' if blocked else 'on'}",
                discord.ButtonStyle.secondary if blocked else discord.ButtonStyle.danger,
            ),
        ]
        rows = [chooser, self.board.role(role), buttons, *self._menus(role)]
        return self._page("role", rows, f"mend:role:{role}")

    def _menus(self, role: int) -> list[Item | str]:
        channels = discord.ui.ChannelSelect[Any](
            custom_id=f"limits:pick:channels:{role}",
            channel_types=PLACES,
            min_values=0,
            max_values=SHOWN,
            placeholder=self._usual(role, "channels"),
            default_values=self._places(self._here(role, "channels") or ()),
        )
        titled = [("largest_size", self._sizes(role)), ("models", self._of_models(role))]
        titled += [("may_start_threads", self._yes_or_no(role)), ("channels", channels)]
        return [part for name, menu in titled for part in (self._title(name), menu)]

    def _sizes(self, role: int) -> Item:
        sizes = sorted({size for each in self.models for size in each.sizes}, key=pixels)
        return self._choice(role, "largest_size", {each: each for each in sizes})

    def _of_models(self, role: int) -> Item:
        here = self._here(role, "models") or ()
        options = [
            discord.SelectOption(label=each.name[:100], value=each.id, default=each.id in here)
            for each in self.models[:SHOWN]
        ]
        return discord.ui.Select[Any](
            custom_id=f"limits:pick:models:{role}",
            placeholder=self._usual(role, "models"),
            min_values=0,
            max_values=len(options),
            options=options,
        )

    def _yes_or_no(self, role: int) -> Item:
        return self._choice(role, "may_start_threads", {YES: self._say("yes"), NO: self._say("no")})

    def _choice(self, role: int, name: str, labels: Mapping[str, str]) -> Item:
        here = self._here(role, name)
        chosen = UNSET if here is None else {True: YES, False: NO}.get(here, here)
        every = {UNSET: self._usual(role, name), **labels}
        options = [
            discord.SelectOption(label=label, value=value, default=value == chosen) for value, label in every.items()
        ]
        return discord.ui.Select[Any](custom_id=f"limits:pick:{name}:{role}", options=options)

    def _here(self, role: int, name: str) -> Any:
        """What is set in Discord; None where nothing is."""
        row = self.board.row(role, name)
        return row.value if row and row.written is Written.DISCORD else None

    def _is_set(self, role: int) -> bool:
        rows = self.board.decisions.rows
        return any(each.role == role and each.written is Written.DISCORD for each in rows)

    def _usual(self, role: int, name: str) -> str:
        """What holds where nothing is set in Discord."""
        row = self.board.row(role, name)
        filed = row is not None and row.written is Written.FILE
        return self._say("as_file") if filed else self._say("no_opinion")

    # -- the other pages -----------------------------------------------------------------------------------------------

    def server(self) -> Page:
        """Budgets, the moderators' exemption, and the switch."""
        rules = self.board.decisions.rules
        pause = ("resume", "switch:paused:off") if rules.paused else ("pause", "switch:paused:on")
        exempt = ("exempt_not", "off") if rules.moderators_exempt else ("exempt", "on")
        buttons = [
            self._button(*pause, discord.ButtonStyle.success if rules.paused else discord.ButtonStyle.danger),
            self._button("budgets", "form:budgets:0", discord.ButtonStyle.primary),
            self._button(exempt[0], f"switch:moderators_exempt:{exempt[1]}"),
        ]
        if self.board.relaxable:
            relax = ("relax_not", "off") if rules.relaxed else ("relax", "on")
            buttons.append(self._button(relax[0], f"switch:relaxed:{relax[1]}"))
        return self._page("server", [self.board.server(), buttons], "mend:server")

    def listed(self, kind: Subject) -> Page:
        """Who or what of a kind is let in, and kept out."""
        kinds = [self._button(f"list_{each}", f"go:list:{each}", disabled=each is kind) for each in Subject]
        rows: list[Item | str | list[Item]] = [kinds, self.board.listed(kind)]
        for way, allowed in (("in", True), ("out", False)):
            rows += [self._say(f"menu_{way}"), self._chooser(kind, way, allowed=allowed)]
        return self._page("list", rows, f"mend:list:{kind}")

    def _chooser(self, kind: Subject, way: str, *, allowed: bool) -> Item:
        subjects = self.in_menu(kind, allowed=allowed)
        common: dict[str, Any] = {
            "custom_id": f"limits:list:{kind}:{way}",
            "placeholder": self._say(f"pick_{kind}"),
            "min_values": 0,
            "max_values": SHOWN,
        }
        if kind is Subject.CHANNEL:
            channels = _defaults(subjects, discord.SelectDefaultValueType.channel)
            return discord.ui.ChannelSelect[Any](channel_types=PLACES, default_values=channels, **common)
        if kind is Subject.ROLE:
            roles = _defaults(subjects, discord.SelectDefaultValueType.role)
            return discord.ui.RoleSelect[Any](default_values=roles, **common)
        members = _defaults(subjects, discord.SelectDefaultValueType.user)
        return discord.ui.UserSelect[Any](default_values=members, **common)

    def in_menu(self, kind: Subject, *, allowed: bool) -> list[int]:
        """Those of a list that its menu shows: Discord takes only so many, and none that is gone or erased."""
        gone = self.board.gone
        stances = [each for each in self.board.stances(kind, allowed=allowed) if each not in gone and each.subject > 0]
        return [each.subject for each in stances][:SHOWN]

    def member(self, allowance: Allowance | None = None) -> Page:
        """What holds for somebody, and why."""
        chosen = _defaults([allowance.member.id], discord.SelectDefaultValueType.user) if allowance else []
        chooser = discord.ui.UserSelect[Any](
            custom_id="limits:who", placeholder=self._say("choose_member"), default_values=chosen
        )
        told = self.board.member(allowance) if allowance else self._say("preview")
        return self._page("member", [chooser, told])

    # -- parts ---------------------------------------------------------------------------------------------------------

    def _page(self, name: str, rows: Sequence[Item | str | list[Item]], mend: str = "") -> Page:
        parts = [*([self.note] if self.note else []), *rows]
        if mend and self.board.is_broken:
            parts.append([self._button("mend", mend, discord.ButtonStyle.danger)])
        places = {"role": "role", "server": "server", "list": "list", "member": "member"}
        tabs = [
            self._button(f"to_{each}", f"go:{place}", disabled=each == name and each != "role")
            for each, place in places.items()
        ]
        return Page(parts, tabs)

    def _button(
        self,
        key: str,
        action: str,
        style: discord.ButtonStyle = discord.ButtonStyle.secondary,
        *,
        disabled: bool = False,
    ) -> Item:
        label = self._say(f"button_{key}")
        return discord.ui.Button(label=label, custom_id=f"limits:{action}", style=style, disabled=disabled)

    def _places(self, channels: Collection[int]) -> list[discord.SelectDefaultValue]:
        there = self.board.there.get(Subject.CHANNEL)
        known = [each for each in channels if there is None or each in there]
        return _defaults(known[:SHOWN], discord.SelectDefaultValueType.channel)

    def _title(self, name: str) -> str:
        return self._say("title", what=self._catalogue.say(f"dimension.{name}"), note=self._say(f"title_{name}"))

    def _say(self, key: str, **values: object) -> str:
        return self._catalogue.say(f"limits.{key}", **values)


class Page(discord.ui.LayoutView):
    """Words, menus and rows of buttons, one below the other, and the tabs under them."""

    def __init__(self, parts: Sequence[Item | str | list[Item]], tabs: Sequence[Item]) -> None:
        super().__init__(timeout=None)
        container = discord.ui.Container[Any]()
        for part in parts:
            if isinstance(part, str):
                container.add_item(discord.ui.TextDisplay(part))
            else:
                container.add_item(discord.ui.ActionRow(*(part if isinstance(part, list) else [part])))
        self.add_item(container)
        self.add_item(discord.ui.ActionRow(*tabs))
        self.stop()


def amounts_form(form: str, custom_id: str, held: Mapping[str, object], catalogue: Catalogue) -> discord.ui.Modal:
    """A form for amounts, filled in with what is set. It is never registered, so that it outlives restarts."""
    modal = discord.ui.Modal(title=cut(catalogue.say(f"limits.form_{form}"), TITLE), custom_id=custom_id)
    for name in FORMS[form]:
        field = discord.ui.TextInput[discord.ui.Modal](
            custom_id=name,
            required=False,
            max_length=20,
            default=shown(held.get(name)) or None,
            placeholder=catalogue.say("limits.empty"),
        )
        hint = catalogue.say(f"limits.hint_{name}")
        modal.add_item(discord.ui.Label(text=catalogue.say(f"dimension.{name}"), description=hint, component=field))
    modal.stop()
    return modal


def _defaults(ids: Collection[int], kind: discord.SelectDefaultValueType) -> list[discord.SelectDefaultValue]:
    return [discord.SelectDefaultValue(id=each, type=kind) for each in ids]
