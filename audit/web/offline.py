"""What makes the shopper's pages open without a network: service worker, manifest, and the page that says so.

The names are neutral: whoever looks over the shopper's shoulder sees a list.
"""

from __future__ import annotations

import json

from flask import Blueprint, Response, current_app, g, render_template

from audit.domain.errors import NotFound
from audit.web.access import public
from audit.web.assets import SHARED, Assets
from audit.web.languages import available, direction, gettext, language
from audit.web.notifications import key_for_browsers

doors = Blueprint("offline", __name__)

OFFLINE = "/offline"
PARTS = ("phone", "visit", "keeping", "shrinking", "list")
SHELL = ("css/phone.css", "icons/mark.svg", *(f"js/{name}.js" for name in PARTS))
ICONS = (("icons/lists.svg", "any", "image/svg+xml"), ("icons/lists-192.png", "192x192", "image/png"))
FRESH = "no-cache"
AN_HOUR = "private, max-age=3600"  # a word may be mended without a change of the scripts
# The worker, too, may only load what one policy lets through; this one lets one file through.
START = """const script = self.trustedTypes?.createPolicy("candour", {{ createScriptURL: (address) => address }});
importScripts(script ? script.createScriptURL("{shared}") : "{shared}");
self.SHELL = {shell};
"""


@doors.get("/sw.js")
@public
def worker() -> Response:
    """The service worker with its list of files; its bytes change exactly when one of them does."""
    assets: Assets = current_app.extensions["assets"]
    files = [*(assets.url(name) for name in SHELL), OFFLINE]
    icon = assets.url("icons/lists-192.png")
    shell = json.dumps({"tag": assets.tag, "files": files, "offline": OFFLINE, "icon": icon})
    body = f"{START.format(shared=assets.url(SHARED), shell=shell)}{assets.body('js/worker.js').decode()}"
    response = Response(body, content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = FRESH
    return response


@doors.get("/manifest.webmanifest")
@public
def manifest() -> Response:
    """Name and icons of the installed app: a list, no brand and no client."""
    assets: Assets = current_app.extensions["assets"]
    name = gettext("Lists")
    tree = {
        "id": "/",
        "name": name,
        "short_name": name,
        "lang": language(),
        "dir": direction(language()),
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#fbfaf5",
        "theme_color": "#fbfaf5",
        "icons": [
            {"src": assets.url(file), "sizes": sizes, "type": kind, "purpose": purpose}
            for file, sizes, kind in ICONS
            for purpose in ("any", "maskable")
        ],
    }
    response = Response(json.dumps(tree, ensure_ascii=False), content_type="application/manifest+json")
    response.headers["Cache-Control"] = FRESH
    return response


@doors.get("/panels/<tag>/<tongue>")
@public
def panels(tag: str, tongue: str) -> Response:
    """What the scripts of every visit show in place of its form, in one language: fetched once, with the first of its
    pages, rather than with each of them."""
    assets: Assets = current_app.extensions["assets"]
    if tag != assets.tag or tongue not in available():
        raise NotFound("This page is not there.")
    g.language = tongue
    response = Response(render_template("phone/panels.html"), content_type="text/html; charset=utf-8")
    response.headers["Cache-Control"] = AN_HOUR
    return response


def panels_address() -> str:
    """Where the panels are that belong to this version of the scripts, in the language of the page."""
    assets: Assets = current_app.extensions["assets"]
    return f"/panels/{assets.tag}/{language()}"


@doors.get(OFFLINE)
@public
def offline() -> str:
    """What is shown in place of a page that is not on the phone. The worker reads there what it says, and its key."""
    return render_template("phone/offline.html", key=key_for_browsers())
