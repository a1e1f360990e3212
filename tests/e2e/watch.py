"""A watch over all that the bot sends in any of these tests: nobody is called whom it does not mean, all of it fits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.discord.multipart import Form, read_form
from bot.sandbox.discord.traffic import BEFORE, Seen

CONTENT, NAME, DESCRIPTION, LABEL, TEXTS, EMBEDS = 2000, 100, 1024, 80, 4000, 6000  #: characters that Discord takes
MESSAGES = {4, 7}  #: answers to interactions that are messages, or change them
SPOKEN = ("/messages", "/callback", "/messages/{message_id}", "/webhooks/{application_id}/{token}")


@dataclass
class Watch:
    """What was not as it should be, by its route."""

    complaints: list[str] = field(default_factory=list)
    letters: int = 0

    async def __call__(self, phase: str, seen: Seen) -> None:
        """A hook of the sandbox's traffic."""
        if phase != BEFORE or seen.who != "bot" or seen.request is None or seen.method not in {"POST", "PATCH"}:
            return
        if seen.route.endswith("/threads"):
            form = read_form("", await seen.request.read())
            self._note(seen, [] if 0 < len(form.fields["name"]) <= NAME else [f"a name: {form.fields['name']}"])
        elif seen.route.endswith(SPOKEN):
            form = read_form(seen.request.headers.get("Content-Type", ""), await seen.request.read())
            self.letters += 1
            self._note(seen, wrong(form))

    def _note(self, seen: Seen, found: list[str]) -> None:
        self.complaints += [f"{seen.method} {seen.route}: {each}" for each in found]


def wrong(form: Form) -> list[str]:
    """What is wrong with a message."""
    fields = form.fields
    if "type" in fields:  # an answer to an interaction
        fields = (fields.get("data") or {}) if fields["type"] in MESSAGES else {}
    return [*_pings(fields), *_sizes(fields), *(each for file in form.files.values() for each in _file(file.filename))]


def _pings(fields: Any) -> Iterator[str]:
    """Only somebody who is named by their id, and they alone, is called by a message."""
    if not (fields.get("content") or _texts(fields)):
        return
    allowed = fields.get("allowed_mentions")
    if allowed is None:
        yield "it does not say whom it calls"
    elif allowed.get("parse") != [] or allowed.get("roles") or len(allowed.get("users") or []) > 1:
        yield f"it calls {allowed}"


def _sizes(fields: Any) -> Iterator[str]:
    if len(fields.get("content") or "") > CONTENT:
        yield f"{len(fields['content'])} characters"
    if sum(map(len, _texts(fields))) > TEXTS:
        yield "its components say too much"
    if sum(map(len, map(str, fields.get("embeds") or []))) > EMBEDS:
        yield "its embeds say too much"
    for each in _parts(fields.get("components") or []):
        if len(each.get("label") or "") > (LABEL if each.get("type") == 2 else NAME):
            yield f"a label: {each['label']}"
    for each in fields.get("attachments") or []:
        if len(each.get("description") or "") > DESCRIPTION:
            yield "a description that is too long"


def _texts(fields: Any) -> list[str]:
    return [str(each.get("content") or "") for each in _parts(fields.get("components") or []) if each.get("type") == 10]


def _parts(components: Any) -> Iterator[Any]:
    """All components, those in others too."""
    for each in components if isinstance(components, list) else [components]:
        yield each
        for inner in ("components", "component", "accessory", "options"):
            yield from _parts(each.get(inner) or [])


def _file(name: str) -> Iterator[str]:
    if not name.isprintable() or not name.isascii() or {"/", "\\"} & set(name) or not 0 < len(name) <= NAME:
        yield f"a file's name: {name!r}"
