"""A press that prints one and the same page and counts, and papers for it to print."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache

from weasyprint import HTML

from audit.actions.printing import PrintShop, print_next
from audit.reports.pdf import NotPrinted
from audit.storage.editions import Paper
from tests.web.office import Office

FIRST, LAST = date(2026, 10, 1), date(2026, 12, 31)
OF_N01 = Paper("branch", "N01", FIRST, LAST, "en")
OF_N02 = replace(OF_N01, subject="N02")
OF_NORTH = replace(OF_N01, what="area", subject="NORTH")
PACK = replace(OF_N01, what="pack", subject="NORTH")


@cache
def one_page() -> bytes:
    """A print as the press makes them."""
    page = '<html lang="en"><head><title>One page</title></head><body><h1>One page</h1></body></html>'
    made: bytes = HTML(string=page).write_pdf(pdf_variant="pdf/ua-1")
    return made


class Press:
    """Stands in for the press: gives the same page for whatever it is given, and counts."""

    def __init__(self, shop: PrintShop) -> None:
        self.printed: list[str] = []
        self.broken = self.interrupted = False
        self.page = one_page()
        self._drawer = shop.drawer

    def print_sheet(self, sheet: object, picture: object) -> bytes:
        if self.broken:
            raise NotPrinted("The report could not be printed: {reason}", reason="the ink is out")
        if self.interrupted:
            raise KeyboardInterrupt
        key: str = sheet.key  # type: ignore[attr-defined]
        self.printed.append(key)
        self._drawer.keep(key, self.page)
        return self.page

    def close(self) -> None:
        """Nothing was opened."""


def press_of(shop: PrintShop) -> Press:
    assert isinstance(shop.printer, Press)
    return shop.printer


def state_of(office: Office, paper: Paper) -> str:
    order = office.store.orders.of(paper)
    return order.state if order else ""


def print_all(shop: PrintShop, office: Office) -> list[Paper]:
    done = []
    while order := print_next(shop, office.clock()):
        done.append(order.paper)
    return done
