"""What the bot says to interactions: first answers, follow-ups, and edits of both."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.sandbox.discord import problems
from bot.sandbox.discord.draft import Desk
from bot.sandbox.discord.interaction import AUTOCOMPLETE, COMMAND, COMPONENT, MODAL_SUBMIT, Interaction
from bot.sandbox.discord.interactions import Interactions
from bot.sandbox.discord.messages import Messages
from bot.sandbox.discord.modal import Modal
from bot.sandbox.discord.multipart import Form
from bot.sandbox.discord.nouns import (
    EPHEMERAL,
    LOADING,
    MENU_ANSWER,
    REPLY,
    SLASH_ANSWER,
    Channel,
    Json,
    Message,
    Reference,
)
from bot.sandbox.discord.problems import Problem
from bot.sandbox.discord.world import World

SAY, DEFER, DEFER_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
_FITTING = {
    COMMAND: frozenset({SAY, DEFER, MODAL}),
    COMPONENT: frozenset({SAY, DEFER, DEFER_UPDATE, UPDATE, MODAL}),
    AUTOCOMPLETE: frozenset({CHOICES}),
    MODAL_SUBMIT: frozenset({SAY, DEFER, DEFER_UPDATE, UPDATE}),
}


class Answers:
    """The bot's side of interactions."""

    def __init__(self, world: World, interactions: Interactions) -> None:
        self._world = world
        self._interactions = interactions
        self._messages = Messages(world)

    def first(self, interaction: Interaction, form: Form) -> Message | None:
        """The answer that has to come within three seconds; returns the message it made or changed."""
        kind = form.fields.get("type")
        allowed = _FITTING[interaction.kind]
        if kind not in allowed or (kind in (DEFER_UPDATE, UPDATE) and interaction.message is None):
            choices = ", ".join(str(one) for one in sorted(allowed))
            raise problems.invalid("type", "BASE_TYPE_CHOICES", f"Value must be one of ({choices}).")
        self._require_open(interaction)
        said = Form(form.fields.get("data") or {}, form.files)
        message = self._act(kind, interaction, said)
        self._interactions.acknowledge(interaction)
        if kind not in (MODAL, CHOICES):
            self._interactions.tell("INTERACTION_SUCCESS", interaction)
        return message

    def _require_open(self, interaction: Interaction) -> None:
        thread = self._world.channel(interaction.channel_id).thread
        if thread is not None and thread.archived and thread.locked:
            raise Problem(problems.THREAD_ARCHIVED)

    def _act(self, kind: int, interaction: Interaction, said: Form) -> Message | None:
        if kind == SAY:
            return self._say(interaction, said)
        if kind == DEFER:
            return self._defer(interaction, said)
        if kind == UPDATE:
            return self._revise(self._source(interaction), said)
        if kind == MODAL:
            self._show(interaction, said.fields)
        elif kind == CHOICES:
            self._suggest(interaction, said.fields)
        elif interaction.message is not None:
            interaction.original_id = interaction.message.id
        return None

    def _say(self, interaction: Interaction, said: Form) -> Message:
        message = self._post(interaction, said, _reference(interaction))
        interaction.original_id = message.id
        return message

    def _post(self, interaction: Interaction, said: Form, reference: Reference | None) -> Message:
        channel = self._world.channel(interaction.channel_id)
        self._require_open(interaction)
        desk = Desk(self._world, channel, self._world.application.bot_id, answering=True)
        draft = desk.write(said)
        whispered = interaction.user_id if draft.flags & EPHEMERAL else None
        return self._messages.post(
            channel, self._world.application.bot_id, draft, reference=reference, whispered_to=whispered,
            **self._traits(interaction, is_reply=reference is not None),
        )  # fmt: skip

    def _traits(self, interaction: Interaction, *, is_reply: bool) -> Json:
        kind = SLASH_ANSWER
        if is_reply:
            kind = REPLY
        elif interaction.data.get("type") in (2, 3):
            kind = MENU_ANSWER
        origin = interaction.origin
        if interaction.original_id is not None:
            origin = replace(origin, original_id=interaction.original_id)
        return {"kind": kind, "origin": origin, "webhook_id": self._world.application.id}

    def _defer(self, interaction: Interaction, said: Form) -> Message:
        flags = int(said.fields.get("flags") or 0) & EPHEMERAL
        reference = _reference(interaction)
        message = self._messages.post(
            self._world.channel(interaction.channel_id),
            self._world.application.bot_id,
            flags=flags | LOADING,
            reference=reference,
            whispered_to=interaction.user_id if flags else None,
            **self._traits(interaction, is_reply=reference is not None),
        )
        interaction.original_id = message.id
        return message

    def _source(self, interaction: Interaction) -> Message:
        assert interaction.message is not None
        interaction.original_id = interaction.message.id
        return self._found(interaction, interaction.message.id)

    def _show(self, interaction: Interaction, fields: Json) -> None:
        interaction.modal = Modal().read(fields)
        app = self._world.application
        shown: Json = {"channel_id": str(interaction.channel_id), **interaction.modal}
        shown["application"] = {"id": str(app.id), "name": app.name, "icon": None, "description": ""}
        self._interactions.tell("INTERACTION_MODAL_CREATE", interaction, **shown)

    def _suggest(self, interaction: Interaction, fields: Json) -> None:
        choices: list[Any] = fields.get("choices") or []
        if len(choices) > 25:
            raise problems.invalid("data.choices", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
        self._interactions.tell("APPLICATION_COMMAND_AUTOCOMPLETE_RESPONSE", interaction, choices=choices)

    def follow_up(self, interaction: Interaction, form: Form) -> Message:
        """One more message; the first after a deferral takes the place of "is thinking"."""
        original = self._original(interaction)
        if original is not None and original.has(LOADING):
            return self._revise(original, form)
        channel = self._world.channel(interaction.channel_id)
        reference = Reference(channel.id, original.id, channel.guild_id) if original else None
        return self._post(interaction, form, reference)

    def _original(self, interaction: Interaction) -> Message | None:
        if interaction.original_id is None:
            return None
        try:
            return self._found(interaction, interaction.original_id)
        except Problem:
            return None

    def read(self, interaction: Interaction, name: str) -> Message:
        """A message of this interaction by its id, or `@original`."""
        if name != "@original":
            return self._found(interaction, int(name))
        if interaction.original_id is None:
            raise Problem(problems.UNKNOWN_MESSAGE)
        return self._found(interaction, interaction.original_id)

    def _found(self, interaction: Interaction, message_id: int) -> Message:
        message = self._world.whispers.get(message_id)
        if message is None:
            message = self._world.message(interaction.channel_id, message_id)
        own = message.origin is not None and message.origin.id == interaction.id
        if not own and message.id not in (interaction.original_id, _source_id(interaction)):
            raise Problem(problems.UNKNOWN_MESSAGE)
        return message

    def edit(self, interaction: Interaction, name: str, form: Form) -> Message:
        """Change a message of this interaction."""
        self._require_open(interaction)
        return self._revise(self.read(interaction, name), form)

    def _revise(self, message: Message, form: Form) -> Message:
        # A reply's ping survives, and whether a message is a whisper was settled when it was first sent.
        return self._messages.revise(message, message.author_id, form)

    def delete(self, interaction: Interaction, name: str) -> None:
        """Delete a message of this interaction."""
        message = self.read(interaction, name)
        if message.whispered_to is not None:
            self._messages.drop_whisper(message)
        else:
            channel: Channel = self._world.channel(message.channel_id)
            self._messages.drop(channel, [message.id])


def _source_id(interaction: Interaction) -> int | None:
    return interaction.message.id if interaction.message else None


def _reference(interaction: Interaction) -> Reference | None:
    if interaction.message is None:
        return None
    return Reference(interaction.channel_id, interaction.message.id, interaction.guild_id)
