"""How an order goes to a worker and its picture comes back: JSON and bytes, and the file as a descriptor beside it.

Nothing that a worker sends is trusted to be more than that: it has read a stranger's file.
"""

from __future__ import annotations

import json
import socket
import struct
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from bot.errors import BadPicture
from bot.pictures.kinds import MIMES
from bot.pictures.orders import LOOK, Heavy, Limits, Made, Order

LENGTHS = struct.Struct(">IQ")  #: of the JSON and of the bytes behind it
LARGEST = 2**28  #: bytes of either
HANDED = 2**16  #: bytes of an order at most

Answer = Made | Heavy | BadPicture


class Hung(ConnectionError):
    """The other end is gone, or speaks nonsense."""


def send_order(link: socket.socket, order: Order, file: int) -> None:
    """The order, and its file's descriptor, which stays the sender's as well."""
    socket.send_fds(link, [json.dumps(asdict(order)).encode()], [file])


def receive_order(link: socket.socket) -> tuple[Order, int] | None:
    """The next order and its file, or None when no more will come."""
    data, files, _, _ = socket.recv_fds(link, HANDED, 1)
    if not data:
        return None
    said = json.loads(data)
    return Order(**{**said, "limits": Limits(**said["limits"])}), files[0]


def send_answer(link: socket.socket, answer: Answer) -> None:
    """What became of an order."""
    match answer:
        case Made(data, kind, width, height, measured):
            _send(link, {"kind": kind, "width": width, "height": height, "measured": measured}, data)
        case Heavy(memory):
            _send(link, {"memory": memory})
        case BadPicture(key=key, values=values):
            _send(link, {"key": key, "values": values})


def receive_answer(link: socket.socket) -> Answer:
    """What became of an order. Raises Hung, TimeoutError or OSError."""
    try:
        lengths = LENGTHS.unpack(_exactly(link, LENGTHS.size))
        said, data = (bytes(_exactly(link, length)) for length in lengths)
        return _understood(json.loads(said), data)
    except (ValueError, KeyError, TypeError) as error:
        raise Hung("that is no answer") from error


def _understood(said: Mapping[str, Any], data: bytes) -> Answer:
    if "memory" in said:
        return Heavy(int(said["memory"]))
    if "key" in said:
        return BadPicture(str(said["key"]), **said["values"])
    if said["kind"] not in MIMES and said["kind"] != LOOK:
        raise Hung("that is no picture")
    return Made(data, said["kind"], int(said["width"]), int(said["height"]), float(said["measured"]))


def _send(link: socket.socket, said: Mapping[str, Any], data: bytes = b"") -> None:
    text = json.dumps(said).encode()
    link.sendall(LENGTHS.pack(len(text), len(data)) + text)
    link.sendall(data)


def _exactly(link: socket.socket, length: int) -> bytearray:
    if length > LARGEST:
        raise Hung("that is more than any picture")
    data = bytearray(length)
    view = memoryview(data)
    while view:
        count = link.recv_into(view)
        if not count:
            raise Hung("it is gone")
        view = view[count:]
    return data
