"""Illustrated stories and recipes: a text, a picture, a text, a picture, and so on."""

import re
from dataclasses import dataclass, replace

from bot.sandbox.gemini.painter import scenery
from bot.sandbox.gemini.painter.compose import LATIN_ENDS, compose
from bot.sandbox.gemini.painter.intent import Edit, Intent, understand
from bot.sandbox.gemini.painter.phrases import Mention
from bot.sandbox.gemini.painter.scene import Scene, seed_of

ASKED = re.compile(
    r"\b(?:story|tale|fairy ?tale|illustrated recipe|recipe|picture book|storyboard|step[- ]by[- ]step|comic strip)\b",
    re.IGNORECASE,
)
NUMBER = r"(\d+|two|three|four|five|six)\b"
PIECES = r"(?:pictures?|images?|parts?|pages?|panels?|steps?|scenes?)"
ABOUT = re.compile(
    rf"(?:\b(?:about|of|for)|:)\s+(?!{NUMBER})(.+?)(?:[.!?\n]|\s+(?:in|with)\s+\w+\s+{PIECES}|$)", re.IGNORECASE
)
HOW_MANY = re.compile(rf"\b{NUMBER}(?=\s*(?:-\s*)?(?:\w+\s+)?{PIECES})", re.IGNORECASE)
NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
USUAL, MOST = 3, 6


@dataclass(frozen=True)
class Page:
    """A text and the scene that goes with it."""

    text: str
    scene: Scene


def is_story(words: str) -> bool:
    """Whether several pictures with words are asked for."""
    return bool(ASKED.search(words))


def is_told(words: str) -> bool:
    """Whether a story of its own is asked for, even beside a picture: it has a subject, or a number of pages."""
    return is_story(words) and bool(ABOUT.search(words) or HOW_MANY.search(words))


def pages_of(words: str, aspect: float, take: int) -> tuple[Page, ...]:
    """The pages of a story or recipe, two to six."""
    count = _count(words)
    found = ABOUT.search(words)
    subject = found[2].strip() if found else "a little dog"
    if re.search(r"\brecipe\b", words, re.IGNORECASE):
        return _recipe(subject, count, aspect)
    return _story(subject, count, (aspect, take))


def _count(words: str) -> int:
    found = HOW_MANY.search(words)
    if not found:
        return USUAL
    number = NUMBERS.get(found[1].lower()) or int(found[1])
    return max(2, min(MOST, number))


CHAPTERS: tuple[tuple[str, str, str], ...] = (
    ("One bright morning, {hero} set out, with nothing planned and the whole day ahead.", "morning", "hills"),
    ("By noon the way led down to the water, where {hero} stopped to look at the boats.", "day", "sea"),
    ("Then it began to rain. There was a tree to wait under, and nobody minded.", "day", "rain"),
    ("In the hills there was snow on the tops, and {hero} had never seen anything so high.", "day", "mountains"),
    ("The sun went down behind the road home, as slowly as it could.", "sunset", "road"),
    ("And at night, under all the stars, {hero} slept. The end.", "night", "hills"),
)
ORDERS = {2: (0, 5), 3: (0, 1, 5), 4: (0, 1, 4, 5), 5: (0, 1, 2, 4, 5), 6: (0, 1, 2, 3, 4, 5)}


def _story(subject: str, count: int, how: tuple[float, int]) -> tuple[Page, ...]:
    aspect, take = how
    intent = understand(subject)
    known = any(edit.what and edit.what.sort == "thing" for edit in intent.edits)
    hero = _name(subject)
    if not known:
        intent = Intent(understand("a dog").edits, ())
    caption = "" if known or max(hero, default=LATIN_ENDS) >= LATIN_ENDS else f"A dog plays {hero}"
    return tuple(
        Page(text, captioned(_chapter(intent, (chapter, seed_of(subject, take)), aspect), caption))
        for number in ORDERS[count]
        for chapter in (CHAPTERS[number],)
        for text in (chapter[0].format(hero=hero),)
    )


def captioned(scene: Scene, words: str) -> Scene:
    """The scene with words below it, if there are any."""
    return replace(scene, words=((words, "bottom", ""),)) if words else scene


def _name(subject: str) -> str:
    words = re.split(r"\s+(?:who|that|which|and then|looking|finding|going)\b", subject)[0].strip()
    plain = re.sub(r"^(?:an?|one|some)\s+", "the ", words, flags=re.IGNORECASE)
    return plain[:60]


def _chapter(intent: Intent, part: tuple[tuple[str, str, str], int], aspect: float) -> Scene:
    (text, hour, land), seed = part
    scene = compose(f"{seed}{text}", intent, aspect)
    sort = "weather" if land == "rain" else "land"
    scene = scenery.change(scene, _adding(sort, land))[0]
    return scenery.at(scene, hour)


def _adding(sort: str, name: str) -> Edit:
    return Edit("add", Mention(sort, name, name))


STEPS: tuple[tuple[str, str], ...] = (
    ("1. Lay everything out for {dish}, wash it, and chop what needs chopping.", "a knife and four vegetables"),
    ("2. Warm a little oil, let the onions turn golden, and stir with patience.", "a pot and two vegetables"),
    ("3. Add the rest, season it, and taste.", "a bowl and three vegetables"),
    ("4. Let it simmer on a low flame until the kitchen smells of it.", "a pot and a cup"),
    ("5. Rest it for five minutes. So may you.", "a cup and a bowl"),
    ("Serve {dish} while it is hot. Good appetite!", "a plate and a cup"),
)


def _recipe(dish: str, count: int, aspect: float) -> tuple[Page, ...]:
    chosen = [*STEPS[: count - 1], STEPS[-1]]
    return tuple(Page(text.format(dish=dish[:60]), _step(text, things, aspect)) for text, things in chosen)


def _step(text: str, things: str, aspect: float) -> Scene:
    return compose(text, understand(f"{things} in the kitchen"), aspect)
