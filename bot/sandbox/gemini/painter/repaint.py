"""Edits of a picture, whether the painter knows its scene or not, with other pictures worked in."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from PIL import Image, ImageFilter, ImageOps

from bot.sandbox.gemini.painter import blend, edits, photo, reply, tones
from bot.sandbox.gemini.painter.canvas import Size
from bot.sandbox.gemini.painter.draw import render
from bot.sandbox.gemini.painter.intent import Edit, Intent
from bot.sandbox.gemini.painter.scene import Scene, seed_of

WAYS = {"overlay": "overlay", "beside": "beside", "blend": "corner"}
MANNER = re.compile(r"\b(?:style|colou?rs?|palette|mood|tones?|look) of\b", re.IGNORECASE)
NEARLY = 0.03  # proportions this close are cropped to fit; others are shown whole on a soft ground


@dataclass(frozen=True)
class Repainted:
    """The picture after all edits, what to say about it, and its scene where it has one."""

    image: Image.Image
    text: str
    scene: Scene | None = None


@dataclass(frozen=True)
class Task:
    """What to do: the words, understood, the other pictures, and how large the result is."""

    words: str
    intent: Intent
    others: Sequence[Image.Image]
    size: Size
    take: int = 0  # the same ask once more comes out a little different

    @property
    def way(self) -> str:
        """How the other pictures go in."""
        if MANNER.search(self.words):
            return "palette"
        return next((WAYS[edit.do] for edit in self.intent.edits if edit.do in WAYS), "corner")

    @property
    def edits(self) -> list[Edit]:
        """The edits that are not about other pictures."""
        return [edit for edit in self.intent.edits if edit.do not in WAYS and not self._from_another(edit)]

    def _from_another(self, edit: Edit) -> bool:
        """Whether it means a thing that another picture shows: "put the cat from the second picture in"."""
        mention = edit.what
        added = edit.do == "add" and mention is not None and mention.sort == "thing" and mention.definite
        return bool(self.others) and added

    @property
    def lacks_pictures(self) -> bool:
        """Whether the words speak of another picture that did not come along."""
        return not self.others and any(edit.do in WAYS for edit in self.intent.edits)


def repaint_scene(scene: Scene, task: Task) -> Repainted:
    """An edit of a picture that the painter painted: only what was asked for changes."""
    done, missed = _worked_in(task), [reply.NO_OTHER] if task.lacks_pictures else []
    aspect = task.size[0] / task.size[1]
    if tones.turns_sideways(scene.finish):
        aspect = 1 / aspect
    seed, many = scene.seed, len(scene.things)
    for edit in task.edits:
        outcome = edits.apply(replace(scene, seed=seed_of(seed, task.take) if task.take else seed), edit, aspect)
        scene = replace(outcome.scene, seed=seed)
        done, missed = [*done, outcome.done], [*missed, outcome.missed]
    if task.take and len(scene.things) <= many:
        scene = _drifted(scene, task.take)
    for other in task.others:
        scene = _with_other(scene, other, task.way)
    text = reply.edited(_said(done), _said(missed), task.intent.unknown)
    return Repainted(render(scene, task.size), text, scene)


def _drifted(scene: Scene, take: int) -> Scene:
    """The same scene a little later: its clouds have moved on."""
    step = scene.rng(f"drift {take}").uniform(0.06, 0.2)
    things = (
        replace(thing, x=round((thing.x + step) % 1.0, 4)) if thing.kind == "cloud" else thing for thing in scene.things
    )
    return replace(scene, things=tuple(things))


def _with_other(scene: Scene, other: Image.Image, way: str) -> Scene:
    if way == "palette":
        return replace(scene, finish=(*scene.finish, ("palette", tones.palette_of(other))))
    return replace(scene, insets=(*scene.insets, blend.inset_of(other, way, len(scene.insets))))


def repaint_photo(image: Image.Image, task: Task) -> Repainted:
    """An edit of any other picture: what can be done without understanding it."""
    done, missed = _worked_in(task), list[str]()
    shape = _before_turning(task)
    if not nearly(image.size, shape):
        done.append("it has its new shape")
    image = fitted(image, shape)
    for edit in task.edits:
        touched = photo.apply(image, edit)
        image = touched.image
        done, missed = [*done, touched.done], [*missed, touched.missed]
    for number, other in enumerate(task.others):
        image = _laid(image, other, task.way, number)
    changed = any(edit.do in {"finish", "rotate"} for edit in task.edits)
    heard = _said(done), _said(missed), task.intent.unknown
    text = reply.retouched(*heard, seen_change=changed, alone=task.lacks_pictures)
    return Repainted(fitted(image, task.size), text)


def _laid(image: Image.Image, other: Image.Image, way: str, number: int) -> Image.Image:
    if way == "palette":
        return tones.apply(image, "palette", tones.palette_of(other))
    return blend.lay_over(image, other, way, number)


def _before_turning(task: Task) -> Size:
    """The size before any quarter turns that the edits make."""
    return task.size[::-1] if quarter_turned(task.intent) else task.size


def quarter_turned(intent: Intent) -> bool:
    """Whether the edits exchange width and height."""
    return tones.turns_sideways([("rotate", edit.value) for edit in intent.edits if edit.do == "rotate"])


def _worked_in(task: Task) -> list[str]:
    count = len(task.others)
    if not count:
        return []
    others = "the other picture" if count == 1 else f"the {count} other pictures"
    if task.way == "palette":
        return [f"its colours follow {others}"]
    return [f"{others} {'is' if count == 1 else 'are'} worked in"]


def _said(clauses: Sequence[str]) -> list[str]:
    return [clause for clause in clauses if clause]


def nearly(first: Size, second: Size) -> bool:
    """Whether two sizes have about the same proportions."""
    return abs(first[0] * second[1] / (first[1] * second[0]) - 1) <= NEARLY


def fitted(image: Image.Image, size: Size) -> Image.Image:
    """The picture at a size: cropped a hair where it nearly fits, else whole, on a soft ground of its own colours."""
    if image.size == size:
        return image
    if nearly(image.size, size):
        return ImageOps.fit(image, size, Image.Resampling.LANCZOS)
    ground = ImageOps.fit(image, size, Image.Resampling.BILINEAR).filter(ImageFilter.GaussianBlur(min(size) / 20))
    whole = ImageOps.contain(image, size, Image.Resampling.LANCZOS)
    ground.paste(whole, ((size[0] - whole.width) // 2, (size[1] - whole.height) // 2))
    return ground
