"""Pictures that the painter did not paint: what it can do to them, and what it says about the rest."""

import io
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageOps, ImageStat
from skimage import data

from bot.sandbox.gemini.painter.offline import OfflinePainter
from bot.sandbox.gemini.painter.repaint import fitted
from bot.sandbox.gemini.request import Config, Part
from tests.sandbox.asked import asked, paint_words, smaller

MODEL = smaller(2)


def file_of(image: Image.Image, **how: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", **how)
    return out.getvalue()


@pytest.fixture(scope="module")
def cat() -> Image.Image:
    return Image.fromarray(data.chelsea())  # type: ignore[no-untyped-call]


@pytest.fixture(scope="module")
def rocket() -> Image.Image:
    return Image.fromarray(data.rocket())  # type: ignore[no-untyped-call]


def edit(words: str, *images: Image.Image, config: Config | None = None) -> tuple[str, Image.Image]:
    request = asked(*map(file_of, images), words, model=MODEL, config=config or Config())
    painting = OfflinePainter().paint(request, 0)
    [picture] = painting.pictures
    return painting.texts[0], Image.open(io.BytesIO(picture.data or b"")).convert("RGB")


def distance(first: Image.Image, second: Image.Image) -> float:
    return max(ImageStat.Stat(ImageChops.difference(first, second)).mean)


@pytest.mark.parametrize("words", ["make the cat blue", "remove the cat", "move the cat to the left", "add a sombrero"])
def test_what_needs_understanding_leaves_the_photograph_whole_and_is_said(cat, words):
    text, image = edit(words, cat)
    assert distance(image, fitted(cat, image.size)) < 4
    assert "offline painter" in text
    assert "What I can do to any picture" in text


@pytest.mark.parametrize(
    "words",
    ["make it sepia", "let it rain", "let it snow", "make it night", "add a frame", "write “Chelsea”", "pixel art",
     "pencil sketch", "poster", "watercolour", "blur it", "make it look like autumn"],
)  # fmt: skip
def test_what_needs_none_is_done(cat, words):
    text, image = edit(words, cat)
    assert distance(image, fitted(cat, image.size)) > 1
    assert text.startswith(("Done", "Here it is"))


def test_a_photograph_flips_exactly(cat):
    _, image = edit("flip it", cat)
    assert distance(image, ImageOps.mirror(fitted(cat, image.size))) < 4


def test_a_turned_photograph_keeps_all_of_itself(cat):
    _, image = edit("rotate 90 degrees", cat)
    assert image.size == (424, 632)
    assert distance(image, fitted(cat, (632, 424)).transpose(Image.Transpose.ROTATE_270)) < 6


def test_an_orange_sky_is_orange_above_and_leaves_the_ground(rocket):
    text, image = edit("make the sky orange", rocket)
    before = fitted(rocket, image.size)
    red, _, blue = ImageStat.Stat(image.crop((0, 0, image.width, 60))).mean
    assert red > blue + 60
    assert distance(*(each.crop((0, 350, each.width, each.height)) for each in (image, before))) < 4
    assert "sky is orange" in text


def test_a_thing_is_added_as_a_sticker_and_covers_little(cat):
    text, image = edit("add a dog", cat)
    apart = ImageChops.difference(image, fitted(cat, image.size)).point([255 * (n % 256 > 60) for n in range(768)])
    left, top, right, bottom = apart.getbbox() or (0, 0, 0, 0)
    assert 0 < (right - left) * (bottom - top) < image.width * image.height * 0.2
    assert "stuck on it" in text


@pytest.mark.parametrize("words", ["blend them", "double exposure", "side by side", "put the second picture in", ""])
def test_a_second_picture_is_worked_in_visibly(cat, rocket, words):
    text, image = edit(words, cat, rocket, config=Config(ratio="3:2"))
    assert distance(image, fitted(cat, image.size)) > 2
    assert "the other picture is worked in" in text


def test_the_colours_of_another_picture_can_be_taken_over(cat, rocket):
    text, image = edit("use the colours of the second picture", cat, rocket, config=Config(ratio="3:2"))
    near, far = (distance_of_means(image, other) for other in (rocket, cat))
    assert near < far
    assert "colours follow the other picture" in text


def distance_of_means(first: Image.Image, second: Image.Image) -> float:
    return sum(abs(a - b) for a, b in zip(ImageStat.Stat(first).mean, ImageStat.Stat(second).mean, strict=True))


def test_in_another_shape_the_photograph_stays_whole_on_a_soft_ground(cat):
    text, image = edit("extend it", cat, config=Config(ratio="16:9"))
    plain = ImageOps.contain(cat, image.size, Image.Resampling.LANCZOS)
    left = (image.width - plain.width) // 2
    assert distance(image.crop((left, 0, left + plain.width, plain.height)), plain) < 6
    assert text == "Done: it has its new shape."


def test_a_photograph_in_a_scene_stays_in_it_through_later_edits(cat):
    painter = OfflinePainter()
    scene, _ = paint_words("a castle", (600, 448))

    def paint(*parts: str | bytes | Part) -> Part:
        return painter.paint(asked(*parts, model=MODEL, config=Config(ratio="4:3")), 0).pictures[0]

    pink = paint(paint(paint("a castle"), file_of(cat), "put it in"), "make it pink")
    corner = Image.open(io.BytesIO(pink.data or b"")).convert("RGB").crop((450, 325, 575, 425))
    assert distance(corner, scene.crop((450, 325, 575, 425))) > 20


def test_a_picture_with_its_camera_held_sideways_is_set_upright(cat):
    exif = Image.Exif()
    exif[0x0112] = 6
    request = asked(file_of(cat, exif=exif), "make it warmer", model=MODEL)
    [picture] = OfflinePainter().paint(request, 0).pictures
    assert Image.open(io.BytesIO(picture.data or b"")).size == (424, 632)


def test_transparent_pictures_lie_on_white():
    clear = Image.new("RGBA", (300, 300))
    _, image = edit("flip it", clear)
    assert image.getpixel((50, 50)) == (255, 255, 255)


def test_a_file_it_cannot_look_into_is_answered_in_words():
    painting = OfflinePainter().paint(asked(b"ftypheic", "flip it"), 0)
    assert painting.pictures == ()
    assert "cannot look into files of this kind" in painting.texts[0]
