"""Paint one picture from the command line: `python -m bot.sandbox.gemini "a red house by the sea" out.jpg`."""

import argparse
from pathlib import Path

from bot.sandbox.gemini.models import live_models
from bot.sandbox.gemini.painter.offline import OfflinePainter
from bot.sandbox.gemini.request import Config, Part, Request, Turn

MODEL = "gemini-nano-banana-2.1"
KINDS = {".png": "image/png", ".webp": "image/webp"}


def main() -> None:
    """Read the arguments, paint, and write the pictures."""
    parser = argparse.ArgumentParser(prog="python -m bot.sandbox.gemini", description=__doc__)
    parser.add_argument("words", help="what to paint, or what to change")
    parser.add_argument("out", type=Path, help="the file to write; further pictures get a number")
    parser.add_argument(
        "--edit", type=Path, nargs="*", default=[], help="pictures that go along, the one to edit first"
    )
    parser.add_argument("--ratio", help="such as 16:9")
    parser.add_argument("--size", help="1K, 2K or 4K")
    options = parser.parse_args()
    parts = [Part(data=path.read_bytes(), mime=KINDS.get(path.suffix, "image/jpeg")) for path in options.edit]
    turn = Turn("user", (*parts, Part(text=options.words)))
    request = Request(live_models()[MODEL], (turn,), Config(options.ratio, options.size))
    write(OfflinePainter().paint(request, 0).parts, options.out)


def write(parts: tuple[Part, ...], out: Path) -> None:
    """Print the words, save the pictures."""
    number = 0
    for part in parts:
        if part.text:
            print(part.text)  # noqa: T201  the command's answer
        if part.data is not None:
            number += 1
            path = out if number == 1 else out.with_stem(f"{out.stem}-{number}")
            path.write_bytes(part.data)


if __name__ == "__main__":
    main()
