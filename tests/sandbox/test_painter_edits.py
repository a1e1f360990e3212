"""Each edit changes what was asked and leaves the rest: compared pixel by pixel on the drawn picture."""

from dataclasses import dataclass

import pytest
from PIL import Image, ImageChops, ImageOps, ImageStat

from bot.sandbox.gemini.painter import edits
from bot.sandbox.gemini.painter.draw import render
from bot.sandbox.gemini.painter.intent import understand
from bot.sandbox.gemini.painter.repaint import Task, repaint_scene
from bot.sandbox.gemini.painter.scene import Scene
from bot.sandbox.gemini.painter.things import KINDS
from tests.sandbox.asked import paint_words

SIZE = (520, 290)
ASPECT = SIZE[0] / SIZE[1]


@dataclass(frozen=True)
class Edited:
    before: Image.Image
    after: Image.Image
    old: Scene
    new: Scene
    said: str

    @property
    def changed(self) -> tuple[int, int, int, int]:
        return ImageChops.difference(self.before, self.after).getbbox() or (0, 0, 0, 0)


def edit(first: str, words: str, size: tuple[int, int] = SIZE) -> Edited:
    image, scene = paint_words(first, SIZE)
    done = repaint_scene(scene, Task(words, understand(words), [], size))
    assert done.scene is not None
    return Edited(image, done.image, scene, done.scene, done.text)


def room_of(scene: Scene, kind: str) -> tuple[float, float, float, float]:
    """Where a thing may leave its marks: itself, its margin, and its shadow."""
    thing = scene.of(kind)[0]
    tall = thing.size * SIZE[1]
    wide = tall * (KINDS[kind].wide / 2 + 0.5)
    x, y = thing.x * SIZE[0], thing.y * SIZE[1]
    return x - wide, y - tall * 1.25, x + wide, y + tall * 0.3


def within(box: tuple[float, ...], room: tuple[float, ...]) -> bool:
    return any(box) and box[0] >= room[0] and box[1] >= room[1] and box[2] <= room[2] and box[3] <= room[3]


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("paint the dog blue", "dog"),
        ("make the dog green please", "dog"),
        ("remove the dog", "dog"),
        ("make the dog smaller", "dog"),
        ("make the house yellow", "house"),
        ("make the roof green", "house"),
        ("get rid of the house", "house"),
    ],
)
def test_an_edit_of_one_thing_touches_only_its_place(words, kind):
    done = edit("a red house and a dog", words)
    assert within(done.changed, room_of(done.old, kind))


def test_a_thing_that_became_another_stands_where_the_first_one_stood():
    done = edit("a red house and a dog", "turn the dog into a cat")
    [cat], [dog] = done.new.of("cat"), done.old.of("dog")
    assert (cat.x, cat.y) == (dog.x, dog.y)
    assert not done.new.of("dog")
    assert "the dog is now a cat" in done.said


def test_an_orange_sky_leaves_the_ground_alone():
    done = edit("a red house and a dog", "make the sky orange")
    sky = ImageStat.Stat(done.after.crop((0, 0, 120, 100))).mean
    assert sky[0] > sky[2] + 60
    low = round(SIZE[1] * 0.8)
    assert not ImageChops.difference(done.before.crop((0, low, *SIZE)), done.after.crop((0, low, *SIZE))).getbbox()


def test_added_trees_are_there_and_nothing_else_moved():
    done = edit("a red house and a dog", "add two trees")
    assert len(done.new.of("tree")) == 2
    assert done.new.things[: len(done.old.things)] == done.old.things
    assert done.said == "Done: two trees are in it now."


def test_a_thing_moves_to_the_side_that_was_named():
    done = edit("a red house and a dog", "move the dog to the left")
    assert done.new.of("dog")[0].x < done.old.of("dog")[0].x


def test_left_stays_left_in_a_mirrored_picture():
    image, scene = paint_words("a dog", SIZE)
    mirrored = edits.apply(scene, understand("flip it").edits[0], ASPECT).scene
    moved = edits.apply(mirrored, understand("move the dog to the left").edits[0], ASPECT).scene
    assert moved.of("dog")[0].x > scene.of("dog")[0].x
    assert not ImageChops.difference(ImageOps.mirror(image), render(mirrored, SIZE)).getbbox()


def test_flipping_twice_gives_the_first_picture_back():
    done = edit("a red house and a dog", "flip it, then flip it")
    assert not any(done.changed)


def test_upside_down_is_exactly_that():
    done = edit("a red house and a dog", "turn it upside down")
    assert not ImageChops.difference(ImageOps.flip(done.before), done.after).getbbox()


def test_a_quarter_turn_exchanges_width_and_height():
    done = edit("a red house and a dog", "rotate 90 degrees", SIZE[::-1])
    turned = done.before.transpose(Image.Transpose.ROTATE_270)
    assert done.after.size == turned.size
    assert max(ImageStat.Stat(ImageChops.difference(done.after, turned)).mean) < 1


def test_black_and_white_has_no_colour_left():
    red, green, blue = edit("a red house", "make it black and white").after.split()
    assert not ImageChops.difference(red, green).getbbox()
    assert not ImageChops.difference(green, blue).getbbox()


@pytest.mark.parametrize(
    ("words", "channel", "sign"),
    [("make it warmer", 0, 1), ("cooler please", 2, 1), ("make it brighter", 1, 1), ("darker", 1, -1)],
)
def test_a_tone_goes_the_way_it_says(words, channel, sign):
    done = edit("a red house and a dog", words)
    before, after = (ImageStat.Stat(image).mean[channel] for image in (done.before, done.after))
    assert (after - before) * sign > 1


@pytest.mark.parametrize(
    "words",
    ["sepia", "invert the colours", "blur it", "make it dreamy", "pixel art", "as a pencil sketch", "pop art",
     "watercolour", "more contrast", "vivid", "muted", "add a vignette", "sharper"],
)  # fmt: skip
def test_every_style_and_tone_shows(words):
    done = edit("a red house and a dog", words)
    assert max(ImageStat.Stat(ImageChops.difference(done.before, done.after)).mean) > 0.3
    assert "nothing to me" not in done.said


def test_an_effect_can_be_taken_away_again():
    _, scene = paint_words("a red house", SIZE)
    for words in ("make it sepia", "remove the sepia"):
        done = repaint_scene(scene, Task(words, understand(words), [], SIZE))
        scene = done.scene or scene
    assert scene.finish == ()


def test_words_are_written_at_the_top_and_nowhere_else():
    done = edit("a red house and a dog", "write “Hello” at the top in yellow")
    assert done.changed[3] < SIZE[1] * 0.3
    assert done.new.words == (("Hello", "top", "yellow"),)


def test_a_frame_stays_at_the_edges():
    done = edit("a red house and a dog", "add a gold frame")
    inner = (20, 20, SIZE[0] - 20, SIZE[1] - 20)
    assert not ImageChops.difference(done.before.crop(inner), done.after.crop(inner)).getbbox()
    assert done.changed == (0, 0, *SIZE)


@pytest.mark.parametrize("word", ["rain", "snow", "fog", "storm", "rainbow"])
def test_weather_comes_and_goes(word):
    came = edit("a red house", f"add {word}")
    assert any(came.changed)
    gone = repaint_scene(came.new, Task("", understand(f"remove the {word}"), [], SIZE))
    assert not ImageChops.difference(came.before, gone.image).getbbox()


def test_night_brings_moon_and_stars_and_day_takes_them_away():
    done = edit("a red house and a dog", "make it night")
    assert done.new.of("moon")
    assert not done.new.of("sun")
    assert sum(ImageStat.Stat(done.after).mean) < sum(ImageStat.Stat(done.before).mean) / 2
    back = repaint_scene(done.new, Task("", understand("make it day"), [], SIZE))
    assert back.scene
    assert back.scene.of("sun")
    assert back.scene.weather == ()


def test_another_background_leaves_the_things_in_front():
    done = edit("a red house by the sea and a dog", "change the background to mountains")
    assert done.new.lands == ("mountains",)
    assert done.new.things == done.old.things


def test_several_edits_in_one_sentence_are_all_done():
    done = edit("a red house and a dog", "make the sky pink and the dog blue, add a cat, then remove the sun")
    assert done.new.paint_of("sky") == "pink"
    assert done.new.of("dog")[0].colour == "blue"
    assert done.new.of("cat")
    assert not done.new.of("sun")


def test_what_is_not_there_is_said_and_nothing_changes():
    done = edit("a red house", "remove the horse")
    assert not any(done.changed)
    assert "there is no horse in this picture" in done.said


def test_unknown_words_leave_the_picture_as_it_was_and_are_named():
    done = edit("a red house", "add a sombrero")
    assert not any(done.changed)
    assert "“sombrero”" in done.said


def test_another_picture_is_worked_in_and_the_rest_stays():
    other = Image.new("RGB", (300, 200), "magenta")
    image, scene = paint_words("a red house and a dog", SIZE)
    done = repaint_scene(
        scene, Task("put the second picture in", understand("put the second picture in"), [other], SIZE)
    )
    left, top, right, bottom = ImageChops.difference(image, done.image).getbbox() or (0, 0, 0, 0)
    assert 0 < (right - left) * (bottom - top) < SIZE[0] * SIZE[1] * 0.25
    red, green, _ = ImageStat.Stat(done.image.crop((left, top, right, bottom))).median
    assert red - green > 150


def test_of_several_things_the_one_on_its_side_is_meant():
    done = edit("three trees", "paint the left tree red")
    colours = [tree.colour for tree in sorted(done.new.of("tree"), key=lambda tree: tree.x)]
    assert colours == ["red", "", ""]


def test_a_colour_at_the_end_belongs_to_the_subject_not_to_its_neighbour():
    done = edit("a house and a dog", "paint the dog next to the house blue")
    assert (done.new.of("dog")[0].colour, done.new.of("house")[0].colour) == ("blue", "")


def test_land_that_is_there_only_says_where_a_thing_goes():
    done = edit("a house by the sea", "add a dog on the left by the sea")
    assert done.new.lands == done.old.lands
    assert done.new.of("dog")[0].x < 0.4
    assert done.said == "Done: a dog is in it now."
