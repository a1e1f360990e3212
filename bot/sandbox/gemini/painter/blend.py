"""Other pictures laid over a picture: as a framed print, as a veil, or side by side."""

import base64
import io

from PIL import Image, ImageFilter, ImageOps

from bot.sandbox.gemini.painter.scene import Inset

KEPT = 360  # pixels of the longer side that an inset keeps
PAPER = (252, 250, 245)


def inset_of(image: Image.Image, way: str, number: int) -> Inset:
    """A picture made small enough to travel inside another one's file."""
    small = image.convert("RGB")
    small.thumbnail((KEPT, KEPT), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    small.save(out, "JPEG", quality=82)
    return Inset(base64.b64encode(out.getvalue()).decode(), way, number)


def lay(image: Image.Image, inset: Inset) -> Image.Image:
    """The picture with an inset laid over it in its way."""
    with Image.open(io.BytesIO(base64.b64decode(inset.data))) as opened:
        other = opened.convert("RGB")
    return lay_over(image, other, inset.way, inset.number)


def lay_over(image: Image.Image, other: Image.Image, way: str, number: int) -> Image.Image:
    """The picture with another one: a print in a corner, a veil over all of it, or its right half."""
    if way == "overlay":
        return Image.blend(image, ImageOps.fit(other, image.size, Image.Resampling.LANCZOS), 0.45)
    if way == "beside":
        return _beside(image, other)
    return _print(image, other, number)


def _beside(image: Image.Image, other: Image.Image) -> Image.Image:
    half = (image.width // 2, image.height)
    done = Image.new("RGB", image.size, PAPER)
    gap = max(2, image.width // 160)
    done.paste(ImageOps.fit(image, (half[0] - gap, half[1]), Image.Resampling.LANCZOS), (0, 0))
    done.paste(
        ImageOps.fit(other, (image.width - half[0] - gap, half[1]), Image.Resampling.LANCZOS), (half[0] + gap, 0)
    )
    return done


def _print(image: Image.Image, other: Image.Image, number: int) -> Image.Image:
    reach = round(min(image.size) * 0.34)
    small = ImageOps.contain(other, (reach, reach), Image.Resampling.LANCZOS)
    edge = max(3, reach // 22)
    card = Image.new("RGBA", (small.width + 2 * edge, small.height + 3 * edge), (*PAPER, 255))
    card.paste(small, (edge, edge))
    tilt = (-5, 4, 3, -4)[number % 4]
    turned = card.rotate(tilt, Image.Resampling.BICUBIC, expand=True)
    done = image.copy()
    where = _corner(image.size, turned.size, number)
    done.paste((10, 12, 26), (where[0] + edge // 2, where[1] + edge), _shade(turned, edge))
    done.paste(turned, where, turned)
    return done


def _shade(card: Image.Image, edge: int) -> Image.Image:
    return (
        card.getchannel("A").point([value * 2 // 5 for value in range(256)]).filter(ImageFilter.GaussianBlur(edge / 2))
    )


def _corner(size: tuple[int, int], card: tuple[int, int], number: int) -> tuple[int, int]:
    gap = round(min(size) * 0.035)
    right, bottom = size[0] - card[0] - gap, size[1] - card[1] - gap
    return ((right, bottom), (gap, bottom), (right, gap), (gap, gap))[number % 4]
