"""Odd hosts, paths, headers and bodies, as data."""

from __future__ import annotations

METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "get", "X")

HOSTS = (
    "evil.example", "evil.example:{port}", "127.0.0.1", "localhost", "127.0.0.1:{other}", "localhost:{other}",
    "127.0.0.1.evil.example:{port}", "localhost.evil.example:{port}", "evil.example.localhost:{port}",
    "127.0.0.1.:{port}", "localhost.:{port}", "LOCALHOST.:{port}", "127.0.0.1:{port}.", "127.0.0.1:{port}.evil.example",
    "evil.example@127.0.0.1:{port}", "127.0.0.1:{port}@evil.example", "user:pass@127.0.0.1:{port}", "@127.0.0.1:{port}",
    "127.0.0.1:{port}#@evil.example", "127.0.0.1:{port}/", "127.0.0.1:{port}/../evil.example", "127.0.0.1:{port}?x",
    "127.0.0.1:{port}, evil.example", "evil.example, 127.0.0.1:{port}", "127.0.0.1:{port};evil.example",
    "127.0.0.1:{port} evil.example", "[::ffff:127.0.0.1]:{port}", "[::]:{port}", "[fe80::1]:{port}", "[::1",
    "::1:{port}",
    "0.0.0.0:{port}", "0:{port}", "127.1:{port}", "127.0.1:{port}", "2130706433:{port}", "0x7f000001:{port}",
    "0177.0.0.1:{port}", "127.0.0.2:{port}", "10.0.0.1:{port}", "192.168.1.7:{port}", "169.254.169.254:{port}",
    "127.0.0.1:0{port}", "127.0.0.1:+{port}", "127.0.0.1:{port}0", "127.0.0.1:", "127.0.0.1:80", ":{port}", "{port}",
    "",
    " ", "null", "*", "*:{port}", "http://127.0.0.1:{port}", "//127.0.0.1:{port}", "127.0.0.1%00:{port}",
    "localhost%2e:{port}",
    "127。0。0。1:{port}", "ⓛocalhost:{port}", "localhost\u200b:{port}", "xn--localhost:{port}", "localhost\\:{port}",
    "A" * 5000 + ":{port}",
)  # fmt: skip
OWN_HOSTS = ("127.0.0.1:{port}", "localhost:{port}", "LocalHost:{port}", "[::1]:{port}")

ORIGINS = (
    "http://evil.example", "https://evil.example", "null", "", "http://127.0.0.1", "http://127.0.0.1:{other}",
    "http://localhost:{other}", "https://127.0.0.1:{other}", "http://127.0.0.1:{port}.evil.example",
    "http://127.0.0.1:{port}@evil.example", "http://evil.example/http://127.0.0.1:{port}", "127.0.0.1:{port}",
    "file://", "http://127.0.0.1:{port}/", "http://127.0.0.1:{port}, http://evil.example", "ftp://127.0.0.1:{port}",
    "chrome-extension://abcdef", "http://[::1]:{other}", "http://localhost:{port}", "*",
)  # fmt: skip
KINDS = (
    "text/plain", "text/plain;charset=utf-8", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
    "",
    "application/jsonp", "text/json", "application/xml", "text/plain; application/json", "application/x-json",
)  # fmt: skip
TOKENS = (
    "",
    "wrong",
    "{token}x",
    "{half}",
    "x{token}",
    "{token} ",
    "{other_case}",
    "%00{token}",
    "{token}%0a",
    "é",
    "x" * 10_000,
)
COOKIES = (
    "", "{name}=", "{name}=wrong", "{name}={token}", "{name}={value}x", "{name}={half}", "{name}",
    "{name}={other_case}",
    "x{name}={value}", "{name}x={value}", "tarjuman={value}", "{value}", '{name}="', "{name}=\"{value}",
    "{name}:{value}",
    "{name}={value}.{value}", "other=1; {name}=wrong; {name}2={value}", "{upper}={value}", "=" * 2000,
    "{name}=" + "x" * 20_000,
)  # fmt: skip

PATHS = (
    "/../{secret}", "/../../{secret}", "/../../../../../../../../etc/passwd", "/%2e%2e/{secret}", "/%2e%2e%2f{secret}",
    "/..%2f{secret}", "/..%5c{secret}", "/..\\{secret}", "/%252e%252e/{secret}", "/%252e%252e%252f{secret}",
    "/....//{secret}", "/..;/{secret}", "/.%00./{secret}", "/{secret}%00.html", "//{secret}", "///etc/passwd",
    "//etc/passwd",
    "/%2fetc%2fpasswd", "/etc/passwd", "/C:/Windows/win.ini", "/C:%5cWindows%5cwin.ini", "/\\\\server\\share\\x",
    "/file:///etc/passwd", "/~root/.bashrc", "/.env", "/.git/config", "/.desk/x.journal", "/drafts/raqqa.en.xlf",
    "/%c0%ae%c0%ae/{secret}", "/%e0%80%ae%e0%80%ae/{secret}", "/%uff0e%uff0e/{secret}", "/．．/{secret}",
    "/%ef%bc%8e%ef%bc%8e/{secret}",
    "/./../{secret}", "/x/../../{secret}", "/x/%2e%2e/%2e%2e/{secret}", "/{absolute}", "/%00{absolute}", "{absolute}",
    "/.%2e/{secret}", "/%2e./{secret}", "/..%c0%af{secret}", "/..%e2%88%95{secret}", "/con", "/nul.html", "/aux/",
    "/index.html/",
    "/index.html/../{secret}", "/index.html%2f..%2f{secret}", "/?x=/../{secret}", "/x?../{secret}",
    "/%0d%0aSet-Cookie:%20x=1",
    "/" + "a" * 8000, "/" + "../" * 800 + "etc/passwd", "/" + "%2e%2e/" * 400 + "etc/passwd", "*", "{secret}",
    "http://evil.example/", "http://evil.example/index.html", "https://127.0.0.1:{port}@evil.example/",
)  # fmt: skip
UNDER = ("", "/static", "/a", "/api/articles", "/articles", "/_tarjuman", "/static/x/..")
"""Where those begin."""

SMUGGLED = b"PUT /api/articles/raqqa/segments/raqqa.2.1 HTTP/1.1\r\nHost: %(host)s\r\n\r\n"
FRAMES: tuple[tuple[str, bytes], ...] = (
    ("two lengths", b"Content-Length: 0\r\nContent-Length: 44\r\n\r\n"),
    ("two lengths, the same", b"Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello"),
    ("lengths in a list", b"Content-Length: 0, 44\r\n\r\n"),
    ("length and pieces", b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    ("pieces and length", b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n5c\r\n"),
    ("pieces spelled oddly", b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
    ("pieces, then as it is", b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n"),
    ("pieces twice", b"Transfer-Encoding: chunked\r\nTransfer-Encoding: cow\r\n\r\n0\r\n\r\n"),
    ("a space before the colon", b"Content-Length : 44\r\n\r\n"),
    ("a folded header", b"X: y\r\n Content-Length: 44\r\n\r\n"),
    ("a line feed alone", b"X: y\nContent-Length: 44\n\n"),
    ("a carriage return in a value", b"X: y\rContent-Length: 44\r\n\r\n"),
    ("a NUL in a value", b"X: y\0z\r\n\r\n"),
    ("a negative length", b"Content-Length: -1\r\n\r\n"),
    ("a length with a sign", b"Content-Length: +5\r\n\r\nhello"),
    ("a length in hexadecimal", b"Content-Length: 0x5\r\n\r\nhello"),
    ("a length with a point", b"Content-Length: 5.0\r\n\r\nhello"),
    ("an Arabic length", "Content-Length: ٥\r\n\r\nhello".encode()),
    ("an endless number", b"Content-Length: " + b"9" * 400 + b"\r\n\r\n"),
    ("a piece of negative size", b"Transfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n"),
    ("a piece of endless size", b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 40 + b"\r\nhello"),
    ("a piece with a long comment", b"Transfer-Encoding: chunked\r\n\r\n1;" + b"x" * 40_000 + b"\r\na\r\n0\r\n\r\n"),
    ("two hosts", b"Host: evil.example\r\n\r\n"),
    ("a header without a name", b": x\r\n\r\n"),
    ("no colon", b"Host\r\n\r\n"),
    ("too many headers", b"".join(b"X-%d: y\r\n" % n for n in range(5000)) + b"\r\n"),
    ("a long header", b"X: " + b"y" * 100_000 + b"\r\n\r\n"),
)
CLEAR = frozenset({
    "two lengths, the same", "a folded header", "a line feed alone", "a piece with a long comment", "too many headers",
    "a long header",
})  # fmt: skip
"""Of these, the ones that every program reads alike, or that only are too long."""
WHOLE: tuple[bytes, ...] = (
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200),
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"GET / HTTP/0.9\r\n\r\n",
    b"GET /\r\n\r\n",
    b"GET / HTTP/1.0\r\n\r\n",
    b"GET / HTTP/1.1\r\n\r\n",
    b"GET / HTTP/3.0\r\nHost: x\r\n\r\n",
    b"GET  / HTTP/1.1\r\nHost: x\r\n\r\n",
    b"\r\n\r\n\r\n",
    b"\0" * 5000,
    b"SSH-2.0-OpenSSH_9.6\r\n",
    b"EHLO evil.example\r\nMAIL FROM:<x@evil.example>\r\n",
    b"*1\r\n$4\r\nINFO\r\n",
    b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\n\r\n",
    "GET /الموصل HTTP/1.1\r\nHost: x\r\n\r\n".encode(),
)
