"""The base64 in an answer, cut out of its JSON before that is parsed.

A parser would check all of it as text and make a string of it, megabytes that are base64 and nothing else: it takes
longer than to decode them. No text can pass for one of these keys: JSON escapes its quotes.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Mapping

KEY = re.compile(rb'"(?:data|thoughtSignature)"\s*:\s*"')
MOST = 1000  #: that are looked at; no answer has as many, and what is left the parser copes with

Blobs = Mapping[str, memoryview]  #: what stands in the JSON -> base64


def cut(raw: bytes) -> tuple[bytes, Blobs]:
    """The JSON with a short name in the place of each, and what the names stand for; what is escaped stays there."""
    view, blobs, mark = memoryview(raw), dict[str, memoryview](), secrets.token_hex(8)
    left, at = list[bytes | memoryview](), 0
    for start, end in _found(raw):
        name = f"@{mark}-{len(blobs)}"  # nothing else in the answer can be called so
        blobs[name] = view[start:end]
        left += [view[at:start], name.encode()]
        at = end
    return b"".join([*left, view[at:]]), blobs


def _found(raw: bytes) -> Iterator[tuple[int, int]]:
    """Where each begins and ends."""
    at = 0
    for _ in range(MOST):
        match = KEY.search(raw, at)
        end = raw.find(b'"', match.end()) if match else -1
        if match is None or end < 0:
            return
        if raw.find(b"\\", match.end(), end) < 0:
            yield match.end(), end
        at = end
