"""A new scene out of a description, with the light and the ground it needs."""

from collections.abc import Iterable
from dataclasses import replace

from bot.sandbox.gemini.painter import edits
from bot.sandbox.gemini.painter.arrange import new_things
from bot.sandbox.gemini.painter.intent import Intent
from bot.sandbox.gemini.painter.phrases import Mention
from bot.sandbox.gemini.painter.scene import Scene, seed_of
from bot.sandbox.gemini.painter.things import KINDS

DULL = frozenset(("rain", "storm", "fog"))
LATIN_ENDS = "\u0250"  # the font has no letters beyond
CAPTION = 60  # characters of a caption under an abstract picture


def compose(text: str, intent: Intent, aspect: float, take: int = 0) -> Scene:
    """The scene a text describes; where it says nothing, a fair day in a green land."""
    seed = seed_of("scene", text, take)
    scene = Scene(seed)
    if not _says_something(intent):
        return _abstract(scene, intent)
    for edit in intent.edits:
        if edit.do == "add" and edit.what and edit.what.sort != "thing":
            scene = edits.apply(scene, edit, aspect).scene
    scene = _implied(scene, list(_subjects(intent)))
    scene = _peopled(scene, intent, aspect)
    scene = with_sky(scene, aspect)
    for edit in intent.edits:
        if edit.do != "add" and not (edit.do == "colour" and edit.what and edit.what.sort == "thing"):
            scene = edits.apply(scene, edit, aspect).scene
    return scene


def _says_something(intent: Intent) -> bool:
    return not intent.unknown or any(edit.what for edit in intent.edits)


def _abstract(scene: Scene, intent: Intent) -> Scene:
    words = " ".join(intent.unknown)[:CAPTION]
    caption = (
        f"“{words}”, as the offline painter imagines it" if max(words) < LATIN_ENDS else "The offline painter's idea"
    )
    return replace(scene, ground="abstract", lands=(), words=((caption, "bottom", ""),))


def _subjects(intent: Intent) -> Iterable[Mention]:
    for edit in intent.edits:
        if edit.what and edit.what.sort == "thing" and edit.do in {"add", "colour", "grow", "shrink", "move"}:
            yield replace(edit.what, colour=edit.what.colour or edit.colour)
        if edit.do == "replace" and edit.other and edit.other.sort == "thing":
            yield edit.other


def _implied(scene: Scene, mentions: list[Mention]) -> Scene:
    """The ground that the things of a scene need under them."""
    kinds = [KINDS[mention.name] for mention in mentions]
    places = {kind.place for kind in kinds}
    if "table" in places and "ground" not in places and scene.lands == ("hills",):
        return replace(scene, ground="table", lands=())
    if "snow" in scene.weather and scene.ground == "meadow":
        scene = replace(scene, ground="snow")
    floats = any(mention.name in {"boat", "fish", "whale"} for mention in mentions)
    if floats and not scene.has_water:
        scene = replace(scene, lands=_with(scene.lands, "sea"))
    if "sea" in scene.lands and scene.ground == "meadow" and not places & {"ground", "table"}:
        scene = replace(scene, ground="water")
    if scene.ground == "city" and "road" not in scene.lands:
        scene = replace(scene, lands=(*scene.lands, "road"))
    if any(mention.name == "bridge" for mention in mentions) and not scene.has_water:
        scene = replace(scene, lands=_with(scene.lands, "river"))
    return scene


def _with(lands: tuple[str, ...], land: str) -> tuple[str, ...]:
    kept = tuple(name for name in lands if name != "hills") if land == "sea" else lands
    return (*kept, land)


def _peopled(scene: Scene, intent: Intent, aspect: float) -> Scene:
    mentions = sorted(_subjects(intent), key=lambda mention: bool(mention.near))
    grounded = [mention for mention in mentions if not is_sky(mention.name)]
    many = sum(mention.count or 1 for mention in grounded)
    for mention in mentions:
        afloat = KINDS[mention.name].place == "water" and scene.ground != "water" and scene.has_water
        scale = 1.0 if is_sky(mention.name) or afloat else _scale(many, KINDS[mention.name].tall)
        scene = replace(scene, things=(*scene.things, *new_things(scene, mention, aspect, scale)))
    return scene


def is_sky(kind: str) -> bool:
    """Whether it shines or drifts behind everything."""
    return kind in {"sun", "moon", "cloud"}


def _scale(many: int, tall: float) -> float:
    """A lone subject is shown larger, small things more so."""
    lone = {1: 1.9, 2: 1.55, 3: 1.3}.get(many, 1.0) * (1.4 if tall < 0.1 else 1.0)
    return min(lone, max(1.0, 0.46 / tall))


def with_sky(scene: Scene, aspect: float) -> Scene:
    """The scene with what its hour and weather put into the sky, where nothing was said about it."""
    if scene.ground in {"table", "abstract"}:
        return scene
    dull = bool(DULL & set(scene.weather))
    wanted = []
    if not dull and not any(thing.kind in {"sun", "moon"} for thing in scene.things):
        wanted.append(Mention("thing", "moon" if scene.hour == "night" else "sun", ""))
    if not scene.of("cloud") and scene.hour != "night" and "clear" not in scene.weather:
        wanted.append(Mention("thing", "cloud", "", 5 if dull else 3, colour="grey" if dull else ""))
    for mention in wanted:
        scene = replace(scene, things=(*scene.things, *new_things(scene, mention, aspect)))
    if scene.hour == "night" and not dull and "stars" not in scene.weather:
        scene = replace(scene, weather=(*scene.weather, "stars"))
    return scene
