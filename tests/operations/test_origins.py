import pytest
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.testing import WebsocketCommunicator

from operations.origins import SameOrigin, is_allowed


def headers(**values):
    return [(name.encode(), value.encode()) for name, value in values.items()]


@pytest.mark.parametrize(
    ("sent", "allowed"),
    [
        (headers(origin="http://localhost:8000", host="localhost:8000"), True),
        (headers(origin="http://127.0.0.1", host="127.0.0.1"), True),
        (headers(origin="http://[::1]:8000", host="[::1]:8000"), True),
        (headers(origin="http://localhost:8001", host="localhost:8000"), False),
        (headers(origin="https://localhost:8000", host="localhost:8000"), False),
        (headers(origin="http://evil.example", host="localhost:8000"), False),
        (headers(origin="http://localhost:8000.evil.example", host="localhost:8000"), False),
        # A name that leads here by somebody else's DNS is not ours.
        (headers(origin="http://evil.example:8000", host="evil.example:8000"), False),
        (headers(origin="null", host="localhost:8000"), False),
        (headers(origin="", host="localhost:8000"), False),
        (headers(host="localhost:8000"), False),
        (headers(origin="http://localhost:8000"), False),
        ([*headers(origin="http://evil.example", host="localhost:8000"), (b"origin", b"http://localhost:8000")], False),
        ([], False),
    ],
)
def test_the_origin_must_be_the_site_itself(sent, allowed):
    assert is_allowed(sent) is allowed


def test_behind_https_only_https_is_the_site(settings):
    settings.HTTPS = True
    assert is_allowed(headers(origin="https://localhost", host="localhost"))
    assert not is_allowed(headers(origin="http://localhost", host="localhost"))


def test_the_operator_may_name_others(settings):
    settings.ALLOWED_ORIGINS = ["https://www.example.gov.cn"]
    assert is_allowed(headers(origin="https://www.example.gov.cn", host="localhost"))
    assert not is_allowed(headers(origin="https://sub.www.example.gov.cn", host="localhost"))


@pytest.mark.parametrize(("origin", "connected"), [("http://localhost", True), ("http://evil.example", False)])
async def test_a_handshake_from_elsewhere_is_refused(origin, connected):
    socket = WebsocketCommunicator(SameOrigin(AsyncWebsocketConsumer.as_asgi()), "/ws/", headers(origin=origin, host="localhost"))
    assert (await socket.connect())[0] is connected
    await socket.disconnect()


@pytest.mark.parametrize(
    ("scheme", "said", "proxies", "https", "connected"),
    [
        ("ws", [], [], False, True),
        ("ws", [], ["127.0.0.1"], True, False),
        ("ws", [b"http"], ["127.0.0.1"], True, False),
        ("ws", [b"https"], ["127.0.0.1"], True, True),
        ("ws", [b"wss"], ["127.0.0.1"], True, True),
        # Two lines are not what a proxy of ours writes, and without one nobody may say so.
        ("ws", [b"https", b"http"], ["127.0.0.1"], True, False),
        ("ws", [b"https"], [], True, False),
        ("wss", [], [], True, True),
    ],
)
async def test_behind_https_a_plain_line_is_refused(settings, scheme, said, proxies, https, connected):
    settings.TRUSTED_PROXIES, settings.HTTPS = proxies, https
    sent = [
        *headers(origin=f"http{'s' if https else ''}://localhost", host="localhost"),
        *((b"x-forwarded-proto", value) for value in said),
    ]
    socket = WebsocketCommunicator(SameOrigin(AsyncWebsocketConsumer.as_asgi()), "/ws/", sent)
    socket.scope["scheme"] = scheme
    assert (await socket.connect())[0] is connected
    await socket.disconnect()
