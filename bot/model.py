"""The nouns of Easel: frozen values and nothing else; identity belongs to the store.

Ids are Discord's snowflakes: a turn bears the id of what caused it, so a duplicate event meets its own row.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from bot.filled import Filled
from bot.forward import Forward
from bot.standing import Standing
from bot.tokens import Price, Usage


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who asks. `roles` are the server's role ids; None where Discord has not told them."""

    id: int
    name: str
    roles: frozenset[int] | None = None
    moderator: bool = False  #: may manage the server
    shared: tuple[Standing, ...] = ()  #: in direct messages: the servers with limits that they share with the bot


@dataclass(frozen=True, slots=True)
class Upload:
    """A file attached to a message or command, not yet fetched. `size` in bytes, as Discord claims it."""

    id: int
    name: str
    url: str
    size: int
    forward: Forward | None = None  #: where it stood before, if it is forwarded


@dataclass(frozen=True, slots=True)
class Picture:
    """Picture bytes in the gallery under their SHA-256 (`digest`, hex). Pixels as width × height, size in bytes."""

    digest: str
    mime: str
    width: int
    height: int
    size: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where an ask belongs: a thread or DM, and what surrounds it. A thread has the id of the message it opens from."""

    conversation: int
    channel: int  #: where the ask was written: the thread itself, or the channel a thread is opened in
    server: int | None = None
    title: str | None = None  #: the name of the thread still to be opened; None where it exists
    ours: bool = False  #: the bot opens or opened the thread (or it is a DM), so plain words there are asks
    starter: int | None = None  #: who opened the thread, where a member did
    within: tuple[int, ...] = ()  #: the ids of the channel, of its parent and of its category
    reserved: bool = False  #: pictures that were posted in the thread are edited by others only with consent
    restricted: bool = False  #: the channel is age-restricted

    @property
    def outside(self) -> bool:
        """The ask was not written in a thread of the bot's."""
        return not self.ours or self.title is not None

    @property
    def shared(self) -> bool:
        """The ask was written in a thread of the bot's, where everybody's pictures are there to be edited."""
        return not self.outside and not self.reserved


@dataclass(frozen=True, slots=True)
class Quoted:
    """The message an ask replies to. `uploads` are its pictures where a person wrote it."""

    message: int
    author: int | None = None
    uploads: tuple[Upload, ...] = ()
    shows: tuple[int, ...] = ()  #: version numbers, by the names of the files where the bot wrote it
    name: str = ""  #: its author's
    free: bool = False  #: a bot wrote it, and has no consent to give


@dataclass(frozen=True, slots=True)
class Ask:
    """What a member wants: one Discord message or interaction."""

    id: int
    place: Place
    member: Member
    words: str
    uploads: tuple[Upload, ...] = ()
    quoted: Quoted | None = None
    message: int | None = None  #: the message in the conversation that the answer replies to
    choice: int | None = None  #: which picture of the quoted message, counted from 0, when a picker was answered
    base: int | None = None  #: the version that was pressed on
    again: int | None = None  #: the turn that is asked for once more, where a button under it was pressed
    count: int | None = None  #: how many takes side by side; None for as many as the turn had that failed, else one
    fresh: bool = False  #: from a blank canvas (`/imagine`): the head is not edited
    ratio: str | None = None
    size: str | None = None
    recipe: Filled | None = None  #: the words were made from it
    link: bool = False  #: the words hold a link to a picture, which is never fetched
    overheard: bool = False  #: it calls nobody: an ask only where the bot listens to all that is said
    language: str | None = None  #: its server's locale, of a message; a press speaks its presser's already
    agreed: bool = False  #: the owner of a picture in it has given consent

    @property
    def pressed(self) -> bool:
        """It came by a command or a button, and not as a message."""
        return self.id not in {self.message, self.place.conversation}

    @property
    def unseen(self) -> bool:
        """Only the presser knows of it yet, so nobody else need hear why it is refused."""
        return self.pressed and not self.fresh


class State(StrEnum):
    """How far a turn has come: `asked -> painting -> painted -> posted`; a failure is posted too, as a sentence."""

    ASKED = "asked"
    PAINTING = "painting"
    PAINTED = "painted"
    FAILED = "failed"
    POSTED = "posted"
    CANCELLED = "cancelled"


class Kind(StrEnum):
    """What a turn is: a painting, or pictures that a member brought and that nobody had to paint."""

    PAINT = "paint"
    UPLOAD = "upload"


class Memory(StrEnum):
    """How much of the branch goes to the model: the base and a recap, or the last turns verbatim."""

    FOCUSED = "focused"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Version:
    """A picture with a number in its conversation, shown as `v7`; `position` counts from 0 within its turn."""

    number: int
    turn: int
    position: int
    picture: Picture
    message: int | None = None
    gone: bool = False  #: it was deleted: only its number and its place in the tree are left


@dataclass(frozen=True, slots=True)
class Reference:
    """A picture sent along with the base: `name` is the file's, `version` its number if it has one."""

    picture: Picture
    name: str
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """Words in a request or an answer. `signature` is the model's, verbatim; None where it gave none."""

    text: str
    thought: bool = False
    signature: bytes | None = None


@dataclass(frozen=True, slots=True)
class Painted:
    """A picture in a request or an answer, its bytes in the gallery."""

    picture: Picture
    thought: bool = False
    signature: bytes | None = None


Part = Text | Painted


@dataclass(frozen=True, slots=True)
class Content:
    """One side's say in a conversation with the model: `user` or `model`."""

    role: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Model:
    """What one of Google's image models can do, and what it asks for it. Data, never code: model ids die in months."""

    id: str
    name: str
    sizes: tuple[str, ...]
    ratios: tuple[str, ...]
    pictures: int  #: input pictures in one request, the base among them
    thinking: tuple[str, ...]  #: levels it takes; none means the field is not sent
    signatures: bool
    seconds: float  #: a usual 1K picture, until the bot has learnt better
    longest_side: int  #: pixels beyond which an input picture is shrunk: more is paid for and not used
    price: Price
    retires: date | None = None  #: the day from which Google may take it away, where one is known


@dataclass(frozen=True, slots=True)
class Request:
    """All a painter needs for one call."""

    model: Model
    contents: tuple[Content, ...]
    ratio: str | None = None
    size: str | None = None
    relaxed: bool = False  #: asked with the milder of the operator's safety thresholds


@dataclass(frozen=True, slots=True)
class Painting:
    """The model's answer: its parts in its own order, and what it took. `dollars` counts thinking too."""

    parts: tuple[Part, ...]
    usage: Usage
    dollars: float
    model: str
    seconds: float = 0.0

    @property
    def pictures(self) -> tuple[Painted, ...]:
        """The pictures among the parts, drafts included."""
        return tuple(part for part in self.parts if isinstance(part, Painted))


@dataclass(frozen=True, slots=True)
class Turn:
    """An ask that was accepted, and its outcome: a node of the conversation's tree; its parent is the turn it edits."""

    id: int
    conversation: int
    member: Member
    words: str
    model: str
    asked_at: float  #: seconds since the epoch
    kind: Kind = Kind.PAINT
    parent: int | None = None
    base: int | None = None  #: the version's number, once known; until then the parent's last
    references: tuple[Reference, ...] = ()
    notes: tuple[str, ...] = ()  #: sentences the receipt adds, already in words
    ratio: str | None = None
    size: str | None = None
    server: int | None = None
    channel: int | None = None
    title: str | None = None  #: the name of the thread still to be opened from the message in `channel`
    message: int | None = None
    memory: Memory = Memory.FOCUSED
    state: State = State.ASKED
    attempts: int = 0
    count: int = 1  #: how many takes are painted side by side
    priority: int = 0  #: of the asker's role when it was admitted; more goes first
    at_once: int | None = None  #: asks of the asker's in this server that are painted at once; None for any number
    offer: bool = False  #: a button: its first reference as the base instead; where it failed, to paint it again
    failure: str | None = None  #: the sentence a failed turn is answered with
    wordings: tuple[str, ...] = ()  #: other words that it may be asked with, where it was refused
    recipe: str | None = None  #: what its receipt says instead of its words
    finish: str | None = None  #: what is done with its picture in the end
    fallback: str | None = None  #: the model that paints it where its own can't; its claim covers both
    language: str = "en"  #: that it was asked in, and is answered in
    seconds: float = 0.0
    dollars: float = 0.0

    def upload(self, name: str) -> Turn:
        """The turn under which a picture that came with this one is a version; no snowflake is negative."""
        own = (-self.id, self.conversation, self.member, name, self.model, self.asked_at, Kind.UPLOAD)
        upload = Turn(*own, server=self.server, channel=self.channel, message=self.message, state=State.POSTED)
        return replace(upload, language=self.language)

    @property
    def ended(self) -> bool:
        """Nothing more will be painted for it."""
        return self.state not in {State.ASKED, State.PAINTING}

    @property
    def asked_in(self) -> tuple[int, int] | None:
        """Channel and id of the member's own message, which a press has not; a thread's starts it from outside."""
        if self.title is not None and self.channel is not None:
            return self.channel, self.conversation
        return (self.conversation, self.id) if self.message == self.id else None

    @property
    def lost(self) -> bool:
        """It ended without a picture or a word of the model's."""
        return self.failure is not None or self.state is State.CANCELLED
