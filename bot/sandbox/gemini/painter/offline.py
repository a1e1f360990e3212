"""The painter behind the stand-in."""

import hashlib
import io

from PIL import Image

from bot.sandbox.gemini.painting import Painting
from bot.sandbox.gemini.request import Part, Request


class OfflinePainter:
    """Paints one colour, another one for other words."""

    def paint(self, request: Request, take: int) -> Painting:
        """The answer to a request."""
        out = io.BytesIO()
        red, green, blue = hashlib.sha256(f"{request.prompt}{take}".encode()).digest()[:3]
        Image.new("RGB", (1024, 1024), (red, green, blue)).save(out, "JPEG")
        return Painting((Part(data=out.getvalue(), mime="image/jpeg"),))
