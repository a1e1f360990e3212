"""What Discord's gateway tells of a message: any event is an ask that can be worked with, or none."""

from __future__ import annotations

import json
import time
from collections.abc import Coroutine, Iterator
from functools import cache
from typing import Any, cast

import discord

from bot.model import Ask, Upload
from cogs.client import Client
from cogs.translate import Translator
from tests.fuzz.mutating import json_mutated
from tests.fuzz.words import SOON, TURNING
from tests.players import CATALOGUE, SETTINGS

ME, ANA, BEN, SERVER, STUDIO, THREAD, MESSAGE = 1, 2, 3, 9, 20, 50, 1300000000000000001
DIGITS = 19  #: of an id, at most
TITLE = 100  #: characters of a thread's name that Discord takes
mutate = json_mutated


class Ear:
    """The real client as it is between two events: connected to nothing, and a member of one server."""

    def __init__(self) -> None:
        self.client = Client(SETTINGS.discord, CATALOGUE)
        self.heard: list[discord.Message] = []
        state = self.client._connection
        state.dispatch = self._hear  # instead of starting a task for it
        state.user = discord.ClientUser(state=state, data=person(ME, bot=True))
        state._add_guild_from_data(server())  # type: ignore[arg-type]
        self.translator = Translator(self.client, CATALOGUE, SETTINGS.discord, None)  # type: ignore[arg-type]

    def _hear(self, event: str, *arguments: Any) -> None:
        if event == "message":
            self.heard.append(arguments[0])

    def listen(self, payload: Any) -> list[discord.Message]:
        """The messages that the library makes of an event."""
        self.heard.clear()
        self.client._connection.parsers["MESSAGE_CREATE"](payload)
        return self.heard


@cache
def ear() -> Ear:
    return Ear()


def enter(data: bytes) -> None:
    """As one event."""
    try:
        payload = json.loads(data)
    except (ValueError, RecursionError):
        return
    began = time.process_time()
    for ask in asks(payload):
        is_workable(ask)
    assert time.process_time() - began < SOON


def asks(payload: Any) -> list[Ask]:
    """What the program makes of an event; it may stumble over one that Discord could not have sent."""
    found: list[Ask | None] = []
    sendable = is_usual(payload)  # asked now, for the library changes what it reads
    for message in ear().listen(payload):
        if isinstance(message.channel, discord.PartialMessageable) and message.channel.guild_id is not None:
            continue  # Discord would be asked for it
        try:
            found.append(settled(ear().translator.ask_from(message)))
            ear().translator.barred(message)
        except (AttributeError, TypeError, ValueError):  # the library logs it, and goes on
            assert not sendable, payload
    return [each for each in found if each is not None]


def is_usual(payload: Any) -> bool:
    """Whether all that is in an event is of a type that Discord sends there, whatever it says."""
    return shapes(payload) <= usual()


@cache
def usual() -> frozenset[tuple[str, str]]:
    """The types by their places, as in the seeds; where there are words there may be a number's digits."""
    known = {shape for seed in seeds() for shape in shapes(json.loads(seed))}
    return frozenset(known | {(place, "digits") for place, kind in known if kind == "words"})


def shapes(node: Any, place: str = "") -> set[tuple[str, str]]:
    """Each node's place, where the items of a list share one, and its type; whatever a mapping lacks is one, too."""
    if isinstance(node, list):
        return {(place, "list")}.union(*(shapes(each, f"{place}[]") for each in node))
    if isinstance(node, dict):
        below = (shapes(each, f"{place}.{name}") for name, each in node.items())
        return {(place, f"of {' '.join(sorted(node))}")}.union(*below)
    if isinstance(node, str):
        kind = "digits" if node.isascii() and node.isdigit() and len(node) <= DIGITS else "words"
        return {(place, "time" if node == WHEN else kind)}
    return {(place, type(node).__name__)}


def settled(reading: Coroutine[Any, Any, Ask | None]) -> Ask | None:
    """What comes of it at once: without asking Discord."""
    try:
        reading.send(None)
    except StopIteration as done:
        return cast("Ask | None", done.value)
    raise AssertionError("it waits for something")


def is_workable(ask: Ask) -> None:
    """What the rest of the program takes for granted."""
    assert isinstance(ask.id, int)
    assert isinstance(ask.words, str)
    assert isinstance(ask.member.id, int)
    title = ask.place.title
    assert title is None or (0 < len(title) <= TITLE and not TURNING.search(title) and seen(title))
    for each in (*ask.uploads, *(ask.quoted.uploads if ask.quoted else ())):
        is_file(each)


def seen(title: str) -> bool:
    return any(each.isprintable() and not each.isspace() for each in title)


def is_file(upload: Upload) -> None:
    assert isinstance(upload.id, int)
    assert isinstance(upload.size, int)
    assert isinstance(upload.name, str)
    assert isinstance(upload.url, str)


def seeds() -> Iterator[bytes]:
    """A mention; an edit with a file; replies to the bot's picture and to somebody's; a forward; a direct message."""
    yield json.dumps(message(f"<@{ME}> a red house", mentions=[person(ME, bot=True)])).encode()
    yield json.dumps(message("make it blue", THREAD, attachments=[file("a.png")])).encode()
    answer = {**message("v1", THREAD, by=person(ME, bot=True)), "attachments": [file("easel-5-v1.png")], "id": "77"}
    reference = {"type": 0, "channel_id": str(THREAD), "message_id": "77", "guild_id": str(SERVER)}
    reply = {"type": 19, "message_reference": reference}
    yield json.dumps({**message("bluer", THREAD), **reply, "referenced_message": answer}).encode()
    posted = {**message("mine", by=person(BEN)), "attachments": [file("b.jpg")], "id": "78"}
    mine = {**message(f"<@{ME}> hats", mentions=[person(ME, bot=True)]), **reply, "referenced_message": posted}
    yield json.dumps(mine).encode()
    shot = {"message": {**message("look", by=person(BEN)), "attachments": [file("c.webp")]}}
    forward = {"message_reference": {**reference, "type": 1}, "message_snapshots": [shot]}
    yield json.dumps({**message("", THREAD), **forward}).encode()
    direct = {**message("a cat"), "channel_id": "60"}
    yield json.dumps({name: value for name, value in direct.items() if name not in {"guild_id", "member"}}).encode()


def message(content: str, channel: int = STUDIO, by: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    member = {"roles": [str(SERVER)], "joined_at": WHEN, "deaf": False, "mute": False, "flags": 0, "nick": None}
    lists: dict[str, Any] = {name: [] for name in ("mentions", "mention_roles", "attachments", "embeds", "components")}
    told = {"id": str(MESSAGE), "channel_id": str(channel), "guild_id": str(SERVER), "author": by or person(ANA)}
    flags = {"type": 0, "flags": 0, "tts": False, "pinned": False, "mention_everyone": False, "edited_timestamp": None}
    return {**told, **lists, **flags, "member": member, "content": content, "timestamp": WHEN, **more}


def person(number: int, *, bot: bool = False) -> Any:
    named = {"username": f"user{number}", "global_name": None, "discriminator": "0", "avatar": None, "public_flags": 0}
    return {"id": str(number), "bot": bot, **named}


def file(name: str) -> dict[str, Any]:
    url = f"https://cdn.discordapp.com/attachments/1/2/{name}"
    return {"id": "99", "filename": name, "size": 1000, "url": url, "proxy_url": url, "content_type": "image/png"}


def server() -> dict[str, Any]:
    everyone = {"id": str(SERVER), "name": "@everyone", "permissions": str(2**50 - 1), "position": 0, "color": 0}
    role = {**everyone, "hoist": False, "managed": False, "mentionable": False, "flags": 0}
    studio = {"id": str(STUDIO), "type": 0, "name": "studio", "position": 0, "permission_overwrites": [], "nsfw": False}
    times = {"archived": False, "auto_archive_duration": 60, "archive_timestamp": WHEN, "locked": False}
    thread = {"id": str(THREAD), "type": 11, "name": "t", "parent_id": str(STUDIO), "owner_id": str(ME)}
    counts = {"guild_id": str(SERVER), "member_count": 1, "message_count": 1, "thread_metadata": times}
    member = {"user": person(ME, bot=True), "roles": [], "joined_at": WHEN, "deaf": False, "mute": False, "flags": 0}
    named = {"id": str(SERVER), "name": "s", "owner_id": str(ANA), "preferred_locale": "en-US", "features": []}
    return {**named, "roles": [role], "channels": [studio], "threads": [{**thread, **counts}], "members": [member]}


WHEN = "2026-11-23T00:00:00+00:00"
