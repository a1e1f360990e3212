"""An answer that is read up to a bound, so that one without an end fills no memory."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from aiohttp import ClientPayloadError, ClientResponse

LARGEST = 128 * 2**20  #: bytes: several pictures at 4K with their drafts, and room to spare


class Bounded(ClientResponse):
    """A response whose connection is closed when it has sent too much."""

    silent = False  #: its `text` is empty, for somebody takes its `pieces`
    pieces: Sequence[bytes] = ()  #: the body as it came; joining megabytes takes the loop ten milliseconds in a crowd

    async def text(self, encoding: str | None = None, errors: str = "strict") -> str:
        """The body as text, read in any case. Raises ClientPayloadError where it is too large."""
        if not self.silent:
            return await super().text(encoding, errors)
        self.pieces = await self._whole()
        return ""

    async def read(self) -> bytes:
        """The whole body. Raises ClientPayloadError where it is too large."""
        if self._body is not None:
            return await super().read()
        self._body = b"".join(await self._whole())
        return self._body

    async def _whole(self) -> list[bytes]:
        try:
            whole = [piece async for piece in self._pieces()]
        except BaseException:
            self.close()
            raise
        await self._wait_released()
        return whole

    async def _pieces(self) -> AsyncIterator[bytes]:
        size = self.content_length or 0
        if size > LARGEST:
            raise ClientPayloadError(f"an answer of {size} bytes")
        size = 0
        async for piece, _ in self.content.iter_chunks():
            size += len(piece)
            if size > LARGEST:
                raise ClientPayloadError("an answer without an end")
            yield piece
