"""A message before it is sent: its form read, checked against Discord's limits, and put in order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.sandbox.discord import problems
from bot.sandbox.discord.components import TEXT, Components, all_of
from bot.sandbox.discord.frames import Frames
from bot.sandbox.discord.intake import Intake
from bot.sandbox.discord.mentions import Pings
from bot.sandbox.discord.multipart import Form
from bot.sandbox.discord.nouns import (
    COMPONENTS_V2,
    EPHEMERAL,
    SILENT,
    Attachment,
    Channel,
    Json,
    Mentions,
    Message,
)
from bot.sandbox.discord.permissions import Permission
from bot.sandbox.discord.problems import FormErrors, Problem
from bot.sandbox.discord.world import World

MOST_WORDS, MOST_EMBEDS, MOST_EMBED_WORDS = 2000, 10, 6000
_SETTABLE = SILENT | COMPONENTS_V2 | EPHEMERAL
_LEGACY = ("content", "embeds", "poll", "sticker_ids")


@dataclass(frozen=True)
class Draft:
    """What a message will say and show."""

    content: str
    embeds: tuple[Json, ...]
    components: tuple[Json, ...]
    attachments: tuple[Attachment, ...]
    flags: int
    mentions: Mentions

    @property
    def is_empty(self) -> bool:
        """Whether there would be nothing to see."""
        shown = self.components if self.flags & COMPONENTS_V2 else ()
        return not (self.content.strip() or self.embeds or self.attachments or shown)


class Desk:
    """Where one author writes in one channel."""

    def __init__(self, world: World, channel: Channel, author_id: int, *, answering: bool = False) -> None:
        self._world = world
        self._channel = channel
        self._author_id = author_id
        # What answers an interaction may carry files and embeds wherever people may use commands.
        self._answering = answering

    def write(self, form: Form, replied_to: int | None = None) -> Draft:
        """A new message from its form; raises 50035, 50006, 40005 … as Discord does."""
        return self._draft(form, None, replied_to)

    def rewrite(self, form: Form, message: Message, replied_to: int | None = None) -> Draft:
        """An edited message: what the form does not name stays."""
        return self._draft(form, message, replied_to)

    def _draft(self, form: Form, before: Message | None, replied_to: int | None) -> Draft:
        fields = _object(form.fields)
        self._require_rights(form, fields)
        flags = _flags(fields, before)
        errors = FormErrors()
        content = _text(fields, before, errors)
        embeds = _embeds(fields, before, errors)
        components = _components(fields, before, errors, flags)
        _check_layout(fields, before, flags, errors)
        errors.check()
        intake = Intake(self._world, self._channel, ephemeral=bool(flags & EPHEMERAL))
        attachments = intake.take(form, fields.get("attachments"), before.attachments if before else ())
        frames = Frames(self._world, attachments, errors)
        draft = Draft(
            content=content,
            embeds=frames.tie(embeds, "embeds"),
            components=frames.tie(components),
            attachments=attachments,
            flags=flags,
            mentions=self._mentions(content, components, fields.get("allowed_mentions"), replied_to),
        )
        errors.check()
        if draft.is_empty:
            raise Problem(problems.EMPTY)
        intake.store()
        return draft

    def _require_rights(self, form: Form, fields: Json) -> None:
        allowed = self._world.allowed(self._author_id, self._channel)
        files, embeds = form.files and not allowed & Permission.ATTACH_FILES, fields.get("embeds")
        if not self._answering and (files or (embeds and not allowed & Permission.EMBED_LINKS)):
            raise Problem(problems.MISSING_PERMISSIONS)

    def _mentions(self, content: str, components: tuple[Json, ...], allowed: Any, replied_to: int | None) -> Mentions:
        words = [content, *(one["content"] for one in all_of(components) if one["type"] == TEXT)]
        return Pings(self._world, self._channel, self._author_id).read("\n".join(words), allowed, replied_to)


def _object(fields: Any) -> Json:
    if not isinstance(fields, dict):
        raise problems.invalid("", "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a model type")
    return fields


def _flags(fields: Json, before: Message | None) -> int:
    wanted = int(fields.get("flags") or 0) & _SETTABLE
    if before is None:
        return wanted
    return before.flags | (wanted & COMPONENTS_V2)


def _text(fields: Json, before: Message | None, errors: FormErrors) -> str:
    if before is not None and "content" not in fields:
        return before.content
    content = fields.get("content")
    content = "" if content is None else str(content)
    errors.length("content", content, 0, MOST_WORDS)
    return content.strip()


def _embeds(fields: Json, before: Message | None, errors: FormErrors) -> tuple[Json, ...]:
    if before is not None and "embeds" not in fields:
        return before.embeds
    embeds = fields.get("embeds") or []
    if len(embeds) > MOST_EMBEDS:
        errors.add("embeds", "BASE_TYPE_MAX_LENGTH", f"Must be {MOST_EMBEDS} or fewer in length.")
    if sum(_embed_words(one) for one in embeds) > MOST_EMBED_WORDS:
        errors.add("embeds", "MAX_EMBED_SIZE_EXCEEDED", f"Embed size exceeds maximum size of {MOST_EMBED_WORDS}")
    for i, one in enumerate(embeds):
        errors.length(f"embeds.{i}.title", one.get("title") or "", 0, 256)
        errors.length(f"embeds.{i}.description", one.get("description") or "", 0, 4096)
    return tuple({**one, "type": "rich"} for one in embeds)


def _embed_words(embed: Json) -> int:
    fields = [text for one in embed.get("fields") or [] for text in (one.get("name"), one.get("value"))]
    ends = [(embed.get("footer") or {}).get("text"), (embed.get("author") or {}).get("name")]
    return sum(len(text or "") for text in (embed.get("title"), embed.get("description"), *fields, *ends))


def _components(fields: Json, before: Message | None, errors: FormErrors, flags: int) -> tuple[Json, ...]:
    if before is not None and "components" not in fields:
        return before.components
    reader = Components(errors, layout=bool(flags & COMPONENTS_V2))
    return reader.read(fields.get("components") or [])


def _check_layout(fields: Json, before: Message | None, flags: int, errors: FormErrors) -> None:
    if not flags & COMPONENTS_V2:
        return
    left = {"content": before.content, "embeds": before.embeds} if before else {}
    final: Json = {**left, **fields}
    for name in _LEGACY:
        if final.get(name):
            words = f"The '{name}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
            errors.add(name, "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", words)
