"""What is kept where: every table, what of it is personal, and what becomes of that when somebody is forgotten. Pure.

The eraser works from this page, and a test holds it against the schema: a new table or column takes a word here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from bot.moments import DAY

WINDOW = 30 * DAY  #: the longest time that any limit looks back
GRACE = 7 * DAY  #: in which a server that removed the bot may take it back, and find all as it was


class Scope(StrEnum):
    """What is erased: all that hangs on a message, a thread, a server, or a member."""

    MESSAGE = "message"
    CONVERSATION = "conversation"
    SERVER = "server"
    MEMBER = "member"


class Fate(StrEnum):
    """What becomes of a row that names a member who is forgotten."""

    GOES = "goes"  #: the row is deleted
    MARKED = "marked"  #: a keyed hash stands for the member until no limit looks back so far
    UNNAMED = "unnamed"  #: nobody stands for the member
    TURN = "turn"  #: it goes with its turn, which is emptied and stays as a tombstone


@dataclass(frozen=True)
class Kept:
    """One table. `personal` columns hold people's words, names, addresses, or what leads to a picture's bytes.

    `members` are the columns with a member's id. All other columns are ids of Discord's, counts, costs and times.
    """

    what: str
    personal: tuple[str, ...] = ()
    members: Mapping[str, Fate] = field(default_factory=dict)
    goes_with: Mapping[Scope, str] = field(default_factory=dict)  #: rows that are deleted with a whole thread or server
    plain: tuple[str, ...] = ()  #: columns of words or bytes that say nothing of anybody


def _member(fate: Fate, column: str = "member") -> Mapping[str, Fate]:
    return MappingProxyType({column: fate})


def _with(scope: Scope, column: str) -> Mapping[Scope, str]:
    return MappingProxyType({scope: column})


PICTURE = ("digest",)
SERVERS = _with(Scope.SERVER, "server")

TABLES: Mapping[str, Kept] = MappingProxyType(
    {
        "turns": Kept(
            "what was asked, and what came of it",
            ("member_name", "title", "words", "notes", "failure", "wordings", "recipe"),
            _member(Fate.TURN),
            plain=("kind", "ratio", "size", "model", "memory", "state", "reason", "finish", "language", "fallback"),
        ),
        "turn_references": Kept("pictures that went along", (*PICTURE, "name"), plain=("mime",)),
        "versions": Kept("pictures and their numbers", PICTURE, plain=("mime",)),
        "parts": Kept("the model's answers, word by word", ("text", *PICTURE, "signature"), plain=("mime",)),
        "fingerprints": Kept("what pictures look like", ("bits", "colours")),
        "calls": Kept("what calls to Google cost", plain=("model", "outcome")),
        "claims": Kept("what counts against limits", members=_member(Fate.TURN), plain=("state", "roles")),
        "hours": Kept("what all claims and calls of an hour came to"),
        "heard": Kept("asks that were refused", members=_member(Fate.MARKED), plain=("outcome",)),
        "messages": Kept("the ids of the bot's own messages", plain=("kind",)),
        "conversations": Kept("threads, and which version plain words change there", plain=("memory",)),
        "backlog": Kept(
            "answers that a thread closed to the bot is given once it is open, for 30 days",
            goes_with=_with(Scope.CONVERSATION, "conversation"),
        ),
        "hearing": Kept("since when plain words are heard"),
        "handed": Kept("files handed to a form, for a day", ("name", "url"), _member(Fate.GOES)),
        "preferences": Kept(
            "what was chosen in a thread or for a server",
            goes_with=MappingProxyType({Scope.CONVERSATION: "place", Scope.SERVER: "place"}),
            plain=("name", "value"),
        ),
        "invited": Kept(
            "who may ask in a closed thread",
            members=_member(Fate.GOES),
            goes_with=_with(Scope.CONVERSATION, "conversation"),
        ),
        "promises": Kept("presses that were acknowledged and not answered yet", members=_member(Fate.GOES)),
        "locales": Kept("the language that somebody's Discord speaks", ("locale",), _member(Fate.GOES)),
        "rules": Kept("what a server's moderators decided", goes_with=SERVERS, plain=("name", "value")),
        "word_lists": Kept("words that a server does not want", ("words",), goes_with=SERVERS, plain=("digest",)),
        "role_limits": Kept("limits of a server's roles", goes_with=SERVERS, plain=("name", "value")),
        "stances": Kept(
            "who and what was let in or kept out, by whom and why",
            ("reason",),
            MappingProxyType({"subject": Fate.MARKED, "member": Fate.UNNAMED}),
            SERVERS,
            ("kind",),
        ),
        "audit": Kept(
            "what the audit channel is about to be told, and reports",
            ("told",),
            _member(Fate.MARKED),
            SERVERS,
            ("kind",),
        ),
        "consents": Kept(
            "whether somebody's pictures may be edited by others",
            members=_member(Fate.GOES),
            goes_with=SERVERS,
            plain=("stance",),
        ),
        "petitions": Kept(
            "asks that wait for the owner of a picture, a day at most",
            ("name", "written"),
            MappingProxyType({"author": Fate.GOES, "member": Fate.GOES}),
            MappingProxyType({Scope.CONVERSATION: "conversation", Scope.SERVER: "server"}),
            ("mark",),
        ),
        "agreements": Kept("which asks the owner of a picture agreed to", members=_member(Fate.GOES, "author")),
        "withheld": Kept("asks that may not fall back onto somebody else's picture"),
        "brought": Kept("whose a picture is that somebody else brought", members=_member(Fate.UNNAMED, "author")),
        "alarms": Kept("what the operator was alarmed of", plain=("name", "state", "number")),
        "erasures": Kept("what is being erased", plain=("kind",)),
        "keys": Kept("the ids of keys that something may be encrypted with", plain=("id",)),
        "doomed": Kept("pictures whose bytes go in a moment, and whose they were", PICTURE, _member(Fate.MARKED)),
        "unposted": Kept("the bot's messages that are deleted in a moment"),
    }
)

#: Beside the database, seen from the data directory.
FILES: Mapping[str, str] = MappingProxyType(
    {
        "easel.db": "the tables above",
        "easel.db-wal": "what was written to them last; emptied after every erasure",
        "easel.db-shm": "an index of that file",
        "easel.lock": "nothing: one bot at a time holds it",
        "marks.key": "the key of the hashes that stand for members who were forgotten",
        "replaced": "what a backup took the place of, laid out the same, until the operator deletes it",
        "pictures": "pictures under their SHA-256, with a key under a hash of that, their small copies beside them",
    }
)
