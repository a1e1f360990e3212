"""Real photographs through the whole way, painted on by the sandbox's own painter."""

from __future__ import annotations

import io
from importlib.util import find_spec
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from bot.sandbox import Post
from bot.sandbox.gemini import OfflinePainter
from tests.e2e.sketches import Sketches, digest, encoded
from tests.e2e.stage import Canvas, Stage, numbers, receipt

SKIMAGE = find_spec("skimage")
PHOTOS = Path(SKIMAGE.origin).parent / "data" if SKIMAGE and SKIMAGE.origin else Path("nowhere")
pytestmark = [
    pytest.mark.e2e,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(not PHOTOS.exists(), reason="scikit-image, whose photographs these are, is not installed"),
]


def PAINTER() -> Sketches:  # noqa: N802 - the name that the stage looks for
    return Sketches(OfflinePainter())


@pytest.mark.parametrize("name", ["astronaut.png", "chelsea.png", "coffee.png", "rocket.jpg"])
async def test_a_photo_reaches_the_painter_as_it_is_and_comes_back_edited_in_its_own_shape(stage: Stage, name: str):
    canvas = await stage.canvas("make it black and white", [photograph(name)])
    edited = await opened(stage, await canvas.first())
    [sent] = stage.request("make it black and white").pictures
    original, shown = of(photograph(name)[1]), of(stage.painter.shown[sent.sha256])
    assert shown.size == original.size
    assert difference(shown, original) < 8
    assert edited.width / edited.height == pytest.approx(original.width / original.height, rel=0.12)
    assert saturation(edited) < 12
    assert difference(edited.convert("L"), original.convert("L").resize(edited.size)) < 40


async def test_a_phones_sideways_photo_arrives_upright_without_where_it_was_taken(stage: Stage):
    image = of(photograph("chelsea.png")[1])
    exif = Image.Exif()
    exif[0x0112] = 6  # turn it a quarter to the right
    exif[0x010F] = "A phone"
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    canvas = await stage.canvas("make it warmer", [("phone.jpg", out.getvalue())])
    [sent] = stage.request("make it warmer").pictures
    shown = Image.open(io.BytesIO(stage.painter.shown[sent.sha256]))
    assert shown.size == (image.height, image.width)
    assert not shown.getexif()
    assert numbers(await canvas.first()) == ["v2"]


async def test_a_photo_is_edited_branched_and_blended_with_another(stage: Stage):
    canvas = await stage.canvas("make it black and white", [photograph("astronaut.png")])
    v2 = await canvas.first()
    v3 = await canvas.ask("add a yellow moon")
    v4 = await canvas.ask("make it sepia", reply_to=v2)
    v5 = await canvas.ask("put the cup of coffee beside her, and the moon of v3", [photograph("coffee.png")])
    assert [numbers(each) for each in (v2, v3, v4, v5)] == [["v2"], ["v3"], ["v4"], ["v5"]]
    assert await bases(canvas) == {"add a yellow moon": v2.id, "make it sepia": v2.id}
    blended = stage.request("put the cup of coffee beside her, and the moon of v3")
    assert blended.pictures[0].sha256 == await stage.digest(v4)
    assert difference(of(stage.painter.shown[blended.pictures[1].sha256]), of(photograph("coffee.png")[1])) < 4
    assert blended.pictures[2].sha256 == await stage.digest(v3)
    assert receipt(v5).startswith("v5 ← v4 with “coffee.png” and v3 · ")
    looks = {digest(await stage.ana.fetch(each.pictures[0])) for each in (v2, v3, v4, v5)}
    assert len(looks) == 4


async def test_an_enormous_photo_is_sent_no_larger_than_the_model_can_use(stage: Stage):
    huge = of(photograph("rocket.jpg")[1]).resize((5000, 3300))
    await stage.canvas("make it brighter", [("huge.jpg", encoded(huge, "JPEG"))])
    [sent] = stage.request("make it brighter").pictures
    assert max(of(stage.painter.shown[sent.sha256]).size) == 1536
    assert sent.mime == "image/jpeg"


async def bases(canvas: Canvas) -> dict[str, int]:
    """The message whose picture was edited, for each of two edits."""
    found = {await canvas.stage.digest(post): post.id for post in (await canvas.pictures()).values()}
    words = ("add a yellow moon", "make it sepia")
    return {each: found[canvas.stage.request(each).pictures[0].sha256] for each in words}


def photograph(name: str) -> tuple[str, bytes]:
    return name, (PHOTOS / name).read_bytes()


async def opened(stage: Stage, post: Post) -> Image.Image:
    return of(await stage.ana.fetch(post.pictures[0]))


def of(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data)) as image:
        return image.convert("RGB")


def difference(one: Image.Image, other: Image.Image) -> float:
    """The mean difference of two pictures' channels, out of 255."""
    bands = ImageStat.Stat(ImageChops.difference(one, other)).mean
    return sum(bands) / len(bands)


def saturation(image: Image.Image) -> float:
    return ImageStat.Stat(image.convert("HSV")).mean[1]
