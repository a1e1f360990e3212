"""Where two pictures differ to the eye: not by what another encoding leaves, and not by a shift of a pixel."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

from PIL import Image, ImageChops, ImageFilter, ImageOps, ImageStat

from bot.pictures.look import Size, opaque

FINENESS = 512  #: pixels of the longest side that is looked at
ROUGH = 96  #: likewise, to find out how the two lie upon each other
SOFT = 1.2  #: radius of the blur that forgives encoders
LEAST = 26  #: of 255, for a change that counts
ALIKE = 0.02  #: shapes that differ by less are the same


@dataclass(frozen=True)
class Difference:
    """The earlier picture laid over the later one, and where the later one is new."""

    before: Image.Image  #: as large as the later one
    mask: Image.Image  #: 255 where it changed; in its own, coarser size
    share: float  #: of the later picture's area, 0 to 1


def difference(before: Image.Image, after: Image.Image) -> Difference:
    """Compare in the later picture's frame."""
    before, after = opaque(before), opaque(after)
    laid, seen = min(_ways(before, after.size), key=lambda way: _distance(way, after))
    mask = _mask(_coarse(laid, FINENESS), _coarse(after, FINENESS), _coarse(seen, FINENESS))
    return Difference(laid, mask, ImageStat.Stat(mask).mean[0] / 255)


Way = tuple[Image.Image, Image.Image]  #: a picture in another's frame, and where in that frame it is to be seen


def _ways(picture: Image.Image, size: Size) -> list[Way]:
    """One may show more or less of the same scene, or the scene pulled into another shape."""
    all_of_it = Image.new("L", size, 255)
    stretched = (picture.resize(size, Image.Resampling.LANCZOS), all_of_it)
    shape, other = picture.width / picture.height, size[0] / size[1]
    if abs(shape / other - 1) < ALIKE:
        return [stretched]
    cropped = (ImageOps.fit(picture, size, Image.Resampling.LANCZOS), all_of_it)
    inside = ImageOps.contain(picture, size, Image.Resampling.LANCZOS)
    corner = ((size[0] - inside.width) // 2, (size[1] - inside.height) // 2)
    frame, seen = Image.new("RGB", size), Image.new("L", size)
    frame.paste(inside, corner)
    seen.paste(255, (*corner, corner[0] + inside.width, corner[1] + inside.height))
    return [cropped, (frame, seen), stretched]


def _distance(way: Way, after: Image.Image) -> float:
    """How unlike they are where both are to be seen."""
    laid, other, seen = (_coarse(each, ROUGH) for each in (way[0], after, way[1]))
    stat = ImageStat.Stat(_greatest(ImageChops.difference(laid, other)), seen.point(lambda value: value > 127 and 255))
    return stat.mean[0]


def _mask(before: Image.Image, after: Image.Image, seen: Image.Image) -> Image.Image:
    """What changed, or was not there before. Specks and lines of a pixel are opened away."""
    soft = (each.filter(ImageFilter.GaussianBlur(SOFT)) for each in (before, after))
    apart = _greatest(ImageChops.difference(*soft)).point(lambda value: 255 if value >= LEAST else 0)
    opened = apart.filter(ImageFilter.MinFilter(3)).filter(ImageFilter.MaxFilter(3))
    return ImageChops.lighter(opened, seen.point(lambda value: 0 if value > 127 else 255))


def _greatest(picture: Image.Image) -> Image.Image:
    """Of each pixel, the channel that differs most."""
    return reduce(ImageChops.lighter, picture.split())


def _coarse(picture: Image.Image, longest: int) -> Image.Image:
    scale = min(1.0, longest / max(picture.size))
    size = (round(picture.width * scale) or 1, round(picture.height * scale) or 1)
    return picture.resize(size, Image.Resampling.BOX, reducing_gap=3.0)
