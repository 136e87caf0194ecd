"""Who may come through which door. Every view is marked; the guard refuses a view that is not.

Also the few words by which a view asks for its surroundings: `viewer()`, `shelves()`, `this_moment()`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar, cast

from flask import current_app, g, request

from audit.actions.signing_in import is_recent
from audit.domain.errors import ConfirmationNeeded, NotAllowed, SignInNeeded
from audit.domain.people import May, Person
from audit.web.security import SAFE_METHODS

if TYPE_CHECKING:
    from audit.config import Config
    from audit.storage.store import Store

View = TypeVar("View", bound=Callable[..., Any])

PUBLIC = "public"
LARGEST_BODY = 1 << 20  # bytes; a door that takes more says so with `takes`


def requires(permission: May) -> Callable[[View], View]:
    """Mark a view: only a person who is signed in and may do this comes in."""
    return _marked("audit_access", permission)


def public(view: View) -> View:
    """Mark a view as open to everybody, signed in or not."""
    return _marked("audit_access", PUBLIC)(view)


def asks_again(view: View) -> View:
    """Mark a view that hands something weighty out: the password is asked for again, once in five minutes."""
    return _marked("audit_asks_again", True)(view)


def leaves_trace(view: View) -> View:
    """Mark a view that shows something and notes that it was shown: it may write, although it is safe to ask for."""
    return _marked("audit_leaves_trace", True)(view)


def takes(megabytes: int) -> Callable[[View], View]:
    """Mark a view as one that takes a body larger than usual."""
    return _marked("audit_largest_body", megabytes << 20)


def access_of(view: Callable[..., Any]) -> May | str | None:
    """The mark of a view: a permission, PUBLIC, or None for a view that nobody marked."""
    return cast("May | str | None", getattr(view, "audit_access", None))


def may_only_read() -> bool:
    """Whether this request may not write: it is safe, and its view notes nothing."""
    if request.method not in SAFE_METHODS:
        return False
    view = current_app.view_functions.get(request.endpoint or "")
    return not getattr(view, "audit_leaves_trace", False)


def guard() -> None:
    """Before each request: refuse unless the view is marked and the person has what the mark asks for."""
    endpoint = request.endpoint
    if endpoint is None:
        return  # there is no such page, whoever asks
    view = current_app.view_functions[endpoint]
    request.max_content_length = getattr(view, "audit_largest_body", LARGEST_BODY)
    access = access_of(view)
    if access == PUBLIC:
        return
    if not isinstance(access, May):
        raise NotAllowed("You may not do this.")
    viewer().must(access)
    if getattr(view, "audit_asks_again", False) and not is_recent(g.device, latest_moment()):
        raise ConfirmationNeeded("Give your password once more.")


def viewer() -> Person:
    """The person who is signed in; SignInNeeded if nobody is."""
    person: Person | None = g.person
    if person is None:
        raise SignInNeeded("Sign in first.")
    return person


def shelves() -> Store:
    """The store of this installation."""
    return cast("Store", current_app.extensions["store"])


def settings() -> Config:
    """What this installation was told."""
    return cast("Config", current_app.extensions["config"])


def this_moment() -> datetime:
    """The moment of this request by the machine's clock, in UTC: for visits, days and deadlines."""
    moment: datetime | None = g.get("moment")
    if moment is None:
        g.moment = moment = cast("datetime", current_app.extensions["clock"]())
    return moment


def latest_moment() -> datetime:
    """The same, but never before a moment that the journal has seen: for what expires, so that a clock that is set
    back revives nothing. Not for visits: one day with a wrong clock would date all that follow."""
    if "latest_moment" not in g:
        g.latest_moment = shelves().journal.not_before(this_moment())
    return cast("datetime", g.latest_moment)


def _marked(name: str, value: object) -> Callable[[View], View]:
    def mark(view: View) -> View:
        setattr(view, name, value)
        return view

    return mark
