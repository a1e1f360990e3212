"""A member of the sandbox's server, who acts over the same protocol as the page: for tests."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from bot.sandbox.discord.link import File, Refused
from bot.sandbox.discord.nouns import Json
from bot.sandbox.discord.post import Form, Outcome, Picture, Post
from bot.sandbox.discord.presence import Place, Presence
from bot.sandbox.discord.problems import THREAD_ARCHIVED
from bot.sandbox.discord.resolved import ATTACHMENT

__all__ = ["Form", "Member", "Outcome", "Picture", "Place", "Post", "Refused"]


class Member(Presence):
    """Acts as one person: writes, presses, commands."""

    async def say(
        self,
        place: Place,
        text: str = "",
        pictures: Sequence[File] = (),
        reply_to: Post | None = None,
        ping: bool = True,
    ) -> Post:
        """Write a message; a reply pings unless `ping` is off."""
        number = await self.channel_id(place)
        fields: Json = {"content": text, "nonce": _nonce(), "attachments": _listed(pictures)}
        if reply_to is not None:
            fields["message_reference"] = {"message_id": str(reply_to.id)}
            fields["allowed_mentions"] = {"parse": ["users", "roles", "everyone"], "replied_user": ping}
        return Post(await self.call("POST", f"/channels/{number}/messages", fields, pictures))

    async def read_in(self, locale: str) -> None:
        """Read Discord in another language."""
        await self.call("PATCH", "/users/@me/settings", {"locale": locale})

    async def forward(self, post: Post, place: Place) -> Post:
        """Forward a message."""
        number = await self.channel_id(place)
        reference = {"type": 1, "channel_id": str(post.channel_id), "message_id": str(post.id)}
        return Post(await self.call("POST", f"/channels/{number}/messages", {"message_reference": reference}))

    async def edit(self, post: Post, text: str) -> Post:
        """Change one's words."""
        return Post(await self.call("PATCH", _path(post), {"content": text}))

    async def delete(self, post: Post) -> None:
        """Delete a message, as people's apps do: a thread that rests is opened before."""
        try:
            await self.call("DELETE", _path(post))
        except Refused as refused:
            if refused.code != THREAD_ARCHIVED.code:
                raise
            await self.call("PATCH", f"/channels/{post.channel_id}", {"archived": False})
            await self.call("DELETE", _path(post))

    async def react(self, post: Post, emoji: str) -> None:
        """Put an emoji under a message."""
        await self.call("PUT", f"{_path(post)}/reactions/{quote(emoji)}/@me")

    async def open_thread(self, post: Post, name: str) -> int:
        """Open a thread on a message; its id."""
        return int((await self.call("POST", f"{_path(post)}/threads", {"name": name}))["id"])

    async def open_post(self, place: Place, name: str, text: str = "", pictures: Sequence[File] = ()) -> Post:
        """Open a forum post; its first message, whose channel is the post."""
        number = await self.channel_id(place)
        words: Json = {"content": text, "attachments": _listed(pictures)}
        made = await self.call("POST", f"/channels/{number}/threads", {"name": name, "message": words}, pictures)
        return Post(made["message"])

    async def press(self, post: Post, custom_id: str) -> Outcome:
        """Press a button."""
        return await self._use(post, {"component_type": 2, "custom_id": custom_id})

    async def choose(self, post: Post, custom_id: str, *values: str) -> Outcome:
        """Choose from a select menu."""
        kind = post.component(custom_id)["type"]
        return await self._use(post, {"component_type": kind, "custom_id": custom_id, "values": list(values)})

    async def _use(self, post: Post, data: Json) -> Outcome:
        app = {"application_id": post.data["application_id"]}
        fields = {**app, "message_id": str(post.id), "message_flags": post.data["flags"], "data": data}
        return await self._interact(3, post.channel_id, fields)

    async def commands(self, place: Place) -> list[Json]:
        """The commands one finds in a place."""
        number = await self.channel_id(place)
        found = await self.call("GET", f"/channels/{number}/application-command-index")
        return list(found["application_commands"])

    async def slash(self, place: Place, name: str, /, **options: Any) -> Outcome:
        """Run a slash command, `"group sub"` for a nested one; files are `(name, bytes)`."""
        number = await self.channel_id(place)
        command, data, files = await self._filled(number, name, options)
        return await self._interact(2, number, _run(command, data), files)

    async def complete(self, place: Place, name: str, focused: str, /, **options: Any) -> Outcome:
        """The bot's suggestions for an option while one is typing it."""
        number = await self.channel_id(place)
        command, data, _ = await self._filled(number, name, options, focused)
        return await self._interact(4, number, _run(command, data))

    async def menu(self, post: Post, name: str) -> Outcome:
        """Run a message's menu entry."""
        command = await self._command(post.channel_id, name, 3)
        return await self._interact(2, post.channel_id, _run(command, {"target_id": str(post.id)}))

    async def submit(self, form: Form, files: Sequence[File] = (), **values: Any) -> Outcome:
        """Send a form with its fields' values by custom id; a file field's value is a list of upload numbers."""
        return await self.submit_values(form, values, files)

    async def submit_values(self, form: Form, values: Json, files: Sequence[File] = ()) -> Outcome:
        """The same for custom ids that are no Python names."""
        components = [_answer(field, values[name]) for name, field in form.fields.items() if name in values]
        head = {"id": form.data["id"], "custom_id": form.custom_id}
        data = {**head, "components": components, "attachments": _listed(files)}
        fields = {"application_id": form.data["application"]["id"], "data": data}
        return await self._interact(5, form.channel_id, fields, files)

    async def _command(self, channel_id: int, name: str, kind: int) -> Json:
        for one in await self.commands(channel_id):
            if one["name"] == name and one["type"] == kind:
                return one
        raise LookupError(f"{self.token} finds no command {name!r}")

    async def _filled(self, number: int, name: str, options: Json, focused: str = "") -> tuple[Json, Json, list[File]]:
        first, *rest = name.split()
        command = node = await self._command(number, first, 1)
        for step in rest:
            node = next(one for one in node["options"] if one["name"] == step)
        files: list[File] = []
        values = [_value(node, key, value, files) for key, value in options.items() if value is not None]
        for one in values:
            if one["name"] == focused:
                one["focused"] = True
        for step in reversed(rest):
            kind = 1 if step == rest[-1] else 2
            values = [{"name": step, "type": kind, "options": values}]
        return command, {"options": values, "attachments": _listed(files)}, files

    async def _interact(self, kind: int, channel_id: int, fields: Json, files: Sequence[File] = ()) -> Outcome:
        nonce = _nonce()
        body = {
            "type": kind,
            "channel_id": str(channel_id),
            "guild_id": self.channels.get(channel_id, {}).get("guild_id"),
            "session_id": self.link.session_id,
            "nonce": nonce,
            **fields,
        }
        await self.call("POST", "/interactions", body, files)
        outcome: Outcome = await self.link.wait_until(lambda: self.outcomes.pop(nonce, None), 30.0)
        return outcome


def _nonce() -> str:
    return secrets.token_hex(10)


def _path(post: Post) -> str:
    return f"/channels/{post.channel_id}/messages/{post.id}"


def _listed(files: Sequence[File]) -> list[Json]:
    return [{"id": str(i), "filename": name} for i, (name, _) in enumerate(files)]


def _run(command: Json, data: Json) -> Json:
    head = {name: command[name] for name in ("id", "version", "name", "type")}
    return {"application_id": command["application_id"], "data": {**head, **data}}


def _value(node: Json, key: str, value: Any, files: list[File]) -> Json:
    option = next(one for one in node["options"] if one["name"] == key)
    if option["type"] == ATTACHMENT:
        files.append(value)
        value = str(len(files) - 1)
    elif option["type"] in (6, 7, 8, 9):
        value = str(value)
    return {"name": key, "type": option["type"], "value": value}


def _answer(field: Json, value: Any) -> Json:
    key = "values" if isinstance(value, list | tuple) else "value"
    shown = {"type": field["type"], "custom_id": field["custom_id"], key: value}
    return {"type": 18, "component": shown}
