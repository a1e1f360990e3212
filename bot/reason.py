"""Why an exception came, in words for a person: libraries put Python's own objects into theirs. Pure."""

from __future__ import annotations

import os
import re
import ssl

OBJECT = re.compile(r"(?: \w+:)?<[\w.]+ object at 0x[0-9a-f]+>")
ENGINE = re.compile(r"\[SSL[^]]*\] ?| ?\(_ssl\.c:\d+\)")


def reason(error: BaseException | None) -> str:
    """The reason alone, without host or address; empty where the exception has no words."""
    inner = getattr(error, "certificate_error", None) or getattr(error, "os_error", None) or error
    match inner:
        case ssl.SSLError():
            told = ENGINE.sub("", inner.strerror or str(inner))
        case OSError() if inner.errno and inner.errno > 0:
            told = os.strerror(inner.errno)
        case OSError() if inner.strerror:
            told = inner.strerror
        case _:
            told = str(inner or "")
    return plain(" ".join(told.split()))


def plain(text: str) -> str:
    """The text without objects such as ` ssl:<ssl.SSLContext object at 0x7f…>`."""
    return OBJECT.sub("", text)
