"""The server that faces phones: waitress, and what it lacks by default. Owns deadlines, caps, and a quiet ending.

A request that dawdles, an address that opens too many connections, and a full house are each met by closing what is
farthest from being a request, so that whoever asks properly is answered. A few threads; several processes have one
socket in common.
"""

from __future__ import annotations

import collections
import ctypes
import logging
import signal
import socket
import struct
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, cast

from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.server import create_server

from audit.config import Network
from audit.web.framing import Framed
from audit.web.lanes import Asked, Lanes
from audit.web.sharing_out import PATIENCE_SECONDS, Connected, Share

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

log = logging.getLogger("audit.server")

_SO_ATTACH_FILTER, _BPF_RET = 26, 6  # of socket(7) and of <linux/bpf_common.h>


@dataclass(frozen=True)
class Limits:
    """How patient the server is. Times in seconds, sizes in bytes.

    `most_for_address` does not count the connections of a trusted proxy, behind which everybody is."""

    header_seconds: float = 10
    body_bytes_a_second: int = 4096
    idle_seconds: float = 20
    drain_seconds: float = 15
    newcomer_seconds: float = 2.0  # for which one who got through just before the end may still say what is wanted
    most_connections: int = 4000
    most_for_address: int = 256
    largest_header: int = 16 << 10
    largest_body: int = 128 << 20
    threads: int = 10
    writing_threads: int = 8
    look_every_seconds: float = 1.0


class Channel(HTTPChannel):
    """One connection, with a watch on the request that is coming in."""

    task_class = Asked
    parser_class = Framed
    began: float = 0.0
    came: int = 0
    stirred: float = 0.0
    is_new: bool = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.began = self.stirred = time.monotonic()

    def received(self, data: bytes) -> bool:
        """Take what came, and start the watch anew with each request."""
        self.is_new = False
        self.stirred = time.monotonic()
        if self.request is None:
            self.began, self.came = self.stirred, 0
        self.came += len(data)
        return bool(super().received(data))

    def handle_write(self) -> None:
        before = self.total_outbufs_len
        super().handle_write()
        if self.total_outbufs_len < before:
            self.stirred = time.monotonic()

    @property
    def busy(self) -> bool:
        """Whether a whole request of it is being answered: then no delay is the client's fault."""
        return bool(self.requests)

    def is_at_work(self, now: float, limits: Limits) -> bool:
        """Whether a server that ends has to wait for it: what was asked for is answered, and who just came may ask."""
        if self.busy or self.request is not None or self.total_outbufs_len:
            return True
        return self.is_new and now - self.began < limits.newcomer_seconds

    def say_goodbye(self) -> None:
        """Tell with the answer that it is the last one here: nobody shall send another request to a closed door."""
        for request in [*self.requests, *([self.request] if self.request else [])]:
            cast("dict[str, str]", request.headers)["CONNECTION"] = "close"

    def is_late(self, now: float, limits: Limits) -> bool:
        """Whether headers or body come too slowly, or nothing has stirred for too long."""
        if self.busy:
            return False
        if self.request is None or self.total_outbufs_len:
            return now - self.stirred > limits.idle_seconds
        patience = limits.header_seconds
        if self.request.headers_finished:
            patience += self.came / limits.body_bytes_a_second
        return now - self.began > patience


class Server:
    """Serves one application until it is told to stop; then answers what is on its way, and ends."""

    def __init__(
        self,
        app: WSGIApplication,
        listening: socket.socket,
        limits: Limits | None = None,
        proxies: Iterable[Network] = (),
        share: Share | None = None,
    ) -> None:
        self.limits = limits or Limits()
        self._proxies = tuple(proxies)
        self._is_alone = share is None
        self._share = share or Share(Connected(1), 0)
        self._stopping: float | None = None
        self._waitress = _waitress_of(app, listening, self.limits)
        self._looks, self._takes = self._waitress.readable, self._waitress.handle_accept
        self._waitress.readable, self._waitress.handle_accept = self._looks_for_callers, self._take_our_share
        self.port: int = self._waitress.socket.getsockname()[1]

    def run(self) -> None:
        """Serve until `stop` is called."""
        look_again = 0.0
        while self._stopping is None:
            patience = PATIENCE_SECONDS if self._share.is_leaving() else self.limits.look_every_seconds
            wasyncore.loop(timeout=patience, map=self._waitress._map, use_poll=True, count=1)
            if time.monotonic() >= look_again:
                self._look_after()
                look_again = time.monotonic() + self.limits.look_every_seconds
        self._drain(self._stopping + self.limits.drain_seconds)

    def stop(self, *_: object) -> None:
        """Take no more connections, finish what is on its way. Safe in a signal handler and from any thread."""
        if self._stopping is None:
            self._stopping = time.monotonic()
            self._waitress.pull_trigger()

    def _looks_for_callers(self) -> bool:
        """Asked at each turn of the loop, so that the others always know how many we have."""
        self._share.note(len(self._waitress.active_channels))
        return bool(self._looks()) and not self._share.is_leaving()

    def _take_our_share(self) -> None:
        if self._share.may_take():
            self._takes()

    def _look_after(self) -> None:
        now = time.monotonic()
        for channel in self._too_slow_or_too_many(now):
            channel.handle_close()

    def _too_slow_or_too_many(self, now: float) -> list[Channel]:
        """The connections to close: the late ones, and of too many the ones that have been on their way for longest."""
        late, waiting, of_address = [], [], collections.Counter[str]()
        channels: list[Channel] = list(self._waitress.active_channels.values())
        for channel in sorted(channels, key=lambda each: each.began, reverse=True):
            if channel.is_late(now, self.limits):
                late.append(channel)
                continue
            address = str(channel.addr[0])
            of_address[address] += 1
            if of_address[address] > self.limits.most_for_address and not channel.busy and not self._is_proxy(address):
                late.append(channel)
            elif not channel.busy:
                waiting.append(channel)
        over = len(channels) - len(late) - int(self._waitress.adj.connection_limit * 0.9)
        return late + (waiting[-over:] if over > 0 else [])

    def _is_proxy(self, address: str) -> bool:
        try:
            return any(ip_address(address) in network for network in self._proxies)
        except ValueError:
            return False

    def _drain(self, until: float) -> None:
        if self._is_alone:
            turn_away(self._waitress.socket)
        self._take_all_who_came()
        self._waitress.accepting = False
        self._waitress.del_channel()
        self._waitress.socket.close()  # the port is free for whoever comes next
        while time.monotonic() < until:
            self._look_after()
            now = time.monotonic()
            channels: list[Channel] = list(self._waitress.active_channels.values())
            for channel in channels:
                if channel.is_at_work(now, self.limits):
                    channel.say_goodbye()
                else:
                    channel.handle_close()
            if not self._waitress.active_channels:
                break
            wasyncore.loop(timeout=0.1, map=self._waitress._map, use_poll=True, count=1)
        self._waitress.task_dispatcher.shutdown(timeout=5)
        wasyncore.close_all(self._waitress._map)

    def _take_all_who_came(self) -> None:
        """They believe they are connected, and closing the port would cut them off."""
        before = -1
        while before != len(self._waitress.active_channels):
            before = len(self._waitress.active_channels)
            self._takes()


class Early:
    """Notes, from when it is made until there is a server, that we are told to end. A process that died of it could be
    the last to hold the port, and would cut off those who wait there. What was held back until now is noted too."""

    def __init__(self) -> None:
        self.is_told = False
        for name in signals_to_end():
            signal.signal(name, self._note)
        if hasattr(signal, "pthread_sigmask"):
            signal.pthread_sigmask(signal.SIG_UNBLOCK, signals_to_end())

    def _note(self, *_: object) -> None:
        self.is_told = True


def serve(
    app: WSGIApplication,
    port: socket.socket,
    proxies: Iterable[Network] = (),
    share: Share | None = None,
    announce: Callable[[], object] = lambda: None,
    early: Early | None = None,
) -> None:
    """Serve until SIGTERM or Ctrl-C; requests on their way are answered first. Call it in the main thread.

    `port` may be silent so far: it is listened to last, so that whoever calls is answered, whatever signal comes; then
    `announce` is called. What came `early` is heeded too, once those who called are answered."""
    with undisturbed():
        server = Server(app, port, proxies=proxies, share=share)
        for name in signals_to_end():
            signal.signal(name, server.stop)
        if early and early.is_told:
            server.stop()
    announce()
    log.info("serving", extra={"facts": {"port": server.port}})
    server.run()
    log.info("stopped")


@contextmanager
def undisturbed() -> Iterator[None]:
    """Signals to end come before or after it, never amid it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signals_to_end())
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def signals_to_end() -> list[signal.Signals]:
    """What tells a server to end: SIGTERM, Ctrl-C, and a terminal that is closed, unless it is to outlive that."""
    names = [signal.SIGTERM, signal.SIGINT]
    if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        names.append(signal.SIGHUP)
    return names


def listen(host: str, port: int) -> socket.socket:
    """A socket that takes connections there. OSError if that cannot be."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    both = family == socket.AF_INET6 and host == "::" and socket.has_dualstack_ipv6()
    return socket.create_server((host, port), family=family, backlog=1024, dualstack_ipv6=both)


def fall_silent(listening: socket.socket) -> None:
    """Listen no more, but keep the port, as long as the socket is open: nobody else gets it. Linux alone can do so."""
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 0)  # before it is silent: else others may have it too
    listening.shutdown(socket.SHUT_RD)


def turn_away(listening: socket.socket) -> None:
    """Let nobody else connect, in any process, but keep those who did: whoever came between the last that was taken and
    the end of the port would be cut off, and while other threads compute that is several milliseconds. Who is turned
    away hears nothing, and tries again by itself after a second. Linux alone can do so."""
    if sys.platform != "linux":
        return
    keep_nothing = ctypes.create_string_buffer(struct.pack("HBBI", _BPF_RET, 0, 0, 0))
    with suppress(OSError):  # a system that only looks like Linux
        program = struct.pack("HP", 1, ctypes.addressof(keep_nothing))
        listening.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, program)


def _waitress_of(app: WSGIApplication, listening: socket.socket, limits: Limits) -> Any:
    """One socket, so one server: what the type of what is made also allows is for several."""
    waitress = cast(
        "Any",
        create_server(
            app,
            sockets=[listening],
            _dispatcher=Lanes(limits.threads, limits.writing_threads),
            connection_limit=_room_for(limits.most_connections),
            asyncore_use_poll=True,
            cleanup_interval=limits.look_every_seconds,
            channel_timeout=int(limits.idle_seconds) + 1,
            max_request_body_size=limits.largest_body,
            max_request_header_size=limits.largest_header,
            ident=None,
            clear_untrusted_proxy_headers=False,  # the application drops them, and knows which proxy to believe
            expose_tracebacks=False,
        ),
    )
    waitress.channel_class = Channel
    # Closing amid a poll would hand a new connection the number of an old one, and its end with it: see `run`.
    waitress.maintenance = lambda _now: None
    return waitress


def _room_for(connections: int) -> int:
    """How many connections the system lets this process have: as many as asked for, if it can be arranged."""
    if sys.platform == "win32":
        return min(connections, 500)
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = connections + 200  # the database, photos, pipes to the printer
    if soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return max(50, min(connections, soft - 200))
