"""Where a thing goes: beside what is there, on the ground it belongs to, as large as its distance asks for."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from bot.sandbox.gemini.painter.kind import Kind
from bot.sandbox.gemini.painter.land import NEAR, bend
from bot.sandbox.gemini.painter.phrases import Mention
from bot.sandbox.gemini.painter.scene import HORIZON, Scene, Thing, seed_of
from bot.sandbox.gemini.painter.things import KINDS

FACING = frozenset(
    (
        "dog",
        "horse",
        "cow",
        "sheep",
        "elephant",
        "rabbit",
        "fish",
        "car",
        "bird",
        "plane",
        "bicycle",
        "boat",
        "duck",
        "whale",
    )
)
RANGES = {"left": (0.12, 0.36), "right": (0.64, 0.88), "centre": (0.44, 0.56)}
LOW_SUN = {"sunset": HORIZON + 0.035, "morning": HORIZON - 0.03}
WOMEN = frozenset(("woman", "women", "girl", "lady", "ladie"))
MEN = frozenset(("man", "men", "boy", "guy", "gentleman"))


@dataclass(frozen=True)
class Spot:
    """A place on the picture, as fractions, and a size, as a fraction of the shorter side."""

    x: float
    y: float
    size: float


def wide_of(kind: Kind, size: float, aspect: float) -> float:
    """A thing's width as a fraction of the picture's."""
    return kind.wide * size / max(1.0, aspect)


def new_things(scene: Scene, mention: Mention, aspect: float, scale: float = 1.0) -> tuple[Thing, ...]:
    """As many new things as a mention counts, each with a place of its own."""
    added: list[Thing] = []
    for number in range(mention.count or 1):
        seed = seed_of(scene.seed, mention.name, len(scene.things) + number)
        spot = _spot(scene, [*scene.things, *added], mention, (aspect, scale, seed))
        flip = mention.name in FACING and (spot.x > 0.52) != scene.mirrored
        order = len(scene.things) + number
        added.append(
            Thing(
                mention.name, round(spot.x, 4), round(spot.y, 4), round(spot.size, 4), seed, mention.colour,
                flip=flip, text=text_of(mention), hat=mention.hat, order=order,
            )
        )  # fmt: skip
    return tuple(added)


def text_of(mention: Mention) -> str:
    """What stands on a sign; and of a person, whether the word was a woman's or a man's."""
    if mention.name == "person":
        word = mention.word.rstrip("s")
        return "she" if word in WOMEN else "he" if word in MEN else ""
    return mention.text or ("HELLO" if mention.name == "sign" else "")


def _spot(scene: Scene, others: Sequence[Thing], mention: Mention, how: tuple[float, float, int]) -> Spot:
    aspect, scale, seed = how
    kind, rng = KINDS[mention.name], Random(seed)
    size = min(0.62, kind.tall * scale * mention.size * rng.uniform(0.92, 1.08))
    y = _row(scene, mention, kind, rng)
    if kind.place == "sky" and mention.name not in {"sun", "moon", "cloud"}:
        y = max(y, 0.03 + size * min(1.0, aspect))
    if mention.place == "far":
        y, size = (y + HORIZON + 0.10) / 2, size * 0.6
    if mention.place == "front":
        y, size = min(0.98, y + 0.07), size * 1.3
    return Spot(_column(scene, others, mention, (Spot(0.5, y, size), aspect, rng)), y, size)


def _row(scene: Scene, mention: Mention, kind: Kind, rng: Random) -> float:
    if mention.name == "sun" and scene.hour in LOW_SUN:
        return LOW_SUN[scene.hour] - (0.16 if "mountains" in scene.lands else 0.0)
    if kind.place == "sky":
        jitter = 0.02 if mention.name in {"sun", "moon"} else 0.11
        return kind.row + rng.uniform(-jitter, jitter)
    if kind.place == "water" and scene.has_water:
        return rng.uniform(0.68, 0.86) if scene.ground == "water" else rng.uniform(0.665, 0.715)
    return min(0.975, kind.row + rng.uniform(-0.02, 0.035))


def _column(scene: Scene, others: Sequence[Thing], mention: Mention, how: tuple[Spot, float, Random]) -> float:
    spot, aspect, rng = how
    kind = KINDS[mention.name]
    anchor = next((thing for thing in others if thing.kind == mention.near), None)
    if anchor is not None:
        taken = sum(thing.kind == mention.name for thing in others)
        return _beside(anchor, wide_of(kind, spot.size, aspect), (aspect, taken))
    if mention.name == "bridge" and "river" in scene.lands:
        return bend((spot.y - NEAR) / (1 - NEAR))
    low, high = RANGES.get(_seen(mention.place, scene), (0.10, 0.90))
    half = min(0.45, wide_of(kind, spot.size, aspect) / 2)
    low, high = max(low, half + 0.02), min(high, 0.98 - half)
    if low > high:
        low = high = (low + high) / 2
    candidates = [rng.uniform(low, high) for _ in range(28)]
    return max(candidates, key=lambda x: _free(Spot(x, spot.y, spot.size), mention.name, others, aspect))


def _seen(place: str, scene: Scene) -> str:
    """Left and right as the finished picture shows them."""
    return {"left": "right", "right": "left"}.get(place, place) if scene.mirrored else place


def _beside(anchor: Thing, wide: float, how: tuple[float, int]) -> float:
    """Next to a thing: the first on its roomier side, the second on the other, the third beyond the first."""
    aspect, taken = how
    reach = (wide_of(KINDS[anchor.kind], anchor.size, aspect) + wide) / 2 * 1.02 + taken // 2 * wide * 1.05
    side = (-1 if anchor.x > 0.5 else 1) * (-1 if taken % 2 else 1)
    return min(0.95, max(0.05, anchor.x + side * reach))


def _free(spot: Spot, name: str, others: Sequence[Thing], aspect: float) -> float:
    """How good a place is: room to the neighbours first, then a place off the very middle and edge."""
    mine = wide_of(KINDS[name], spot.size, aspect)
    gaps = [
        abs(spot.x - thing.x) - (mine + wide_of(KINDS[thing.kind], thing.size, aspect)) / 2
        for thing in others
        if (KINDS[thing.kind].place == "sky") == (KINDS[name].place == "sky") and abs(thing.y - spot.y) < 0.2
    ]
    golden = min(abs(spot.x - 0.36), abs(spot.x - 0.64))
    return min([*gaps, 0.05]) - golden * 0.12
