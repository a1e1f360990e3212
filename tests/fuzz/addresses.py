"""A file's address: whatever is let through, the library that fetches it asks a listed host, and nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from urllib.parse import urljoin

from yarl import URL

from bot.downloads import allowed
from tests.fuzz.mutating import words_mutated

HOSTS = ("cdn.discordapp.com", "media.discordapp.net", "127.0.0.1")
OWN = "https://cdn.discordapp.com/attachments/1/2/a.png"
PIECES = (
    *(
        "@",
        ":",
        ":80",
        ":443",
        ":99999",
        "/",
        "//",
        "\\",
        "?",
        "#",
        "%",
        "%00",
        "%2f",
        "%40",
        ".",
        "..",
        " ",
        "\t",
        "\n",
    ),
    *(
        "https:",
        "http:",
        "ftp:",
        "file:",
        "javascript:",
        "HTTPS://",
        "\0",
        "\u200b",
        "\u202e",
        "。",
        "．",
        "／",
        "＠",
        "㏄",
        "ⓒ",
    ),
    *(
        "cdn.discordapp.com",
        "evil.example",
        "127.0.0.1",
        "[::1]",
        "2130706433",
        "0x7f.1",
        "localhost",
        "169.254.169.254",
    ),
    *("cdn.discordapp.com.", "cdn.discordapp.com.evil.example", "xcdn.discordapp.com", "cdn.dіscordapp.com", "ſ", "K"),
)


def enter(data: bytes) -> None:
    """As the address of an attachment, and as where a redirect leads."""
    text = data.decode("utf-8", "ignore")
    for url in (text, _joined(text)):
        if allowed(url, HOSTS):
            leads_home(url)


def leads_home(url: str) -> None:
    """As the library reads it, which may read it as no address at all."""
    try:
        asked = URL(url)
    except ValueError:
        return
    host = asked.host
    assert host in HOSTS, url
    assert asked.scheme == "https" or (asked.scheme == "http" and host == "127.0.0.1"), url
    assert asked.user is None is asked.password, url


def _joined(location: str) -> str:
    try:
        return urljoin(OWN, location)
    except ValueError:
        return location


def mutate(data: bytes, random: Random) -> bytes:
    """Pieces of addresses where they don't belong."""
    if random.random() < 0.3:
        return words_mutated(data, random)
    text = data.decode("utf-8", "ignore")
    at, to = sorted(random.randint(0, len(text)) for _ in range(2))
    return (text[:at] + random.choice(PIECES) + text[random.choice((at, to)) :]).encode()[:2000]


def seeds() -> Iterator[bytes]:
    """Addresses of Discord's, and some that look like them."""
    yield OWN.encode()
    yield b"https://media.discordapp.net/a.png?ex=1&is=2&hm=3"
    yield b"https://cdn.discordapp.com:8443/a.png"
    yield b"http://127.0.0.1:8000/a.png"
    yield from (f"https://{each}cdn.discordapp.com/a.png".encode() for each in PIECES)
    yield from (f"https://cdn.discordapp.com{each}evil.example/a.png".encode() for each in PIECES)
    yield from (each.encode() for each in PIECES)
