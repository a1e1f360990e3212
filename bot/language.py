"""Which language is spoken in the task at hand, and which of Discord's locales it serves.

Whoever hears an ask or a press says so once; every task begun within speaks the same, down to the last receipt.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType

ENGLISH = "en"
#: By Discord's locale: the language that serves it, by the name of its file. English serves all others.
SERVED: Mapping[str, str] = MappingProxyType(
    {"de": "de", "fr": "fr", "es-ES": "es-ES", "es-419": "es-ES", "pt-BR": "pt-BR", "ja": "ja"}
)
OTHERS = tuple(dict.fromkeys(SERVED.values()))  #: every language but English

_spoken: ContextVar[str] = ContextVar("language", default=ENGLISH)


def spoken() -> str:
    """The language of the task at hand."""
    return _spoken.get()


def served(locale: str | None) -> str:
    """The language for one of Discord's locales, or for a language itself."""
    return SERVED.get(locale or "", ENGLISH)


@contextmanager
def speaking(locale: str | None) -> Iterator[None]:
    """What is said within, and in tasks begun within, is said in the language that serves this locale."""
    token = _spoken.set(served(locale))
    try:
        yield
    finally:
        _spoken.reset(token)
