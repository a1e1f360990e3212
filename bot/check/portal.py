"""What Discord says: the token, the privileged intent, the permissions in each channel, the commands."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.catalogue import Catalogue
from bot.check.finding import PATIENCE, Finding, fine, problem, skipped
from bot.config import Settings
from cogs.inspection import DEADLINE, Inspection, Server

MOST_LINES = 12  #: of permissions; beyond that nobody reads
MOST_CHANNELS = 4  #: named in one line


@dataclass(frozen=True)
class Portal:
    """Asks Discord, never over the gateway: a bot that runs with the same token is not disturbed."""

    settings: Settings
    catalogue: Catalogue
    inspection: Inspection

    async def token(self) -> Finding:
        """Whether Discord knows it, and whom by it."""
        token = self.settings.token
        if not token.value:
            return skipped(self.catalogue.say("check.secret_missing"))
        async with self._asking():
            await self.inspection.client.log_in(token.value)
        return fine(self.catalogue.say("check.token_fine", name=self.inspection.name, token=token))

    async def intents(self) -> Finding:
        """Whether plain words can be heard, where that is wanted."""
        if not self.settings.discord.message_content_intent:
            return fine(self.catalogue.say("check.intent_unwanted"))
        if not self.inspection.gives_content:
            return problem(self.catalogue.say("check.intent_missing"))
        return fine(self.catalogue.say("check.intent_fine"))

    async def permissions(self) -> Finding:
        """Whether the bot can work wherever it is let in."""
        async with self._asking(DEADLINE + PATIENCE):
            servers, unseen = await self.inspection.servers()
            untold = await self._untold()
        say = self.catalogue.say
        if not servers and not unseen:
            return problem(say("check.permissions_nowhere", address=self.inspection.invitation))
        notes = [
            say("check.permissions_quiet", server=each.name, channels=self._some(each.quiet))
            for each in servers
            if each.quiet
        ]
        notes += [say("check.permissions_late", count=unseen)] if unseen else []
        notes += self._unknown_roles(servers) if not unseen else []
        if lines := [*untold, *(line for server in servers for line in self._lacking(server))]:
            return problem(say("check.permissions_lacking"), *self._short(lines), *self._short(notes))
        channels = sum(server.channels - len(server.quiet) for server in servers)
        told = say("check.permissions_fine", channels=channels, servers=len(servers))
        return fine(told, *self._short(notes))

    def _unknown_roles(self, servers: Sequence[Server]) -> list[str]:
        """Rows of the configuration that are about no role there is."""
        known = frozenset[int]().union(*(each.roles for each in servers))
        unknown = [str(each.role) for each in self.settings.limits.role if each.role not in known]
        return [self.catalogue.say("check.roles_unknown", roles=", ".join(unknown))] if unknown else []

    async def commands(self) -> Finding:
        """Whether members find what this program offers."""
        if address := self.inspection.elsewhere:
            return problem(self.catalogue.say("check.commands_elsewhere", address=address))
        async with self._asking():
            differing = await self.inspection.differing()
        if differing:
            return problem(self.catalogue.say("check.commands_differ", names=", ".join(differing)))
        return fine(self.catalogue.say("check.commands_fine", count=self.inspection.commands))

    @asynccontextmanager
    async def _asking(self, seconds: float = PATIENCE) -> AsyncIterator[None]:
        with self.inspection.client.reaching():
            async with asyncio.timeout(seconds):
                yield

    async def _untold(self) -> list[str]:
        """What keeps the operator's own channel from being told."""
        channel, say = self.settings.discord.operator_channel, self.catalogue.say
        lacks = await self.inspection.lacking(channel) if channel else []
        names = ", ".join(say(f"permission.{each}") for each in lacks)
        return [say("check.permissions_operator", channel=channel, names=names)] if lacks else []

    def _lacking(self, server: Server) -> list[str]:
        """A line for each kind of lack, the widest first."""
        say = self.catalogue.say
        if not server.channels:
            return [say("check.permissions_blind", server=server.name)]
        return [
            say(
                "check.permissions_line",
                server=server.name,
                count=len(channels),
                all=server.channels,
                names=", ".join(say(f"permission.{each}") for each in lacks),
                channels=self._some(channels),
            )
            for lacks, channels in sorted(server.lacking.items(), key=lambda each: -len(each[1]))
        ]

    def _short(self, lines: Sequence[str]) -> list[str]:
        more = [self.catalogue.say("check.more", count=len(lines) - MOST_LINES)] if len(lines) > MOST_LINES else []
        return [*lines[:MOST_LINES], *more]

    def _some(self, channels: Sequence[str]) -> str:
        shown = ", ".join(f"#{name}" for name in channels[:MOST_CHANNELS])
        if len(channels) <= MOST_CHANNELS:
            return shown
        return f"{shown} {self.catalogue.say('check.more', count=len(channels) - MOST_CHANNELS)}"
