"""The pages. `create_app` joins doors, guard, headers and words into one Flask application."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask, Request, Response, g, request
from markupsafe import Markup

from audit.actions.printing import open_shop
from audit.domain.errors import CandourError
from audit.web import access, dates, errors, lanes, languages, notices, security, sessions
from audit.web.assets import FIRST, Assets, complain
from audit.web.compression import compress
from audit.web.logs import log_request
from audit.web.pace import Pace
from audit.web.passwords import Passwords
from audit.web.print_room import PrintRoom

if TYPE_CHECKING:
    from werkzeug.routing import MapAdapter

    from audit.config import Config
    from audit.storage.store import Store

ROOT = Path(__file__).parent.parent.parent

# One module a noun; each holds its doors in a blueprint called `doors`.
DOORS = (
    "public_files",
    "offline",
    "homes",
    "signing_in",
    "invitations",
    "devices",
    "notifications",
    "visits",
    "phone",
    "photos",
    "visit_files",
    "submitted_visits",
    "corrections",
    "branches",
    "areas",
    "workings",
    "planning",
    "shoppers",
    "traffic",
    "scenes",
    "people",
    "assignments",
    "checklists",
    "reports",
    "area_reports",
    "printing",
    "verifying",
    "exports",
    "lists",
    "workings_files",
    "checklist_files",
    "answer_files",
    "confirming",
    "shares",
    "shared_reports",
)

LARGEST_FORM = 24 << 20  # bytes of text in one form: 250 answers of 10,000 characters, and room


class Application(Flask):
    """Flask without what these pages have no use for."""

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """As Flask does; but a host that is a number in brackets is looked up here, since Werkzeug cuts the names that
        it trusts at their first colon."""
        if request is not None:
            hosts = self.extensions["config"].hosts
            request.trusted_hosts = None if security.is_own_number(request.environ, hosts) else list(hosts)
        return super().create_url_adapter(request)

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function itself: none of ours is asynchronous, and asking costs more than some of them."""
        return func


def create_app(config: Config, store: Store, clock: Callable[[], datetime]) -> Flask:
    """The application over this store. `clock` gives the moment, aware and in UTC; tests bring their own."""
    app = build_app()
    open_app(app, config, store, clock, Passwords())
    return app


def build_app() -> Application:
    """Doors, guard and words, and the look: all but the installation that they are opened over."""
    app = Application("audit", static_folder=None, template_folder=str(ROOT / "templates"))
    app.config.update(
        MAX_CONTENT_LENGTH=access.LARGEST_BODY,
        MAX_FORM_MEMORY_SIZE=LARGEST_FORM,
        MAX_FORM_PARTS=5000,
    )
    app.extensions["assets"] = the_look()
    languages.install(app)
    errors.install(app)
    _furnish_templates(app)
    app.before_request(arrive)
    app.after_request(depart)
    app.teardown_request(leave)
    for name in DOORS:
        app.register_blueprint(import_module(f"audit.web.{name}").doors)
    return app


@cache
def the_look() -> Assets:
    """Every file of the look, made ready once: whoever forks afterwards hands it on."""
    return Assets(ROOT / "static")


def open_app(
    app: Application, config: Config, store: Store, clock: Callable[[], datetime], passwords: Passwords
) -> None:
    """From now on these doors lead to this store."""
    app.extensions.update(store=store, config=config, clock=clock, passwords=passwords, pace=Pace())
    app.extensions["print_room"] = PrintRoom(open_shop(store, languages.catalogue, config.url), clock)
    headed = security.Headed(app.wsgi_app, app.extensions["assets"].body(FIRST))
    app.wsgi_app = security.BehindProxy(headed, config.trusted_proxy)  # type: ignore[method-assign]


def arrive() -> None:
    """Before each request: the moment, the origin, the person, the guard; then a safe request may only read."""
    g.started = time.perf_counter()
    g.person = g.device = None
    lanes.refuse_if_late(request.environ)
    security.check_origin()
    if request.blueprint != "public_files":
        sessions.arrive()
    access.guard()
    if access.may_only_read():
        g.open = ExitStack()
        g.open.enter_context(access.shelves().reading())


def depart(response: Response) -> Response:
    """After each request: what its answer carries besides; then a line in the log."""
    sessions.extend(response)
    notices.carry(response)
    response = compress(response)
    log_request(response)
    return response


def leave(error: BaseException | None) -> None:
    """After each request, whatever became of it: let go of the store."""
    if "open" in g:
        g.open.close()


def _furnish_templates(app: Flask) -> None:
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    assets: Assets = app.extensions["assets"]
    app.jinja_env.globals.update(
        asset=assets.url,
        first_look=Markup(assets.body(FIRST).decode()),  # noqa: S704 - our own file
        complain=complain,
        get_flashed_messages=notices.take_notices,
    )
    app.jinja_env.filters.update(day=dates.day, moment=dates.moment)
    app.context_processor(lambda: {"person": g.get("person"), "programme": _programme()})


def _programme() -> object:
    # An error page is shown even where the store cannot be read.
    try:
        return access.shelves().programme.find()
    except CandourError:
        return None
