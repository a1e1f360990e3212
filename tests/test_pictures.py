from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pytest
import pytest_asyncio
from PIL import Image, ImageChops, ImageCms, ImageStat, PngImagePlugin

from bot.errors import BadPicture
from bot.model import Picture
from bot.pictures import Pictures
from tests.files import (
    FORMATS,
    GPS,
    MP4,
    ORIENTATION,
    PHOTOS,
    display_p3,
    encoded,
    lying_png,
    noise,
    on_disk,
    parts,
    photograph,
    press,
    see_through,
    srgb,
    with_chunk,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")


@dataclass(frozen=True)
class Desk:
    """The door, for bytes."""

    door: Pictures

    async def normalise(self, data: bytes, longest_side: int = 1536) -> tuple[bytes, Picture]:
        with on_disk(data) as file:
            return await self.door.normalise(file, longest_side)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pictures() -> AsyncIterator[Desk]:
    async with Pictures() as door:
        yield Desk(door)


@pytest.fixture(scope="module")
def photo() -> Image.Image:
    return photograph()


def decoded(data: bytes) -> Any:  # Pillow's types know no pixel of an RGB picture
    return Image.open(BytesIO(data))


def difference(one: Image.Image, other: Image.Image) -> float:
    """Mean absolute difference per channel, 0 to 255."""
    return max(ImageStat.Stat(ImageChops.difference(one.convert("RGB"), other.convert("RGB"))).mean)


async def reason(work: Awaitable[object]) -> str:
    with pytest.raises(BadPicture) as caught:
        await work
    return caught.value.key


@pytest.mark.parametrize("name", FORMATS)
async def test_every_promised_format_becomes_a_jpeg_that_looks_the_same(pictures, photo, name):
    data, picture = await pictures.normalise(encoded(photo, name), 1536)
    assert (picture.mime, picture.width, picture.height) == ("image/jpeg", 512, 512)
    assert picture.digest == hashlib.sha256(data).hexdigest()
    assert picture.size == len(data)
    assert difference(decoded(data), photo) < (8 if name == "GIF" else 4)


async def test_a_large_picture_is_shrunk_to_its_longest_side(pictures, photo):
    _, picture = await pictures.normalise(encoded(photo.resize((3000, 1000)), "PNG", compress_level=1), 1024)
    assert (picture.width, picture.height) == (1024, 341)


async def test_a_small_picture_is_never_enlarged(pictures, photo):
    _, picture = await pictures.normalise(encoded(photo.resize((100, 60)), "PNG"), 1024)
    assert (picture.width, picture.height) == (100, 60)


# Red, green above blue, white as people see them, and as the camera stores them for each note of how it was held.
HELD = {1: "RGBW", 2: "GRWB", 3: "WBGR", 4: "BWRG", 5: "RBGW", 6: "GWRB", 7: "WGBR", 8: "BRWG"}
COLOURS = {"R": (255, 0, 0), "G": (0, 255, 0), "B": (0, 0, 255), "W": (255, 255, 255)}


def quarters(letters: str, width: int, height: int) -> Image.Image:
    image = Image.new("RGB", (width, height))
    for at, letter in enumerate(letters):
        left, top = at % 2 * width // 2, at // 2 * height // 2
        image.paste(COLOURS[letter], (left, top, left + width // 2, top + height // 2))
    return image


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF", "HEIF"])
@pytest.mark.parametrize("note", HELD)
async def test_however_the_camera_was_held_the_picture_is_upright(pictures, name, note):
    exif = Image.Exif()
    exif[ORIENTATION] = note
    size = (80, 160) if note < 5 else (160, 80)
    data, picture = await pictures.normalise(encoded(quarters(HELD[note], *size), name, exif=exif.tobytes()))
    assert (picture.width, picture.height) == decoded(data).size == (80, 160)
    assert difference(decoded(data), quarters("RGBW", 80, 160)) < 6


async def test_a_broken_note_of_how_it_was_held_does_not_spoil_the_picture(pictures, photo):
    for exif in (b"Exif\0\0MM\0*\0\0\0", b"Exif\0\0nonsense", b"Exif\0\0II*\0\x08\0\0\0" + bytes([255]) * 90):
        data, _ = await pictures.normalise(encoded(photo, "JPEG", exif=exif))
        assert difference(decoded(data), photo) < 4


async def test_a_sideways_picture_with_a_colour_profile_is_turned_as_well(pictures):
    exif = Image.Exif()
    exif[0x0112] = 8
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    source = encoded(Image.new("RGB", (80, 40), "red"), "JPEG", exif=exif, icc_profile=profile)
    _, picture = await pictures.normalise(source, 1024)
    assert (picture.width, picture.height) == (40, 80)


SECRET = "taken at home by Mallory"
XMP = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF>{SECRET}</rdf:RDF></x:xmpmeta>'.encode()


def gossip() -> Image.Exif:
    """Where and by whom it was taken."""
    exif = Image.Exif()
    exif[0x010E] = exif[0x010F] = exif[0x0131] = SECRET
    exif.get_ifd(GPS).update({1: "N", 2: (48.0, 51.0, 29.9), 3: "E", 4: (2.0, 17.0, 40.2), 29: "1999:09:09"})
    exif.get_ifd(0x8769)[0x9286] = SECRET.encode()
    return exif


def told(name: str, image: Image.Image) -> bytes:
    """A file that says all it can beside its pixels."""
    exif, profile = gossip().tobytes(), srgb().replace(b"sRGB", b"Mall")
    words = PngImagePlugin.PngInfo()
    words.add_text("Comment", SECRET)
    words.add_text("Author", SECRET, zip=True)
    words.add_itxt("XML:com.adobe.xmp", XMP.decode(), zip=False)
    options: dict[str, dict[str, Any]] = {
        "PNG": {"exif": exif, "icc_profile": profile, "pnginfo": words, "dpi": (300, 300)},
        "JPEG": {"exif": exif, "icc_profile": profile, "comment": SECRET, "xmp": XMP, "dpi": (300, 300)},
        "WEBP": {"exif": exif, "icc_profile": profile, "xmp": XMP},
        "GIF": {"comment": SECRET},
        "TIFF": {"exif": exif, "icc_profile": profile, "description": SECRET, "software": SECRET},
        "HEIF": {"exif": exif, "icc_profile": profile, "xmp": XMP},
        "AVIF": {"exif": exif, "icc_profile": profile, "xmp": XMP},
    }
    return encoded(image, name, **options[name])


TRANSPARENT = ["PNG", "WEBP", "TIFF", "HEIF", "AVIF"]
OPAQUE = [*TRANSPARENT, "JPEG", "GIF"]


@pytest.mark.parametrize(("name", "transparent"), [*((n, False) for n in OPAQUE), *((n, True) for n in TRANSPARENT)])
async def test_of_all_that_a_file_says_beside_its_pixels_nothing_remains(pictures, photo, name, transparent):
    source = told(name, see_through(photo) if transparent else photo)
    assert SECRET.encode() in source
    data, picture = await pictures.normalise(source)
    for sentinel in (b"Mall", b"taken at home", b"Exif", b"xmp", b"rdf", b"1999", b"JFIF\0\x01\x01\x01\x01,"):
        assert sentinel not in data
    assert not decoded(data).getexif()
    assert set(decoded(data).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    if picture.mime == "image/png":
        assert {kind for kind, _ in parts(data)} == {b"IHDR", b"IDAT", b"IEND"}


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "HEIF", "AVIF", "GIF", "BMP"])
async def test_what_stands_behind_the_picture_is_left_behind(pictures, photo, name):
    film = MP4 + SECRET.encode()
    data, picture = await pictures.normalise(encoded(photo, name) + film)
    assert (picture.width, picture.height) == (512, 512)
    assert b"ftyp" not in data
    assert SECRET.encode() not in data


async def test_a_motion_photo_is_the_photo_alone(pictures, photo):
    note = XMP.replace(b"<rdf:RDF>", b'<rdf:RDF GCamera:MotionPhoto="1" Item:Semantic="MotionPhoto" Item:Length="424">')
    data, _ = await pictures.normalise(encoded(photo, "JPEG", xmp=note) + MP4)
    assert difference(decoded(data), photo) < 4
    assert b"Motion" not in data


async def test_colours_of_another_profile_are_carried_over_to_srgb(pictures, photo):
    lab = ImageCms.createProfile("LAB")
    lab_picture = ImageCms.profileToProfile(photo, ImageCms.createProfile("sRGB"), lab, outputMode="LAB")
    assert lab_picture is not None  # littlecms works here
    swapped = bytearray(srgb())
    red, green = swapped.index(b"rXYZ"), swapped.index(b"gXYZ")
    swapped[red : red + 4], swapped[green : green + 4] = b"gXYZ", b"rXYZ"
    data, _ = await pictures.normalise(encoded(photo, "PNG", icc_profile=bytes(swapped)), 1536)
    red, green, blue = photo.split()
    assert difference(decoded(data), Image.merge("RGB", (green, red, blue))) < 6
    assert "icc_profile" not in decoded(data).info


def linear(value: int) -> float:
    return value / 255 / 12.92 if value <= 10 else ((value / 255 + 0.055) / 1.055) ** 2.4


def gamma(value: float) -> float:
    return 255 * (12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055)


def wide(name: str, image: Image.Image) -> bytes:
    """In the colours of a phone, by a profile."""
    return encoded(image, name, icc_profile=display_p3(), quality=95)


def numbered(name: str, image: Image.Image) -> bytes:
    """In the same colours, which are only named by their number."""
    data = encoded(image, name, quality=95)
    if name == "PNG":
        return with_chunk(data, b"cICP", bytes([12, 13, 0, 1]))
    if name == "HEIF":
        return encoded(image, name, quality=95, color_primaries=12, transfer_characteristics=13)
    return data.replace(b"colrnclx\0\x01", b"colrnclx\0\x0c")


WIDE = [(wide, name) for name in ("JPEG", "PNG", "WEBP", "TIFF", "HEIF", "AVIF")]
WIDE += [(numbered, name) for name in ("PNG", "HEIF", "AVIF")]


@pytest.mark.parametrize(("made", "name"), WIDE)
async def test_the_wide_colours_of_a_phone_become_the_same_colours_in_srgb(pictures, made, name):
    red, green, blue = (linear(value) for value in (200, 120, 60))
    matrix = ((1.22494, -0.22494, 0.0), (-0.04206, 1.04206, 0.0), (-0.01964, -0.07864, 1.09828))  # P3 to sRGB
    expected = [gamma(r * red + g * green + b * blue) for r, g, b in matrix]
    data, _ = await pictures.normalise(made(name, Image.new("RGB", (64, 64), (200, 120, 60))))
    seen = decoded(data).getpixel((30, 30))
    assert max(abs(one - other) for one, other in zip(seen, expected, strict=True)) < 4


@pytest.mark.parametrize("name", ["JPEG", "TIFF"])
async def test_a_print_says_by_its_profile_what_its_inks_look_like(pictures, name):
    """This press prints red with its cyan."""
    profile = press({(1, 0, 0, 0): (54.0, 80.0, 67.0)})
    source = encoded(Image.new("CMYK", (64, 64), (255, 0, 0, 0)), name, icc_profile=profile)
    data, _ = await pictures.normalise(source)
    red, green, blue = decoded(data).getpixel((30, 30))
    assert red > 240
    assert green < 25
    assert blue < 30


async def test_see_through_colours_of_another_profile_keep_what_shows_through(pictures, photo):
    source = see_through(Image.new("RGB", (64, 256), (200, 120, 60)))
    data, _ = await pictures.normalise(encoded(source, "PNG", icc_profile=display_p3()))
    red, _, _, alpha = decoded(data).getpixel((30, 200))
    assert (abs(red - 209) < 5, alpha) == (True, 200)


async def test_a_broken_profile_does_not_spoil_the_picture(pictures, photo):
    data, _ = await pictures.normalise(encoded(photo, "JPEG", icc_profile=b"not a profile at all"), 1536)
    assert difference(decoded(data), photo) < 4


@pytest.mark.parametrize("name", ["PNG", "WEBP", "TIFF", "AVIF", "HEIF"])
async def test_transparency_is_kept_as_a_png(pictures, photo, name):
    source = photo.copy()
    source.putalpha(Image.linear_gradient("L").resize(photo.size))
    data, picture = await pictures.normalise(encoded(source, name), 1536)
    assert picture.mime == "image/png"
    assert decoded(data).mode == "RGBA"
    assert abs(decoded(data).getpixel((256, 128))[3] - source.getpixel((256, 128))[3]) < 12


async def test_the_transparent_colour_of_a_palette_is_kept(pictures):
    image = Image.new("P", (32, 32), 0)
    image.putpalette([255, 0, 0, 0, 255, 0])
    image.paste(1, (0, 0, 16, 32))
    data, _ = await pictures.normalise(encoded(image, "GIF", transparency=0), 1536)
    assert decoded(data).getpixel((4, 4)) == (0, 255, 0, 255)
    assert decoded(data).getpixel((28, 4))[3] == 0


async def test_transparency_that_hides_nothing_is_dropped(pictures, photo):
    source = photo.copy()
    source.putalpha(255)
    _, picture = await pictures.normalise(encoded(source, "PNG"), 1536)
    assert picture.mime == "image/jpeg"


async def test_sixteen_bits_of_grey_keep_their_shades(pictures):
    source = Image.new("I;16", (64, 64), 32768)
    data, _ = await pictures.normalise(encoded(source, "PNG"), 1536)
    assert abs(decoded(data).convert("L").getpixel((5, 5)) - 128) < 3


async def test_a_print_in_cmyk_comes_out_in_its_colours(pictures, photo):
    data, picture = await pictures.normalise(encoded(photo.convert("CMYK"), "JPEG", quality=95), 1536)
    assert picture.mime == "image/jpeg"
    assert decoded(data).mode == "RGB"
    assert difference(decoded(data), photo) < 6


async def test_a_phones_photograph_with_a_second_picture_inside_is_a_jpeg(pictures, photo):
    data = encoded(photo, "MPO", save_all=True, append_images=[photo.resize((64, 64))])
    assert pictures.door.described(data).mime == "image/jpeg"
    _, picture = await pictures.normalise(data, 1536)
    assert (picture.width, picture.height) == (512, 512)


@pytest.mark.parametrize(
    ("mode", "name"),
    [
        ("1", "PNG"),
        ("L", "JPEG"),
        ("LA", "PNG"),
        ("P", "PNG"),
        ("I;16", "TIFF"),
        ("CMYK", "TIFF"),
        ("YCbCr", "TIFF"),
        ("LAB", "TIFF"),
        ("I", "TIFF"),
        ("F", "TIFF"),
        ("RGBX", "TIFF"),
    ],
)
async def test_whatever_way_the_pixels_are_stored_a_picture_comes_out(pictures, mode, name):
    _, picture = await pictures.normalise(encoded(Image.new(mode, (40, 30)), name), 32)
    assert (picture.width, picture.height) == (32, 24)


async def test_of_an_animation_the_first_frame_is_taken(pictures):
    frames = [Image.new("RGB", (32, 32), colour) for colour in ("red", "blue")]
    data, _ = await pictures.normalise(encoded(frames[0], "GIF", save_all=True, append_images=frames[1:]), 64)
    assert decoded(data).getpixel((5, 5))[0] > 200


UNUSABLE = {
    "nothing at all": (b"", "empty"),
    "words": (b"hello, this is a text file", "not_a_picture"),
    "a PDF": (b"%PDF-1.7 ...", "not_a_picture"),
    "an SVG": (b'<svg xmlns="http://www.w3.org/2000/svg"></svg>', "vector"),
    "an SVG with a prologue": (b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- x --><SVG></SVG>', "vector"),
    "a web page": (b"<!doctype html><title>x</title>", "not_a_picture"),
    "an MP4": (MP4, "video"),
    "a QuickTime film": (b"\0\0\0\x08moov", "video"),
    "a WebM": (b"\x1aE\xdf\xa3" + bytes(30), "video"),
    "an AVI": (b"RIFF\0\0\0\0AVI LIST", "video"),
    "a bomb": (lying_png(60_000, 60_000), "too_large_pixels"),
    "a hundred and one megapixels": (lying_png(10_100, 10_000), "too_large_pixels"),
    "a tracking dot": (encoded(Image.new("RGB", (1, 1)), "PNG"), "too_small"),
    "half a PNG": (encoded(noise(256, 256), "PNG")[:20_000], "truncated"),
    "half a JPEG": (encoded(noise(256, 256), "JPEG")[:8_000], "truncated"),
    "only a beginning": (b"\x89PNG\r\n\x1a\n", "truncated"),
    "a HEIC's beginning": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "truncated"),
    "a lying PNG": (lying_png(500, 500), "truncated"),
}


@pytest.mark.parametrize(("data", "key"), UNUSABLE.values(), ids=UNUSABLE)
async def test_what_cannot_be_used_is_refused_with_its_reason(pictures, data, key):
    assert await reason(pictures.normalise(data, 1024)) == key


async def test_describing_tells_what_bytes_are_without_touching_them(pictures):
    data = (PHOTOS / "rocket.jpg").read_bytes()
    picture = pictures.door.described(data)
    assert picture.digest == hashlib.sha256(data).hexdigest()
    assert (picture.mime, picture.width, picture.height, picture.size) == ("image/jpeg", 640, 427, len(data))
    assert await reason(asyncio.to_thread(pictures.door.described, b"no picture")) == "not_a_picture"


async def test_a_picture_that_fits_is_handed_on_untouched(pictures, photo):
    for name, extension in {"PNG": "png", "JPEG": "jpg", "WEBP": "webp"}.items():
        data = encoded(photo, name)
        assert await pictures.door.fit(data, len(data)) == (data, extension)


async def test_a_picture_too_large_to_post_becomes_the_best_copy_that_fits(pictures, photo):
    data = encoded(photo.resize((1024, 1024)), "PNG")
    limits = [400_000, 150_000, 60_000, 5_000]
    copies = [await pictures.door.fit(data, limit) for limit in limits]
    assert all(len(copy) <= limit for (copy, _), limit in zip(copies, limits, strict=True))
    assert {extension for _, extension in copies} == {"jpg"}
    assert decoded(copies[0][0]).size == (1024, 1024)
    assert decoded(copies[3][0]).size < (1024, 1024)
    assert [len(copy) for copy, _ in copies] == sorted((len(copy) for copy, _ in copies), reverse=True)


async def test_a_copy_keeps_what_shows_through(pictures, photo):
    source = photo.copy()
    source.putalpha(Image.linear_gradient("L").resize(photo.size))
    copy, extension = await pictures.door.fit(encoded(source, "PNG"), 60_000)
    assert extension == "webp"
    assert decoded(copy).mode == "RGBA"


async def test_a_limit_that_nothing_meets_is_said(pictures, photo):
    assert await reason(pictures.door.fit(encoded(photo, "PNG"), 20)) == "too_many_bytes"


async def test_pictures_are_decoded_beside_the_event_loop(pictures, photo):
    source = encoded(photo.resize((2000, 2000)), "PNG", compress_level=1)
    began = time.thread_time()
    await pictures.normalise(source, 1024)
    done = time.thread_time()
    decoded(source).load()
    assert done - began < (time.thread_time() - done) / 2
