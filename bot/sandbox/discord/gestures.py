"""What members do to apps: commands, menus, buttons, selects and submitted forms, checked and resolved."""

from __future__ import annotations

from typing import Any

from bot.sandbox.discord import problems
from bot.sandbox.discord.commands import MESSAGE_MENU, USER_MENU, Commands, is_permitted
from bot.sandbox.discord.components import SELECT, SELECTS, all_of
from bot.sandbox.discord.intake import Intake
from bot.sandbox.discord.interaction import AUTOCOMPLETE, COMMAND, COMPONENT, MODAL_SUBMIT, Interaction
from bot.sandbox.discord.interactions import Interactions
from bot.sandbox.discord.multipart import Form
from bot.sandbox.discord.nouns import Channel, Json, Message
from bot.sandbox.discord.options import Options
from bot.sandbox.discord.permissions import Permission, permissions_of
from bot.sandbox.discord.problems import Problem
from bot.sandbox.discord.resolved import CHANNEL, MENTIONABLE, ROLE, USER, Resolved
from bot.sandbox.discord.submission import Submission
from bot.sandbox.discord.world import World

_SELECT_KINDS = {5: USER, 6: ROLE, 7: MENTIONABLE, 8: CHANNEL}


class Gestures:
    """Turns a member's POST /interactions into an interaction the bot receives."""

    def __init__(self, world: World, interactions: Interactions) -> None:
        self._world = world
        self._interactions = interactions
        self._commands = Commands(world)

    def make(self, user_id: int, form: Form) -> Interaction:
        """Check the gesture and start the interaction."""
        fields = form.fields
        channel = self._world.channel(int(fields.get("channel_id") or 0))
        self._world.require(user_id, channel)
        if str(fields.get("application_id")) != str(self._world.application.id):
            raise Problem(problems.UNKNOWN_APPLICATION)
        readers = {
            COMMAND: self._command,
            AUTOCOMPLETE: self._command,
            COMPONENT: self._component,
            MODAL_SUBMIT: self._modal,
        }
        reader = readers.get(fields.get("type") or 0)
        if reader is None:
            raise problems.invalid("type", "BASE_TYPE_CHOICES", "Value must be one of {2, 3, 4, 5}.")
        traits = reader(channel, user_id, form)
        interaction = Interaction(
            id=self._world.issue(),
            kind=fields["type"],
            user_id=user_id,
            channel_id=channel.id,
            guild_id=channel.guild_id,
            started_at=self._world.clock.now(),
            nonce=fields.get("nonce"),
            session_id=fields.get("session_id"),
            **traits,
        )
        self._interactions.start(interaction)
        return interaction

    def _command(self, channel: Channel, user_id: int, form: Form) -> Json:
        if channel.thread is not None and channel.thread.archived:
            raise Problem(problems.THREAD_ARCHIVED)
        self._world.require(user_id, channel, Permission.USE_APPLICATION_COMMANDS)
        given = form.fields.get("data") or {}
        command = self._allowed_command(channel, user_id, str(given.get("id")))
        resolved = Resolved(self._world, channel, user_id)
        data: Json = {"id": command["id"], "name": command["name"], "type": command["type"]}
        if command["type"] in (USER_MENU, MESSAGE_MENU):
            data["target_id"] = self._target(channel, command["type"], given, resolved)
        else:
            files = _Files(self._world, channel, form)
            strict = form.fields["type"] == COMMAND
            options = Options(resolved, files.attach, strict=strict)
            data["options"] = options.read(command.get("options") or [], given.get("options") or [])
            files.keep(resolved)
        return {"data": _with_resolved(data, resolved)}

    def _allowed_command(self, channel: Channel, user_id: int, command_id: str) -> Json:
        found = [one for one in self._commands.reachable(channel.guild_id) if one["id"] == command_id]
        if not found:
            raise Problem(problems.UNKNOWN_COMMAND)
        command = found[0]
        if command["nsfw"] and not (self._world.parent(channel) or channel).nsfw:
            raise Problem(problems.MISSING_ACCESS)
        if channel.guild_id is not None:
            guild = self._world.guild(channel.guild_id)
            if not is_permitted(command, permissions_of(guild, self._world.member(guild.id, user_id))):
                raise Problem(problems.MISSING_PERMISSIONS)
        return command

    def _target(self, channel: Channel, kind: int, given: Json, resolved: Resolved) -> str:
        target = str(given.get("target_id") or 0)
        if kind == MESSAGE_MENU:
            resolved.message(self._world.message(channel.id, int(target)))
        else:
            self._world.user(int(target))
            resolved.add(USER, target)
        return target

    def _component(self, channel: Channel, user_id: int, form: Form) -> Json:
        given = form.fields.get("data") or {}
        message = self._message(channel, user_id, int(form.fields.get("message_id") or 0))
        component = _find_component(message, str(given.get("custom_id")))
        kind = component["type"]
        data: Json = {"custom_id": component["custom_id"], "component_type": kind, "id": component["id"]}
        resolved = Resolved(self._world, channel, user_id)
        if kind in SELECTS:
            data["values"] = _chosen(component, [str(one) for one in given.get("values") or []])
            for value in data["values"] if kind != SELECT else ():
                resolved.add(_SELECT_KINDS[kind], value)
        return {"data": _with_resolved(data, resolved), "message": message}

    def _message(self, channel: Channel, user_id: int, message_id: int) -> Message:
        whisper = self._world.whispers.get(message_id)
        if whisper is not None and whisper.whispered_to == user_id:
            return whisper
        return self._world.message(channel.id, message_id)

    def _modal(self, channel: Channel, user_id: int, form: Form) -> Json:
        given = form.fields.get("data") or {}
        source = self._interactions.with_modal(int(given.get("id") or 0), user_id)
        modal = source.modal or {}
        resolved = Resolved(self._world, channel, user_id)
        files = _Files(self._world, channel, form)
        submission = Submission(given.get("components"), files.attach)
        data = {"custom_id": modal["custom_id"], "components": submission.fill(modal)}
        files.keep(resolved)
        message = source.message and self._current(source.message)
        return {"data": _with_resolved(data, resolved), "message": message, "trigger": source}

    def _current(self, message: Message) -> Message | None:
        open_ones = self._world.messages.get(message.channel_id, {})
        return self._world.whispers.get(message.id) or open_ones.get(message.id)


class _Files:
    """Uploads that came with a gesture; their numbers become attachment ids."""

    def __init__(self, world: World, channel: Channel, form: Form) -> None:
        self._intake = Intake(world, channel, ephemeral=True)
        given = form.fields.get("data") or {}
        listed = given.get("attachments") or form.fields.get("attachments")
        self._taken = self._intake.take(form, listed)
        self._numbers = [str(one.get("id")) for one in listed or []] or [str(one) for one in form.files]
        self._world = world

    def attach(self, numbers: list[str]) -> list[str]:
        """The attachment ids for those upload numbers."""
        by_number = dict(zip(self._numbers, self._taken, strict=False))
        if not set(numbers) <= set(by_number):
            raise problems.invalid("data.attachments", "ATTACHMENT_NOT_FOUND", "A file of this form is missing.")
        return [str(by_number[one].id) for one in numbers]

    def keep(self, resolved: Resolved) -> None:
        """Store the files and show them to the bot."""
        self._intake.store()
        resolved.attachments(self._taken)


def _with_resolved(data: Json, resolved: Resolved) -> Json:
    return {**data, "resolved": resolved.data} if resolved.data else data


def _find_component(message: Message, custom_id: str) -> Json:
    for one in all_of(message.components):
        if one.get("custom_id") == custom_id and not one.get("disabled"):
            return one
    words = "The specified component does not exist."
    raise problems.invalid("data.custom_id", "COMPONENT_VALIDATION_FAILED", words)


def _chosen(component: Json, values: list[str]) -> list[str]:
    known: Any = {one["value"] for one in component.get("options") or []}
    if component["type"] == SELECT and not set(values) <= known:
        raise problems.invalid("data.values", "BASE_TYPE_CHOICES", "Choose from the options.")
    if not component["min_values"] <= len(values) <= component["max_values"]:
        bounds = f"Must be between {component['min_values']} and {component['max_values']} in length."
        raise problems.invalid("data.values", "BASE_TYPE_BAD_LENGTH", bounds)
    return values
