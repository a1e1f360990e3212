"""A picture as it can be told in words: frozen values that go through JSON and back."""

import hashlib
from dataclasses import asdict, dataclass
from random import Random
from typing import Any

PLAIN = "plain"  # the colour of a hat of which only that was said
HORIZON = 0.58  # of the height, from the top


@dataclass(frozen=True)
class Thing:
    """One thing: its foot's place as fractions of the picture, its height as a fraction of the shorter side."""

    kind: str
    x: float
    y: float
    size: float
    seed: int
    colour: str = ""  # "" is the kind's own
    accent: str = ""  # of its roof, sail, shirt or leaves
    flip: bool = False
    text: str = ""
    hat: str = ""  # its colour; PLAIN is the usual one
    order: int = 0  # of things with the same foot line, the later one is in front


@dataclass(frozen=True)
class Inset:
    """Another picture laid over this one: where, how, and its bytes as base64 of a small JPEG."""

    data: str
    way: str  # corner, overlay or beside
    number: int


@dataclass(frozen=True)
class Scene:
    """Everything that is drawn; `finish` is what happens to the drawn picture, in order."""

    seed: int
    hour: str = "day"
    ground: str = "meadow"
    lands: tuple[str, ...] = ("hills",)
    weather: tuple[str, ...] = ()
    things: tuple[Thing, ...] = ()
    paints: tuple[tuple[str, str], ...] = ()  # (sky, sea, grass …; colour)
    insets: tuple[Inset, ...] = ()
    finish: tuple[tuple[str, str], ...] = ()
    words: tuple[tuple[str, str, str], ...] = ()  # (words, place, colour)
    frame: str = ""

    def paint_of(self, target: str) -> str:
        """The colour asked for a part of the scenery, or nothing."""
        return dict(self.paints).get(target, "")

    def of(self, kind: str) -> tuple[Thing, ...]:
        """The things of one kind."""
        return tuple(thing for thing in self.things if thing.kind == kind)

    @property
    def has_water(self) -> bool:
        """Whether there is water to float on."""
        return "sea" in self.lands or "lake" in self.lands

    @property
    def mirrored(self) -> bool:
        """Whether left and right are exchanged in the finished picture."""
        return sum(name == "mirror" for name, _ in self.finish) % 2 == 1

    def rng(self, name: str) -> Random:
        """Chance for one part of the drawing, independent of every other part."""
        return Random(f"{self.seed} {name}")

    def dump(self) -> dict[str, Any]:
        """The scene as JSON."""
        return asdict(self)


@dataclass(frozen=True)
class Outcome:
    """The scene after an edit, and one clause about it: what was done, or what could not be."""

    scene: Scene
    done: str = ""
    missed: str = ""


def load(tree: dict[str, Any]) -> Scene:
    """A scene out of its JSON."""
    kept = dict(tree)
    kept["things"] = tuple(Thing(**thing) for thing in kept["things"])
    kept["insets"] = tuple(Inset(**inset) for inset in kept["insets"])
    for name in ("lands", "weather"):
        kept[name] = tuple(kept[name])
    for name in ("paints", "finish", "words"):
        kept[name] = tuple(tuple(item) for item in kept[name])
    return Scene(**kept)


def seed_of(*words: object) -> int:
    """A number that is always the same for the same words."""
    digest = hashlib.sha256("\0".join(str(word) for word in words).encode()).digest()
    return int.from_bytes(digest[:6], "big")
