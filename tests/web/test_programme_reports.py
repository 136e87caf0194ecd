"""The report of the whole programme for a board: four pages, be it by one checklist or by three."""

from __future__ import annotations

import io
import re

from pypdf import PdfReader

from audit.actions.assigning import Offer, assign_visit
from audit.actions.publishing import publish_checklist, publish_visit, read_checklist_file
from audit.actions.submitting import receive_submission
from audit.actions.visiting import begin_visit
from audit.domain.submission import Submission, canonical
from audit.domain.visit import Visit
from audit.storage.identifiers import new_id
from tests import cast
from tests.web.office import CHECKLIST, Office, text_of

PERIOD = "from=2026-10-01&to=2026-12-31"
OTHERS = {"letter": "A letter", "telephone": "A telephone call"}
QUESTIONS = ("With other checklists", "The areas", "What was kept, and what was lost", "What these figures can carry")


def test_the_board_reads_three_checklists_on_four_pages(office: Office, visit: Visit) -> None:
    for id, title in OTHERS.items():
        publish_visit(office.store, cast.ADA, sent_with(office, id, title).id, office.clock())
    pdf = office.browser(cast.ADA).get(f"/programme/report.pdf?{PERIOD}").data
    pages = [re.sub(r"\s+", " ", page.extract_text()) for page in PdfReader(io.BytesIO(pdf)).pages]
    assert len(pages) == 4
    assert [head for head, page in zip(QUESTIONS, pages, strict=True) if head in page] == list(QUESTIONS)
    for title in OTHERS.values():
        assert [title in page for page in pages] == [True, True, False, True]
    assert pages[0].count("1 visit") >= 3


def test_the_page_says_of_each_checklist_what_the_paper_says(office: Office, visit: Visit) -> None:
    for id, title in OTHERS.items():
        publish_visit(office.store, cast.ADA, sent_with(office, id, title).id, office.clock())
    page = text_of(office.browser(cast.ADA).get(f"/programme/report?{PERIOD}"))
    said = re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", page))
    for title in OTHERS.values():
        assert re.search(rf"{title}, in person .* 100 % \d+–100 · 1 visit", said)
    assert all(head in said for head in QUESTIONS)


def test_a_question_that_fills_its_line_stays_in_it(office: Office, visit: Visit) -> None:
    """Of a line that fits but for the blank at its end, the press leaves the first word alone; so the blank stands in
    the small print after it."""
    page = text_of(office.browser(cast.ADA).get(f"/programme/report?{PERIOD}"))
    assert '<th scope="row">Did someone thank you?<span class="meta"> At the counter</span>' in page
    assert ' <span class="meta">' not in "".join(re.findall(r'<table class="asked">.*?</table>', page, re.DOTALL))


def sent_with(office: Office, id: str, title: str) -> Visit:
    """A visit to Mill Lane that Sam has sent, all kept, with a checklist of that name."""
    raw, now = CHECKLIST.replace(b"corner-shop", id.encode()).replace(b"Corner shop", title.encode()), office.clock()
    file = read_checklist_file(raw, "more.yaml")
    version = publish_checklist(office.store, cast.ADA, file.tree, file.source, now).version
    offer = Offer(cast.N01.code, id, version, cast.SAM.id, now.date())
    visit = begin_visit(office.store, cast.SAM, assign_visit(office.store, cast.ADA, offer, now).id, now)
    answers = {"greeted": "yes", "thanked": "yes", "customer_state": "satisfied", "narrative": "Quick."}
    message = Submission(new_id(), visit.id, "phone", 1, visit.checklist_id, visit.version, answers=answers)
    receive_submission(office.store, cast.SAM, message, canonical(message.to_tree()), now)
    return office.store.visits.find(visit.id)
