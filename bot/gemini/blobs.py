"""The base64 in an answer, cut out of its JSON before that is parsed.

A parser would check all of it as text and make a string of it, megabytes that are base64 and nothing else: it takes
longer than to decode them. No text can pass for one of these keys: JSON escapes its quotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

KEY = re.compile(rb'"(?:data|thoughtSignature)"\s*:\s*"')

Blobs = Mapping[str, memoryview]  #: what stands in the JSON -> base64


def cut(raw: bytes) -> tuple[bytes, Blobs]:
    """The JSON with a short name in the place of each, and what the names stand for; what is escaped stays there."""
    view, blobs = memoryview(raw), dict[str, memoryview]()
    left, at = list[bytes | memoryview](), 0
    for start, end in _found(raw):
        name = f"@{len(blobs)}"  # no base64
        blobs[name] = view[start:end]
        left += [view[at:start], name.encode()]
        at = end
    return b"".join([*left, view[at:]]), blobs


def _found(raw: bytes) -> Iterator[tuple[int, int]]:
    """Where each begins and ends."""
    at = 0
    while match := KEY.search(raw, at):
        start, at = match.end(), raw.find(b'"', match.end())
        if at < 0:
            return
        if raw.find(b"\\", start, at) < 0:
            yield start, at
