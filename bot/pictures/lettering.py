"""Words in pictures: set in Inter, and where that has no letter, in what the machine has; the rest is left out."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import groupby
from pathlib import Path

from PIL import ImageDraw, ImageFont

OWN = Path(__file__).parent / "type"
SHELVES = ("/usr/share/fonts", "/usr/local/share/fonts", "/System/Library/Fonts")
OTHERS = (
    *("NotoSansCJK-Medium", "NotoSansCJK-Regular", "NotoSansJP-Regular", "VL-PGothic-Regular"),
    *("DroidSansFallbackFull", "ipagp"),
    *("NotoSansArabic-Medium", "NotoSansArabic-Regular", "NotoSansHebrew-Regular", "NotoSansDevanagari-Regular"),
    *("NotoSansThai-Regular", "NotoEmoji-Regular", "DejaVuSans"),
)  #: looked for in this order, for what Inter does not speak
NOWHERE = "\uffff"  #: a character that no font has
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn"}  #: categories of characters that are not drawn

Font = ImageFont.FreeTypeFont
Colour = str | tuple[int, ...]


@dataclass(frozen=True)
class Face:
    """Letters of one size, in pixels."""

    size: int
    bold: bool = False

    @cached_property
    def fonts(self) -> tuple[Font, ...]:
        """The one of choice, then what fills its gaps."""
        return _fonts(self.size, self.bold)

    def width(self, text: str) -> float:
        """Pixels from its beginning to its end."""
        return sum(font.getlength(run) for font, run in self._runs(text))

    def draw(self, pen: ImageDraw.ImageDraw, at: tuple[float, float], text: str, colour: Colour) -> float:
        """Write a line, `at` being where its baseline begins; where the next word would begin."""
        x, y = at
        for font, run in self._runs(text):
            pen.text((x, y), run, font=font, fill=colour, anchor="ls")
            x += font.getlength(run)
        return x

    def line(self, text: str, width: float) -> str:
        """As much of it as there is room for, what can't be drawn left out."""
        return next(iter(self.lines(text, width, 1)), "")

    def lines(self, text: str, width: float, most: int) -> list[str]:
        """The text in lines of at most this width, and an ellipsis where there are too many of them."""
        rest, found = list(_pieces(self._drawable(text))), list[str]()
        while rest and len(found) < most:
            count = self._fitting(rest, width)
            found.append("".join(rest[:count]).strip())
            rest = rest[count:]
        if rest and found:
            found[-1] = self._cut(found[-1], width)
        return found

    def _fitting(self, pieces: list[str], width: float) -> int:
        """How many pieces fit on a line; at least one goes on each."""
        for count in range(1, len(pieces)):
            if self.width("".join(pieces[: count + 1]).rstrip()) > width:
                return count
        return len(pieces)

    def _cut(self, text: str, width: float) -> str:
        while text and self.width(text + "…") > width:
            text = text[:-1]
        return text.rstrip() + "…"

    def _drawable(self, text: str) -> str:
        """The text without what no font here can draw."""
        plain = (self._closest(each) for each in unicodedata.normalize("NFC", " ".join(text.split())))
        return " ".join("".join(plain).split())

    def _closest(self, letter: str) -> str:
        if unicodedata.category(letter) in UNSEEN:
            return ""
        if self._font(letter) is not None or unicodedata.combining(letter):
            return letter
        simple = unicodedata.normalize("NFKC", letter)
        return simple if simple != letter and all(self._font(each) for each in simple) else ""

    def _runs(self, text: str) -> Iterator[tuple[Font, str]]:
        """Stretches of the text with the font of each; what belongs to the letter before it stays with that."""
        font, fonts = self.fonts[0], []
        for letter in text:
            font = font if letter == " " or unicodedata.combining(letter) else self._font(letter) or self.fonts[0]
            fonts.append(font)
        for found, group in groupby(zip(fonts, text, strict=True), lambda pair: pair[0]):
            yield found, "".join(letter for _, letter in group)

    def _font(self, letter: str) -> Font | None:
        return next((font for font in self.fonts if _has(font, letter)), None)


@lru_cache(maxsize=64)
def _fonts(size: int, bold: bool) -> tuple[Font, ...]:
    own = OWN / ("Inter-Bold.otf" if bold else "Inter-Medium.otf")
    return tuple(ImageFont.truetype(str(path), size) for path in (own, *_others()))


@lru_cache(maxsize=1)
def _others() -> tuple[Path, ...]:
    found = {path.stem: path for shelf in SHELVES for path in Path(shelf).rglob("*.[to]t[fc]")}
    return tuple(found[name] for name in OTHERS if name in found)


@lru_cache(maxsize=4096)
def _has(font: Font, letter: str) -> bool:
    """Whether it draws anything but the box that stands for what it has not."""
    drawn = font.getmask(letter)
    return letter == " " or (drawn.getbbox() is not None and bytes(drawn) != _box(font))


@lru_cache(maxsize=256)
def _box(font: Font) -> bytes:
    return bytes(font.getmask(NOWHERE))


def _pieces(text: str) -> Iterator[str]:
    """Where a line may end: behind each word, and anywhere in a script that leaves no gaps, or in a very long word."""
    for word in text.split(" "):
        if len(word) > 18 or any(unicodedata.east_asian_width(each) in "WF" for each in word):
            yield from word
            yield " "
        else:
            yield word + " "
