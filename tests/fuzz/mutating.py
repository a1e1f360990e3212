"""Real things, spoilt: JSON by its nodes, files by their pieces. The same for hypothesis and for the fuzzer."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

Mutate = Callable[[bytes, Random], bytes]

WORDS = (
    *("", " ", "v1", "v99999999", "v" + "9" * 300, "v１２", "v٣", "STOP", "null", "-1", "\0", "\u200b", "\u202e", "ﷺ"),
    *("@everyone", "@\u200beveryone", "<@1>", "<@&2>", "<#3>", "</imagine:1>", "<t:1:R>", "https://evil.example"),
    *("**", "__", "~~", "||", "`", "```", "> ", ">>> ", "-# ", "# ", "[a](", "](https://evil.example)", "\\", "\n"),
    *(
        "//",
        "1:2 ",
        "16:9",
        "in 17:13",
        "../",
        "CON",
        "a\u0301",
        "🎨",
        "👩‍👩‍👧‍👦",
        "שלום",
        "日本",
        "\u2028",
        "\x85",
        "\u3164",
    ),
)
ODD: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1.5, -1e308, 1e308, 2**31, 2**53, 2**63, 2**64, 10**30, "", "x", [], {}, [[]], [{}]),
    *({"a": 1}, "9" * 400, "1e999", [None] * 300, "AA==", "????", "😀" * 2000),
)
NUMBERS = (0, 1, 7, 8, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF)
STARTS = (
    b"%PDF-1.7\n",
    b"PK\3\4",
    b"GIF89a",
    b"\xff\xd8\xff",
    b"\x89PNG\r\n\x1a\n",
    b"RIFF",
    b"<svg>",
    b"II*\0",
    b"BM",
)


def json_mutated(data: bytes, random: Random) -> bytes:
    """JSON with one of its nodes gone, doubled, odd, or another's; what is no JSON stays."""
    try:
        root = [json.loads(data)]
    except (ValueError, RecursionError):
        return data
    places = list(_places(root))
    holder, key = random.choice(places)
    match random.randrange(6):
        case 0 if holder is not root:
            del holder[key]
        case 1 if isinstance(holder, list):
            holder.insert(key, holder[key])
        case 2:
            other, place = random.choice(places)
            holder[key] = json.loads(json.dumps(other[place]))
        case 3 if isinstance(holder[key], str):
            holder[key] = text_mutated(holder[key], random)
        case 4 if isinstance(holder, dict):
            holder[random.choice([*map(str, holder), "x"])] = random.choice(ODD)
        case _:
            holder[key] = random.choice(ODD)
    return json.dumps(root[0]).encode() if root else b"null"


def _places(node: Any) -> Iterator[tuple[Any, Any]]:
    """Every node, by what holds it."""
    waiting = [node]
    while waiting:
        holder = waiting.pop()
        items = holder.items() if isinstance(holder, dict) else enumerate(holder)
        for key, value in items:
            yield holder, key
            if isinstance(value, dict | list):
                waiting.append(value)


def words_mutated(data: bytes, random: Random) -> bytes:
    """Text, made odder."""
    return text_mutated(data.decode("utf-8", "ignore"), random).encode("utf-8", "ignore")


def text_mutated(text: str, random: Random) -> str:
    """Some word more, many times over, in another order, or without a part; 4,000 characters at most."""
    word, at = random.choice(WORDS), random.randint(0, len(text))
    match random.randrange(5):
        case 0:
            changed = text[:at] + word + text[at:]
        case 1:
            changed = text[:at] + (word or " ") * (4000 // len(word or " "))
        case 2:
            changed = (text or word or "x") * 4000
        case 3:
            changed = text[at:] + text[:at]
        case _:
            changed = text[:at] + chr(random.choice((*range(32, 0x2100), *range(0x1F600, 0x1F640)))) + text[at + 1 :]
    return changed[:4000]


def file_mutated(data: bytes, random: Random) -> bytes:
    """A file cut off, flipped, lying, with a piece twice or elsewhere, or begun as another kind."""
    at, to = sorted(random.randint(0, len(data)) for _ in range(2))
    number = struct.pack(random.choice("<>") + random.choice("HI"), random.choice(NUMBERS) & 0xFFFF)
    every = (
        data[:at],
        data[:at] + random.randbytes(random.randint(1, 4)) + data[at + 1 :],
        data[:at] + number + data[at + len(number) :],
        data[:to] + data[at:to] * random.randint(1, 20) + data[to:],
        data[:at] + data[to:],
        random.choice(STARTS) + data,
        data + random.choice(STARTS) + data[at:to],
        data[at:] + data[:at],
    )
    return random.choice(every)
