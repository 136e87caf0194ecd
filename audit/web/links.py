"""A link that is shown once, as text to copy and as a QR code to scan."""

from __future__ import annotations

from dataclasses import dataclass

import segno
from flask import Response, make_response, render_template
from markupsafe import Markup

from audit.storage.invitations import Invitation
from audit.web.access import settings
from audit.web.languages import gettext


@dataclass(frozen=True)
class Link:
    """An address and its picture, an inline SVG without styles of its own."""

    address: str
    picture: Markup


def link_to(path: str) -> Link:
    """The public address of a path of ours, and its QR code."""
    address = settings().address_of(path)
    drawing = segno.make(address, error="m", micro=False).svg_inline(
        scale=5,
        border=4,
        svgclass=None,
        lineclass=None,
        light="#fff",
        title=gettext("QR code of the link"),
        omitsize=True,
    )
    return Link(address, Markup(drawing))  # noqa: S704 - drawn here, from an address of ours


def show_link(token: str, invitation: Invitation) -> Response:
    """The page that shows the link of a new invitation, this once."""
    return make_response(
        render_template("invitations/link.html", link=link_to(f"/invitations/{token}"), invitation=invitation)
    )
