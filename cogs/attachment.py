"""A file on its way to Discord: its bytes are copied as seldom as can be, and let go as soon as it is sent."""

from __future__ import annotations

import io

import discord

from bot.letters import File


class Attachment(discord.File):
    """A file for discord.py, which closes it when the message is sent or refused."""

    def __init__(self, file: File) -> None:
        super().__init__(Shared(file.data), file.name, description=file.alt or None)

    def close(self) -> None:
        """Let go of the bytes: the library ties a file to itself, and the garbage collector may not come for hours."""
        super().close()
        self.fp.close()


class Shared(io.BytesIO):
    """Bytes that are not copied where only their number is wanted: aiohttp asks for the buffer."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self._data = data

    def getbuffer(self) -> memoryview:
        """All of it, to be read; BytesIO would make a copy that could be written to."""
        return memoryview(self._data)

    def close(self) -> None:
        """Let go of it."""
        self._data = b""
        super().close()
