"""What the painter says beside its pictures: short, plain, and honest about what it is."""

import re
from collections import Counter
from collections.abc import Sequence
from types import MappingProxyType

from bot.sandbox.gemini.painter.phrases import Mention
from bot.sandbox.gemini.painter.scene import PLAIN, Scene

WHO = "I am only an offline painter"
ABLE = (
    "What I can do to any picture: make it warmer or black and white, let it snow, turn it into night, write words on "
    "it, put a frame around it or a dog on it, make it a sketch or pixel art."
)
NO_OTHER = "no other picture came along"
HINT = "Try simple things: a red house by the sea, two trees and a dog, a castle at night."
STATED = re.compile(r"(?!there |it )(.+) (?:is|are) (.+)")


def new_picture(scene: Scene, unknown: Sequence[str]) -> str:
    """Beside a new picture."""
    if scene.ground == "abstract":
        return f"{_puzzled(unknown)} Here is a composition instead. {HINT}"
    return _with_unknown("Here is your picture.", unknown)


def edited(done: Sequence[str], missed: Sequence[str], unknown: Sequence[str]) -> str:
    """Beside an edited picture that the painter knows."""
    if not done and missed:
        return _with_unknown(f"I left the picture as it was: {listed(missed)}.", unknown)
    if not done and unknown:
        return f"{_puzzled(unknown)} So I left the picture as it was."
    but = f" But {listed(missed)}." if missed else ""
    return _with_unknown(f"{_finished(done)}{but}", unknown)


def retouched(
    done: Sequence[str], missed: Sequence[str], unknown: Sequence[str], *, seen_change: bool, alone: bool
) -> str:
    """Beside a photograph; `alone` where the words speak of another picture, and none came along."""
    said = [_finished(done)] if done or (seen_change and not missed) else []
    if alone:
        said.append(f"There was nothing to work in: {NO_OTHER}.")
    if missed or not said:
        said += [_helpless(missed, unknown), ABLE]
    elif unknown:
        said.append(_puzzled(unknown))
    return " ".join(said)


def _finished(done: Sequence[str]) -> str:
    return f"Done: {listed(merged(done))}." if done else "Here it is."


def _helpless(missed: Sequence[str], unknown: Sequence[str]) -> str:
    if missed:
        return f"{WHO} and cannot see what is in a photograph, so I did not {listed(missed, 'or')}."
    return _puzzled(unknown) if unknown else f"{WHO} and found nothing in your words that I can do."


def _puzzled(unknown: Sequence[str]) -> str:
    return f"{WHO} and do not know {listed([f'“{word}”' for word in unknown[:5]], 'or')}."


def _with_unknown(said: str, unknown: Sequence[str]) -> str:
    return f"{said} {_puzzled(unknown)}" if unknown else said


def merged(clauses: Sequence[str]) -> list[str]:
    """Clauses that say the same of several things as one: `a boat and a dog are in it now`."""
    said: dict[str, list[str]] = {}
    for clause in dict.fromkeys(clauses):
        found = STATED.fullmatch(clause)
        said.setdefault(found[2] if found else clause, []).append(clause)
    return [group[0] if len(group) == 1 else _together(group, rest) for rest, group in said.items()]


def _together(group: Sequence[str], rest: str) -> str:
    subjects = [found[1] for clause in group if (found := STATED.fullmatch(clause))]
    return f"{listed(subjects)} are {rest}"


def finished(name: str, colour: str = "") -> str:
    """What is said of an effect over the whole picture."""
    return f"it is {colour} now" if name == "tint" else FINISHED.get(name, "")


FINISHED = MappingProxyType({
    "mono": "it is black and white", "sepia": "it looks like an old photograph", "invert": "its colours are inverted",
    "warm": "it is warmer", "cool": "it is cooler", "bright": "it is brighter", "dark": "it is darker",
    "blur": "it is blurred", "dreamy": "it is dreamy", "sharpen": "it is sharper", "contrast": "it has more contrast",
    "soft": "it is softer", "vivid": "it is more colourful", "muted": "it is paler", "vignette": "it has a vignette",
    "mirror": "it is mirrored", "flip": "it is upside down", "rotate": "it is turned", "pixel": "it is pixel art",
    "sketch": "it is a sketch", "poster": "it is a poster", "watercolour": "it is a watercolour",
})  # fmt: skip


def listed(clauses: Sequence[str], word: str = "and") -> str:
    """`a, b and c`."""
    kept = list(dict.fromkeys(clauses))
    return kept[0] if len(kept) == 1 else f"{', '.join(kept[:-1])} {word} {kept[-1]}"


def better_prompt(words: str) -> str:
    """A description made richer, as a text model would; every word of it is one the painter knows."""
    plain = words.strip().rstrip(".") or "A quiet landscape"
    return f"{plain}, in warm light, with hills in the distance and a few clouds, calm and colourful."


def answer(question: str, scene: Scene | None) -> str:
    """To a question: what is in the picture, if the painter knows it."""
    if scene is None:
        return f"{WHO}, so I cannot answer “{question.strip()[:120]}”. Ask me for a picture, and I will paint one."
    return f"In this picture I painted {seen(scene)}. It is {HOURS[scene.hour]}. That is all I can tell."


HOURS = MappingProxyType({"day": "daytime", "morning": "early morning", "sunset": "sunset", "night": "night"})


def seen(scene: Scene) -> str:
    """The things of a scene, counted."""
    counts = Counter(thing.kind for thing in scene.things)
    things = [f"{NUMBERS.get(count, count)} {plural(kind)}" if count > 1 else a(kind) for kind, count in counts.items()]
    lands = [f"{'the ' if land == 'sea' else ''}{land}" for land in scene.lands]
    return listed([*things, *lands]) if things or lands else "shapes and colours"


NUMBERS = MappingProxyType(
    {2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine", 10: "ten", 12: "twelve"}
)
PLURALS = MappingProxyType({"person": "people", "sheep": "sheep", "fish": "fish", "snowman": "snowmen"} | {
    "cactus": "cacti", "butterfly": "butterflies", "knife": "knives", "fox": "foxes", "bush": "bushes",
})  # fmt: skip
MASSES = frozenset(("rain", "snow", "fog", "water", "grass", "sand", "winter", "autumn", "countryside"))


def plural(kind: str) -> str:
    """`dogs`, `people`."""
    return PLURALS.get(kind, f"{kind}s")


def a(words: str) -> str:
    """`a dog`, `an orange cat`."""
    return f"{'an' if words[0] in 'aeiou' and not words.startswith('ufo') else 'a'} {words}"


def counted(mention: Mention) -> str:
    """`two trees`, `a red house`, `a dog in a blue hat`."""
    look = f"{mention.colour} {mention.word}".strip()
    hat = f" in {hats(mention.hat, many=mention.many)}" if mention.hat else ""
    if mention.many:
        return f"{NUMBERS.get(mention.count or 1, str(mention.count))} {look}{hat}"
    return f"{f'the {look}' if mention.definite else a(look)}{hat}"


def hats(colour: str, *, many: bool) -> str:
    """`a red hat`, `hats`."""
    look = "" if colour == PLAIN else f"{colour} "
    return f"{look}hats" if many else a(f"{look}hat")


def is_or_are(mention: Mention) -> str:
    """The verb that goes with what `counted` says."""
    return "are" if mention.many else "is"


def there_is(word: str) -> str:
    """`there is a lake`, `there are mountains`, `there is rain`."""
    if is_plural(word):
        return f"there are {word}"
    return f"there is {word if word in MASSES else a(word)}"


def is_plural(word: str) -> bool:
    """Whether the word for a piece of scenery means many."""
    return word.endswith("s") and word not in MASSES
