"""What a worker does with a plan: it draws it, and says what it measured on the way."""

from __future__ import annotations

import os
import tempfile
from io import BytesIO
from typing import BinaryIO

from PIL import Image

from bot.pictures.bundle import unpacked
from bot.pictures.comparing import blink, comparison, wipe
from bot.pictures.moving import film, moved
from bot.pictures.orders import Made
from bot.pictures.plans import Blink, Chart, Comparison, Film, Sheet, Wipe
from bot.pictures.sheet import sheet

QUALITY = 88  #: of a JPEG with small letters in it


def drawn(file: BinaryIO) -> Made:
    """The picture of a plan: JPEG, PNG of a chart, or WebP where it moves."""
    plan, pictures = unpacked(file)
    match plan:
        case Sheet():
            return _still(sheet(plan, pictures))
        case Comparison():
            return _still(*comparison(plan, pictures))
        case Wipe():
            return moved(wipe(plan, pictures), plan.largest)
        case Blink():
            return moved(blink(plan, pictures), plan.largest)
        case Film():
            return moved(film(plan, pictures), plan.largest)
        case Chart():
            return _charted(plan)


def _charted(plan: Chart) -> Made:
    """Its library is loaded here alone. What that would keep on the disk, a list of fonts, it keeps for a moment."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"MPLCONFIGDIR": folder, "OPENBLAS_NUM_THREADS": "1"}  # each thread would take memory
        from bot.pictures.charting import chart  # noqa: PLC0415 - a second and 80 MB, which few workers ever need

        return chart(plan)


def _still(image: Image.Image, measured: float = 0.0) -> Made:
    out = BytesIO()
    image.save(out, "JPEG", quality=QUALITY, subsampling="4:4:4", optimize=True)
    return Made(out.getvalue(), "JPEG", *image.size, measured)
