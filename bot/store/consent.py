"""Whose pictures may be edited: what members have said, asks that wait for a word, and whose a brought picture is."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from inspect import signature
from typing import Any, TypeVar

from bot.filled import Filled
from bot.forward import Forward
from bot.model import Ask, Member, Place, Quoted, Upload
from bot.rules.rules import Consent
from bot.store.private import Private
from bot.store.query import Query, Row

Noun = TypeVar("Noun")

COLUMNS = (
    "ask, author, name, server, channel, conversation, picture, which, member, message, mark, written, at, granted"
)


@dataclass(frozen=True, slots=True)
class Petition:
    """An ask that waits for a picture's owner. Times in seconds since the epoch."""

    ask: Ask
    author: int
    name: str  #: the owner's
    at: float
    picture: int | None = None  #: the message that shows it, where it is no version yet
    which: int | None = None  #: the version, where it is one
    message: int | None = None  #: the bot's, with the buttons; None until it is posted
    mark: str = ""  #: of the words that the owner was shown
    granted: bool = False  #: it is on its way to become a turn


@dataclass(frozen=True, slots=True)
class Bringing:
    """Whose a version is that nobody painted; `outside`: somebody else brought it from outside the bot's threads."""

    author: int  #: 0 where nobody knows any more
    outside: bool


@dataclass(frozen=True)
class ConsentTable:
    """Questions about consent. The row of a petition goes when it is settled, and the words in it with it."""

    query: Query

    async def stance(self, server: int, member: int) -> Consent | None:
        """What a member has said in a server; None where nothing."""
        sql = "SELECT stance FROM consents WHERE server = :server AND member = :member"
        row = await self.query.one(sql, server=server, member=member)
        return next((each for each in Consent if row and each.value == row["stance"]), None)

    async def stand(self, server: int, member: int, stance: Consent | None, now: float) -> None:
        """Remember what a member says; None is to leave it to the server."""
        where = {"server": server, "member": member}
        await self.query.tell("DELETE FROM consents WHERE server = :server AND member = :member", **where)
        if stance is not None:
            sql = "INSERT INTO consents (server, member, stance, at) VALUES (:server, :member, :stance, :now)"
            await self.query.tell(sql, **where, stance=stance.value, now=now)

    # -- asks that wait

    async def put(self, petition: Petition) -> bool:
        """It waits from now on; False where it does already."""
        ask = petition.ask
        return bool(
            await self.query.tell(
                f"INSERT INTO petitions ({COLUMNS}) VALUES"  # noqa: S608 - our own names
                " (:ask, :author, :name, :server, :channel, :conversation, :picture, :which, :member, NULL, :mark,"
                " :written, :at, FALSE) ON CONFLICT (ask, author) DO NOTHING",
                ask=ask.id,
                author=petition.author,
                name=Private(petition.name),
                server=ask.place.server,
                channel=ask.place.channel,
                conversation=ask.place.conversation,
                picture=petition.picture,
                which=petition.which,
                member=ask.member.id,
                mark=petition.mark,
                written=Private(written(ask)),
                at=petition.at,
            )
        )

    async def get(self, ask: int, author: int) -> Petition | None:
        """The petition; None where it is settled."""
        found = await self._found("ask = :ask AND author = :author", ask=ask, author=author)
        return found[0] if found else None

    async def of_message(self, message: int) -> list[Petition]:
        """Those that hang on a member's message: it asks, or shows the picture."""
        return await self._found("(ask = :message OR picture = :message) AND NOT granted", message=message)

    async def of_author(self, server: int, author: int) -> list[Petition]:
        """Those that wait for a member's word in a server."""
        return await self._found("server = :server AND author = :author AND NOT granted", server=server, author=author)

    async def of_asker(self, server: int, member: int) -> list[Petition]:
        """A member's own that wait for others."""
        return await self._found("server = :server AND member = :member AND NOT granted", server=server, member=member)

    async def asked(self, member: int, author: int, since: float) -> tuple[int, int]:
        """How many of a member's asks wait for an author, and how many have waited for anybody since then."""
        waiting = await self.query.one(
            "SELECT count(*) AS asks FROM petitions WHERE member = :member AND author = :author",
            member=member,
            author=author,
        )
        sql = "SELECT count(*) AS asks FROM heard WHERE member = :member AND outcome = 'consent' AND at > :since"
        lately = await self.query.one(sql, member=member, since=since)
        assert waiting is not None
        assert lately is not None
        return waiting["asks"], lately["asks"]

    async def in_channel(self, channel: int) -> list[Petition]:
        """Those that were asked in a thread."""
        return await self._found("channel = :channel AND NOT granted", channel=channel)

    async def older(self, before: float) -> list[Petition]:
        """Those that wait since before then."""
        return await self._found("at <= :before AND NOT granted", before=before)

    async def unposted(self) -> list[Petition]:
        """Those whose owner could not be told yet."""
        return await self._found("message IS NULL AND NOT granted")

    async def granted(self) -> list[Petition]:
        """Those that were agreed to and are not settled yet."""
        return await self._found("granted")

    async def posted(self, petition: Petition, message: int) -> bool:
        """The owner is asked in this message of the bot's; False where it is settled already."""
        return await self._set("message = :message", petition, message=message)

    async def rewrite(self, petition: Petition, ask: Ask, mark: str) -> None:
        """The ask has other words."""
        await self._set("written = :written, mark = :mark", petition, written=Private(written(ask)), mark=mark)

    async def grant(self, petition: Petition) -> bool:
        """Its owner agrees; False where it does not wait any more."""
        done = await self._set("granted = TRUE", petition, "NOT granted")
        if done:
            await self.agree(petition.ask.id, petition.author)
        return done

    async def revoke(self, petition: Petition) -> bool:
        """What was agreed to is not what is asked any more: it waits again; False where it is settled."""
        await self.query.tell(
            "DELETE FROM agreements WHERE ask = :ask AND author = :author", ask=petition.ask.id, author=petition.author
        )
        return await self._set("granted = FALSE", petition, "granted")

    async def settle(self, petition: Petition) -> bool:
        """It waits no longer; False where it did not."""
        sql = "DELETE FROM petitions WHERE ask = :ask AND author = :author"
        return bool(await self.query.tell(sql, ask=petition.ask.id, author=petition.author))

    # -- what was agreed to

    async def agree(self, ask: int, author: int) -> None:
        """A member's pictures may be edited by this ask."""
        sql = "INSERT INTO agreements (ask, author) VALUES (:ask, :author) ON CONFLICT (ask, author) DO NOTHING"
        await self.query.tell(sql, ask=ask, author=author)

    async def agreed(self, ask: int) -> set[int]:
        """Whose pictures the ask may edit."""
        found = await self.query.all("SELECT author FROM agreements WHERE ask = :ask", ask=ask)
        return {row["author"] for row in found}

    async def withhold(self, ask: int) -> None:
        """Should the edit before it come to nothing, the ask has no picture that it may start from."""
        await self.query.tell("INSERT INTO withheld (ask) VALUES (:ask) ON CONFLICT (ask) DO NOTHING", ask=ask)

    async def withheld(self, ask: int) -> bool:
        """Whether that is so."""
        return await self.query.one("SELECT 1 FROM withheld WHERE ask = :ask", ask=ask) is not None

    # -- pictures that somebody else brought

    async def bring(self, turn: int, bringing: Bringing) -> None:
        """Whose picture a turn brought."""
        sql = "INSERT INTO brought (turn, author, outside) VALUES (:turn, :author, :outside)"
        await self.query.tell(sql, turn=turn, **asdict(bringing))

    async def brought(self, conversation: int, numbers: Sequence[int]) -> dict[int, Bringing]:
        """Whose those of the versions are that nobody painted; those of their own members' are not outside."""
        if not numbers:
            return {}
        keys = {f"number{place}": number for place, number in enumerate(numbers)}
        wanted = ", ".join(f":{key}" for key in keys)
        sql = (
            "SELECT number, brought.turn IS NULL AS own, member, author, outside FROM versions"  # noqa: S608 - our own names
            " JOIN turns ON turns.id = versions.turn LEFT JOIN brought ON brought.turn = turns.id"
            f" WHERE versions.conversation = :conversation AND kind = 'upload' AND number IN ({wanted})"
        )
        found = await self.query.all(sql, conversation=conversation, **keys)
        return {row["number"]: _bringing(row) for row in found}

    async def _set(self, change: str, petition: Petition, condition: str = "TRUE", **values: object) -> bool:
        sql = f"UPDATE petitions SET {change} WHERE ask = :ask AND author = :author AND {condition}"  # noqa: S608 - our own words
        return bool(await self.query.tell(sql, ask=petition.ask.id, author=petition.author, **values))

    async def _found(self, condition: str, **values: object) -> list[Petition]:
        sql = f"SELECT {COLUMNS} FROM petitions WHERE {condition} ORDER BY at, ask"  # noqa: S608 - our own words
        return [_petition(row) for row in await self.query.all(sql, **values)]


def _petition(row: Row) -> Petition:
    return Petition(
        read(row["written"]),
        row["author"],
        row["name"],
        row["at"],
        row["picture"],
        row["which"],
        row["message"],
        row["mark"],
        granted=bool(row["granted"]),
    )


def _bringing(row: Row) -> Bringing:
    if row["own"]:
        return Bringing(max(row["member"], 0), outside=False)  # a hash stands for who is forgotten
    return Bringing(row["author"], bool(row["outside"]))


def written(ask: Ask) -> str:
    """An ask as JSON."""
    return json.dumps(asdict(ask), ensure_ascii=False, default=sorted)  # roles are a set


def read(text: str) -> Ask:
    """The ask again. What another version of this program wrote beside it is passed over."""
    values: dict[str, Any] = json.loads(text)
    quoted, recipe, member = values["quoted"], values["recipe"], values["member"]
    roles = None if member["roles"] is None else frozenset(member["roles"])
    values["place"] = _made(Place, values["place"])
    values["member"] = _made(Member, member, roles=roles)
    values["uploads"] = _uploads(values["uploads"])
    values["quoted"] = _quoted(quoted) if quoted else None
    values["recipe"] = _made(Filled, recipe) if recipe else None
    return _made(Ask, values)


def _quoted(values: Mapping[str, Any]) -> Quoted:
    return _made(Quoted, values, uploads=_uploads(values["uploads"]))


def _uploads(values: Sequence[Mapping[str, Any]]) -> tuple[Upload, ...]:
    return tuple(_upload(each) for each in values)


def _upload(values: Mapping[str, Any]) -> Upload:
    forward = values.get("forward")
    return _made(Upload, values, forward=_made(Forward, forward) if forward else None)


def _made(kind: Callable[..., Noun], values: Mapping[str, Any], **others: Any) -> Noun:
    every = {name: tuple(value) if isinstance(value, list) else value for name, value in {**values, **others}.items()}
    return kind(**{name: every[name] for name in signature(kind).parameters if name in every})
