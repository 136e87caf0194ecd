"""Where a request ends. Refuses one that says it in two ways: a proxy in front may believe the other one."""

from __future__ import annotations

from waitress.parser import HTTPRequestParser, ParsingError


class Framed(HTTPRequestParser):
    """A request as it comes in. One with both a length and chunks (RFC 9112, 6.1) gets 400, and its connection ends:
    what follows it might be the request that somebody hid from the proxy."""

    def parse_header(self, header_plus: bytes) -> None:
        """Read the head of the request. ParsingError if it cannot be told where its body ends."""
        super().parse_header(header_plus)
        if self.chunked and "CONTENT_LENGTH" in self.headers:
            raise ParsingError("Content-Length stands beside Transfer-Encoding")
