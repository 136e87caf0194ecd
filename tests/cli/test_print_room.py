"""The print room of a server that was killed: what it left lying is printed by the next one, asked or not."""

from __future__ import annotations

import io
import os
import signal
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader

from audit.actions.printing import ask_for_paper, open_shop
from audit.reports.period import quarter_of
from audit.storage.editions import PRINTING, READY, Order, Paper
from audit.web.languages import catalogue
from tests.served import Installation, free_port, installed, now
from tests.waiting import wait_until

MOST_SECONDS = 120


def until(installation: Installation, paper: Paper, states: tuple[str, ...]) -> Order:
    """The order once it is in one of these states."""

    def look() -> Order | None:
        order = installation.store.orders.of(paper)
        return order if order and order.state in states else None

    return wait_until(look, MOST_SECONDS, f"one of {states}")


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM], ids=["killed", "told to stop"])
@pytest.mark.soak
def test_what_a_server_was_printing_when_it_ended_is_printed_by_the_next(tmp_path: Path, end: signal.Signals) -> None:
    with installed(tmp_path) as installation:
        quarter = quarter_of(now().date())
        paper = Paper("branch", "N01", quarter.first, quarter.last, "en")
        papers = [replace(paper, what="pack", subject="NORTH"), paper, replace(paper, subject="S01")]
        for one in papers:
            ask_for_paper(installation.store, one, now())
        port = free_port()
        with installation.serving_at(port) as process:
            until(installation, paper, (PRINTING, READY))
            os.kill(process, end)
        with installation.serving_at(port):
            done = [until(installation, one, (READY,)) for one in papers]
        drawer = open_shop(installation.store, catalogue, "").drawer
        assert [(drawer.find(order.key) or b"")[:5] for order in done] == [b"%PDF-"] * 3
        volume = PdfReader(io.BytesIO(drawer.find(done[0].key) or b""))
        assert [one.title for one in volume.outline if not isinstance(one, list)] == [
            "North",
            "Mill Lane",
            "Old Bridge",
        ]  # type: ignore[union-attr]
        assert zipfile.is_zipfile(io.BytesIO(drawer.find(done[0].key, ".zip") or b""))
