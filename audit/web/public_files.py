"""What everybody may fetch: the files of the look, and a word to whoever watches over the server."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, request

from audit.web.access import public

doors = Blueprint("public_files", __name__)

A_YEAR = "public, max-age=31536000, immutable"


@doors.get("/static/<tag>/<path:name>")
@public
def static(tag: str, name: str) -> Response:
    """A file of the look. Its address changes when it does, so that it may be kept for ever."""
    asset = current_app.extensions["assets"].find(tag, name)
    coding = next((coding for coding in asset.pressed if coding in request.accept_encodings.values()), "")
    response = Response(asset.pressed[coding] if coding else asset.body, content_type=asset.media_type)
    if coding:
        response.content_encoding = coding
    response.vary.add("Accept-Encoding")
    response.headers["Cache-Control"] = A_YEAR
    return response


@doors.get("/health")
@public
def health() -> Response:
    """Whether the server answers; touches nothing else."""
    return Response("well\n", content_type="text/plain; charset=utf-8")


@doors.get("/robots.txt")
@public
def robots() -> Response:
    """Nothing here is for search engines."""
    return Response("User-agent: *\nDisallow: /\n", content_type="text/plain; charset=utf-8")
