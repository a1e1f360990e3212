"""Edits of land, sky, hour and weather."""

from dataclasses import replace

from bot.sandbox.gemini.painter.arrange import LOW_SUN
from bot.sandbox.gemini.painter.intent import Edit
from bot.sandbox.gemini.painter.land import GROUNDS
from bot.sandbox.gemini.painter.phrases import Mention
from bot.sandbox.gemini.painter.reply import is_plural, there_is
from bot.sandbox.gemini.painter.scene import Scene, Thing, seed_of
from bot.sandbox.gemini.painter.things import KINDS

PAINTED = {
    "lake": "sea", "river": "sea", "beach": "ground", "meadow": "ground", "desert": "ground", "snowland": "ground",
    "forest": "ground", "city": "ground", "autumn": "ground", "background": "sky",
}  # fmt: skip
WATERY = frozenset(("sea", "lake"))
BAD = frozenset(("rain", "snow", "fog", "storm"))


def change(scene: Scene, edit: Edit) -> tuple[Scene, str]:
    """The scene with its scenery changed, and a clause that says so; an empty clause where nothing could be done."""
    mention = edit.what
    assert mention is not None
    if edit.do == "replace" and edit.other is not None:
        return _replaced(scene, mention, edit.other)
    if edit.do == "remove":
        return _without(scene, mention)
    colour = edit.colour or mention.colour
    if mention.sort == "hour":
        return at(scene, mention.name), f"it is {mention.word} now"
    if mention.sort == "weather":
        return _weather(scene, mention)
    if mention.sort == "land":
        return _land(scene, mention, colour)
    return scene, ""


def is_there(scene: Scene, mention: Mention) -> bool:
    """Whether a piece of land is in the picture already, so that its name only says where something goes."""
    if mention.sort != "land" or mention.colour:
        return False
    always = {"sky", "ground", "background", "wall"}
    return mention.name in {*always, *scene.lands, scene.ground}


def at(scene: Scene, hour: str) -> Scene:
    """The scene at another hour: sun and moon change places, stars come and go."""
    wanted = "moon" if hour == "night" else "sun"
    gone = {"sun", "moon"} - {wanted} if scene.of(wanted) else set()
    kept = (thing for thing in scene.things if thing.kind not in gone)
    things = tuple(_risen(thing, wanted, hour) if thing.kind in {"sun", "moon"} else thing for thing in kept)
    weather = tuple(name for name in scene.weather if name != "stars")
    if hour == "night":
        weather = (*weather, "stars")
    return replace(scene, hour=hour, things=things, weather=weather)


def _risen(thing: Thing, kind: str, hour: str) -> Thing:
    y = LOW_SUN.get(hour, KINDS[kind].row) if kind == "sun" else KINDS["moon"].row
    return replace(thing, kind=kind, y=y, colour="")


def _weather(scene: Scene, mention: Mention) -> tuple[Scene, str]:
    if mention.name == "clear":
        clear = tuple(name for name in scene.weather if name not in BAD)
        if not mention.word.startswith("summer"):
            return replace(scene, weather=clear), "the sky is clear now"
        ground = "meadow" if scene.ground in {"snow", "autumn"} else scene.ground
        return replace(scene, weather=clear, ground=ground), "it is summer now"
    if mention.name == "aurora":
        scene = at(scene, "night")
    if mention.name in scene.weather:
        return scene, f"{there_is(mention.name)} already"
    return replace(scene, weather=(*scene.weather, mention.name)), f"{there_is(mention.name)} now"


def _land(scene: Scene, mention: Mention, colour: str) -> tuple[Scene, str]:
    if colour:
        target = PAINTED.get(mention.name, mention.name)
        kept = tuple(paint for paint in scene.paints if paint[0] != target)
        present = _laid(scene, mention.name) if target not in {"sky", "ground", "wall"} else scene
        return replace(present, paints=(*kept, (target, colour))), f"the {mention.word} is {colour} now"
    season = mention.word in {"winter", "wintry", "autumn", "autumnal"}
    return _laid(scene, mention.name), f"{f'it is {mention.word}' if season else there_is(mention.word)} now"


def _laid(scene: Scene, land: str) -> Scene:
    """The scene with one more piece of land, or on other ground."""
    if land == "kitchen":
        return replace(scene, ground="table", lands=())
    if land == "snowland":
        return _wooded(replace(scene, ground="snow", weather=tuple(dict.fromkeys((*scene.weather, "snow")))))
    if land == "forest":
        return _wooded(replace(scene, ground="forest", lands=_join(scene.lands, "forest")))
    if land == "beach":
        return replace(scene, ground="beach", lands=_join(scene.lands, "sea"))
    ground = land if land in GROUNDS else scene.ground
    lands = scene.lands if land in {"meadow", "desert", "autumn"} else _join(scene.lands, land)
    return replace(scene, ground=ground, lands=lands)


def _join(lands: tuple[str, ...], land: str) -> tuple[str, ...]:
    """Water and woods take the place of the usual hills."""
    gone = {"hills"} if land in {"sea", "forest", "city"} else set()
    gone |= WATERY - {land} if land in WATERY else set()
    return tuple(dict.fromkeys((*(name for name in lands if name not in gone), land)))


def _wooded(scene: Scene) -> Scene:
    if scene.of("pine"):
        return scene
    spots = ((0.07, 0.86, 0.5), (0.19, 0.78, 0.36), (0.84, 0.79, 0.38), (0.95, 0.88, 0.54))
    pines = tuple(
        Thing("pine", x, y, size, seed_of(scene.seed, "wood", x), order=len(scene.things)) for x, y, size in spots
    )
    return replace(scene, things=(*scene.things, *pines))


def _without(scene: Scene, mention: Mention) -> tuple[Scene, str]:
    gone = f"the {mention.word} {'are' if is_plural(mention.word) else 'is'} gone"
    if mention.sort == "weather" and mention.name in scene.weather:
        return replace(scene, weather=tuple(name for name in scene.weather if name != mention.name)), gone
    name = {"beach": "sea"}.get(mention.name, mention.name)
    if mention.sort == "land" and name in scene.lands:
        lands = tuple(land for land in scene.lands if land != name)
        ground = "meadow" if scene.ground in {"water", mention.name} else scene.ground
        return replace(scene, lands=lands or ("hills",) if name != "hills" else lands, ground=ground), gone
    if mention.sort == "land" and mention.name == scene.ground:
        return replace(scene, ground="meadow"), gone
    return scene, ""


def _replaced(scene: Scene, mention: Mention, other: Mention) -> tuple[Scene, str]:
    if other.sort == "hour":
        return at(scene, other.name), f"it is {other.word} now"
    if other.sort == "weather":
        cleared = replace(scene, weather=tuple(name for name in scene.weather if name not in BAD))
        return _weather(cleared, other)
    if other.sort != "land":
        return scene, ""
    if mention.name == "background":
        bare = replace(scene, lands=(), ground="meadow")
    else:
        bare, _ = _without(scene, mention)
        bare = replace(bare, lands=tuple(land for land in bare.lands if land != "hills"))
    return _land(bare, other, other.colour)
