"""One request to the REST API, as the routes see it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.sandbox.discord import problems
from bot.sandbox.discord.multipart import Form, read_form
from bot.sandbox.discord.nouns import Channel, Json, Message
from bot.sandbox.discord.world import World


@dataclass(frozen=True)
class Call:
    """Who asks for what."""

    request: web.Request
    world: World
    actor_id: int

    def id(self, name: str) -> int:
        """An id from the path; `@me` is the one who asks."""
        value = self.request.match_info[name]
        if value == "@me":
            return self.actor_id
        if not value.isdigit():
            words = f'Value "{value}" is not snowflake.'
            raise problems.invalid(name, "NUMBER_TYPE_COERCE", words)
        return int(value)

    def text(self, name: str) -> str:
        """A part of the path that is not an id."""
        return self.request.match_info[name]

    def number(self, name: str, low: int, high: int, default: int) -> int:
        """A whole number from the query within its bounds."""
        value = self.request.query.get(name)
        if value is None:
            return default
        if not value.isdigit() or not low <= int(value) <= high:
            words = f"int value should be between {low} and {high}."
            raise problems.invalid(name, "NUMBER_TYPE_RANGE", words)
        return int(value)

    def flag(self, name: str) -> bool:
        """A yes or no from the query."""
        return self.request.query.get(name, "").lower() in ("1", "true")

    async def body(self) -> Form:
        """The body as it came, whatever JSON it is."""
        return read_form(self.request.headers.get("Content-Type", ""), await self.request.read())

    async def form(self) -> Form:
        """The body, which has to be an object."""
        form = await self.body()
        if not isinstance(form.fields, dict):
            words = "Only dictionaries may be used in a model type"
            raise problems.invalid("", "MODEL_TYPE_CONVERT", words)
        return form

    async def fields(self) -> Json:
        """The fields of a body without files."""
        fields: Json = (await self.form()).fields
        return fields

    def channel(self, needed: int = 0) -> Channel:
        """The channel of the path, if the one who asks may see it and has the permissions."""
        channel = self.world.channel(self.id("channel_id"))
        self.world.require(self.actor_id, channel, needed)
        return channel

    def message(self, needed: int = 0) -> Message:
        """The message of the path."""
        channel = self.channel(needed)
        return self.world.message(channel.id, self.id("message_id"))


@dataclass(frozen=True)
class Made:
    """An answer with a status other than 200."""

    value: Any
    status: int = 201


Handler = Callable[[Call], Awaitable[Any]]


@dataclass(frozen=True)
class Route:
    """A method and path of the API and what answers it; anonymous ones carry their right in the path."""

    method: str
    path: str
    handler: Handler
    anonymous: bool = False
