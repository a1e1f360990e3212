"""A client logged in as a member: what it has seen and heard so far."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Self

from bot.sandbox.discord.link import Addresses, File, Link
from bot.sandbox.discord.nouns import DM, Json
from bot.sandbox.discord.post import Form, Outcome, Picture, Post

Place = str | int | Post
_OUTCOMES = {
    "INTERACTION_SUCCESS": "done",
    "INTERACTION_FAILURE": "failed",
    "INTERACTION_MODAL_CREATE": "modal",
    "APPLICATION_COMMAND_AUTOCOMPLETE_RESPONSE": "choices",
}


class Presence:
    """Sees as one person. A place is a channel's name or id, `"dm"` for the bot's direct messages, or a post there."""

    def __init__(self, addresses: Addresses, token: str) -> None:
        self.token = token
        self.link = Link(addresses, token, self._hear)
        self.channels: dict[int, Json] = {}
        self.outcomes: dict[str, Outcome] = {}
        # Every message this member has seen since connecting, whispers too, as it is now.
        self.seen: dict[int, Post] = {}
        self.deleted: set[int] = set()
        self.user_id = 0

    async def close(self) -> None:
        """Log out."""
        await self.link.close()

    async def __aenter__(self) -> Self:
        await self.link.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def _hear(self, name: str, data: Json) -> None:
        if name in ("MESSAGE_CREATE", "MESSAGE_UPDATE"):
            self.seen[int(data["id"])] = Post(data)
        elif name in ("MESSAGE_DELETE", "MESSAGE_DELETE_BULK"):
            gone = {int(one) for one in data.get("ids", [data.get("id", 0)])}
            self.deleted |= gone
            self.seen = {one: post for one, post in self.seen.items() if one not in gone}
        elif name in _OUTCOMES:
            self.outcomes[str(data["nonce"])] = self._outcome(_OUTCOMES[name], data)
        else:
            self._learn(name, data)

    def _learn(self, name: str, data: Json) -> None:
        if name == "READY":
            self.user_id = int(data["user"]["id"])
            self._know(data["private_channels"])
        elif name == "GUILD_CREATE":
            self._know([*data["channels"], *data["threads"]])
        elif name in ("THREAD_CREATE", "THREAD_UPDATE", "CHANNEL_CREATE", "CHANNEL_UPDATE"):
            self._know([data])
        elif name in ("THREAD_DELETE", "CHANNEL_DELETE"):
            self.channels.pop(int(data["id"]), None)

    def _know(self, channels: Sequence[Json]) -> None:
        self.channels.update({int(one["id"]): one for one in channels})

    def _outcome(self, kind: str, data: Json) -> Outcome:
        if kind != "modal":
            return Outcome(kind, choices=tuple(data.get("choices", ())))
        return Outcome(kind, Form(data))

    async def channel_id(self, place: Place) -> int:
        """The id of a place."""
        await self.link.open()
        if isinstance(place, Post):
            return place.channel_id
        if isinstance(place, int) or place.isdigit():
            return int(place)
        for number, one in self.channels.items():
            if one.get("name") == place or (place == "dm" and one["type"] == DM):
                return number
        raise LookupError(f"{self.token} sees no channel {place!r}")

    async def call(self, method: str, path: str, fields: Any = None, files: Sequence[File] = ()) -> Any:
        """Any REST call as this member."""
        return await self.link.call(method, path, fields, files)

    async def fetch(self, picture: Picture) -> bytes:
        """A picture's bytes."""
        return await self.link.fetch(picture.url)

    async def messages(self, place: Place, limit: int = 50) -> list[Post]:
        """The latest messages of a place, the oldest first."""
        number = await self.channel_id(place)
        return [Post(one) for one in await self.call("GET", f"/channels/{number}/messages?limit={limit}")][::-1]

    async def wait_for(
        self,
        predicate: Callable[[Post], bool],
        place: Place | None = None,
        timeout: float = 10.0,  # noqa: ASYNC109
    ) -> Post:
        """The first message, new or changed, that fits; those already there count. TimeoutError if none comes."""
        number = None if place is None else await self.channel_id(place)
        earlier = [] if place is None else await self.messages(place)
        for post in earlier:
            self.seen.setdefault(post.id, post)

        def found() -> Post | None:
            return next((one for one in self._in(number) if predicate(one)), None)

        return Post((await self.link.wait_until(found, timeout)).data)

    def _in(self, channel_id: int | None) -> Iterator[Post]:
        posts = sorted(self.seen.values(), key=lambda one: one.id)
        return (one for one in posts if channel_id in (None, one.channel_id))
