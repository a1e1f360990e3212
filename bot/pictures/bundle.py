"""A plan and the pictures for it in one file, which is what a worker is given."""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from dataclasses import asdict
from io import BytesIO
from typing import Any, BinaryIO

from PIL import Image

from bot.pictures.plans import Bar, Bars, Blink, Card, Chart, Comparison, Film, Plan, Sheet, Stack, Wipe

LENGTH = struct.Struct(">I")  #: of the JSON, before it


def packed(plan: Plan, pictures: Sequence[bytes]) -> bytes:
    """One file of all."""
    said = {"kind": type(plan).__name__, "plan": asdict(plan), "sizes": [len(each) for each in pictures]}
    text = json.dumps(said).encode()
    return b"".join((LENGTH.pack(len(text)), text, *pictures))


def unpacked(file: BinaryIO) -> tuple[Plan, list[Image.Image]]:
    """The plan and its pictures, their pixels not read yet."""
    file.seek(0)
    (length,) = LENGTH.unpack(file.read(LENGTH.size))
    said = json.loads(file.read(length))
    pictures: list[Image.Image] = [
        Image.open(BytesIO(file.read(size)), formats=("JPEG", "PNG")) for size in said["sizes"]
    ]
    return _plan(said["kind"], said["plan"]), pictures


def _plan(kind: str, said: dict[str, Any]) -> Plan:
    if kind == "Sheet":
        return Sheet(**{**said, "cards": [Card(**each) for each in said["cards"]]})
    if kind == "Chart":
        sides = {side: [_bars(each) for each in said[side]] for side in ("left", "right")}
        return Chart(**{**said, **sides, "stacks": [Stack(**each) for each in said["stacks"]]})
    kinds: dict[str, type[Comparison | Wipe | Blink | Film]] = {
        each.__name__: each for each in (Comparison, Wipe, Blink, Film)
    }
    return kinds[kind](**said)


def _bars(said: dict[str, Any]) -> Bars:
    return Bars(said["title"], [Bar(**each) for each in said["rows"]])
