"""The things a Discord server is made of, as plain values. Ids are integers here and strings on the wire."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

TEXT, DM, CATEGORY, NEWS, NEWS_THREAD, PUBLIC_THREAD, PRIVATE_THREAD, FORUM = 0, 1, 4, 5, 10, 11, 12, 15
THREADS = frozenset({NEWS_THREAD, PUBLIC_THREAD, PRIVATE_THREAD})

DEFAULT, PINNED, THREAD_CREATED, REPLY, SLASH_ANSWER, STARTER, MENU_ANSWER = 0, 6, 18, 19, 20, 21, 23

HAS_THREAD, EPHEMERAL, LOADING, SILENT, HAS_SNAPSHOT, COMPONENTS_V2 = 1 << 5, 1 << 6, 1 << 7, 1 << 12, 1 << 14, 1 << 15


@dataclass(frozen=True, slots=True)
class User:
    """An account, of a person or of the bot."""

    id: int
    name: str
    display: str | None = None
    bot: bool = False
    locale: str = "en-US"


@dataclass(frozen=True, slots=True)
class Role:
    """A role; the one with the guild's own id is @everyone."""

    id: int
    name: str
    permissions: int
    colour: int = 0
    position: int = 1
    managed: bool = False
    mentionable: bool = False
    bot_id: int | None = None  #: the bot whose own role it is


@dataclass(frozen=True, slots=True)
class Member:
    """A user in a guild."""

    user_id: int
    roles: tuple[int, ...] = ()
    nick: str | None = None
    joined_at: float = 1_767_225_600.0


@dataclass(frozen=True, slots=True)
class Overwrite:
    """What one role or member is allowed or denied in one channel."""

    id: int
    allow: int = 0
    deny: int = 0
    member: bool = False


@dataclass(frozen=True, slots=True)
class Tag:
    """A forum's tag."""

    id: int
    name: str
    emoji: str | None = None
    moderated: bool = False


@dataclass(frozen=True, slots=True)
class ThreadState:
    """What only threads have."""

    owner_id: int
    created_at: float
    archive_at: float
    archived: bool = False
    locked: bool = False
    invitable: bool = True
    auto_archive: int = 1440
    members: Mapping[int, float] = field(default_factory=dict)
    message_count: int = 0
    total_sent: int = 0
    tags: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Channel:
    """A place for messages, or a category of such places."""

    id: int
    kind: int
    name: str = ""
    guild_id: int | None = None
    parent_id: int | None = None
    position: int = 0
    topic: str | None = None
    nsfw: bool = False
    overwrites: tuple[Overwrite, ...] = ()
    slowmode: int = 0
    tags: tuple[Tag, ...] = ()
    recipients: tuple[int, ...] = ()
    thread: ThreadState | None = None
    last_message_id: int | None = None
    last_pin_at: float | None = None
    flags: int = 0

    @property
    def is_thread(self) -> bool:
        """Whether this is a thread or a forum post."""
        return self.kind in THREADS


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file on a message; its bytes lie in the world's vault under its id."""

    id: int
    channel_id: int
    filename: str
    size: int
    content_type: str | None = None
    width: int | None = None
    height: int | None = None
    description: str | None = None
    ephemeral: bool = False


@dataclass(frozen=True, slots=True)
class Reference:
    """What a message replies to (kind 0) or forwards (kind 1)."""

    channel_id: int
    message_id: int | None
    guild_id: int | None = None
    kind: int = 0


@dataclass(frozen=True, slots=True)
class Mentions:
    """Whom a message pings."""

    users: tuple[int, ...] = ()
    roles: tuple[int, ...] = ()
    everyone: bool = False


@dataclass(frozen=True, slots=True)
class Reaction:
    """One emoji under a message and who chose it."""

    emoji: str
    users: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """The interaction a message answers."""

    id: int
    kind: int
    user_id: int
    guild_id: int | None = None
    name: str | None = None
    message_id: int | None = None
    original_id: int | None = None
    target_id: int | None = None
    trigger: Origin | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """A message; `components` are kept as sent, with media resolved to attachment ids."""

    id: int
    channel_id: int
    author_id: int
    sent_at: float
    kind: int = DEFAULT
    content: str = ""
    edited_at: float | None = None
    attachments: tuple[Attachment, ...] = ()
    embeds: tuple[Json, ...] = ()
    components: tuple[Json, ...] = ()
    mentions: Mentions = field(default_factory=Mentions)
    reference: Reference | None = None
    snapshot: Message | None = None
    reactions: tuple[Reaction, ...] = ()
    flags: int = 0
    pinned_at: float | None = None
    nonce: str | int | None = None
    origin: Origin | None = None
    webhook_id: int | None = None
    whispered_to: int | None = None

    @property
    def files(self) -> tuple[Attachment, ...]:
        """Its own files, and those of the message it forwards."""
        return self.attachments + (self.snapshot.attachments if self.snapshot else ())

    def has(self, flag: int) -> bool:
        """Whether a message flag is set."""
        return bool(self.flags & flag)


@dataclass(frozen=True, slots=True)
class Application:
    """The bot's registration in the developer portal."""

    id: int
    bot_id: int
    name: str
    message_content: bool = True
    guild_members: bool = False
    presences: bool = False


@dataclass
class Guild:
    """A server: its roles and members by id."""

    id: int
    name: str
    owner_id: int
    roles: dict[int, Role] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)
    automod: dict[int, Json] = field(default_factory=dict)  #: its rules by id, as they are on the wire
    tier: int = 0
    locale: str = "en-US"
