"""A message and a form as a member sees them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.sandbox.discord.components import BUTTON, FILE, GALLERY, TEXT, THUMBNAIL, all_of
from bot.sandbox.discord.nouns import EPHEMERAL, LOADING, Json


@dataclass(frozen=True)
class Picture:
    """A file shown in a message."""

    name: str
    url: str
    width: int | None = None
    height: int | None = None
    alt: str | None = None


@dataclass(frozen=True)
class Post:
    """A message; `data` is Discord's JSON."""

    data: Json

    @property
    def id(self) -> int:
        """The message's id."""
        return int(self.data["id"])

    @property
    def channel_id(self) -> int:
        """Where it stands."""
        return int(self.data["channel_id"])

    @property
    def kind(self) -> int:
        """Discord's message type."""
        return int(self.data["type"])

    @property
    def author(self) -> str:
        """The author's user name."""
        return str(self.data["author"]["username"])

    @property
    def is_from_bot(self) -> bool:
        """Whether a bot wrote it."""
        return bool(self.data["author"].get("bot"))

    @property
    def text(self) -> str:
        """All its words, those in components too."""
        shown = [one["content"] for one in self._components() if one["type"] == TEXT]
        embeds = [part for one in self.data["embeds"] for part in (one.get("title"), one.get("description")) if part]
        return "\n".join([part for part in (self.data["content"], *embeds, *shown) if part])

    @property
    def is_whisper(self) -> bool:
        """Whether only one member sees it."""
        return bool(self.data["flags"] & EPHEMERAL)

    @property
    def is_thinking(self) -> bool:
        """Whether the bot has only said that it will answer."""
        return bool(self.data["flags"] & LOADING)

    @property
    def reply_to(self) -> int | None:
        """The id of the message it answers."""
        found = (self.data.get("message_reference") or {}).get("message_id")
        return int(found) if found else None

    @property
    def thread_id(self) -> int | None:
        """The thread that grew from it."""
        return int(self.data["thread"]["id"]) if self.data.get("thread") else None

    @property
    def pictures(self) -> list[Picture]:
        """Its files, wherever they are shown."""
        files = [
            Picture(one["filename"], one["url"], one.get("width"), one.get("height"), one.get("description"))
            for one in self.data["attachments"]
        ]
        return [*files, *(shown for one in self._components() for shown in _shown(one))]

    @property
    def buttons(self) -> dict[str, str]:
        """Custom ids by label (or emoji) of the buttons that can be pressed."""
        pressable = [one for one in self._components() if one["type"] == BUTTON and "custom_id" in one]
        return {_label(one): one["custom_id"] for one in pressable if not one.get("disabled")}

    def component(self, custom_id: str) -> Json:
        """The button or select with this custom id."""
        return next(one for one in self._components() if one.get("custom_id") == custom_id)

    def _components(self) -> list[Json]:
        return all_of(self.data["components"])


def _label(button: Json) -> str:
    return str(button.get("label") or (button.get("emoji") or {}).get("name") or "")


def _shown(component: Json) -> list[Picture]:
    if component["type"] == GALLERY:
        return [_picture(one["media"], one.get("description")) for one in component["items"]]
    if component["type"] == THUMBNAIL:
        return [_picture(component["media"], component.get("description"))]
    return [_picture(component["file"], None)] if component["type"] == FILE else []


def _picture(media: Json, alt: str | None) -> Picture:
    name = str(media["url"]).split("?")[0].rsplit("/", 1)[-1]
    return Picture(name, media["url"], media.get("width"), media.get("height"), alt)


@dataclass(frozen=True)
class Form:
    """A form that popped up; `data` is Discord's JSON."""

    data: Json

    @property
    def title(self) -> str:
        """Its title."""
        return str(self.data["title"])

    @property
    def custom_id(self) -> str:
        """Its custom id."""
        return str(self.data["custom_id"])

    @property
    def channel_id(self) -> int:
        """Where it popped up."""
        return int(self.data["channel_id"])

    @property
    def fields(self) -> dict[str, Json]:
        """Its fields by custom id."""
        return {one["custom_id"]: one for one in all_of(self.data["components"]) if "custom_id" in one}


@dataclass(frozen=True)
class Outcome:
    """How an interaction went: `done`, `modal` with its form, `choices`, or `failed` after three seconds."""

    kind: str
    form: Form | None = None
    choices: tuple[Any, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the bot answered in time."""
        return self.kind != "failed"
