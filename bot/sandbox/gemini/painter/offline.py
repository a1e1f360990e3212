"""The painter behind the stand-in: from a request to words and pictures."""

import io
from collections.abc import Iterable

from PIL import Image, ImageOps

from bot.sandbox.gemini.painter import memory, reply, story
from bot.sandbox.gemini.painter.brief import Brief, read_brief
from bot.sandbox.gemini.painter.canvas import Size
from bot.sandbox.gemini.painter.compose import compose
from bot.sandbox.gemini.painter.draw import render
from bot.sandbox.gemini.painter.intent import is_about_the_picture, is_question, understand
from bot.sandbox.gemini.painter.repaint import Repainted, Task, quarter_turned, repaint_photo, repaint_scene
from bot.sandbox.gemini.painter.sticker import is_asked as is_sticker
from bot.sandbox.gemini.painter.sticker import sticker
from bot.sandbox.gemini.painting import Painting
from bot.sandbox.gemini.request import Part, Request


class OfflinePainter:
    """Paints what simple English describes, and edits its own pictures, and any others as far as that goes."""

    def __init__(self, remembered: int = 512) -> None:
        self._memory = memory.Memory(remembered)

    def paint(self, request: Request, take: int) -> Painting:
        """Words and pictures for a request; the same ones for the same request and take."""
        brief = read_brief(request)
        if not request.model.paints:
            return _spoken(reply.better_prompt(brief.words))
        try:
            base = opened(brief.base) if brief.base else None
            others = [opened(data) for data in brief.references]
        except OSError:
            return _spoken(f"{reply.WHO}, so I cannot look into files of this kind. A PNG, JPEG or WebP would do.")
        if _wants_words(request, brief):
            shown = self._memory.scene_of(base) if base and is_about_the_picture(brief.words) else None
            return _spoken(reply.answer(brief.words, shown))
        if base is None or story.is_told(brief.words):
            return _shown(request, self._new(request, brief.words, take))
        return _shown(request, self._edited(request, (brief.words, take), (base, others)))

    def _new(self, request: Request, words: str, take: int) -> Iterable[Part]:
        size = size_of(request, None)
        if story.is_story(words):
            for page in story.pages_of(words, size[0] / size[1], take):
                yield Part(text=page.text)
                yield self._picture(request, Repainted(render(page.scene, size), "", page.scene))
            return
        intent = understand(words)
        scene = compose(words, intent, size[0] / size[1], take)
        yield Part(text=reply.new_picture(scene, intent.unknown))
        yield self._picture(request, Repainted(render(scene, size), "", scene))

    def _edited(
        self, request: Request, ask: tuple[str, int], pictures: tuple[Image.Image, list[Image.Image]]
    ) -> Iterable[Part]:
        (base, others), (words, take) = pictures, ask
        intent = understand(words)
        size = size_of(request, base, turned=quarter_turned(intent))
        task, scene = Task(words, intent, others, size, take), self._memory.scene_of(base)
        cut = sticker(scene, size) if scene and is_sticker(words) else None
        if cut:
            painted = Repainted(cut, "Here is your sticker.")
        else:
            painted = repaint_photo(base, task) if scene is None else repaint_scene(scene, task)
        yield Part(text=painted.text)
        yield self._picture(request, painted)

    def _picture(self, request: Request, painted: Repainted) -> Part:
        if painted.scene is not None:
            self._memory.keep(painted.image, painted.scene)
        mime = request.model.mime
        return Part(data=memory.encode(painted.image, mime, painted.scene), mime=mime)


def _wants_words(request: Request, brief: Brief) -> bool:
    if "IMAGE" not in request.config.modalities:
        return True
    return "TEXT" in request.config.modalities and is_question(brief.words)


def _spoken(text: str) -> Painting:
    return Painting((Part(text=text),))


def _shown(request: Request, parts: Iterable[Part]) -> Painting:
    """The parts that were asked for: both kinds, or pictures alone."""
    wants_words = "TEXT" in request.config.modalities
    return Painting(tuple(part for part in parts if wants_words or part.data is not None))


def size_of(request: Request, base: Image.Image | None, *, turned: bool = False) -> Size:
    """How large the answer is: of the ratio asked for, else like the last picture that came along, else square."""
    model, ratio = request.model, request.config.ratio
    if ratio is None:
        pictures = request.last.pictures
        last = opened(pictures[-1].data or b"").size if pictures else base.size if base else (1, 1)
        ratio = model.nearest_ratio(*(last[::-1] if turned else last))
    return model.pixels(ratio, request.config.size or "1K")


def opened(data: bytes) -> Image.Image:
    """A picture out of its file, upright, without transparency; its comments stay with it."""
    image = Image.open(io.BytesIO(data))
    notes = image.info
    upright = ImageOps.exif_transpose(image)
    if upright.mode in {"RGBA", "LA", "PA"} or "transparency" in upright.info:
        full = upright.convert("RGBA")
        upright = Image.new("RGBA", full.size, "white")
        upright.alpha_composite(full)
    plain = upright.convert("RGB")
    plain.info = notes
    return plain
