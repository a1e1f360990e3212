"""Colours by name, and the few things one does with them."""

from collections.abc import Mapping
from types import MappingProxyType

RGB = tuple[int, int, int]

# Chosen to sit well together, so a picture stays harmonious whatever is asked for.
NAMED: Mapping[str, RGB] = MappingProxyType({
    "red": (208, 65, 55), "crimson": (166, 36, 56), "scarlet": (214, 58, 42), "maroon": (122, 40, 48),
    "orange": (238, 138, 52), "coral": (240, 122, 98), "peach": (248, 190, 150), "yellow": (246, 204, 78),
    "gold": (222, 172, 66), "golden": (222, 172, 66), "mustard": (206, 160, 52), "cream": (248, 236, 208),
    "green": (92, 158, 86), "lime": (158, 206, 82), "mint": (156, 218, 186), "olive": (128, 132, 66),
    "emerald": (48, 150, 108), "teal": (46, 140, 142), "turquoise": (72, 188, 186), "cyan": (94, 200, 220),
    "blue": (62, 116, 190), "navy": (38, 56, 104), "indigo": (76, 72, 156), "azure": (94, 164, 226),
    "purple": (126, 84, 162), "violet": (142, 96, 190), "lilac": (190, 164, 216), "lavender": (194, 178, 226),
    "magenta": (200, 66, 140), "pink": (240, 152, 178), "rose": (226, 122, 142), "brown": (134, 92, 62),
    "chocolate": (98, 64, 46), "tan": (206, 172, 128), "beige": (228, 210, 178), "ginger": (216, 134, 68),
    "black": (46, 46, 54), "grey": (146, 150, 158), "gray": (146, 150, 158), "silver": (190, 196, 204),
    "white": (246, 246, 242), "sand": (236, 212, 164),
})  # fmt: skip
TONES: Mapping[str, tuple[RGB, float]] = MappingProxyType({
    "light": ((255, 255, 255), 0.45), "pale": ((255, 255, 255), 0.55), "pastel": ((255, 255, 255), 0.5),
    "bright": ((255, 245, 200), 0.12), "dark": ((12, 14, 30), 0.45), "deep": ((12, 14, 30), 0.3),
})  # fmt: skip
WHITE: RGB = (255, 255, 255)
BLACK: RGB = (0, 0, 0)
INK: RGB = (40, 38, 48)


def mix(first: RGB, second: RGB, part: float) -> RGB:
    """The colour `part` of the way from the first to the second."""
    red, green, blue = (round(a + (b - a) * part) for a, b in zip(first, second, strict=True))
    return red, green, blue


def darker(colour: RGB, part: float = 0.25) -> RGB:
    """Nearer to a deep blue, which shadows are in daylight."""
    return mix(colour, (24, 20, 52), part)


def lighter(colour: RGB, part: float = 0.25) -> RGB:
    """Nearer to a warm white."""
    return mix(colour, (255, 250, 236), part)


def times(colour: RGB, factors: tuple[float, float, float]) -> RGB:
    """Each channel multiplied, and kept in range."""
    red, green, blue = (max(0, min(255, round(c * f))) for c, f in zip(colour, factors, strict=True))
    return red, green, blue


def brightness(colour: RGB) -> float:
    """From 0 (black) to 1 (white), as eyes see it."""
    return (0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2]) / 255


def named(name: str) -> RGB:
    """The colour of a name such as `red` or `light blue`, or of a `#rrggbb`."""
    if name.startswith("#"):
        return int(name[1:3], 16), int(name[3:5], 16), int(name[5:7], 16)
    tone, _, rest = name.rpartition(" ")
    colour = NAMED[rest]
    return mix(colour, *TONES[tone]) if tone else colour
