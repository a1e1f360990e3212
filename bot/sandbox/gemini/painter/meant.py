"""Which things of a scene a mention means."""

from bot.sandbox.gemini.painter.draw_people import PEOPLE
from bot.sandbox.gemini.painter.phrases import Mention
from bot.sandbox.gemini.painter.scene import Scene, Thing
from bot.sandbox.gemini.painter.things import KINDS

TREES = ("tree", "pine", "palm")


def meant(scene: Scene, mention: Mention, *, by_side: bool = True) -> tuple[Thing, ...]:
    """All of a kind, or as many as were counted, or the one on its side."""
    kinds = TREES if mention.name == "tree" else (mention.name,)
    found = next((things for kind in kinds if (things := scene.of(kind))), ())
    if by_side and mention.place in {"left", "right"} and found:
        outermost = max if (mention.place == "right") != scene.mirrored else min
        return (outermost(found, key=lambda thing: thing.x),)
    if mention.count and not mention.definite and not mention.word.endswith("s"):
        return found[-mention.count :]
    return found


def wearers(scene: Scene, hat: Mention) -> tuple[Thing, ...]:
    """Who puts on a hat that was given to nobody: people before animals, a sign last; all where hats are many."""
    able = sorted((thing for thing in scene.things if KINDS[thing.kind].head), key=_claim)
    wearing = tuple(thing for thing in able if thing.hat)
    if hat.definite and wearing:
        return wearing
    return tuple(able) if hat.many else tuple(able[:1])


def _claim(thing: Thing) -> tuple[bool, bool]:
    return thing.kind == "sign", thing.kind not in PEOPLE
