"""Weather laid over a finished picture, drawn or photographed."""

from collections.abc import Callable, Mapping
from random import Random
from types import MappingProxyType

from PIL import Image, ImageChops, ImageDraw, ImageFilter

Overlay = Callable[[Image.Image, Random], Image.Image]
FINE = 2


def rain(image: Image.Image, rng: Random) -> Image.Image:
    """Slanting rain under a greyer light."""
    grey = Image.blend(image, Image.new("RGB", image.size, (92, 108, 134)), 0.30)
    return _sheet(grey, lambda draw, size: _streaks(draw, size, rng))


def _streaks(draw: ImageDraw.ImageDraw, size: tuple[int, int], rng: Random) -> None:
    unit = min(size)
    for _ in range(round(420 * size[0] / unit)):
        x, y = rng.uniform(-0.1, 1.05) * size[0], rng.uniform(-0.1, 1.0) * size[1]
        length = unit * rng.uniform(0.02, 0.07)
        fill = (226, 236, 250, rng.randint(60, 170))
        draw.line((x, y, x - length * 0.25, y + length), fill, max(1, round(unit * rng.uniform(0.001, 0.0026))))


def snow(image: Image.Image, rng: Random) -> Image.Image:
    """Falling snow, some of it near."""
    pale = Image.blend(image, Image.new("RGB", image.size, (226, 234, 246)), 0.16)
    return _sheet(pale, lambda draw, size: _flakes(draw, size, rng))


def _flakes(draw: ImageDraw.ImageDraw, size: tuple[int, int], rng: Random) -> None:
    unit = min(size)
    for _ in range(round(330 * size[0] / unit)):
        x, y = rng.random() * size[0], rng.random() * size[1]
        radius = unit * rng.choice((0.0016, 0.0024, 0.0034, 0.005, 0.0075))
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), (255, 255, 255, rng.randint(120, 240)))


def fog(image: Image.Image, rng: Random) -> Image.Image:
    """Banks of fog, thickest across the middle."""
    coarse = Image.new("L", (7, 9))
    rows = (20, 50, 120, 185, 205, 185, 150, 110, 80)
    coarse.putdata([max(0, min(235, rows[cell // 7] + rng.randint(-38, 38))) for cell in range(63)])
    mask = coarse.resize(image.size, Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(min(image.size) / 40))
    done = image.copy()
    done.paste((228, 234, 240), (0, 0), mask)
    return done


def storm(image: Image.Image, rng: Random) -> Image.Image:
    """A dark sky, lightning and rain."""
    dark = ImageChops.multiply(image, Image.new("RGB", image.size, (120, 126, 158)))
    lit = _sheet(dark, lambda draw, size: _bolt(draw, size, rng))
    return rain(lit, rng)


def _bolt(draw: ImageDraw.ImageDraw, size: tuple[int, int], rng: Random) -> None:
    x, y, unit = rng.uniform(0.2, 0.8) * size[0], 0.0, min(size)
    spots = [(x, y)]
    while y < size[1] * 0.55:
        x, y = x + rng.uniform(-0.05, 0.05) * unit, y + rng.uniform(0.04, 0.08) * unit
        spots.append((x, y))
    for width, fill in ((0.022, (190, 210, 255, 70)), (0.006, (255, 252, 226, 255))):
        draw.line(spots, fill, max(1, round(unit * width)), "curve")


def _sheet(image: Image.Image, draw: Callable[[ImageDraw.ImageDraw, tuple[int, int]], None]) -> Image.Image:
    sheet = Image.new("RGBA", (image.width * FINE, image.height * FINE))
    draw(ImageDraw.Draw(sheet), sheet.size)
    small = sheet.reduce(FINE)
    done = image.copy()
    done.paste(small, (0, 0), small)
    return done


OVERLAYS: Mapping[str, Overlay] = MappingProxyType({"fog": fog, "rain": rain, "snow": snow, "storm": storm})
