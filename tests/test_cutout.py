import random
import time
from io import BytesIO

import pytest
from PIL import Image, ImageDraw

from bot.errors import BadPicture
from bot.pictures import Pictures
from bot.pictures.cutout import SIDE, sticker

MOST = 512 * 1024  #: bytes of a sticker at Discord


def drawing(size: int = 1024, backdrop: str = "white") -> Image.Image:
    """A red disc with a white eye, as a painter would have it: with soft edges."""
    image = Image.new("RGB", (size * 2, size * 2), backdrop)
    draw = ImageDraw.Draw(image)
    draw.ellipse((size * 0.6, size * 0.4, size * 1.4, size * 1.2), fill="red", outline="black", width=size // 32)
    draw.ellipse((size * 0.9, size * 0.7, size * 1.1, size * 0.9), fill="white")
    return image.resize((size, size), Image.Resampling.LANCZOS)


def as_jpeg(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "JPEG", quality=85)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data)).convert("RGBA")


def box(image: Image.Image) -> tuple[int, int, int, int]:
    found = image.getbbox()
    assert found is not None
    return found


def alpha(image: Image.Image, x: float, y: float) -> int:
    return image.getchannel("A").tobytes()[round(y * (SIDE - 1)) * SIDE + round(x * (SIDE - 1))]


@pytest.fixture
async def pictures():
    async with Pictures() as door:
        yield door


@pytest.mark.parametrize("backdrop", ["white", "#f4f4f0", "lime"])
async def test_the_subject_stays_and_the_background_becomes_nothing(pictures, backdrop):
    cut = opened(await pictures.cut_out(as_jpeg(drawing(backdrop=backdrop))))
    assert cut.size == (SIDE, SIDE)
    assert [alpha(cut, x, y) for x, y in ((0, 0), (1, 0), (0, 1), (1, 1))] == [0, 0, 0, 0]
    assert alpha(cut, 0.2, 0.5) == 255


async def test_what_is_white_within_the_subject_stays_white(pictures):
    cut = opened(await pictures.cut_out(as_jpeg(drawing())))
    assert alpha(cut, 0.5, 0.5) == 255
    assert cut.convert("L").tobytes()[SIDE // 2 * SIDE + SIDE // 2] > 240


async def test_no_rim_of_the_background_is_left_around_it(pictures):
    cut = opened(await pictures.cut_out(as_jpeg(drawing())))
    light, opacity = cut.convert("L").tobytes(), cut.getchannel("A").tobytes()
    rim = [value for value, opaque in zip(light, opacity, strict=True) if 60 < opaque < 255]
    assert rim
    assert max(rim) < 150, "the outline is black"


async def test_it_fills_the_square_without_being_stretched(pictures):
    wide = Image.new("RGB", (800, 600), "white")
    ImageDraw.Draw(wide).rectangle((100, 250, 700, 400), fill="navy")
    left, top, right, bottom = box(opened(await pictures.cut_out(as_jpeg(wide))))
    assert (left, right) == (0, SIDE)
    assert (right - left) / (bottom - top) == pytest.approx(4, abs=0.1)
    assert top == pytest.approx(SIDE - bottom, abs=1)


async def test_what_opens_to_the_edge_through_a_winding_way_is_background_too(pictures):
    image = Image.new("RGB", (400, 400), "white")
    draw = ImageDraw.Draw(image)
    for inset in range(40, 160, 40):  # rings, each open on another side
        draw.rectangle((inset, inset, 400 - inset, 400 - inset), outline="navy", width=14)
        side = (180, inset - 5, 220, inset + 20) if inset % 80 else (180, 380 - inset, 220, 405 - inset)
        draw.rectangle(side, fill="white")
    cut = opened(await pictures.cut_out(as_jpeg(image)))
    assert alpha(cut, 0.5, 0.5) == 0


async def test_specks_beside_the_subject_go_with_the_background(pictures):
    image = drawing()
    for x in range(20, 1000, 60):
        image.putpixel((x, 30), (0, 0, 0))
    assert alpha(opened(await pictures.cut_out(as_jpeg(image))), 0.2, 0.5) == 255, "it would be small beside a speck"


def noise(width: int, height: int) -> Image.Image:
    return Image.frombytes("RGB", (width, height), random.Random(1).randbytes(width * height * 3))


@pytest.mark.parametrize(("image", "key"), [(noise(300, 300), "no_backdrop"), (drawing(40), None)])
async def test_a_picture_without_a_plain_background_is_left_as_it_is(pictures, image, key):
    if key is None:
        await pictures.cut_out(as_jpeg(image))
        return
    with pytest.raises(BadPicture) as refused:
        await pictures.cut_out(as_jpeg(image))
    assert refused.value.key == key


async def test_an_empty_picture_has_nothing_to_cut_out(pictures):
    with pytest.raises(BadPicture) as refused:
        await pictures.cut_out(as_jpeg(Image.new("RGB", (200, 200), "white")))
    assert refused.value.key == "no_subject"


def test_the_busiest_sticker_is_small_enough_for_discord():
    image = Image.new("RGB", (700, 700), "white")
    image.paste(noise(660, 660), (20, 20))
    made = sticker(image)
    assert len(made.data) <= MOST
    assert (made.kind, made.width, made.height) == ("PNG", SIDE, SIDE)


def test_it_takes_a_moment():
    image, began = drawing(), time.process_time()
    sticker(image)
    assert time.process_time() - began < 2.0
