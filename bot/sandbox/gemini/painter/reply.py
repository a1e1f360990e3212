"""What the painter says beside its pictures: short, plain, and honest about what it is."""

import re
from collections import Counter
from collections.abc import Sequence

from bot.sandbox.gemini.painter.scene import Scene

WHO = "I am only an offline painter"
ABLE = (
    "What I can do to any picture: tones (warmer, green, black and white …), weather, time of day, words, frames, "
    "flips, stickers, blends, and styles such as pixel art, sketch or poster."
)
HINT = "Try simple things: a red house by the sea, two trees and a dog, a castle at night."
STATED = re.compile(r"(?!there |it )(.+) (?:is|are) (.+)")


def new_picture(scene: Scene, unknown: Sequence[str]) -> str:
    """Beside a new picture."""
    if scene.ground == "abstract":
        return f"{_puzzled(unknown)} So here is a composition instead. {HINT}"
    return _with_unknown("Here is your picture.", unknown)


def edited(done: Sequence[str], missed: Sequence[str], unknown: Sequence[str]) -> str:
    """Beside an edited picture that the painter knows."""
    if not done and missed:
        return _with_unknown(f"I left the picture as it was: {listed(missed)}.", unknown)
    if not done and unknown:
        return f"{_puzzled(unknown)} So I left the picture as it was."
    but = f" But {listed(missed)}." if missed else ""
    return _with_unknown(f"{_finished(done)}{but}", unknown)


def retouched(done: Sequence[str], missed: Sequence[str], unknown: Sequence[str], *, seen_change: bool) -> str:
    """Beside a photograph."""
    if not missed and (done or seen_change):
        return _with_unknown(_finished(done), unknown)
    first = f"{_finished(done)} " if done else ""
    return f"{first}{_helpless(missed, unknown)} {ABLE}"


def _finished(done: Sequence[str]) -> str:
    return f"Done: {listed(merged(done))}." if done else "Here it is."


def _helpless(missed: Sequence[str], unknown: Sequence[str]) -> str:
    if missed:
        return f"{WHO}, so I cannot {listed(missed, 'or')}: I only know my way around pictures I painted myself."
    return _puzzled(unknown) if unknown else f"{WHO} and found nothing in your words that I can do."


def _puzzled(unknown: Sequence[str]) -> str:
    return f"{WHO} and do not know {quoted(unknown)}."


def _with_unknown(said: str, unknown: Sequence[str]) -> str:
    return f"{said} {_puzzled(unknown)}" if unknown else said


def merged(clauses: Sequence[str]) -> list[str]:
    """Clauses that say the same of several things as one: `a boat and a dog are in it now`."""
    said: dict[str, list[str]] = {}
    for clause in dict.fromkeys(clauses):
        found = STATED.fullmatch(clause)
        said.setdefault(found[2].replace("a sticker", "stickers") if found else clause, []).append(clause)
    return [group[0] if len(group) == 1 else _together(group, rest) for rest, group in said.items()]


def _together(group: Sequence[str], rest: str) -> str:
    subjects = [found[1] for clause in group if (found := STATED.fullmatch(clause))]
    return f"{listed(subjects)} are {rest}"


def listed(clauses: Sequence[str], word: str = "and") -> str:
    """`a, b and c`."""
    kept = list(dict.fromkeys(clauses))
    return kept[0] if len(kept) == 1 else f"{', '.join(kept[:-1])} {word} {kept[-1]}"


def quoted(words: Sequence[str]) -> str:
    """The first few words in quotation marks."""
    return listed([f"“{word}”" for word in words[:5]]) if words else "that"


def better_prompt(words: str) -> str:
    """A description made richer, as a text model would; every word of it is one the painter knows."""
    plain = words.strip().rstrip(".") or "A quiet landscape"
    return f"{plain}, in warm light, with hills in the distance and a few clouds, calm and colourful."


def answer(question: str, scene: Scene | None) -> str:
    """To a question: what is in the picture, if the painter knows it."""
    if scene is None:
        return f"{WHO}, so I cannot answer “{question.strip()[:120]}”. Ask me for a picture, and I will paint one."
    return f"In this picture I painted {seen(scene)}. It is {HOURS[scene.hour]}. That is all I can tell."


HOURS = {"day": "daytime", "morning": "early morning", "sunset": "sunset", "night": "night"}


def seen(scene: Scene) -> str:
    """The things of a scene, counted."""
    counts = Counter(thing.kind for thing in scene.things)
    things = [
        f"{count} {kind}s" if count > 1 else f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"
        for kind, count in counts.items()
    ]
    lands = [f"{'the ' if land == 'sea' else ''}{land}" for land in scene.lands]
    return listed([*things, *lands]) if things or lands else "shapes and colours"
