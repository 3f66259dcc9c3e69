"""Slow, greedy and many connections at the desk's listener, and what the terminal is told of refusals."""

from __future__ import annotations

import logging
import select
import socket
import threading
import time
from collections.abc import Iterator

import pytest
from starlette.types import Receive, Scope, Send

from translate.review import Listener
from translate.review.patience import Patience
from translate.review.refusals import EVERY_SECONDS, Refusals

QUICK = Patience(head=0.4, body=0.6, fetch=0.4, connections=8)
HEAD = b"GET / HTTP/1.1\r\nHost: x\r\n"


class Echo:
    """Reads a body, then answers with its length; `/flood` answers with more than anybody fetches."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        size, more = 0, True
        while more:
            message = await receive()
            size, more = size + len(message.get("body", b"")), message.get("more_body", False)
        body = b"x" * 30_000_000 if scope["path"] == "/flood" else b"%d" % size
        headers = [(b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def end(self) -> None:
        pass


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    listener, ports = Listener("127.0.0.1", 0, patience=QUICK), threading.Event()
    thread = threading.Thread(target=lambda: listener.serve(Echo(), lambda _: ports.set()))
    thread.start()
    assert ports.wait(20)
    yield listener.port
    deadline = time.monotonic() + 20
    while thread.is_alive() and time.monotonic() < deadline:
        listener.stop()
        thread.join(0.2)
    assert not thread.is_alive()


def closed(line: socket.socket) -> bool:
    """Whether the other side ends it; waits for that."""
    try:
        while line.recv(65_536):
            pass
    except ConnectionError:
        pass
    return True


def said(port: int, data: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        line.sendall(data)
        return line.recv(1000)


@pytest.mark.parametrize(
    "begun",
    [
        b"",
        b"GET / HT",
        HEAD,
        HEAD + b"Content-Length: 100\r\n\r\nonly this",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhel",
    ],
)
def test_a_request_that_does_not_arrive_is_not_waited_for(port: int, begun: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        line.sendall(begun)
        assert closed(line)


def test_dribbling_does_not_help(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line, pytest.raises(ConnectionError):
        line.sendall(HEAD)
        for _ in range(400):
            line.sendall(b"X: y\r\n")
            time.sleep(0.05)


def test_a_second_request_has_its_time_again(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        for _ in range(4):
            time.sleep(0.15)
            line.sendall(HEAD + b"Content-Length: 2\r\n\r\nab")
            answer = b""
            while not answer.endswith(b"\r\n\r\n2"):
                answer += line.recv(1000)


def test_who_fetches_nothing_is_left(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.sendall(b"GET /flood HTTP/1.1\r\nHost: x\r\n\r\n")
        ended = select.poll()
        ended.register(line, select.POLLERR | select.POLLHUP)
        assert ended.poll(20_000), "the answer is still on offer"
        with pytest.raises(ConnectionError):
            while line.recv(1_000_000):
                pass


def test_a_body_without_end_is_cut_off(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line, pytest.raises(ConnectionError):
        line.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
        for _ in range(100):
            line.sendall(b"10000\r\n" + b"x" * 65_536 + b"\r\n")
            time.sleep(0.001)


def test_of_too_many_those_who_asked_nothing_go(port: int) -> None:
    idle = [socket.create_connection(("127.0.0.1", port), timeout=20) for _ in range(20)]
    assert said(port, HEAD + b"\r\n").startswith(b"HTTP/1.1 200")
    for line in idle:
        line.close()


def test_a_refusal_is_told_once_a_minute_without_secrets(caplog: pytest.LogCaptureFixture) -> None:
    now = [0.0]
    refusals = Refusals("open-sesame", clock=lambda: now[0])
    with caplog.at_level(logging.WARNING):
        for _ in range(5):
            refusals.tell(403, "GET", "/open-sesame\n\x1b[2J/" + "x" * 500, "no token")
        refusals.tell(421, "GET", "/", "no name")
        now[0] = EVERY_SECONDS
        refusals.tell(403, "GET", "/again", "no token")
    lines = [record.getMessage() for record in caplog.records]
    assert len(lines) == 3 and lines[2].endswith("'/again' (no token), and 4 more like it")
    assert all("sesame" not in line and line.isprintable() and len(line) < 200 for line in lines)
