"""Logs to standard output: lines for people, or JSON for machines, each with the ask that it belongs to."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cache
from types import TracebackType
from urllib.parse import quote

import orjson

from bot.reason import plain

STARS = "*****"
SECRET = 12  #: characters; anything shorter is no secret of Discord's or Google's but a word that stands elsewhere too
LIBRARY = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "ask"}  #: what every record has

_ask: ContextVar[int | None] = ContextVar("ask", default=None)
log = logging.getLogger(__name__)


@contextmanager
def about(ask: int) -> Iterator[None]:
    """Every line from within, and from tasks and threads begun within, belongs to this ask."""
    token = _ask.set(ask)
    try:
        yield
    finally:
        _ask.reset(token)


class LineFormatter(logging.Formatter):
    """A line for people: `2026-11-22 20:15:00,123 INFO    bot.watch.journal [1234567890]: posted, 1 picture`."""

    def __init__(self, secrets: Sequence[str] = ()) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s%(ask)s: %(message)s")
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        """The line, and a traceback below it where there is one."""
        ask = _ask.get()
        record.ask = "" if ask is None else f" [{ask}]"
        return starred(super().format(record), self._secrets)


class JsonFormatter(logging.Formatter):
    """One JSON object a line: `time` (UTC), `level`, `logger`, `message`; where known `ask`, `id` and other values."""

    def __init__(self, secrets: Sequence[str] = ()) -> None:
        super().__init__()
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        """The object, with the traceback as its `exception`."""
        told: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if (ask := _ask.get()) is not None:
            told["ask"] = str(ask)  # as text: many a reader of JSON rounds a number of this length
        told |= {name: value for name, value in vars(record).items() if name not in LIBRARY}
        if record.exc_info:
            told["exception"] = self.formatException(record.exc_info)
        return starred(orjson.dumps(told, default=str).decode(), self._secrets)


def set_up(form: str, level: str, secrets: Sequence[str] = ()) -> None:
    """Send every log to standard output as `[logging]` says, warnings and last words among it; secrets are stars."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonFormatter(secrets) if form == "json" else LineFormatter(secrets))
    library = max(logging.getLevelNamesMapping()[level], logging.INFO)  # below, theirs hold words, tokens and all
    logging.basicConfig(level=library, handlers=[handler], force=True)
    for own in ("bot", "cogs"):
        logging.getLogger(own).setLevel(level)
    logging.getLogger("google_genai").setLevel(logging.WARNING)  # at each call it tells of tools that nobody gave it
    logging.captureWarnings(True)
    sys.excepthook = _last_words


def tell(sentence: str) -> None:
    """What the operator must hear before the end: the bare sentence, or a line of JSON where the log is that."""
    if any(isinstance(handler.formatter, JsonFormatter) for handler in logging.getLogger().handlers):
        log.critical(sentence)
    else:
        print(sentence, file=sys.stderr)  # noqa: T201 - a person at a terminal reads it


def _last_words(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    log.critical("Easel ended unexpectedly", exc_info=(kind, error, trace))


def starred(line: str, secrets: Sequence[str]) -> str:
    """The line with stars for secrets, and without Python's own objects."""
    line = plain(line)
    for secret in secrets:
        for written in _written(secret) if len(secret) >= SECRET else ():
            line = line.replace(written, STARS)
    return line


@cache
def _written(secret: str) -> tuple[str, ...]:
    """A secret as it may stand in a line, the longest way first: in Python's words, in JSON, in an address."""
    ways = {secret, repr(secret)[1:-1], json.dumps(secret)[1:-1], quote(secret), quote(secret, safe="")}
    ways |= {json.dumps(each, ensure_ascii=False)[1:-1] for each in ways}
    return tuple(sorted(ways, key=len, reverse=True))
