"""The four hours a picture can have, and what each does to every colour."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bot.sandbox.gemini.painter.colours import RGB, mix, times

Stops = tuple[tuple[float, RGB], ...]


@dataclass(frozen=True)
class Light:
    """The sky from top to horizon, the haze of distance, and the tint everything takes on."""

    name: str
    sky: Stops
    haze: RGB
    tint: tuple[float, float, float]
    cast: RGB  # the colour things are pulled towards
    pull: float
    lamps: bool = False  # whether windows are lit

    def on(self, colour: RGB) -> RGB:
        """How a colour looks in this light."""
        return mix(times(colour, self.tint), self.cast, self.pull)

    def far(self, colour: RGB, distance: float) -> RGB:
        """How a colour looks through `distance` (0 to 1) of air."""
        return mix(self.on(colour), self.haze, distance)


LIGHTS: Mapping[str, Light] = MappingProxyType({
    "day": Light(
        "day", ((0.0, (70, 148, 218)), (0.55, (146, 203, 240)), (1.0, (232, 244, 244))),
        (214, 232, 240), (1.0, 1.0, 1.0), (255, 250, 235), 0.03,
    ),
    "morning": Light(
        "morning", ((0.0, (104, 148, 206)), (0.4, (190, 190, 218)), (0.72, (250, 208, 186)), (1.0, (255, 236, 202))),
        (250, 222, 206), (1.0, 0.95, 0.93), (255, 206, 170), 0.10,
    ),
    "sunset": Light(
        "sunset",
        ((0.0, (58, 48, 104)), (0.34, (146, 72, 126)), (0.62, (232, 106, 96)), (0.84, (252, 164, 92)),
         (1.0, (255, 214, 138))),
        (244, 158, 122), (0.92, 0.72, 0.66), (206, 84, 86), 0.13,
    ),
    "night": Light(
        "night", ((0.0, (10, 14, 44)), (0.5, (24, 36, 84)), (0.85, (50, 72, 126)), (1.0, (78, 100, 150))),
        (58, 78, 130), (0.50, 0.56, 0.76), (26, 38, 96), 0.16, lamps=True,
    ),
})  # fmt: skip
