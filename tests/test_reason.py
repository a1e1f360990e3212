import socket
import ssl
from typing import cast

import pytest
from aiohttp import ClientConnectorCertificateError, ClientConnectorError, ServerDisconnectedError
from aiohttp.client_reqrep import ConnectionKey

from bot.reason import plain, reason

KEY = ConnectionKey("example.org", 443, True, ssl.create_default_context(), None, None, None)
UNTRUSTED = ssl.SSLCertVerificationError(
    1, "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate (_ssl.c:1006)"
)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            ClientConnectorError(KEY, ConnectionRefusedError(111, "Connect call failed ('::1', 443)")),
            "Connection refused",
        ),
        (ClientConnectorError(KEY, socket.gaierror(-2, "Name or service not known")), "Name or service not known"),
        (ClientConnectorError(KEY, OSError("Multiple exceptions")), "Multiple exceptions"),
        (ClientConnectorCertificateError(KEY, UNTRUSTED), "certificate verify failed: self-signed certificate"),
        (ServerDisconnectedError(), "Server disconnected"),
        (ValueError(f"what is {ssl.create_default_context()}"), "what is "),
        (TimeoutError(), ""),
        (None, ""),
    ],
)
def test_a_reason_is_words_and_no_objects(error: BaseException | None, words: str):
    assert reason(error) == words


def test_an_object_in_a_longer_text_is_left_out():
    error = cast("Exception", ClientConnectorError(KEY, OSError(111, "refused")))
    assert "SSLContext object" in str(error)
    assert plain(f"Attempting: {error}") == "Attempting: Cannot connect to host example.org:443 [refused]"
