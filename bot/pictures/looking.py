"""What a picture looks like, taken from its pixels."""

from __future__ import annotations

from PIL import Image

from bot.fingerprint import SIDE, SQUARES, taken

LONGEST = 4 * SIDE  #: pixels from which both copies are made
GAP = 3.0  #: boxes are averaged down to this many times the size, and a finer filter does the rest


def looked_at(image: Image.Image) -> bytes:
    """The bits and colours of its fingerprint, one behind the other. What is transparent is white."""
    if image.mode == "RGBA":
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
    look = taken(_copy(image.convert("L"), SIDE), _copy(image, SQUARES))
    return look.bits + look.colours


def _copy(image: Image.Image, side: int) -> bytes:
    return image.resize((side, side), Image.Resampling.LANCZOS, reducing_gap=GAP).tobytes()
