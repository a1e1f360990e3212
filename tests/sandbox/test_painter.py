"""The offline painter as a whole: what comes out, the same every time, known again, and quick."""

import io
import time
from collections.abc import Callable

import pytest
from PIL import Image, ImageChops, ImageFilter, ImageStat

from bot.sandbox.gemini.models import Model, live_models
from bot.sandbox.gemini.painter.offline import OfflinePainter
from bot.sandbox.gemini.painter.scene import Scene, load
from bot.sandbox.gemini.request import Config
from tests.sandbox.asked import MODEL, SQUARE, asked, paint_words

WIDE = Config(ratio="16:9")


def ask(
    painter: OfflinePainter, words: str, *pictures: bytes, config: Config = SQUARE, model: Model = MODEL
) -> tuple[str, list[bytes]]:
    painting = painter.paint(asked(*pictures, words, model=model, config=config), 0)
    return " ".join(painting.texts), [part.data or b"" for part in painting.pictures]


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


def reencoded(data: bytes, scale: float) -> bytes:
    image = opened(data)
    out = io.BytesIO()
    small = image.resize((round(image.width * scale), round(image.height * scale)), Image.Resampling.LANCZOS)
    small.save(out, "JPEG", quality=80)
    return out.getvalue()


def test_the_same_words_give_the_same_bytes_and_another_take_another_picture():
    request = asked("two trees and a dog")
    first, second, other = (OfflinePainter().paint(request, take).pictures[0].data for take in (0, 0, 1))
    assert first == second != other


@pytest.mark.parametrize(
    ("ratio", "size"), [("1:1", "1K"), ("1:8", "1K"), ("8:1", "1K"), ("21:9", "2K"), ("9:16", "4K")]
)
def test_every_shape_and_size_is_painted_to_the_pixel(ratio, size):
    _, [picture] = ask(OfflinePainter(), "a lighthouse", config=Config(ratio=ratio, size=size))
    assert opened(picture).size == MODEL.pixels(ratio, size)


def test_words_that_mean_nothing_give_a_composition_and_an_honest_word():
    text, [picture] = ask(OfflinePainter(), "an astronaut riding a unicorn")
    assert "offline painter" in text
    assert "“astronaut” or “unicorn”" in text
    assert max(ImageStat.Stat(opened(picture)).stddev) > 20


def test_known_words_beside_unknown_ones_are_painted_all_the_same():
    text, [picture] = ask(OfflinePainter(), "a dog with a sombrero")
    assert "“sombrero”" in text
    _, [plain] = ask(OfflinePainter(), "an astronaut")
    assert picture != plain


def test_an_edit_of_exact_bytes_is_understood_by_a_painter_that_never_saw_them():
    _, [base] = ask(OfflinePainter(), "a dog by the sea", config=WIDE)
    text, [edited] = ask(OfflinePainter(), "paint the dog blue", base)
    assert text == "Done: the dog is blue now."
    assert ImageChops.difference(opened(base), opened(edited)).getbbox()


def test_an_edit_of_png_bytes_is_understood_too():
    old = live_models()["gemini-2.5-flash-image"]
    _, [base] = ask(OfflinePainter(), "a dog by the sea", model=old)
    assert Image.open(io.BytesIO(base)).format == "PNG"
    assert ask(OfflinePainter(), "remove the dog", base, model=old)[0] == "Done: the dog is gone."


@pytest.mark.parametrize("scale", [1.0, 0.75, 0.4])
def test_a_picture_that_comes_back_reencoded_is_known_by_its_look(scale):
    painter = OfflinePainter()
    _, [base] = ask(painter, "a dog by the sea", config=WIDE)
    assert ask(painter, "paint the dog blue", reencoded(base, scale))[0] == "Done: the dog is blue now."


def test_of_two_pictures_that_differ_in_a_colour_the_right_one_is_known_again():
    painter = OfflinePainter()
    _, [brown] = ask(painter, "a dog by the sea", config=WIDE)
    _, [blue] = ask(painter, "paint the dog blue", brown)
    _, [grown] = ask(painter, "make the sun smaller", reencoded(blue, 0.75))
    _, [again] = ask(painter, "make the sun smaller", reencoded(brown, 0.75))
    middle = [ImageStat.Stat(opened(data).crop((400, 380, 980, 700))).mean for data in (grown, again)]
    assert middle[0][2] - middle[0][0] > middle[1][2] - middle[1][0] + 3


def test_a_stranger_is_not_taken_for_a_picture_of_its_own():
    painter = OfflinePainter()
    ask(painter, "a dog by the sea", config=WIDE)
    noise = io.BytesIO()
    Image.effect_noise((1376, 768), 80).convert("RGB").save(noise, "JPEG")
    assert (
        "cannot see what is in a photograph, so I did not recolour the dog"
        in ask(painter, "paint the dog blue", noise.getvalue())[0]
    )


def test_a_chain_of_edits_keeps_what_was_done_before():
    painter = OfflinePainter()
    _, [picture] = ask(painter, "a red house and a dog", config=WIDE)
    for words in ("make it night", "add two trees", "turn the dog into a cat", "write “Good night” at the top"):
        _, [picture] = ask(painter, words, picture)
    answer, none = ask(painter, "what is in this picture?", picture)
    assert none == []
    assert all(word in answer for word in ("a house", "a cat", "two trees", "a moon", "It is night"))


def test_pictures_alone_are_given_where_no_words_are_wanted():
    painting = OfflinePainter().paint(asked("a dog", config=Config(modalities=("IMAGE",))), 0)
    assert [part.text for part in painting.parts] == [None]


def test_a_scene_goes_through_json_and_back():
    _, scene = paint_words("three boats on a lake and a sign that says “GO”", (1376, 768))
    assert isinstance(scene, Scene)
    assert load(scene.dump()) == scene


def test_a_picture_takes_no_longer_than_a_few_dozen_blurs():
    words = "a castle, five trees, two people, a dog and a boat on the lake at sunset in the mountains"
    paint_words(words, (1024, 1024))
    plain = Image.new("RGB", (1024, 1024), "teal")
    blur = cpu(lambda: plain.filter(ImageFilter.GaussianBlur(20)))
    assert cpu(lambda: paint_words(words, (1024, 1024))) < 40 * blur


def cpu(work: Callable[[], object]) -> float:
    """The least CPU time of three runs."""
    spent = []
    for _ in range(3):
        began = time.process_time()
        work()
        spent.append(time.process_time() - began)
    return min(spent)
