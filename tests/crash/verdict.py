"""What must hold after every crash, checked from outside: in Discord, at the painter's till, and in the books."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bot.sandbox.discord import seed
from bot.sandbox.discord.nouns import THREADS, Message
from bot.sandbox.discord.world import World
from bot.sandbox.gemini.record import Entry
from tests.crash.books import Books, open_books
from tests.e2e.stage import STATUS, Stage, sentence

FILE = re.compile(r"^easel-(\d+)-v(\d+)\.\w+$")
AGAIN, STOPPING = sentence("receipt.again"), sentence("error.stopping")
VERSION_GONE = re.compile(re.escape(sentence("error.version_gone", number="NUMBER")).replace("NUMBER", r"(\d+)"))
APOLOGY = "-s"  #: how the nonce ends of a word for who was left without an answer
ASKING = ("imagine", "vary", "retry", "edited")  #: commands, and verbs of buttons and forms
OVER = "('posted', 'cancelled')"


@dataclass(frozen=True)
class Evidence:
    """All there is to know after a crash."""

    books: Books
    world: World
    data: Path
    charged: list[int]  #: by the painter, in millionths of a dollar
    kills: int  #: so far
    said: set[int]  #: messages that asked, and were not taken back
    taken_back: set[int]  #: those that were: of some only their place and price is kept
    unshown: set[int]  #: messages that somebody deleted, perhaps while the bot was away
    acknowledged: dict[int, str]  #: presses and commands that were to become turns, and what was pressed
    asked_of_google: int  #: requests that reached it


@dataclass
class Heard:
    """What people said, as far as they had a right to an answer."""

    said: set[int] = field(default_factory=set)
    taken_back: set[int] = field(default_factory=set)
    unshown: set[int] = field(default_factory=set)  #: the bot's messages that somebody deleted
    kills: int = 0


def judged(stage: Stage, charged: list[int], heard: Heard) -> list[str]:
    """Everything that is wrong on a stage at rest."""
    interactions = stage.sandbox.services.interactions._by_id.values()
    data = stage.bot.folder / "data"
    with open_books(data) as books:
        evidence = Evidence(
            books=books,
            world=stage.sandbox.world,
            data=data,
            charged=list(charged),
            kills=heard.kills,
            said=heard.said - heard.taken_back,
            taken_back=heard.taken_back,
            unshown=heard.unshown,
            acknowledged={
                each.id: f"{_verb(each.data)} in {each.channel_id}"
                for each in interactions
                if each.acknowledged and _verb(each.data) in ASKING
            },
            asked_of_google=sum(map(_may_cost, stage.gemini.ledger.requests)),
        )
        return violations(evidence)


def _may_cost(entry: Entry) -> bool:
    """Whatever Google did not turn away at once may be charged."""
    return entry.state != "refused" and (entry.status < 400 or entry.state == "dropped")


def _verb(data: dict[str, object]) -> str:
    """What was pressed, or the command."""
    return str(data.get("custom_id") or data.get("name")).partition(":")[0]


def violations(evidence: Evidence) -> list[str]:
    """Everything that is wrong."""
    checks = (_answers, _presses, _pictures, _erased, _posts, _claims, _calls, _money, _heads, _files, _database)
    return [told for check in checks for told in check(evidence)]


def _posted(world: World) -> list[Message]:
    """The bot's messages in the open, but for those that Discord itself makes."""
    found = (message for messages in world.messages.values() for message in messages.values())
    return [each for each in found if each.author_id == seed.BOT and each.kind in (0, 19, 20)]


def _named(message: Message) -> list[tuple[int, int]]:
    """The turns and numbers of the pictures in a message."""
    found = (FILE.match(each.filename) for each in message.attachments)
    return [(int(match[1]), int(match[2])) for match in found if match]


def _answers(evidence: Evidence) -> Iterator[str]:
    """Every ask has exactly one answer: pictures, or a reason."""
    answers = Counter[int]()
    for message in _posted(evidence.world):
        if not STATUS.match(message.content) and message.reference and message.kind == 19:
            answers[message.reference.message_id or 0] += 1
    opened = set(evidence.books.column("SELECT id FROM turns WHERE title IS NOT NULL"))
    over = (  # told with an ask of a moment before
        "SELECT ask FROM heard h WHERE outcome = 'over' AND EXISTS"
        " (SELECT 1 FROM heard WHERE member = h.member AND outcome <> 'over' AND at <= h.at)"
    )
    told = set(evidence.books.column(over))
    for ask in sorted(evidence.said - opened - told):
        if answers[ask] != 1:
            yield f"ask {ask} has {answers[ask]} answers"
    both = "SELECT ask FROM heard WHERE ask IN (SELECT id FROM turns) AND outcome NOT IN ('question')"
    yield from (f"ask {ask} was refused and accepted" for ask in evidence.books.column(both))


def _presses(evidence: Evidence) -> Iterator[str]:
    """What was acknowledged became one turn, or one word; to a press on what is gone that is a whisper."""
    rows = evidence.books.rows("SELECT conversation, number FROM versions WHERE deleted_at IS NOT NULL")
    gone, whispers = {(row["conversation"], row["number"]) for row in rows}, evidence.world.whispers.values()
    explained = {each.origin.id for each in whispers if each.origin and _explains(each, gone)}
    turns = set(evidence.books.column(f"SELECT id FROM turns WHERE state IN {OVER}"))
    heard = set(evidence.books.column("SELECT ask FROM heard"))
    nonces = (str(nonce) for _, nonce in evidence.world.nonces)
    apologies = Counter(int(each.removesuffix(APOLOGY)) for each in nonces if each.endswith(APOLOGY))
    for press in sorted(evidence.acknowledged):
        outcomes = (press in turns) + (press in heard) + apologies[press]
        if outcomes != 1 and not (outcomes == 0 and press in explained):
            yield f"press {press} ({evidence.acknowledged[press]}) came to {outcomes} outcomes"


def _explains(whisper: Message, gone: set[tuple[int, int]]) -> bool:
    """Whether it says truly why nothing comes of a press: a stop, or a version that was deleted."""
    version = VERSION_GONE.match(whisper.content)
    return whisper.content == STOPPING or (version is not None and (whisper.channel_id, int(version[1])) in gone)


def _pictures(evidence: Evidence) -> Iterator[str]:
    """Each version is in Discord once, under its number, and nothing else is."""
    shown = Counter(named for message in _posted(evidence.world) for named in _named(message))
    yield from (
        f"v{number} of turn {turn} is posted {times} times" for (turn, number), times in shown.items() if times > 1
    )
    sql = (
        "SELECT v.turn, v.number, v.message FROM versions v JOIN turns t ON t.id = v.turn"
        " WHERE t.kind = 'paint' AND t.state = 'posted' AND t.erased_at IS NULL AND v.deleted_at IS NULL"
    )
    rows = [row for row in evidence.books.rows(sql) if row["message"] not in evidence.unshown]
    kept = {(row["turn"], row["number"]) for row in rows}
    yield from (f"v{number} of turn {turn} was never posted" for turn, number in sorted(kept - set(shown)))
    gone = "SELECT turn, number FROM versions WHERE deleted_at IS NOT NULL"
    known = kept | {(row["turn"], row["number"]) for row in evidence.books.rows(gone)}
    yield from (f"v{number} of turn {turn} is posted and not kept" for turn, number in sorted(set(shown) - known))
    gaps = (
        "SELECT c.id, c.numbers, count(v.number) AS there FROM conversations c LEFT JOIN versions v"
        " ON v.conversation = c.id GROUP BY c.id HAVING there <> c.numbers OR coalesce(max(v.number), 0) <> c.numbers"
    )
    yield from (f"numbers of {row['id']}: {row['there']} of {row['numbers']}" for row in evidence.books.rows(gaps))


def _erased(evidence: Evidence) -> Iterator[str]:
    """A picture goes with what somebody deleted, and with nothing else."""
    sql = (
        "SELECT v.* FROM versions v JOIN turns t ON t.id = v.turn JOIN conversations c ON c.id = v.conversation"
        " WHERE v.deleted_at IS NOT NULL AND t.erased_at IS NULL AND c.gone_at IS NULL"
    )
    for row in evidence.books.rows(sql):
        if row["message"] not in evidence.unshown | evidence.taken_back and abs(row["turn"]) not in evidence.taken_back:
            yield f"v{row['number']} of {row['conversation']} was erased, and nobody deleted it"


def _posts(evidence: Evidence) -> Iterator[str]:
    """Every message in a thread is known, no status is left, and each failure is explained once."""
    world = evidence.world
    known = set(evidence.books.column("SELECT id FROM messages"))
    known |= {message for (_, nonce), (_, message, _) in world.nonces.items() if str(nonce).endswith(APOLOGY)}
    for message in _posted(world):
        if STATUS.match(message.content) and not message.attachments:
            yield f"a status is left in {message.channel_id}: {message.content[:60]}"
        elif world.channels[message.channel_id].kind in THREADS and message.id not in known and not message.origin:
            yield f"message {message.id} in {message.channel_id} is unknown: {message.content[:80]!r}"
    failed = (
        "SELECT t.id, count(m.id) FROM turns t LEFT JOIN messages m ON m.turn = t.id"
        " WHERE t.failure IS NOT NULL AND t.erased_at IS NULL GROUP BY 1 HAVING count(m.id) <> 1"
    )
    yield from (f"failure of turn {row[0]} was told {row[1]} times" for row in evidence.books.rows(failed))


def _claims(evidence: Evidence) -> Iterator[str]:
    """One claim for each turn, ended once; a picture that counts is a picture that was painted."""
    sql = (
        "SELECT t.id, t.state, t.failure, c.state AS claim, c.pictures, c.waiting,"
        " (SELECT count(*) FROM calls k WHERE k.turn = t.id AND outcome = 'painted') AS painted,"
        " (SELECT count(*) FROM calls k WHERE k.turn = t.id AND outcome = 'cancelled') AS abandoned"
        " FROM turns t LEFT JOIN claims c ON c.turn = t.id WHERE t.kind = 'paint'"
    )
    for row in evidence.books.rows(sql):
        count = 0 if row["claim"] in ("returned", "refused") else row["painted"] + row["abandoned"]
        if row["claim"] not in ("settled", "returned", "refused"):
            yield f"turn {row['id']} ({row['state']}) has a claim that is {row['claim']}"
        elif row["pictures"] != count or row["waiting"]:
            yield f"turn {row['id']}: {row['claim']} at {row['pictures']} pictures, painted {count}"
    hours = (
        "SELECT h.server, h.hour FROM hours h WHERE h.server <> 0 AND (h.pictures, h.micros) IS NOT ("
        "SELECT coalesce(sum(pictures), 0), coalesce(sum(micros), 0) FROM claims"
        " WHERE server = h.server AND CAST(at / 3600 AS BIGINT) = h.hour)"
        " UNION ALL SELECT 0, h.hour FROM hours h WHERE h.server = 0 AND h.micros IS NOT ("
        "SELECT coalesce(sum(micros), 0) FROM calls WHERE CAST(started_at / 3600 AS BIGINT) = h.hour)"
    )
    yield from (f"the sum of hour {row['hour']} of {row['server']} is wrong" for row in evidence.books.rows(hours))


def _calls(evidence: Evidence) -> Iterator[str]:
    """Google is asked once, and once more for a kill at most, which the receipt says."""
    sql = (
        "SELECT t.id, t.failure, k.take, count(*) AS times, sum(k.outcome IS NULL) AS open"
        " FROM calls k JOIN turns t ON t.id = k.turn GROUP BY t.id, k.take"
    )
    receipts = {message.id: message.content for message in _posted(evidence.world)}
    for row in evidence.books.rows(sql):
        if row["open"]:
            yield f"a call of turn {row['id']} has no outcome"
        if row["times"] > 2:
            yield f"take {row['take']} of turn {row['id']} was asked of Google {row['times']} times"
        answers = evidence.books.column("SELECT id FROM messages WHERE turn = ? AND kind = 'answer'", row["id"])
        said = [receipts[each] for each in answers if each in receipts]  # not of a message that somebody deleted
        if row["times"] > 1 and not row["failure"] and said and not any(AGAIN in each for each in said):
            yield f"turn {row['id']} was painted twice, and its receipt is silent"
    sent, counted = evidence.asked_of_google, evidence.books.one("SELECT count(*) FROM calls")
    if sent > counted:
        yield f"Google was asked {sent} times, counted are {counted}"


def _money(evidence: Evidence) -> Iterator[str]:
    """What the painter charged stands in the books, or may do so for a call whose answer was lost."""
    books = evidence.books
    kept = Counter(books.column("SELECT micros FROM calls WHERE outcome = 'painted'"))
    unknown = Counter(evidence.charged)
    unknown.subtract(kept)
    invented = [price for price, times in unknown.items() if times < 0]
    if invented:
        yield f"kept, but never charged: {invented}"
    lost = books.one("SELECT count(*) FROM calls WHERE outcome IN ('lost', 'cancelled') OR outcome LIKE 'uncertain%'")
    if +unknown and unknown.total() > lost:
        yield f"charged, but not in the books: {unknown.total()} of {len(evidence.charged)}, {lost} calls lost"
    total = books.one("SELECT coalesce(sum(micros), 0) FROM calls")
    if total < sum(evidence.charged):
        yield f"the books say {total}, the painter charged {sum(evidence.charged)}"
    extra = books.one("SELECT count(*) FROM (SELECT 1 FROM calls GROUP BY turn, take HAVING count(*) > 1)")
    if extra > evidence.kills * 20:
        yield f"{extra} calls too many for {evidence.kills} kills"


def _heads(evidence: Evidence) -> Iterator[str]:
    """Plain words go on from the last turn that came to something."""
    lasting = (
        "SELECT t.id FROM turns t WHERE t.conversation = ? AND t.state = 'posted' AND t.failure IS NULL"
        " ORDER BY t.rowid DESC LIMIT 1"
    )
    whole = (
        "SELECT id, head FROM conversations c WHERE gone_at IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM turns WHERE conversation = c.id AND erased_at IS NOT NULL)"
    )
    deleted = set(evidence.books.column("SELECT turn FROM versions WHERE deleted_at IS NOT NULL"))
    for row in evidence.books.rows(whole):
        expected = next(iter(evidence.books.column(lasting, row["id"])), None)
        if row["head"] != expected and expected not in deleted:
            yield f"the head of {row['id']} is {row['head']}, not {expected}"


def _files(evidence: Evidence) -> Iterator[str]:
    """Every picture that is known is on the disk, whole."""
    pictures = evidence.data / "pictures"
    for digest in evidence.books.column(
        "SELECT digest FROM parts WHERE digest <> '' UNION SELECT digest FROM versions WHERE digest <> ''"
    ):
        file = pictures / digest[:2] / digest
        if not file.exists() or hashlib.sha256(file.read_bytes()).hexdigest() != digest:
            yield f"picture {digest[:12]} is not on the disk"


def _database(evidence: Evidence) -> Iterator[str]:
    told: Iterable[str] = evidence.books.column("PRAGMA integrity_check")
    yield from (each for each in told if each != "ok")
    yield from (f"row without its {row['parent']}" for row in evidence.books.rows("PRAGMA foreign_key_check"))
