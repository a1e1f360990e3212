"""Which models there are, what each can do, and how many pixels and tokens its pictures have."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

BASIC_RATIOS: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        "1:1": (1024, 1024),
        "2:3": (848, 1264),
        "3:2": (1264, 848),
        "3:4": (896, 1200),
        "4:3": (1200, 896),
        "4:5": (928, 1152),
        "5:4": (1152, 928),
        "9:16": (768, 1376),
        "16:9": (1376, 768),
        "21:9": (1584, 672),
    }
)
ALL_RATIOS: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        **BASIC_RATIOS,
        "1:4": (512, 2048),
        "4:1": (2048, 512),
        "1:8": (384, 3072),
        "8:1": (3072, 384),
    }
)
OLD_RATIOS: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        "1:1": (1024, 1024),
        "2:3": (832, 1248),
        "3:2": (1248, 832),
        "3:4": (864, 1184),
        "4:3": (1184, 864),
        "4:5": (896, 1152),
        "5:4": (1152, 896),
        "9:16": (768, 1344),
        "16:9": (1344, 768),
        "21:9": (1536, 672),
    }
)
SCALES: Mapping[str, Fraction] = MappingProxyType(
    {"512": Fraction(1, 2), "1K": Fraction(1), "2K": Fraction(2), "4K": Fraction(4)}
)


@dataclass(frozen=True)
class Model:
    """One model's abilities; `sizes` maps an image size to its picture's tokens, and is empty for text models."""

    id: str
    name: str
    sizes: Mapping[str, int]
    ratios: Mapping[str, tuple[int, int]]
    picture_tokens: int  # of one picture in a request
    most_pictures: int = 14
    mime: str = "image/jpeg"
    signs: bool = True
    takes_size: bool = True
    takes_seed: bool = True
    searches: bool = True
    thinking: frozenset[str] = frozenset({"MINIMAL", "MEDIUM", "HIGH"})
    tiers: frozenset[str] = frozenset({"standard"})
    context: tuple[int, int] = (65_536, 32_768)
    signature_bytes: int = 320

    @property
    def paints(self) -> bool:
        """Whether pictures come out of it at all."""
        return bool(self.sizes)

    def pixels(self, ratio: str, size: str) -> tuple[int, int]:
        """Width and height of a picture of that ratio and size."""
        width, height = self.ratios[ratio]
        return int(width * SCALES[size]), int(height * SCALES[size])

    def nearest_ratio(self, width: int, height: int) -> str:
        """The ratio of the table that is closest to a picture of these pixels."""
        wanted = width / height
        return min(self.ratios, key=lambda name: _apart(wanted, *self.ratios[name]))


def _apart(wanted: float, width: int, height: int) -> float:
    return max(wanted * height / width, width / (wanted * height))


def live_models() -> Mapping[str, Model]:
    """The models that answer; every other id, the dead ones included, is a 404."""
    models = (_banana(), _pro(), _lite(), _first(), *_writers())
    return MappingProxyType({model.id: model for model in models})


def _banana() -> Model:
    return Model(
        "gemini-nano-banana-2.1",
        "Nano Banana 2.1",
        {"1K": 1120, "2K": 1680, "4K": 3780},
        ALL_RATIOS,
        1120,
        takes_seed=False,
        tiers=frozenset({"standard", "priority"}),
    )


def _pro() -> Model:
    return Model(
        "gemini-3-pro-image",
        "Nano Banana Pro",
        {"1K": 1120, "2K": 1120, "4K": 2000},
        BASIC_RATIOS,
        560,
        thinking=frozenset({"MINIMAL", "LOW", "MEDIUM", "HIGH"}),
        signature_bytes=6000,
        tiers=frozenset({"standard", "flex", "priority"}),
    )


def _lite() -> Model:
    return Model(
        "gemini-3.1-flash-lite-image",
        "Nano Banana 2 Lite",
        {"1K": 1120},
        BASIC_RATIOS,
        1120,
        searches=False,
        thinking=frozenset({"MINIMAL", "HIGH"}),
    )


def _first() -> Model:
    return Model(
        "gemini-2.5-flash-image",
        "Nano Banana",
        {"1K": 1290},
        OLD_RATIOS,
        258,
        mime="image/png",
        signs=False,
        takes_size=False,
        searches=False,
        thinking=frozenset(),
        context=(32_768, 32_768),
    )


def _writers() -> tuple[Model, ...]:
    window = (1_048_576, 65_536)
    return (
        Model("gemini-3.8-flash", "Gemini 3.8 Flash", {}, {}, 258, most_pictures=3000, context=window),
        Model("gemini-3.5-flash-lite", "Gemini 3.5 Flash-Lite", {}, {}, 258, most_pictures=3000, context=window),
    )
