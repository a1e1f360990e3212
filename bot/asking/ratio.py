"""A picture's shape: what words ask for, and which of a model's shapes comes nearest. Pure.

A shape is written as width:height in whole numbers, as Google writes it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType

from bot.model import Model, Turn, Version

SAME = 0.025  #: of a natural logarithm; Google's own pictures are up to a hundredth off their ratio
TERMS = 20  #: a shape is told in numbers no larger than this, where it can be
EXTREME = 100  #: no picture is so many times as wide as high
USUAL = frozenset({"16:9", "9:16", "16:10", "10:16", "21:9", "9:21"})  #: nobody means anything else by these

OTHER = "[^\\W\u3040-\u30ff\u4e00-\u9fff]"  # a letter, but for those of Japanese, which leaves no gaps between words
NUMBERS = re.compile(
    rf"(?<![:.,/])(?<!{OTHER})(\d{{1,4}})\s?(?::|：|x|×|by|mal|par|対)\s?(\d{{1,4}})(?!{OTHER}|[:/]|[.,]\d)",
    re.IGNORECASE,
)
#: `16/9`, as French has it: a date elsewhere, unless such a word stands before it.
SLASHED = re.compile(
    r"\b(?:formato?|ratio|propor(?:tions?|ción|ção)|(?:seiten)?verhältnis|en(?= 16/9))\W{1,3}(?:(?:de|of|von)\W)?"
    r"(\d{1,2})\s?/\s?(\d{1,2})(?![\w/]|[.,]\d)",
    re.IGNORECASE,
)
NEAR = 48  #: characters in front of two numbers in which such a word stands
PIXELS = 64  #: from here on both numbers are pixels

#: By language: what in front of two numbers, or behind them, makes a shape of them.
BEFORE: Mapping[str, str] = MappingProxyType(
    {
        "en": r"\b(?:make (?:it|this|that)|in|into|as|to|at|(?:ratio|format)(?: of)?|aspect|shape)\W{1,3}(?:an?\W)?",
        "de": r"\b(?:mach (?:es|das|daraus)|in|im|ins|als|auf|zu|(?:bild)?format|\w*verhältnis)\W{1,3}(?:eine?m?\W)?",
        "fr": r"\b(?:en|au|comme|format|ratio|proportions?)\W{1,3}(?:de\W)?",
        "es": r"\b(?:en|como|formato|proporción|relación(?: de aspecto)?)\W{1,3}(?:de\W)?",
        "pt-BR": r"\b(?:em|para|como|formato|proporção)\W{1,3}(?:de\W)?",
        "ja": r"(?:縦横比|アスペクト比|比率|比|サイズ|フォーマット)[はをがの]?\W{0,3}",
    }
)
BEHIND: Mapping[str, str] = MappingProxyType(
    {
        "en": r"\W{1,3}(?:aspect|ratio|format|shape|version|crop|picture|image)\b",
        "de": r"\W{1,3}(?:format|(?:seiten)?verhältnis|version|ausschnitt|bild)\b",
        "ja": r"\W{0,3}(?:に(?:して|し|する|変|直)|で|の(?:比率|サイズ|画像|フォーマット)|比|サイズ|フォーマット)",
    }
)
#: By language: talk of numbers that are no shape.
OTHERWISE: Mapping[str, str] = MappingProxyType(
    {
        "en": r"\b(?:scores?|scored|won|lost|beat|clock|o'clock|verse|odds)\b",
        "de": r"\b(?:spielstand|ergebnis|gewonnen|gewann|verloren|steht es|uhr|vers|quote)\b",
        "fr": r"\b(?:score|match|gagn\w+|perd\w+|heures?|horloge|verset|cote)\b",
        "es": r"\b(?:marcador|partido|gan(?:ó|aron|ado)|perd\w+|empate|reloj|versículo)\b",
        "pt-BR": r"\b(?:placar|partida|ganh\w+|venc\w+|perd\w+|empate|relógio|versículo)\b",
        "ja": r"スコア|得点|試合|時計|時刻|勝|負|節",
    }
)

_END = r"\s*(?:[.,;!]|$)"
_FORM = r"(?:format|orientation|mode|shape|ratio|aspect|crop|layout)"
_MODE = r"(?:format|orientation|mode|cadrage)"  # French
_MODO = r"(?:formato|orientaci[óo]n|orientação|modo)"  # Spanish and Portuguese
_HAZLO = r"(?:ha[zg]l[oa]|ponl[oa]|déjal[oa]|recórtal[oa])"
_DEIXE = r"(?:deix[ae]|torne|fa[çz]a?|recort[ae]|cort[ae]|coloque|ponha)(?:-[oa]| isso| a imagem| a foto)"
_FUNDO = r"(?:papel de parede|fundo de tela)"
_MACH = r"(?:mach|schneide?|stell)\w* (?:es|das|das bild|das foto)"
_METS = r"(?:mets|rends|passe|recadre)[ -](?:la|le|ça|l['’]image|la photo)"
_THIS = r"(?:(?:これ|それ|画像|写真|絵|全体)を|^|[、。\s])"
#: By language: words for a shape, the first that fits counts.
WORDS: Mapping[str, tuple[tuple[str, str], ...]] = MappingProxyType(
    {
        "en": (
            (rf"\bsquare {_FORM}\b|\b(?:make|crop|turn|cut) (?:it|this|that)(?: (?:in)?to)?(?: an?)? square\b", "1:1"),
            (rf"\b(?:in|as an?) square{_END}|^\W*square\W*$", "1:1"),
            (rf"\bultra-?\s?wide(?:screen)?(?: {_FORM}|\W*$)", "21:9"),
            (rf"\bcinema(?:scope|tic) {_FORM}\b|\bpanoram(?:a|ic) {_FORM}\b", "21:9"),
            (r"\bwide-?\s?screen\b(?! (?:tv|television|monitor|display|laptop|set))", "16:9"),
            (rf"\b(?:phone|mobile) (?:wallpaper|background|{_FORM})\b|\bstory {_FORM}\b", "9:16"),
            (r"\bdesktop (?:wallpaper|background)\b", "16:9"),
            (rf"\b(?:portrait|upright|vertical) {_FORM}\b|\bin portrait{_END}", "3:4"),
            (r"\bmake (?:it|this|that) (?:vertical|upright)\b", "3:4"),
            (rf"\b(?:landscape|horizontal) {_FORM}\b|\bin landscape{_END}", "4:3"),
            (r"\bmake (?:it|this|that) horizontal\b", "4:3"),
        ),
        "de": (
            (r"\bquadratformat\b|\bquadratische[snmr]? (?:format|bild|foto|ausschnitt|zuschnitt)\b", "1:1"),
            (rf"\b{_MACH}(?: \w+)? quadratisch\b|\b(?:als|im) quadrat{_END}|^\W*quadrat(?:isch)?\W*$", "1:1"),
            (r"\bultra-?breit(?:bild|format)\b|\bkinoformat\b|\bcinemascope\b|\bpanorama-?format\b", "21:9"),
            (r"\bbreitbild(?:format)?\b", "16:9"),
            (r"\b(?:handy|smartphone)-?hintergrund(?:bild)?\b|\b(?:story|handy)-?format\b", "9:16"),
            (r"\b(?:desktop|bildschirm|pc)-?hintergrund(?:bild)?\b", "16:9"),
            (rf"\bhochformat\b|\b{_MACH} (?:hochkant|senkrecht)\b|\bhochkant{_END}", "3:4"),
            (rf"\bquerformat\b|\b{_MACH} (?:quer|waagerecht){_END}", "4:3"),
        ),
        "fr": (
            (rf"\b{_MODE} carrée?\b|\bimage carrée\b|\b{_METS}(?: en)? carrée?\b|^\W*carrée?\W*$", "1:1"),
            (rf"\b{_MODE} (?:ultra-?\s?large|cinéma|cinémascope|panoram\w+)\b|\ben cinémascope\b", "21:9"),
            (rf"\b{_MODE} (?:large|écran large)\b|\ben écran large\b", "16:9"),
            (r"\bfond d['’]écran (?:de |pour )?(?:mon )?(?:téléphone|portable|mobile|smartphone)\b", "9:16"),
            (rf"\b{_MODE} (?:story|téléphone|mobile)\b", "9:16"),
            (r"\bfond d['’]écran (?:de |d['’]|pour )?(?:mon )?(?:bureau|ordinateur|pc)\b", "16:9"),
            (rf"\b{_MODE} (?:portrait|vertical\w*)\b|\b{_METS} (?:à la |en )?verticale?\b", "3:4"),
            (rf"\b{_MODE} (?:paysage|horizontal\w*)\b|\b{_METS} (?:à l['’]|en )?horizontale?\b", "4:3"),
        ),
        "es": (
            (rf"\b{_MODO} cuadrad[oa]\b|\bimagen cuadrada\b|\b{_HAZLO} cuadrad[oa]\b|^\W*cuadrad[oa]\W*$", "1:1"),
            (rf"\b{_MODO} (?:ultra-?\s?ancho|cine|cinematográfico|panorámic[oa])\b|\ben cinemascope\b", "21:9"),
            (rf"\b{_MODO} (?:de )?(?:ancho|pantalla ancha|panorámica)\b|\ben pantalla ancha\b", "16:9"),
            (r"\bfondo de pantalla (?:de |del |para )?(?:el |mi )?(?:móvil|celular|teléfono)\b", "9:16"),
            (rf"\b{_MODO} (?:de )?(?:historia|story|móvil|celular)\b", "9:16"),
            (r"\bfondo de (?:escritorio|pantalla (?:de |del |para )?(?:el |mi )?(?:ordenador|pc))\b", "16:9"),
            (rf"\b{_MODO} (?:vertical|retrato)\b|\b{_HAZLO} (?:en )?vertical\b|\ben vertical{_END}", "3:4"),
            (rf"\b{_MODO} (?:horizontal|apaisad[oa]|paisaje)\b|\b{_HAZLO} (?:en )?(?:horizontal|apaisad[oa])\b", "4:3"),
            (rf"\ben (?:horizontal|apaisado){_END}", "4:3"),
        ),
        "pt-BR": (
            (rf"\b{_MODO} quadrad[oa]\b|\bimagem quadrada\b|\b{_DEIXE} quadrad[oa]\b|^\W*quadrad[oa]\W*$", "1:1"),
            (rf"\b{_MODO} (?:ultra-?\s?(?:largo|wide)|cinema|cinematográfico|panorâmic[oa])\b", "21:9"),
            (rf"\b{_MODO} (?:largo|widescreen)\b", "16:9"),
            (rf"\b{_FUNDO} (?:de |do |para )?(?:o )?(?:meu )?(?:celular|telefone)\b", "9:16"),
            (rf"\b{_MODO} (?:de )?(?:story|stories|celular)\b", "9:16"),
            (rf"\b{_FUNDO} (?:de |do |para )?(?:o )?(?:meu )?(?:computador|pc|desktop)\b", "16:9"),
            (rf"\b{_MODO} retrato\b|\b{_DEIXE} (?:na )?vertical\b|\bna vertical{_END}", "3:4"),
            (rf"\b{_MODO} paisagem\b|\b{_DEIXE} (?:na )?horizontal\b|\bna horizontal{_END}", "4:3"),
        ),
        "ja": (
            (rf"{_THIS}(?:正方形|スクエア)に(?:して|する)|(?:正方形|スクエア)(?:で|サイズ|フォーマット|の画像)", "1:1"),
            (r"^\W*(?:正方形|スクエア)\W*$", "1:1"),
            (r"シネマスコープ|シネスコ|ウルトラワイド|パノラマ(?:サイズ|比率|フォーマット)", "21:9"),
            (r"ワイド(?:スクリーン|画面)(?:に|で|サイズ|比率)", "16:9"),
            (r"(?:スマホ|携帯|スマートフォン)(?:の|用の?)?(?:壁紙|待ち受け)|ストーリー(?:サイズ|比率|用)", "9:16"),
            (r"(?:PC|パソコン|デスクトップ)(?:の|用の?)?(?:壁紙|背景)", "16:9"),
            (rf"{_THIS}縦(?:長|向き|型)に|縦(?:長|向き|型)(?:で|の(?:画像|構図|写真))|縦構図|^\W*縦長\W*$", "3:4"),
            (rf"{_THIS}横(?:長|向き|型)に|横(?:長|型)(?:で|の(?:画像|構図|写真))|横構図|^\W*横長\W*$", "4:3"),
        ),
    }
)  # fmt: skip


def asked(words: str) -> str | None:
    """The shape that words ask for, as they mean it; None where they speak of none."""
    return _in_numbers(words) or _in_words(words)


def nearest(shape: str, ratios: Sequence[str]) -> str | None:
    """Of these ratios, the one nearest to a shape by proportion; None where there are none."""
    wanted = _log(shape)
    return min(ratios, key=lambda each: abs(_log(each) - wanted), default=None)


def chosen(turn: Turn, base: Version | None, model: Model) -> str | None:
    """The ratio that goes to the model: as asked for, else the base's own; None where the model may choose."""
    wanted = _wanted(turn, base)
    return nearest(wanted, model.ratios) if wanted else None


def missed(turn: Turn, base: Version | None, model: Model) -> tuple[str, str] | None:
    """The shape that was wanted and the one there is instead, where the model has nothing like it."""
    wanted, found = _wanted(turn, base), chosen(turn, base, model)
    if not wanted or not found or abs(_log(wanted) - _log(found)) <= SAME:
        return None
    return _plain(wanted), found


def _wanted(turn: Turn, base: Version | None) -> str | None:
    return turn.ratio or (f"{base.picture.width}:{base.picture.height}" if base else None)


def _plain(shape: str) -> str:
    """In small numbers: `710:1536` is 6:13 to people."""
    across, down = map(int, shape.split(":"))
    long, short = max(across, down), min(across, down)
    near = Fraction(short, long).limit_denominator(TERMS)
    long, short = (near.denominator, near.numerator) if near else (round(long / short), 1)
    return f"{long}:{short}" if across >= down else f"{short}:{long}"


def _log(shape: str) -> float:
    across, down = map(int, shape.split(":"))
    return math.log(across / down)


def _in_numbers(words: str) -> str | None:
    if any(re.search(talk, words, re.IGNORECASE) for talk in OTHERWISE.values()):
        return None
    meant = (found for found in NUMBERS.finditer(words) if _is_meant(words, found))
    for found in (*meant, *SLASHED.finditer(words)):
        across, down = int(found[1]), int(found[2])
        if _is_shape(across, down):
            return _least(across, down)
    return None


def _is_shape(across: int, down: int) -> bool:
    return bool(across and down) and max(across, down) <= EXTREME * min(across, down)


def _is_meant(words: str, found: re.Match[str]) -> bool:
    """Large numbers are pixels and some ratios are known to everybody; others need a word beside them, or no other."""
    across, down = int(found[1]), int(found[2])
    if min(across, down) >= PIXELS or f"{across}:{down}" in USUAL:
        return True
    before, behind = words[: found.start()], words[found.end() :]
    told = any(re.search(f"{said}$", before[-NEAR:], re.IGNORECASE) for said in BEFORE.values())
    called = any(re.match(said, behind, re.IGNORECASE) for said in BEHIND.values())
    return told or called or not (before + behind).strip(" .,;!")


def _least(across: int, down: int) -> str:
    common = math.gcd(across, down)
    return f"{across // common}:{down // common}"


def _in_words(words: str) -> str | None:
    flat = " ".join(words.split())
    return next(
        (shape for table in WORDS.values() for said, shape in table if re.search(said, flat, re.IGNORECASE)), None
    )
