"""Interactions under way: from a member's press to the bot's answer, by Discord's clock."""

from __future__ import annotations

import asyncio
from typing import Any

from bot.sandbox.discord import interaction_payload, problems
from bot.sandbox.discord.events import Event
from bot.sandbox.discord.interaction import Interaction
from bot.sandbox.discord.problems import Problem
from bot.sandbox.discord.world import World


class Interactions:
    """Every interaction of the last minutes; those the bot ignores fail after three seconds."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._by_id: dict[int, Interaction] = {}
        self._by_token: dict[str, Interaction] = {}
        self._timers: dict[int, asyncio.TimerHandle] = {}

    def start(self, interaction: Interaction) -> None:
        """Show the interaction to the bot and start its clock."""
        self._forget_old()
        self._by_id[interaction.id] = interaction
        self._by_token[interaction.token] = interaction
        self.tell("INTERACTION_CREATE", interaction)
        data = interaction_payload.interaction(self._world, interaction)
        bot = frozenset({self._world.application.bot_id})
        self._world.publish(Event("INTERACTION_CREATE", data, guild_id=interaction.guild_id, only=bot))
        loop = asyncio.get_running_loop()
        patience = self._world.rules.acknowledge_within
        self._timers[interaction.id] = loop.call_later(patience, self._fail, interaction)

    def _forget_old(self) -> None:
        oldest = self._world.clock.now() - 2 * self._world.rules.token_lives
        for one in [one for one in self._by_id.values() if one.started_at < oldest]:
            del self._by_id[one.id], self._by_token[one.token]

    def _fail(self, interaction: Interaction) -> None:
        self._timers.pop(interaction.id, None)
        interaction.failed = True
        self.tell("INTERACTION_FAILURE", interaction, reason_code=2)

    def close(self) -> None:
        """Stop every clock."""
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()

    def tell(self, name: str, interaction: Interaction, **more: Any) -> None:
        """An event for the one who acted, on the connection they acted from."""
        data = {"id": str(interaction.id), "nonce": interaction.nonce, **more}
        actor = frozenset({interaction.user_id})
        self._world.publish(Event(name, data, only=actor, session_id=interaction.session_id))

    def awaiting(self, interaction_id: int, token: str) -> Interaction:
        """The interaction the bot answers first now: 10062 when it is unknown or too late, 40060 the second time."""
        interaction = self._by_id.get(interaction_id)
        if interaction is None or interaction.token != token or interaction.failed:
            raise Problem(problems.UNKNOWN_INTERACTION)
        if interaction.acknowledged:
            raise Problem(problems.ACKNOWLEDGED)
        return interaction

    def acknowledge(self, interaction: Interaction) -> None:
        """The bot's first answer has been accepted."""
        interaction.acknowledged = True
        timer = self._timers.pop(interaction.id, None)
        if timer is not None:
            timer.cancel()

    def opened(self, token: str) -> Interaction:
        """The interaction behind a token for follow-ups: 10015 before its answer, 50027 after 15 minutes."""
        interaction = self._by_token.get(token)
        if interaction is None or not interaction.acknowledged:
            raise Problem(problems.UNKNOWN_WEBHOOK)
        if self._world.clock.now() - interaction.started_at > self._world.rules.token_lives:
            raise Problem(problems.TOKEN_EXPIRED)
        return interaction

    def with_modal(self, interaction_id: int, user_id: int) -> Interaction:
        """The interaction that showed this user a form."""
        interaction = self._by_id.get(interaction_id)
        if interaction is None or interaction.modal is None or interaction.user_id != user_id:
            raise Problem(problems.UNKNOWN_INTERACTION)
        return interaction
