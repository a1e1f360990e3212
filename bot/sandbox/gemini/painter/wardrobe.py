"""Hats put on and taken off."""

from dataclasses import replace

from bot.sandbox.gemini.painter.meant import meant, wearers
from bot.sandbox.gemini.painter.phrases import Mention
from bot.sandbox.gemini.painter.reply import hats, plural
from bot.sandbox.gemini.painter.scene import PLAIN, Outcome, Scene, Thing
from bot.sandbox.gemini.painter.things import KINDS


def put_on(scene: Scene, hat: Mention, wearer: Mention | None) -> Outcome:
    """A hat for whoever was named, or for the first who has a head for it."""
    named = meant(scene, wearer) if wearer else wearers(scene, hat)
    chosen = tuple(thing for thing in named if KINDS[thing.kind].head)
    if wearer and not chosen:
        fits_not = f"a hat does not fit the {wearer.word}"
        return Outcome(scene, missed=fits_not if named else _absent(wearer))
    colour, many = hat.colour or PLAIN, len(chosen) > 1
    said = f"{_who(chosen)} {'wear' if many else 'wears'} {hats(colour, many=many)} now"
    return Outcome(_in_hats(scene, chosen, colour), said)


def take_off(scene: Scene, wearer: Mention | None) -> Outcome:
    """Every hat gone, one on the ground as well, or those of whoever was named."""
    named = meant(scene, wearer) if wearer else scene.things
    wearing, lying = tuple(thing for thing in named if thing.hat), () if wearer else scene.of("hat")
    if not wearing and not lying:
        bare = "nobody wears a hat in this picture" if wearer is None else f"the {wearer.word} wears no hat"
        return Outcome(scene, missed=bare if named or wearer is None else _absent(wearer))
    rest = replace(scene, things=tuple(thing for thing in scene.things if thing not in lying))
    many = len(wearing) + len(lying) > 1
    return Outcome(_in_hats(rest, wearing, ""), "the hats are gone" if many else "the hat is gone")


def _absent(wearer: Mention) -> str:
    return f"there is no {wearer.word} in this picture"


def _in_hats(scene: Scene, chosen: tuple[Thing, ...], colour: str) -> Scene:
    things = tuple(replace(thing, hat=colour) if thing in chosen else thing for thing in scene.things)
    return replace(scene, things=things)


def _who(chosen: tuple[Thing, ...]) -> str:
    first, *others = dict.fromkeys(thing.kind for thing in chosen)
    if others:
        return "they all"
    return f"the {plural(first) if len(chosen) > 1 else first}"
