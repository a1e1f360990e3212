"""How a picture is known again: by the scene written into its file, or by the look of it."""

import io
import zlib
from collections import deque
from dataclasses import dataclass
from threading import Lock

import orjson
from PIL import Image, ImageChops, ImageStat
from PIL.PngImagePlugin import PngInfo

from bot.sandbox.gemini.painter.scene import Scene, load

MARK = b"easel-scene:"
MOST_BYTES = 65_000  # that fit into one segment of a JPEG
SIDE = 16  # of the hash, in cells
THUMB = 32
NEAR_BITS, NEAR_COLOUR = 26, 5.0  # how far a re-encoded copy may be from its original: bits of 256, levels of 255
QUALITY = 92


@dataclass(frozen=True)
class Look:
    """What a picture looks like, small enough to keep: a difference hash, a thumbnail, and its proportions."""

    bits: int
    thumb: Image.Image
    aspect: float

    def distance(self, other: "Look") -> float | None:
        """How far apart two pictures are in colour, in levels; None if they are not the same picture at all."""
        if abs(self.aspect / other.aspect - 1) > 0.03 or (self.bits ^ other.bits).bit_count() > NEAR_BITS:
            return None
        means = ImageStat.Stat(ImageChops.difference(self.thumb, other.thumb)).mean
        mean = sum(means) / len(means)
        return mean if mean <= NEAR_COLOUR else None


def look_at(image: Image.Image) -> Look:
    """The look of a picture."""
    grey = image.convert("L").resize((SIDE + 1, SIDE), Image.Resampling.BOX)
    cells = grey.tobytes()
    bits = 0
    for row in range(SIDE):
        for cell in range(SIDE):
            place = row * (SIDE + 1) + cell
            bits = bits << 1 | (cells[place] > cells[place + 1])
    thumb = image.convert("RGB").resize((THUMB, THUMB), Image.Resampling.BOX)
    return Look(bits, thumb, image.width / image.height)


class Memory:
    """The last scenes painted in this process, by their looks."""

    def __init__(self, most: int = 512) -> None:
        self._seen: deque[tuple[Look, Scene]] = deque(maxlen=most)
        self._lock = Lock()

    def keep(self, image: Image.Image, scene: Scene) -> None:
        """Remember how a scene looks."""
        look = look_at(image)
        with self._lock:
            self._seen.append((look, scene))

    def scene_of(self, image: Image.Image) -> Scene | None:
        """The scene in a picture: the one in its file, else the one it looks like."""
        if written := written_scene(image):
            return written
        look = look_at(image)
        with self._lock:
            seen = list(self._seen)
        near = [
            (distance, index) for index, (other, _) in enumerate(seen) if (distance := look.distance(other)) is not None
        ]
        return seen[min(near, key=lambda pair: (pair[0], -pair[1]))[1]][1] if near else None


def encode(image: Image.Image, mime: str, scene: Scene | None = None) -> bytes:
    """The picture's file, with the scene inside where there is one and it fits."""
    out = io.BytesIO()
    note = pack(scene) if scene else b""
    if mime == "image/png":
        info = PngInfo()
        if note:
            info.add_text("Comment", note.decode("latin-1"), zip=False)
        image.save(out, "PNG", pnginfo=info, compress_level=4)
    else:
        image.save(out, "JPEG", quality=QUALITY, subsampling=0, comment=note)
    return out.getvalue()


def pack(scene: Scene) -> bytes:
    """A scene as bytes of a comment, or nothing if it would not fit."""
    packed = MARK + zlib.compress(orjson.dumps(scene.dump()), 9)
    return packed if len(packed) <= MOST_BYTES else b""


def written_scene(image: Image.Image) -> Scene | None:
    """The scene written into an opened picture, if there is one and it can be read."""
    note = image.info.get("comment") or image.info.get("Comment") or b""
    data = note.encode("latin-1", "replace") if isinstance(note, str) else bytes(note)
    if not data.startswith(MARK):
        return None
    try:
        return load(orjson.loads(zlib.decompress(data.removeprefix(MARK))))
    except (zlib.error, ValueError, TypeError, KeyError):
        return None
