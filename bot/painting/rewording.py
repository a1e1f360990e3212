"""Milder words for what Google refused: what stands in the way is said differently, or said not to be there. Pure.

Never a way around a filter: words about something grave get no others, words that were blocked for their safety only
where the very thing in them can be taken out, and whatever is offered asks for less than was asked before.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from bot.catalogue import Catalogue

MOST, LEAST = 3, 2  #: wordings that are offered
LONGEST = 3800  #: characters that a wording may have
SHORTEST = 4

#: The endings, by the catalogue, that fit a reason. For these any words may help, and a text model may be asked.
HELPED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "declined_image_safety": ("gentle", "nobody"),
        "declined_image_prohibited_content": ("nobody", "own"),
        "declined_image_recitation": ("own", "nobody"),
        "declined_recitation": ("own", "nobody"),
        "declined_spii": ("nobody", "simple"),
        "declined_prompt_other": ("simple", "nobody"),
        "declined_image_other": ("simple", "nobody"),
        "declined_other": ("simple", "nobody"),
    }
)
#: For these only words without the thing itself.
BLOCKED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "declined_prompt_safety": ("gentle", "nobody"),
        "declined_safety": ("gentle", "nobody"),
        "declined_prompt_blocklist": ("simple", "nobody"),
        "declined_blocklist": ("simple", "nobody"),
    }
)

GRAVE = re.compile(
    r"\b(?:nudes?|nudity|naked|undress\w*|nsfw|sex\w*|porn\w*|erotic\w*|topless|lingerie|fetish\w*|breasts?|genital\w*"
    r"|suicid\w*|self-?harm\w*|hang(?:s|ed|ing)? (?:him|her|my|them)sel\w+|nazis?|swastikas?|hitler|genocid\w*"
    r"|massacr\w*|terroris\w*|rap(?:e[sd]?|ing)|tortur\w*|behead\w*|decapitat\w*|lynch\w*|deep-?fakes?"
    r"|without (?:any |her |his |their )?clothes|school shoot\w*|cocaine|heroin|meth"
    r"|nackt\w*|desnud\w*|nudez|hakenkreuz\w*|selbstmord\w*)\b|裸|ヌード|自殺",
    re.IGNORECASE,
)

ANIMAL = "a cheerful cartoon animal that nobody has seen before"
HERO = "a hero in a plain costume of their own"
ANIMATION = "as a warm, hand-painted animation"

#: By language: what is replaced, and by what. Case counts only where a name is to be told from a word.
MILDER: Mapping[str, tuple[tuple[str, str], ...]] = MappingProxyType(
    {
        "en": (
            (r"(?i)\b(?:all )?(?:covered|soaked|drenched) (?:in|with) blood\b", "tired and dusty"),
            (r"(?i)\bblood(?:y|ied|-?stained|-?soaked)\s+", ""),
            (r"(?i)\b(?:blood|gore)\b", "rain"),
            (r"(?i)\b(?:gory|gruesome|brutal|violent)\b", "dramatic"),
            (r"(?i)\b(?:corpses|dead bodies)\b", "sleeping people"),
            (r"(?i)\b(?:corpse|dead body)\b", "sleeping person"),
            (r"(?i)\b(?:kill|murder|stab|strangle|slaughter)ing\b", "facing"),
            (r"(?i)\b(?:kill|murder|stab|strangle|slaughter)s\b", "faces"),
            (r"(?i)\b(?:kill(?:ed)?|murder(?:ed)?|stab(?:bed)?|strangled?|slaughter(?:ed)?)\b", "face"),
            (r"(?i)\bshooting (?:at )?", "looking at "),
            (r"(?i)\b(?:machine ?guns|guns|pistols|rifles|revolvers)\b", "lanterns"),
            (r"(?i)\b(?:machine ?gun|gun|pistol|rifle|revolver)\b", "lantern"),
            (r"(?i)\bexplosions?\b", "fireworks"),
            (
                r"(?i)\b(?:Mi(?:ckey|nnie) Mouse|(?:Donald|Daffy) Duck|Bugs Bunny|Snoopy|Garfield|Pikachu|SpongeBob)\b",
                ANIMAL,
            ),
            (r"(?i)\b(?:Spider-?man|Batman|Superman|Iron ?man|Wonder Woman|Captain America|Wolverine)\b", HERO),
            (r"(?i)\b(?:Darth Vader|Yoda|Luke Skywalker|R2-?D2)\b", "a traveller from a distant planet"),
            (r"(?i)\bStar Wars\b", "a space adventure"),
            (r"(?i)\b(?:Harry Potter|Hermione(?: Granger)?|Dumbledore|Gandalf)\b", "a wizard from a fairy tale"),
            (r"(?i)\b(?:Elsa|Cinderella|Snow White|Moana|Rapunzel)\b", "a heroine from a fairy tale"),
            (r"(?i)\b(?:Super )?(?:Mario|Luigi)\b", "a cheerful craftsman with a cap"),
            (r"(?i)\b(?:Coca-?Cola|Coke|Pepsi|Fanta)\b", "a soft drink without a label"),
            (r"(?i)\b(?:Nike|Adidas|Puma|Gucci|Prada|Louis Vuitton)(?='s\b|\s+\w)('s)?", "plain"),
            (r"(?i)\b(?:[\w'’-]+ )logo\b", "made-up logo"),
            (r"(?i)\bin (?:the|a) (?:style|manner) of (?:Studio )?(?:Ghibli|Disney|Pixar|DreamWorks)\b", ANIMATION),
            (r"(?i)\bin (?:Studio )?(?:Ghibli|Disney|Pixar|DreamWorks) style\b", ANIMATION),
            (
                r"\b[Ii]n the (?:style|manner) of (?:[A-Z][\w'’-]*)(?: (?:van |de |da |von )?[A-Z][\w'’-]*)*",
                "with soft light, clear shapes and visible strokes",
            ),
            (r"[^\s@]{1,64}@[^\s@]{1,255}\.\w+", "a made-up address"),
            (r"\+?\d[\d ()/-]{6,}\d", "a made-up number"),
        )
    }
)
#: Names of people: two or more words with capitals, unless they name a place or begin a sentence.
NAME = re.compile(
    r"(?P<before>\b(?:in|at|near|on|over|through|to|from)\s+(?:the\s+)?)?"
    r"\b(?P<name>(?:(?:President|King|Queen|Prince|Princess|Pope|Chancellor|Senator) )?"
    r"[A-Z][a-z'’-]+(?: (?:van|de|da|von|di|bin) )?(?: [A-Z][a-z'’-]+)+)\b"
)
START = re.compile(
    r"(?:An?|The|Make|Add|Draw|Paint|Put|Turn|Show|Give|Let|Change|Replace|Remove|Use|With|And|But|Now|Please)"
)
PLACE = re.compile(
    r"\b(?:Street|Square|Tower|Bridge|City|Park|Sea|River|Lake|Ocean|Mountains?|Beach|Island|Castle|Palace|Station"
    r"|Bay|Canyon|Desert|Falls|Valley|House|Road|Avenue|Airport|Museum|Night|Day|Christmas|Year)\b"
)


def wordings(words: str, reason: str, catalogue: Catalogue) -> tuple[str, ...]:
    """Two or three wordings that may be accepted; none where no other words can help, or should."""
    endings = HELPED.get(reason) or BLOCKED.get(reason)
    if endings is None or GRAVE.search(words):
        return ()
    mild = _milder(words, catalogue)
    if reason in BLOCKED and mild == words:
        return ()
    bare = mild.rstrip(" .!,;。！、，；")
    offered = [mild, *(catalogue.say(f"rewording.{each}", words=bare) for each in endings)]
    return chosen(offered, words)


def may_be_written(words: str, reason: str) -> bool:
    """Whether a text model may be asked for others: never for words that were blocked, nor for grave ones."""
    return reason in HELPED and not GRAVE.search(words)


def chosen(offered: list[str], words: str) -> tuple[str, ...]:
    """Those that are fit to be offered instead of the words, each once; none where fewer than two are."""
    flat = [" ".join(each.split()) for each in offered]
    fit = [each for each in dict.fromkeys(flat) if SHORTEST <= len(each) <= LONGEST and not GRAVE.search(each)]
    fit = [each for each in fit if each.casefold() != " ".join(words.split()).casefold()]
    return tuple(fit[:MOST]) if len(fit) >= LEAST else ()


def _milder(words: str, catalogue: Catalogue) -> str:
    for table in MILDER.values():
        for said, milder in table:
            words = re.sub(said, milder, words)
    return NAME.sub(lambda found: _nobody(found, catalogue), words)


def _nobody(found: re.Match[str], catalogue: Catalogue) -> str:
    first, *rest = found["name"].split()
    somebody = catalogue.say("rewording.somebody")
    if START.fullmatch(first):
        return f"{found['before'] or ''}{first} {somebody}" if len(rest) > 1 else found[0]
    return found[0] if found["before"] or PLACE.search(found["name"]) else somebody
