import random
from itertools import product

import pytest
from PIL import Image

from bot.fingerprint import ALIKE, SIDE, SQUARES, Fingerprint, nearest, taken, telling
from bot.pictures import Pictures
from tests.files import PHOTOS, encoded, on_disk, photograph, see_through


@pytest.fixture
async def pictures():
    async with Pictures() as opened:
        yield opened


async def look(pictures: Pictures, data: bytes) -> Fingerprint:
    with on_disk(data) as file:
        return await pictures.look(file)


def apart(one: Fingerprint, other: Fingerprint) -> int:
    return (int.from_bytes(one.bits) ^ int.from_bytes(other.bits)).bit_count()


def with_hat(image: Image.Image) -> Image.Image:
    image = image.copy()
    image.paste("purple", (190, 10, 300, 70))
    return image


async def test_copies_in_another_format_and_size_look_alike_and_are_told_from_their_edits(pictures):
    photo = photograph()
    kept = [await look(pictures, encoded(each, "PNG")) for each in (with_hat(photo), photo)]
    for kind, quality, part in product(("JPEG", "WEBP"), (50, 95), (1, 2, 4)):
        copy = photo.resize((photo.width // part, photo.height // part))
        shown = await look(pictures, encoded(copy, kind, quality=quality))
        assert apart(shown, kept[1]) <= ALIKE
        differences = sorted((shown.difference(each), place) for place, each in enumerate(kept))
        assert telling([difference for difference, _ in differences], 3) == (1, True)
        assert differences[0][1] == 1, "it is the photograph, and not the one with the hat"


async def test_other_pictures_do_not_look_alike(pictures):
    names = ("astronaut.png", "chelsea.png", "coffee.png", "rocket.jpg", "camera.png")
    looks = [await look(pictures, (PHOTOS / name).read_bytes()) for name in names]
    assert min(apart(one, other) for one in looks for other in looks if one != other) > 2 * ALIKE


async def test_an_edit_that_is_not_kept_is_never_taken_for_certain(pictures):
    photo = photograph()
    kept, shown = [await look(pictures, encoded(each, "PNG")) for each in (photo, with_hat(photo))]
    assert nearest(shown.bits, [kept.bits])
    assert telling([shown.difference(kept)], 3) == (1, False)


async def test_two_that_look_the_same_are_both_named(pictures):
    kept = await look(pictures, encoded(photograph(), "PNG"))
    assert telling([kept.difference(kept)] * 2, 3) == (2, False)
    assert telling([0.0] * 9, 3) == (3, False)
    assert telling([], 3) == (0, False)


async def test_what_is_transparent_is_white(pictures):
    clear = see_through(photograph())
    white = Image.alpha_composite(Image.new("RGBA", clear.size, "white"), clear).convert("RGB")
    one, other = [await look(pictures, encoded(each, "PNG")) for each in (clear, white)]
    assert apart(one, other) <= 2
    assert one.difference(other) <= 2.0


def test_a_plain_picture_has_a_fingerprint_too():
    plain = taken(bytes(SIDE * SIDE), bytes(SQUARES * SQUARES * 3))
    assert plain.difference(plain) == 0.0
    assert nearest(plain.bits, [plain.bits]) == [(0, 0)]


def test_the_nearest_of_a_page_are_found_with_their_places():
    bits = random.Random(3).randbytes(32)
    near = bytes([bits[0] ^ 0b111, *bits[1:]])
    page = [random.Random(each).randbytes(32) for each in range(100, 150)]
    assert nearest(bits, [*page, near, bits]) == [(3, 50), (0, 51)]
