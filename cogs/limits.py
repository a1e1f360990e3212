"""`/limits`: what a server's moderators allow, by role and for the whole server; seen and changed by them alone."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot import receipt
from bot.catalogue import Catalogue
from bot.config import Settings
from bot.limits.moderation import Change, Moderation
from bot.rules.allowance import BLOCKED, Written
from bot.rules.amounts import Amiss, read
from bot.rules.rules import Stance, Subject
from bot.store import Store
from cogs.answers import amend, open_form, show, whisper
from cogs.blocking import spared, stands_above
from cogs.forms import texts
from cogs.limits_overview import Overview, chosen, data_of, scene_of, values
from cogs.limits_pages import FORMS, NO, UNSET, YES, Page, amounts_form
from cogs.router import Handler
from cogs.translate import member

Action = Callable[[discord.Interaction, list[str]], Awaitable[Page | None]]


class LimitsPanel(commands.Cog):
    """The command, its pages and its forms."""

    def __init__(self, store: Store, settings: Settings, catalogue: Catalogue) -> None:
        self._overview = Overview(store, settings, catalogue)
        self._moderation = Moderation(store)
        self._settings = settings
        self._catalogue = catalogue
        self.verbs: Mapping[str, Handler] = {"limits": self._pressed}
        self._actions: Mapping[str, Action] = {
            "go": self._go,
            "role": self._role,
            "who": self._who,
            "form": self._form,
            "wrote": self._wrote,
            "pick": self._pick,
            "block": self._block,
            "clear": self._clear,
            "mend": self._mend,
            "switch": self._switch,
            "list": self._list,
        }

    @app_commands.command(name="limits")
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.guild_only()
    @app_commands.rename(user="member")
    async def limits(self, interaction: discord.Interaction, user: discord.User | None = None) -> None:
        """Who may paint how much here, and what holds for somebody."""
        if user is None:
            await show(interaction, await self._overview.at(interaction, ["role"]))
        else:
            await show(interaction, await self._overview.of_member(interaction, member(user)))

    async def _pressed(self, interaction: discord.Interaction, arguments: list[str]) -> None:
        """Show how it stands afterwards, whatever came of the press."""
        action = self._actions.get(arguments[0])
        if action is None:
            await whisper(interaction, self._catalogue.say("error.stale_button"))
        elif page := await action(interaction, arguments[1:]):
            await amend(interaction, view=page)

    # -- looking -------------------------------------------------------------------------------------------------------

    async def _go(self, interaction: discord.Interaction, arguments: list[str]) -> Page:
        return await self._overview.at(interaction, arguments)

    async def _role(self, interaction: discord.Interaction, _: list[str]) -> Page:
        return await self._overview.at(interaction, ["role", *values(interaction)[:1]])

    async def _who(self, interaction: discord.Interaction, _: list[str]) -> Page:
        return await self._overview.of_member(interaction, chosen(interaction)[0])

    # -- changing a role -----------------------------------------------------------------------------------------------

    async def _form(self, interaction: discord.Interaction, arguments: list[str]) -> None:
        """The amounts that are set, in a form. A modal is the answer itself."""
        form, role = arguments
        scene = scene_of(interaction)
        decisions = (await self._overview.held(scene, scene.by)).decisions
        if form == "budgets":
            rules = decisions.rules
            readable = [each for each in FORMS[form] if each not in rules.broken]
            held: Mapping[str, object] = {each: getattr(rules, each) for each in readable}
        else:
            rows = [each for each in decisions.rows if each.role == int(role) and each.written is Written.DISCORD]
            broken = {each.name for each in decisions.broken if each.role == int(role)}
            held = {each.name: each.value for each in rows if each.name not in broken}
        custom_id = f"limits:wrote:{form}:{role}"
        await open_form(interaction, amounts_form(form, custom_id, held, self._catalogue))

    async def _wrote(self, interaction: discord.Interaction, arguments: list[str]) -> Page:
        """What can be read is taken; what can't stays as it was, and is told of."""
        form, role = arguments
        amounts: dict[str, object] = {}
        amiss = []
        for name, text in texts(interaction).items():
            if name not in FORMS[form]:
                continue
            try:
                amounts[name] = read(name, text)
            except Amiss as error:
                amiss.append(self._amiss(name, error))
        if form == "budgets":
            async with self._change(interaction) as change:
                for name, amount in amounts.items():
                    await _rule(change, name, amount)
            return await self._overview.at(interaction, ["server"], "\n".join(amiss))
        return await self._set(interaction, int(role), amounts, "\n".join(amiss))

    async def _set(
        self, interaction: discord.Interaction, role: int, limits: Mapping[str, object], note: str = ""
    ) -> Page:
        """Write down what a role may; one that is gone may nothing."""
        if scene_of(interaction).has(role):
            async with self._change(interaction) as change:
                for name, value in limits.items():
                    await _limit(change, role, name, value)
        return await self._overview.at(interaction, ["role", str(role)], note)

    def _amiss(self, name: str, error: Amiss) -> str:
        named = {key: receipt.plain(str(value)) for key, value in error.values.items()}
        return self._say(error.key, what=self._catalogue.say(f"dimension.{name}"), **named)

    async def _pick(self, interaction: discord.Interaction, arguments: list[str]) -> Page:
        """A choice from a menu of a role's."""
        name, role = arguments[0], int(arguments[1])
        picked = values(interaction)
        value: object = {UNSET: None, YES: True, NO: False}.get(picked[0], picked[0]) if picked else None
        if name == "models":
            value = picked or None
        elif name == "channels":
            value = [int(each) for each in picked] or None
        return await self._set(interaction, role, {name: value})

    async def _block(self, interaction: discord.Interaction, arguments: list[str]) -> Page:
        """Block a role, or let it in again, whatever blocked it; the file's word is overruled, not changed."""
        role, scene = int(arguments[0]), scene_of(interaction)
        if arguments[1] == "on":
            return await self._keep_out(interaction, role)
        decisions = (await self._overview.held(scene, scene.by)).decisions
        filed = any(each.role == role and each.blocked for each in self._settings.limits.role)
        async with self._change(interaction) as change:
            if decisions.kept_out(Subject.ROLE, {role}, scene.now):
                await change.lift(Subject.ROLE, role)
            await _limit(change, role, BLOCKED, False if filed else None)
        return await self._overview.at(interaction, ["role", str(role)])

    async def _keep_out(self, interaction: discord.Interaction, role: int) -> Page:
        scene = scene_of(interaction)
        decisions = (await self._overview.held(scene, scene.by)).decisions
        may = stands_above(interaction, [role])
        if may and scene.has(role) and decisions.blocks(role, scene.now) is None:
            async with self._change(interaction) as change:
                await change.stand(Stance(Subject.ROLE, role, False, "", None, scene.by.id, scene.now))
        note = "" if may else self._say("role_not_blocked", names=f"<@&{role}>")
        return await self._overview.at(interaction, ["role", str(role)], note)

    async def _clear(self, interaction: discord.Interaction, arguments: list[str]) -> Page:
        """A role has no opinion any more, but for what the file says of it."""
        role = int(arguments[0])
        async with self._change(interaction) as change:
            for name in (await change.desk.rules.roles(change.server)).get(role, {}):
                await change.limit(role, name, None)
        return await self._overview.at(interaction, ["role", str(role)])

    async def _mend(self, interaction: discord.Interaction, arguments: list[str]) -> Page:
        """Put away what grants nothing: rows that can't be read, and those of roles that are gone."""
        scene = scene_of(interaction)
        decisions = (await self._overview.held(scene, scene.by)).decisions
        async with self._change(interaction) as change:
            for each in decisions.broken:
                await change.limit(each.role, each.name, None)
            for name in decisions.rules.broken:
                await change.rule(name, None)
            for stance in self._overview.pages(scene, decisions).board.gone:
                await change.lift(stance.kind, stance.subject)
        return await self._overview.at(interaction, arguments)

    # -- changing the server -------------------------------------------------------------------------------------------

    async def _switch(self, interaction: discord.Interaction, arguments: list[str]) -> Page:
        """Turned the way that the button said, whoever else has turned it meanwhile."""
        name, way = arguments
        if name != "relaxed" or self._settings.gemini.relaxed_safety:  # the operator may have taken it back meanwhile
            async with self._change(interaction) as change:
                await _rule(change, name, way == "on")
        return await self._overview.at(interaction, ["server"])

    async def _list(self, interaction: discord.Interaction, arguments: list[str]) -> Page:
        """A menu of a list: what was in it and is not any more goes, what is new comes."""
        kind, allow = Subject(arguments[0]), arguments[1] == "in"
        scene, picked = scene_of(interaction), [int(each) for each in values(interaction)]
        pages = self._overview.pages(scene, (await self._overview.held(scene, scene.by)).decisions)
        before = pages.in_menu(kind, allowed=allow)
        refused = {} if allow else _refused(interaction, kind, [each for each in picked if each not in before])
        async with self._change(interaction) as change:
            for each in before:
                if each not in picked:
                    await change.lift(kind, each)
            for each in picked:
                if each not in before and each not in refused:
                    await change.stand(Stance(kind, each, allow, "", None, scene.by.id, scene.now))
        return await self._overview.at(interaction, ["list", str(kind)], self._told(refused))

    def _told(self, refused: Mapping[int, str]) -> str:
        """Who or what can't be blocked, a line for each reason."""
        reasons = dict.fromkeys(refused.values())
        named = {why: [each for each, key in refused.items() if key == why] for why in reasons}
        sign = {"role_not_blocked": "@&"}
        lines = {why: [f"<{sign.get(why, '@')}{each}>" for each in ids] for why, ids in named.items()}
        return "\n".join(self._say(why, names=self._catalogue.listed(names)) for why, names in lines.items())

    def _change(self, interaction: discord.Interaction) -> Any:
        assert interaction.guild_id is not None
        return self._moderation.change(interaction.guild_id, member(interaction.user))

    def _say(self, key: str, **values: object) -> str:
        return self._catalogue.say(f"limits.{key}", **values)


async def _limit(change: Change, role: int, name: str, value: object) -> None:
    """Write it down where it is not what stands there."""
    stands = (await change.desk.rules.roles(change.server)).get(role, {}).get(name)
    if stands != (None if value is None else json.dumps(value)):
        await change.limit(role, name, value)


async def _rule(change: Change, name: str, value: object) -> None:
    """The same for a rule of the server."""
    rules = await change.desk.rules.of(change.server)
    if name in rules.broken or getattr(rules, name) != value:
        await change.rule(name, value)


def _refused(interaction: discord.Interaction, kind: Subject, picked: Sequence[int]) -> dict[int, str]:
    """Those who can't be blocked, and why."""
    if kind is Subject.ROLE:
        return {each: "role_not_blocked" for each in picked if not stands_above(interaction, [each])}
    if kind is Subject.CHANNEL:
        return {}
    users = (data_of(interaction).get("resolved") or {}).get("users", {})
    bots = {int(each) for each, user in users.items() if user.get("bot")}
    found = [each for each in chosen(interaction) if each.id in picked]
    return {each.id: key for each in found if (key := spared(interaction, each, bot=each.id in bots))}
