"""The one place where a refusal becomes a status and a page. Never shows how the inside looks, never a traceback.

What is missing and what is somebody else's get the same page, byte for byte.
"""

from __future__ import annotations

from urllib.parse import quote

from flask import Flask, Response, jsonify, make_response, redirect, render_template, request
from werkzeug.exceptions import HTTPException, InternalServerError

from audit.domain import errors
from audit.domain.errors import CandourError
from audit.reports.pdf import NotPrinted, NotWhole
from audit.web.languages import gettext, lazy, tell
from audit.web.logs import describe, trouble_log
from audit.web.missing import NO_PAGE, Words, missing_words, way_on
from audit.web.security import SAFE_METHODS

STATUS: dict[type[CandourError], int] = {
    errors.NotFound: 404,
    errors.NotAllowed: 403,
    errors.SignInNeeded: 401,
    errors.ConfirmationNeeded: 403,
    errors.TooLate: 409,
    errors.Conflict: 409,
    errors.TooMany: 429,
    errors.NoSpace: 507,
    errors.InvalidAnswer: 422,
    errors.InvalidChecklist: 422,
    errors.InvalidPhoto: 422,
    errors.InvalidTable: 422,
    errors.InvalidField: 422,
    errors.InvalidSubmission: 422,
    NotWhole: 503,
}

# Where somebody is led who only has to show who it is; what was asked for comes afterwards.
WAYS: dict[type[CandourError], str] = {errors.SignInNeeded: "/sign-in", errors.ConfirmationNeeded: "/confirmation"}

RETRY_SECONDS = {429: 60, 503: 30, 507: 300}


WORDS = {
    400: Words(lazy("This could not be understood"), lazy("Go back and try again.")),
    401: Words(lazy("Sign in first"), lazy("You are not signed in, or your sign-in has expired.")),
    403: Words(lazy("You may not do this"), lazy("Ask the programme office if you think that you should.")),
    404: NO_PAGE,
    405: Words(lazy("This cannot be done here"), lazy("Go back and use the buttons of the page.")),
    409: Words(lazy("The moment for this has passed"), lazy("Go back and look at how things stand now.")),
    413: Words(lazy("This is too large"), lazy("Send a smaller file.")),
    422: Words(lazy("There is something to mend"), lazy("Go back, mend it and send it again.")),
    429: Words(lazy("Not at the moment"), lazy("Wait a little and try again.")),
    500: Words(
        lazy("Something went wrong on our side"),
        lazy("Nothing that you sent before is lost. Try again in a moment; if it stays so, tell the programme office."),
    ),
    503: Words(lazy("Not at the moment"), lazy("Try again shortly.")),
    507: Words(lazy("The disk is full"), lazy("Nothing was taken. Tell the programme office, and try again later.")),
}

NOT_PRINTED = Words(
    lazy("The report could not be printed"), lazy("Try again in a moment; if it stays so, tell the programme office.")
)


def install(app: Flask) -> None:
    """Answer every refusal, every error of the web, and everything unforeseen from here."""
    app.register_error_handler(CandourError, answer_refusal)
    app.register_error_handler(HTTPException, answer_web_error)
    app.register_error_handler(Exception, answer_trouble)


def status_of(error: CandourError) -> int:
    """The status of the nearest member of the family; 500 for one that nobody listed."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)


def answer_refusal(error: CandourError) -> Response:
    """A refusal in the trade's words; somebody who is not signed in is shown the way."""
    status = status_of(error)
    if status == 500:
        return answer_trouble(error)
    if type(error) in WAYS and request.method in SAFE_METHODS and not _wants_json():
        return make_response(redirect(f"{WAYS[type(error)]}?next={quote(request.full_path.rstrip('?'))}", 303))
    told = "" if status == 404 else tell(error)
    if not isinstance(error, errors.TooMany):
        return _answer(status, told)
    # Waiting helps against haste; a limit on a number asks for less instead.
    response = _answer(status, told, WORDS[429 if error.retry_after_seconds else 422])
    if error.retry_after_seconds:
        response.headers["Retry-After"] = str(error.retry_after_seconds)
    return response


def answer_web_error(error: HTTPException) -> Response:
    """An error of the protocol: no such address, a wrong method, a body that is too large."""
    if error.response is not None or (error.code or 500) < 400:
        return make_response(error.get_response())
    status = error.code or 500
    if isinstance(error, InternalServerError):
        status = 500
    response = _answer(status, "")
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After", "Content-Range"):
            response.headers[name] = value
    return response


def answer_trouble(error: Exception) -> Response:
    """What nobody foresaw: told in the log, and to the person in plain words."""
    trouble_log.error("unforeseen", extra={"facts": describe(error)})
    return _answer(500, "", NOT_PRINTED if isinstance(error, NotPrinted) else None)


def _answer(status: int, said: str, words: Words | None = None) -> Response:
    words = words or (missing_words() if status == 404 else WORDS.get(status)) or WORDS[400 if status < 500 else 500]
    if not said or said.rstrip(".") == str(words.title):
        said = str(words.mend)
    response = jsonify(status=status, error=said) if _wants_json() else make_response(_page(words, said))
    response.status_code = status
    if status in RETRY_SECONDS:
        response.headers["Retry-After"] = str(RETRY_SECONDS[status])
    return response


def _page(words: Words, said: str) -> str:
    title = str(words.title)
    # Even the page may fail, with a full disk or a broken store; then a bare one does.
    try:
        way, way_words = way_on(words)
        return render_template(
            "errors/page.html", title=title, said=said, way=way, way_words=way_words, complained=False
        )
    except Exception as error:
        trouble_log.error("the page of an error failed", extra={"facts": describe(error)})
        return f"<!doctype html><html lang=en><title>{gettext(title)}</title><h1>{gettext(title)}</h1>"


def _wants_json() -> bool:
    accepted = request.accept_mimetypes
    return accepted["application/json"] > accepted["text/html"]
