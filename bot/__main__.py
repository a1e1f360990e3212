"""`python -m bot`: run the bot (default), `check` a set-up, look after its data, or try it in the `sandbox`."""

from __future__ import annotations

import argparse
import asyncio
import io
import os
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

from bot.catalogue import load_catalogue
from bot.config import Settings, load
from bot.errors import Unstartable
from bot.memory import settle_memory
from bot.watch import logs

Result = TypeVar("Result")


def main() -> int:
    """Read the arguments and do what they say; the exit status."""
    options = _parser().parse_args()
    try:
        return _way(options.command)(options)
    except Unstartable as error:
        logs.tell(load_catalogue().tell(error))
        return 1
    except KeyboardInterrupt:
        return 130


def _way(command: str | None) -> Callable[[argparse.Namespace], int]:
    keeping = {"rotate": _rotate, "backup": _backup, "restore": _restore, "doctor": _doctor}
    return {"check": _check, "sandbox": _sandbox, **keeping}.get(command or "", _run)


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
    doctor = commands.add_parser("doctor", help="say what is wrong with what is kept; the bot may be running")
    doctor.add_argument("--repair", action="store_true", help="mend it, too; the bot must be stopped")
    doctor.add_argument("--from", type=Path, dest="backups", help="the folder of backups that may have lost pictures")
    return [backup, restore, doctor]


def _count(word: str) -> int:
    if not word.isdecimal() or not int(word):
        raise argparse.ArgumentTypeError(f"{word} is no number from 1 on")
    return int(word)


def _settings(options: argparse.Namespace, *, outward: bool = False) -> Settings:
    """What is configured; from now on the log holds no secret of it."""
    settings = load(options.config, os.environ, outward=outward)
    logs.set_up(settings.logging.format, settings.logging.level, settings.secrets)
    return settings


def _run(options: argparse.Namespace) -> int:
    settings = _settings(options, outward=True)
    from bot.app import run  # noqa: PLC0415 - discord and google.genai take a second to import

    _to_the_end(run(settings))
    return 0


def _check(options: argparse.Namespace) -> int:
    from bot.check.command import check  # noqa: PLC0415 - as slow to import as the bot

    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # not every terminal has the signs, but all have the words
    return 0 if _to_the_end(check(options.config, os.environ, sys.stdout, paint=options.paint)) else 1


def _rotate(options: argparse.Namespace) -> int:
    from bot.rotation import rotate  # noqa: PLC0415 - the bot itself never rotates

    return 0 if _to_the_end(rotate(_settings(options), sys.stdout)) else 1


def _backup(options: argparse.Namespace) -> int:
    from bot.backup.command import Wish, backup  # noqa: PLC0415 - the bot itself never does

    return 0 if backup(_settings(options), Wish(options.to, options.keep, options.days), sys.stdout) else 1


def _restore(options: argparse.Namespace) -> int:
    from bot.backup.command import restore  # noqa: PLC0415 - likewise

    settings = _settings(options)
    return 0 if _to_the_end(restore(settings, options.backup, sys.stdout, replace=options.replace)) else 1


def _doctor(options: argparse.Namespace) -> int:
    from bot.doctor.command import Wish, doctor  # noqa: PLC0415 - the bot itself needs none

    settings = _settings(options)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # as above
    return 0 if _to_the_end(doctor(settings, Wish(options.repair, options.backups), sys.stdout)) else 1


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
