"""What can be done to any picture without understanding it."""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from PIL import Image, ImageChops, ImageEnhance, ImageFilter, ImageOps, ImageStat

from bot.sandbox.gemini.painter.canvas import column
from bot.sandbox.gemini.painter.colours import RGB, darker, lighter, named

Tone = Callable[[Image.Image], Image.Image]


def apply(image: Image.Image, name: str, value: str = "") -> Image.Image:
    """The picture with one tone, turn or style; `value`: degrees against the clock, or a tint's colour."""
    if name == "rotate":
        return image.rotate(float(value), Image.Resampling.BICUBIC, expand=True)
    if name == "tint":
        return tinted(image, named(value))
    if name == "palette":
        return _repainted(image, [float(number) for number in value.split()])
    return TONES[name](image)


def palette_of(image: Image.Image) -> str:
    """A picture's colours in six numbers: the mean and the spread of each channel."""
    stat = ImageStat.Stat(image.convert("RGB"))
    return " ".join(f"{number:.1f}" for number in (*stat.mean, *stat.stddev))


def _repainted(image: Image.Image, wanted: list[float]) -> Image.Image:
    """The picture with its colours moved to another one's mean and spread."""
    stat = ImageStat.Stat(image)
    table: list[int] = []
    for mean, spread, other, width in zip(stat.mean, stat.stddev, wanted[:3], wanted[3:], strict=True):
        factor = min(2.0, max(0.4, width / max(spread, 1.0)))
        table += [max(0, min(255, round((level - mean) * factor + other))) for level in range(256)]
    return image.point(table)


def turns_sideways(finish: Iterable[tuple[str, str]]) -> bool:
    """Whether width and height are exchanged in the end."""
    return sum(int(value) for name, value in finish if name == "rotate") % 180 == 90


def mono(image: Image.Image) -> Image.Image:
    """Black and white."""
    return ImageOps.autocontrast(ImageOps.grayscale(image), cutoff=0.5).convert("RGB")


def sepia(image: Image.Image) -> Image.Image:
    """The brown of old photographs."""
    return ImageOps.colorize(ImageOps.grayscale(image), (38, 24, 14), (255, 244, 220), (170, 128, 86))


def tinted(image: Image.Image, colour: RGB) -> Image.Image:
    """Its light and shade in one colour, with a breath of its own left."""
    toned = ImageOps.colorize(ImageOps.grayscale(image), darker(colour, 0.8), lighter(colour, 0.85), colour)
    return Image.blend(image, toned, 0.8)


def invert(image: Image.Image) -> Image.Image:
    """Its negative."""
    return ImageOps.invert(image)


def _scaled(factors: tuple[float, float, float]) -> Tone:
    def scaled(image: Image.Image) -> Image.Image:
        table = [min(255, round(level * factor)) for factor in factors for level in range(256)]
        return image.point(table)

    return scaled


def _enhanced(enhancer: Callable[[Image.Image], ImageEnhance._Enhance], factor: float) -> Tone:
    return lambda image: enhancer(image).enhance(factor)


def blur(image: Image.Image) -> Image.Image:
    """Soft all over."""
    return image.filter(ImageFilter.GaussianBlur(min(image.size) / 110))


def dreamy(image: Image.Image) -> Image.Image:
    """Soft light that spills."""
    return Image.blend(
        image, ImageChops.screen(image, image.filter(ImageFilter.GaussianBlur(min(image.size) / 50))), 0.55
    )


def sharpen(image: Image.Image) -> Image.Image:
    """Crisper edges."""
    return image.filter(ImageFilter.UnsharpMask(min(image.size) / 300, 130, 2))


def vignette(image: Image.Image) -> Image.Image:
    """Darker towards the corners."""
    table = [max(0, min(170, round((level - 110) * 1.2))) for level in range(256)]
    mask = Image.radial_gradient("L").point(table).resize(image.size, Image.Resampling.BILINEAR)
    done = image.copy()
    done.paste((16, 12, 24), (0, 0), mask)
    return done


def pixel(image: Image.Image) -> Image.Image:
    """Large square pixels in few colours."""
    across = 112
    small = image.resize((across, max(1, round(across * image.height / image.width))), Image.Resampling.BOX)
    few = small.quantize(28, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).convert("RGB")
    return few.resize(image.size, Image.Resampling.NEAREST)


def sketch(image: Image.Image) -> Image.Image:
    """Pencil on paper: lines where it changes, and a light tone where it is dark."""
    grey = ImageOps.grayscale(image)
    soft = ImageOps.invert(grey).filter(ImageFilter.GaussianBlur(min(image.size) / 70))
    lines = ImageChops.add(grey, soft).point([max(0, 255 - round((255 - level) * 1.9)) for level in range(256)])
    edges = grey.filter(ImageFilter.FIND_EDGES).filter(ImageFilter.GaussianBlur(0.7))
    dark = edges.point([max(0, 255 - round(level * 2.4)) for level in range(256)])
    tone = grey.point([round(214 + level * 0.17) for level in range(256)])
    drawn = ImageChops.multiply(ImageChops.multiply(lines, dark), tone)
    return ImageOps.colorize(drawn, (46, 46, 56), (255, 253, 246))


def poster(image: Image.Image) -> Image.Image:
    """Few flat, strong colours, as printed on a poster."""
    flat = ImageEnhance.Color(image.filter(ImageFilter.MedianFilter(5))).enhance(1.35)
    inks = _small(flat, 160).quantize(12, Image.Quantize.MEDIANCUT, kmeans=2)
    few = flat.quantize(palette=inks, dither=Image.Dither.NONE)
    return ImageEnhance.Contrast(few.convert("RGB")).enhance(1.12)


def _small(image: Image.Image, longest: int) -> Image.Image:
    small = image.copy()
    small.thumbnail((longest, longest), Image.Resampling.BOX)
    return small


def watercolour(image: Image.Image) -> Image.Image:
    """Washes of colour on paper."""
    blots = _small(image, 420).filter(ImageFilter.ModeFilter(5)).resize(image.size, Image.Resampling.BICUBIC)
    wash = Image.blend(blots, image.filter(ImageFilter.MedianFilter(5)), 0.35)
    rim = ImageOps.invert(ImageOps.grayscale(wash).filter(ImageFilter.FIND_EDGES)).filter(ImageFilter.GaussianBlur(1.5))
    paper = Image.blend(wash, Image.new("RGB", image.size, (252, 248, 240)), 0.18)
    return ImageChops.multiply(paper, Image.merge("RGB", (rim, rim, rim)))


def _lit(stops: tuple[tuple[float, RGB], ...], strength: float) -> Tone:
    def lit(image: Image.Image) -> Image.Image:
        return Image.blend(image, ImageChops.multiply(image, column(stops, image.size)), strength)

    return lit


TONES: Mapping[str, Tone] = MappingProxyType({
    "mono": mono, "sepia": sepia, "invert": invert, "blur": blur, "dreamy": dreamy, "sharpen": sharpen,
    "vignette": vignette, "pixel": pixel, "sketch": sketch, "poster": poster, "watercolour": watercolour,
    "mirror": ImageOps.mirror, "flip": ImageOps.flip,
    "warm": _scaled((1.09, 1.01, 0.86)), "cool": _scaled((0.84, 0.98, 1.14)),
    "bright": _enhanced(ImageEnhance.Brightness, 1.25), "dark": _enhanced(ImageEnhance.Brightness, 0.72),
    "contrast": _enhanced(ImageEnhance.Contrast, 1.4), "soft": _enhanced(ImageEnhance.Contrast, 0.72),
    "vivid": _enhanced(ImageEnhance.Color, 1.6), "muted": _enhanced(ImageEnhance.Color, 0.5),
    "night": _lit(((0.0, (46, 56, 120)), (1.0, (70, 84, 150))), 0.92),
    "sunset": _lit(((0.0, (220, 130, 170)), (0.55, (255, 160, 100)), (1.0, (230, 150, 120))), 0.85),
    "morning": _lit(((0.0, (235, 226, 250)), (0.6, (255, 222, 196)), (1.0, (250, 232, 214))), 0.9),
    "day": _scaled((1.08, 1.08, 1.04)),
})  # fmt: skip
