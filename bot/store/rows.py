"""Rows to nouns and back."""

from __future__ import annotations

import json
from typing import Any

import orjson

from bot.model import Kind, Member, Memory, Painted, Part, Picture, Reference, State, Text, Turn, Version
from bot.quota import MICROS, micros
from bot.store.private import Private
from bot.store.query import Row

#: columns of turns that a Turn holds under the same name and in the same shape
PLAIN = (
    *("id", "conversation", "parent", "base", "server", "channel", "message"),
    *("ratio", "size", "model", "count", "attempts", "seconds", "asked_at"),
    *("finish", "language", "priority", "at_once", "fallback"),
)
SAID = ("title", "words", "failure", "recipe")  #: the same of columns that are private
SAME = PLAIN + SAID


def picture(row: Row) -> Picture:
    """The picture that a row of versions, parts or references speaks of."""
    return Picture(row["digest"], row["mime"], row["width"], row["height"], row["bytes"])


def picture_values(value: Picture) -> dict[str, object]:
    """The columns of a picture."""
    return {
        "digest": value.digest,
        "mime": value.mime,
        "width": value.width,
        "height": value.height,
        "bytes": value.size,
    }


def version(row: Row) -> Version:
    """A row of versions."""
    gone = row["deleted_at"] is not None
    return Version(row["number"], row["turn"], row["position"], picture(row), row["message"], gone)


def reference(row: Row) -> Reference:
    """A row of turn_references."""
    return Reference(picture(row), row["name"], row["version"])


def part(row: Row) -> Part:
    """A row of parts: words or a picture, with the model's signature."""
    if row["digest"] is None:
        return Text(row["text"], bool(row["thought"]), row["signature"])
    return Painted(picture(row), bool(row["thought"]), row["signature"])


def part_values(position: int, value: Part) -> dict[str, object]:
    """The columns of a part, but for whose it is."""
    columns: dict[str, object] = dict.fromkeys(("text", "digest", "mime", "width", "height", "bytes"))
    columns |= {"text": Private(value.text)} if isinstance(value, Text) else picture_values(value.picture)
    return columns | {"position": position, "thought": value.thought, "signature": Private(value.signature)}


def turn(row: Row, references: tuple[Reference, ...] = ()) -> Turn:
    """A row of turns, with its references beside it."""
    told = dict(zip(row.keys(), row, strict=True))  # a row looks each of its names up from the first column on
    plain: dict[str, Any] = {name: told[name] for name in SAME}
    return Turn(
        **plain,
        references=references,
        member=Member(told["member"], told["member_name"]),
        kind=Kind(told["kind"]),
        memory=Memory(told["memory"]),
        state=State(told["state"]),
        notes=_listed(told["notes"]),
        offer=bool(told["offer"]),
        wordings=_listed(told["wordings"]),
        dollars=told["micros"] / MICROS,
    )


def _listed(value: str | None) -> tuple[str, ...]:
    return () if value in {None, "[]"} else tuple(orjson.loads(value))


def turn_values(value: Turn) -> dict[str, object]:
    """The columns of a turn that is new or changed."""
    plain = {name: getattr(value, name) for name in PLAIN}
    said = {name: Private(getattr(value, name)) for name in SAID}
    return (
        plain
        | said
        | {
            "offer": value.offer,
            "member": value.member.id,
            "member_name": Private(value.member.name),
            "kind": value.kind.value,
            "memory": value.memory.value,
            "state": value.state.value,
            "notes": Private(json.dumps(value.notes)),
            "wordings": Private(json.dumps(value.wordings) if value.wordings else None),
            "micros": micros(value.dollars),
        }
    )
