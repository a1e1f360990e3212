"""What the painter says beside its pictures: short, plain, and honest about what it is."""

from collections import Counter
from collections.abc import Sequence

from bot.sandbox.gemini.painter.scene import Scene

WHO = "I am the sandbox's offline painter, not a model"
ABLE = (
    "What I can do to any picture: tones (warmer, black and white, sepia …), weather, time of day, words, frames, "
    "flips, stickers, blends and styles such as pixel art, sketch or poster."
)


def new_picture(scene: Scene, unknown: Sequence[str]) -> str:
    """Beside a new picture."""
    if scene.ground == "abstract":
        return f"{WHO}, and I do not know {quoted(unknown)}. So here is a composition instead. {HINT}"
    return _joined("Here is your picture.", [], unknown)


HINT = "Try simple things: a red house by the sea, two trees and a dog, a castle at night."


def edited(done: Sequence[str], missed: Sequence[str], unknown: Sequence[str]) -> str:
    """Beside an edited picture that the painter knows."""
    if not done and not missed and unknown:
        return f"{WHO}: I left the picture as it was, because I do not know {quoted(unknown)}."
    said = f"Done: {listed(done)}." if done else "Here it is." if not missed else "I left the rest as it was."
    return _joined(said, missed, unknown)


def retouched(done: Sequence[str], missed: Sequence[str], unknown: Sequence[str], *, seen_change: bool) -> str:
    """Beside a photograph."""
    if not missed and (done or seen_change):
        return _joined(f"Done: {listed(done)}." if done else "Here it is.", [], unknown)
    first = f"Done: {listed(done)}. " if done else ""
    cannot = listed(missed, "or") if missed else f"do that, not knowing {quoted(unknown)}"
    return f"{first}{WHO}, so I cannot {cannot}: I only know my way around pictures I painted myself. {ABLE}"


def _joined(said: str, missed: Sequence[str], unknown: Sequence[str]) -> str:
    sentences = [said]
    if missed:
        sentences.append(f"But {listed(missed)}.")
    if unknown:
        sentences.append(f"{WHO}: {quoted(unknown)} {'means' if len(unknown) == 1 else 'mean'} nothing to me.")
    return " ".join(sentences)


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
        return f"{WHO}, so I cannot answer “{question.strip()[:120]}”. Ask me for a picture, and I paint one."
    return f"In this picture I painted {seen(scene)}. It is {HOURS[scene.hour]}. For anything deeper, ask a real model."


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
