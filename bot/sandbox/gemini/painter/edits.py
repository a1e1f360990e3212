"""One edit, done to a scene: the rest of it stays as it is."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from bot.sandbox.gemini.painter import scenery, wardrobe
from bot.sandbox.gemini.painter.arrange import new_things, text_of
from bot.sandbox.gemini.painter.intent import Edit
from bot.sandbox.gemini.painter.meant import meant, wearers
from bot.sandbox.gemini.painter.phrases import Mention
from bot.sandbox.gemini.painter.reply import a, counted, finished, is_or_are
from bot.sandbox.gemini.painter.scene import HORIZON, Outcome, Scene, Thing
from bot.sandbox.gemini.painter.things import KINDS

STEP, RISE = 0.22, 0.12  # how far a thing moves, as fractions of the picture
TOGGLES = frozenset(("mirror", "flip"))


def apply(scene: Scene, edit: Edit, aspect: float) -> Outcome:
    """The scene with one edit done to it; `aspect` is width by height."""
    if edit.do == "add":
        return _add(scene, edit, aspect)
    if edit.do in {"hat", "unhat"}:
        return _hat(scene, edit, aspect)
    if edit.do in BY_THING and edit.what and edit.what.sort in {"thing", "part"}:
        return _to_things(scene, edit)
    if edit.do in WHOLE:
        return WHOLE[edit.do](scene, edit)
    return scenery_outcome(scene, edit) if edit.what else Outcome(scene)


def scenery_outcome(scene: Scene, edit: Edit) -> Outcome:
    """An edit of land, sky, hour or weather."""
    assert edit.what is not None
    if edit.do == "add" and scenery.is_there(scene, edit.what):
        return Outcome(scene)
    if edit.do == "remove" and edit.what.sort != "hour" and not scenery.change(scene, edit)[1]:
        return Outcome(scene, missed=f"there is no {edit.what.word} in this picture")
    changed, done = scenery.change(scene, edit)
    if done:
        return Outcome(changed, done)
    return Outcome(scene, missed=f"I do not know how to {edit.do} the {edit.what.word}")


def _add(scene: Scene, edit: Edit, aspect: float) -> Outcome:
    mention = edit.what
    assert mention is not None
    if mention.sort != "thing":
        return scenery_outcome(scene, edit)
    found = scene.of(mention.name)
    if found and mention.definite:
        return _to_things(scene, replace(edit, do="colour")) if mention.colour else Outcome(scene)
    if found and mention.name in {"sun", "moon"} and not mention.many:
        if mention.colour:
            return _to_things(scene, replace(edit, do="colour"))
        return Outcome(scene, f"there is {a(_noun(mention).word)} already")
    if KINDS[mention.name].place == "water" and mention.name != "duck" and not scene.has_water:
        scene = replace(scene, lands=(*(land for land in scene.lands if land != "hills"), "sea"))
    added = new_things(scene, mention, aspect, _like(scene))
    said = f"{counted(_noun(mention))} {is_or_are(mention)} in it now"
    return Outcome(replace(scene, things=(*scene.things, *added)), said)


def _noun(mention: Mention) -> Mention:
    """Its noun where it was named by a look: a sun for "sunny"."""
    return replace(mention, word=mention.name) if mention.word in {"sunny", "cloudy", "moonlit"} else mention


def _hat(scene: Scene, edit: Edit, aspect: float) -> Outcome:
    hat, wearer = edit.what, edit.other
    assert hat is not None
    if edit.do == "unhat":
        return wardrobe.take_off(scene, wearer)
    if wearer is not None or wearers(scene, hat):
        return wardrobe.put_on(scene, hat, wearer)
    on_the_ground = replace(hat, sort="thing")
    if hat.definite:
        return _to_things(scene, Edit("colour", on_the_ground))
    return _add(scene, Edit("add", on_the_ground), aspect)


def _like(scene: Scene) -> float:
    """How much larger than usual the things of a scene are drawn."""
    scales = [thing.size / KINDS[thing.kind].tall for thing in scene.things if KINDS[thing.kind].place != "sky"]
    return min(1.9, max(0.8, sum(scales) / len(scales))) if scales else 1.0


def _to_things(scene: Scene, edit: Edit) -> Outcome:
    mention = edit.what
    assert mention is not None
    chosen = meant(scene, mention, by_side=edit.do != "move")
    if not chosen:
        return Outcome(scene, missed=f"there is no {mention.word} in this picture")
    change, said = BY_THING[edit.do](scene, edit)
    things = tuple(made for thing in scene.things for made in ([change(thing)] if thing in chosen else [thing]) if made)
    return Outcome(replace(scene, things=things), said)


Change = Callable[[Thing], Thing | None]


def _recoloured(_: Scene, edit: Edit) -> tuple[Change, str]:
    assert edit.what is not None
    colour = edit.colour or edit.what.colour
    field = "accent" if edit.what.sort == "part" else "colour"
    said = f"the {edit.what.word} {is_or_are(edit.what)} {colour} now"
    return lambda thing: replace(thing, **{field: colour}), said


def _removed(_: Scene, edit: Edit) -> tuple[Change, str]:
    assert edit.what is not None
    return lambda _thing: None, f"the {edit.what.word} {is_or_are(edit.what)} gone"


def _grown(_: Scene, edit: Edit) -> tuple[Change, str]:
    assert edit.what is not None
    factor = 1.5 if edit.do == "grow" else 0.66
    word = "bigger" if edit.do == "grow" else "smaller"
    return lambda thing: replace(
        thing, size=round(min(0.95, thing.size * factor), 4)
    ), f"the {edit.what.word} {is_or_are(edit.what)} {word}"


def _moved(scene: Scene, edit: Edit) -> tuple[Change, str]:
    assert edit.what is not None
    side = -1 if scene.mirrored else 1
    across = {"left": -STEP * side, "right": STEP * side}.get(edit.place, 0.0)
    down = {"up": -RISE, "down": RISE, "front": RISE / 2, "far": -RISE / 2}.get(edit.place, 0.0)

    def moved(thing: Thing) -> Thing:
        x = 0.5 if edit.place == "centre" else min(0.94, max(0.06, thing.x + across))
        floor = 0.08 if KINDS[thing.kind].place == "sky" else HORIZON + 0.08
        return replace(thing, x=round(x, 4), y=round(min(0.98, max(floor, thing.y + down)), 4))

    return moved, f"the {edit.what.word} moved"


def _replaced(_: Scene, edit: Edit) -> tuple[Change, str]:
    assert edit.what is not None
    other = edit.other
    if other is None or other.sort != "thing":
        return lambda thing: thing, ""
    old, new = KINDS[edit.what.name], KINDS[other.name]

    def replaced(thing: Thing) -> Thing:
        size = min(0.62, thing.size * new.tall / old.tall * other.size)
        y = thing.y if old.place == new.place else new.row
        return replace(
            thing, kind=other.name, size=round(size, 4), y=round(y, 4), colour=other.colour, accent="",
            text=text_of(other),
        )  # fmt: skip

    return replaced, f"the {edit.what.word} is now {counted(replace(other, definite=False, count=None))}"


def _finish(scene: Scene, edit: Edit) -> Outcome:
    step = ("rotate", edit.value) if edit.do == "rotate" else (edit.value, edit.colour)
    if scene.finish and scene.finish[-1] == step and step[0] in TOGGLES:
        return Outcome(replace(scene, finish=scene.finish[:-1]), "it is turned back")
    said = finished(edit.value, edit.colour)
    return Outcome(replace(scene, finish=(*scene.finish, step)), said)


def _spare(scene: Scene, edit: Edit) -> Outcome:
    return Outcome(scene, missed=f"I found nothing else to paint {edit.colour}")


def _unfinish(scene: Scene, edit: Edit) -> Outcome:
    kept = tuple(step for step in scene.finish if step[0] != edit.value)
    if kept == scene.finish:
        return Outcome(scene, missed="there is nothing of that kind to take away")
    return Outcome(replace(scene, finish=kept), "that effect is gone")


def _write(scene: Scene, edit: Edit) -> Outcome:
    place = {"up": "top", "centre": "middle"}.get(edit.place, "bottom")
    others = tuple(words for words in scene.words if words[1] != place)
    return Outcome(
        replace(scene, words=(*others, (edit.value, place, edit.colour))), f"“{edit.value}” is written on it"
    )


def _unwrite(scene: Scene, _: Edit) -> Outcome:
    return Outcome(replace(scene, words=()), "the words are gone") if scene.words else Outcome(scene)


def _frame(scene: Scene, edit: Edit) -> Outcome:
    return Outcome(replace(scene, frame=edit.colour or "wooden"), f"it has a {edit.colour or 'wooden'} frame")


def _unframe(scene: Scene, _: Edit) -> Outcome:
    return Outcome(replace(scene, frame=""), "the frame is gone")


BY_THING: Mapping[str, Callable[[Scene, Edit], tuple[Change, str]]] = MappingProxyType(
    {"colour": _recoloured, "remove": _removed, "grow": _grown, "shrink": _grown, "move": _moved, "replace": _replaced}
)
WHOLE: Mapping[str, Callable[[Scene, Edit], Outcome]] = MappingProxyType({
    "finish": _finish, "rotate": _finish, "unfinish": _unfinish, "write": _write, "unwrite": _unwrite,
    "frame": _frame, "unframe": _unframe, "spare": _spare,
})  # fmt: skip
