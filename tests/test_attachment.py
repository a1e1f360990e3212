"""Files on their way to Discord."""

from __future__ import annotations

import sys

from discord.http import handle_message_parameters

from bot.letters import File
from cogs.attachment import Attachment, Shared


def test_the_bytes_of_a_file_that_was_sent_are_let_go_at_once_though_the_library_ties_it_to_itself():
    data = bytes(range(256)) * 40
    held = sys.getrefcount(data)
    with handle_message_parameters(files=[Attachment(File("v1.png", data, "a lighthouse"))]) as sent:
        assert sent.files
        assert sent.files[0].fp.read() == data
    del sent
    assert sys.getrefcount(data) == held


def test_a_file_is_measured_without_a_copy():
    data = b"a picture"
    assert Shared(data).getbuffer().obj is data
