"""Files of a message: taken in, and kept on edits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.sandbox.discord import problems
from bot.sandbox.discord.multipart import Form, Upload
from bot.sandbox.discord.nouns import Attachment, Channel, Json
from bot.sandbox.discord.picture import content_type, dimensions
from bot.sandbox.discord.problems import FormErrors, Problem
from bot.sandbox.discord.world import World

MOST_FILES = 10
_UNWANTED = re.compile(r"[^\w.\-]+")


class Intake:
    """Turns uploads into attachments of one channel, and looks up the ones a message already has."""

    def __init__(self, world: World, channel: Channel, *, ephemeral: bool = False) -> None:
        self._world = world
        self._channel = channel
        self._ephemeral = ephemeral
        self._fresh: list[tuple[Attachment, bytes]] = []

    def store(self) -> None:
        """Put the new files into the vault, once nothing else can fail."""
        for attachment, content in self._fresh:
            self._world.vault.put(attachment, content)

    def take(self, form: Form, listed: Any, kept: Sequence[Attachment] = ()) -> tuple[Attachment, ...]:
        """The message's attachments: those it keeps and the new ones, as the form lists them."""
        self._check(form)
        known = {str(one.id): one for one in kept}
        entries = listed if isinstance(listed, list) else [*_entries_of(kept), *_entries(form)]
        fresh = {str(number): upload for number, upload in form.files.items()}
        named = {str(entry.get("id")) for entry in entries}
        entries = [*entries, *({"id": number} for number in fresh if number not in named)]
        taken = [self._entry(entry, known, fresh, i) for i, entry in enumerate(entries)]
        if len(taken) > MOST_FILES:
            raise Problem(problems.TOO_MANY_FILES)
        return tuple(taken)

    def _check(self, form: Form) -> None:
        guild = self._world.guilds.get(self._channel.guild_id or 0)
        limit = self._world.rules.file_limit(guild.tier if guild else 0)
        if any(len(upload.content) > limit for upload in form.files.values()):
            raise Problem(problems.TOO_LARGE)

    def _entry(self, entry: Json, known: dict[str, Attachment], fresh: dict[str, Upload], index: int) -> Attachment:
        key = str(entry.get("id"))
        if key in known:
            return replace(known[key], description=entry.get("description", known[key].description))
        if key not in fresh:
            words = "Attachment cannot be found among the uploaded files."
            raise problems.invalid(f"attachments.{index}", "ATTACHMENT_NOT_FOUND", words)
        errors = FormErrors()
        errors.length(f"attachments.{index}.description", entry.get("description") or "", 0, 1024)
        errors.check()
        return self._attach(fresh[key], entry)

    def _attach(self, upload: Upload, entry: Json) -> Attachment:
        filename = _UNWANTED.sub("_", entry.get("filename") or upload.filename)
        size = dimensions(upload.content) or (None, None)
        attachment = Attachment(
            id=self._world.issue(),
            channel_id=self._channel.id,
            filename=filename,
            size=len(upload.content),
            content_type=content_type(filename),
            width=size[0],
            height=size[1],
            description=entry.get("description") or None,
            ephemeral=self._ephemeral,
        )
        self._fresh.append((attachment, upload.content))
        return attachment


def _entries(form: Form) -> list[Json]:
    return [{"id": number} for number in form.files]


def _entries_of(kept: Sequence[Attachment]) -> list[Json]:
    return [{"id": one.id} for one in kept]
