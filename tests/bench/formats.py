"""`python -m tests.bench.formats`: what each kind of picture costs at 12, 48 and 100 megapixels.

Seconds by the clock and the most memory of the worker, each sample in a fresh one that may take all it wants; and what
the bot does with it. The samples are a photograph, enlarged and grained, in files of at most 50 MiB.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Mapping
from typing import Any

from PIL import Image, ImageChops

from bot.errors import BadPicture
from bot.pictures.hand import Hand
from bot.pictures.orders import Heavy, Limits, Made, Order
from tests.files import encoded, on_disk, photograph, see_through
from tests.peak import peak

SIZES = {"12": (4_000, 3_000), "48": (8_064, 6_048), "100": (11_500, 8_690)}
KINDS: Mapping[str, tuple[str, str, Mapping[str, Any]]] = {
    "JPEG": ("JPEG", "RGB", {"quality": 88}),
    "JPEG, progressive": ("JPEG", "RGB", {"quality": 88, "progressive": True}),
    "JPEG, progressive 4:4:4": ("JPEG", "RGB", {"quality": 88, "progressive": True, "subsampling": 0}),
    "JPEG, CMYK": ("JPEG", "CMYK", {"quality": 88}),
    "PNG": ("PNG", "RGB", {"compress_level": 1}),
    "PNG, see-through": ("PNG", "RGBA", {"compress_level": 1}),
    "WebP": ("WEBP", "RGB", {"method": 0}),
    "WebP, lossless": ("WEBP", "RGB", {"method": 0, "lossless": True, "quality": 0}),
    "GIF": ("GIF", "P", {}),
    "BMP, palette": ("BMP", "P", {}),
    "TIFF, JPEG inside": ("TIFF", "RGB", {"compression": "jpeg"}),
    "TIFF, fax": ("TIFF", "1", {"compression": "group4"}),
    "HEIC": ("HEIF", "RGB", {"quality": 50}),
    "AVIF": ("AVIF", "RGB", {"quality": 60, "speed": 10}),
}
USUAL, FREE = Limits(), Limits(memory=2**40, usual=2**40, seconds=600)
SMALL = encoded(Image.new("RGB", (64, 64)), "PNG")


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(prog="python -m tests.bench.formats")
    options.add_argument("--sizes", nargs="+", choices=SIZES, default=list(SIZES), help="megapixels")
    options.add_argument("--kinds", nargs="+", choices=KINDS, default=list(KINDS))
    chosen = options.parse_args()
    print("| kind | megapixels | file, MiB | seconds | MB | taken |\n|---|---:|---:|---:|---:|---|")  # noqa: T201 - a table
    for kind, size, data in samples(chosen.kinds, chosen.sizes):
        seconds, memory, said = measured(data)
        print(f"| {kind} | {size} | {len(data) / 2**20:.1f} | {seconds:.2f} | {memory:.0f} | {said} |", flush=True)  # noqa: T201


def samples(kinds: list[str], sizes: list[str]) -> Iterator[tuple[str, str, bytes]]:
    """Files as large as they may be."""
    for size in sizes:
        scene = photograph().resize(SIZES[size], Image.Resampling.BICUBIC)
        grain = Image.effect_noise((512, 512), 12).resize(SIZES[size], Image.Resampling.NEAREST)
        scene = ImageChops.add(scene, Image.merge("RGB", [grain] * 3), 1, -128)
        for kind in kinds:
            name, mode, options = KINDS[kind]
            data = encoded(see_through(scene) if mode == "RGBA" else scene.convert(mode), name, **options)
            if len(data) <= USUAL.size:
                yield kind, size, data


def measured(data: bytes) -> tuple[float, float, str]:
    """Seconds, megabytes, and what becomes of it with the usual limits."""
    hand = Hand()
    with on_disk(SMALL) as small, on_disk(data) as file:
        hand.ask(_order(FREE), small.fileno())
        began = time.perf_counter()
        made = hand.ask(_order(FREE), file.fileno())
        seconds = time.perf_counter() - began
        assert isinstance(made, Made), made
        memory = peak(hand.pid) / 1e6
        answer = hand.ask(_order(USUAL), file.fileno())
    hand.end()
    return seconds, memory, _told(answer)


def _order(limits: Limits) -> Order:
    return Order("normalise", limits, limits.usual, limits.seconds + 60, longest=1536)


def _told(answer: Made | Heavy | BadPicture) -> str:
    if isinstance(answer, BadPicture):
        return f"up to {answer.values['limit']}"
    return "when there is room" if isinstance(answer, Heavy) else "at once"


if __name__ == "__main__":
    main()
