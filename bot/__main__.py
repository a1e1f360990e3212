"""`python -m bot`: run the bot (default), `check` a set-up, look after its data, or try it in the `sandbox`."""

from __future__ import annotations

import argparse
import asyncio
import io
import os
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

from bot import logs
from bot.catalogue import load_catalogue
from bot.config import load
from bot.errors import Unstartable
from bot.memory import settle_memory

Result = TypeVar("Result")


def main() -> int:
    """Read the arguments and do what they say; the exit status."""
    options = _parser().parse_args()
    try:
        if options.command == "sandbox":
            return _sandbox(options)
        if options.command == "check":
            return _check(options.config, paint=options.paint)
        if options.command == "rotate":
            return _rotate(options.config)
        if options.command in {"backup", "restore"}:
            return _backup(options)
        return _run(options.config)
    except Unstartable as error:
        logs.tell(load_catalogue().tell(error))
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description="Easel, a Discord bot that paints together.")
    parser.add_argument("--config", type=Path, help="config.toml; without it the defaults hold")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    run = commands.add_parser("run", help="run the bot on Discord (default)")
    check = commands.add_parser("check", help="say what is wrong with a set-up, and how to mend it")
    check.add_argument("--paint", action="store_true", help="paint one real picture too, for about $0.04")
    rotate = commands.add_parser("rotate", help="encrypt all that is kept with the first key; the bot must be stopped")
    for command in (run, check, rotate, *_keeping(commands)):  # --config may stand before the command or after it
        command.add_argument("--config", type=Path, default=argparse.SUPPRESS, help="config.toml")
    sandbox = commands.add_parser("sandbox", help="try the bot in a web page, without any account")
    sandbox.add_argument("--port", type=int, default=8000, help="where the page is; a busy one gets the next free one")
    sandbox.add_argument("--gemini", action="store_true", help="paint with the real Gemini, by GEMINI_API_KEY")
    return parser


def _keeping(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> list[argparse.ArgumentParser]:
    """What looks after the data."""
    backup = commands.add_parser("backup", help="copy all that is kept; the bot may be running")
    backup.add_argument("--to", type=Path, help="the folder of the backups; usually `backups` beside the data")
    backup.add_argument("--keep", type=_count, default=7, help="how many of them stay (7)")
    backup.add_argument("--days", type=_count, default=0, help="how long at most; usually privacy.backup_days")
    restore = commands.add_parser("restore", help="put a backup back; the bot must be stopped")
    restore.add_argument("backup", type=Path, help="a backup, or a folder of them for the newest")
    restore.add_argument("--replace", action="store_true", help="where data are already, which are put aside")
    return [backup, restore]


def _count(word: str) -> int:
    if (number := int(word)) < 1:
        raise ValueError(word)
    return number


def _run(config: Path | None) -> int:
    settings = load(config, os.environ)
    logs.set_up(settings.logging.format, settings.logging.level, settings.secrets)
    from bot.app import run  # noqa: PLC0415 - discord and google.genai take a second to import

    _to_the_end(run(settings))
    return 0


def _check(config: Path | None, *, paint: bool) -> int:
    from bot.check import check  # noqa: PLC0415 - as slow to import as the bot

    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # not every terminal has the signs, but all have the words
    try:
        return 0 if _to_the_end(check(config, os.environ, sys.stdout, paint=paint)) else 1
    except KeyboardInterrupt:
        return 130


def _rotate(config: Path | None) -> int:
    from bot.rotation import rotate  # noqa: PLC0415 - the bot itself never rotates

    settings = load(config, os.environ)
    logs.set_up(settings.logging.format, settings.logging.level, settings.secrets)
    try:
        return 0 if _to_the_end(rotate(settings, sys.stdout)) else 1
    except KeyboardInterrupt:
        return 130


def _backup(options: argparse.Namespace) -> int:
    from bot.backup.command import Wish, backup, restore  # noqa: PLC0415 - the bot itself does neither

    settings = load(options.config, os.environ)
    logs.set_up(settings.logging.format, settings.logging.level, settings.secrets)
    if options.command == "backup":
        return 0 if backup(settings, Wish(options.to, options.keep, options.days), sys.stdout) else 1
    return 0 if _to_the_end(restore(settings, options.backup, sys.stdout, replace=options.replace)) else 1


def _sandbox(options: argparse.Namespace) -> int:
    from bot.sandbox.command import serve  # noqa: PLC0415 - the bot itself never loads its stand-ins

    _to_the_end(serve(options.port, real_gemini=options.gemini))
    return 0


def _to_the_end(work: Coroutine[Any, Any, Result]) -> Result:
    """On uvloop where there is one."""
    settle_memory()
    try:
        import uvloop  # noqa: PLC0415
    except ImportError:
        return asyncio.run(work)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)


if __name__ == "__main__":
    sys.exit(main())
