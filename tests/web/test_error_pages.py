"""The pages of refusals say what was refused, in a title that is true of whoever reads it."""

from __future__ import annotations

import re

from audit.domain.errors import CandourError, TooMany
from audit.web.errors import answer_refusal
from tests.web.office import Office


def title_of(office: Office, refusal: CandourError) -> tuple[int, str]:
    with office.app.test_request_context("/"):
        answer = answer_refusal(refusal)
        return answer.status_code, re.findall("<h1>(.*?)</h1>", answer.get_data(as_text=True))[0]


def test_whoever_was_hasty_is_told_to_wait_and_nobody_that_a_password_was_tried(office: Office) -> None:
    busy = TooMany("Many reports are being printed. Try again in a moment.", retry_after_seconds=5)
    assert title_of(office, busy) == (429, "Not at the moment")


def test_a_limit_that_no_waiting_lifts_asks_for_a_mend(office: Office) -> None:
    full = TooMany("A visit holds at most {most} photos. Remove one before you add another.", most=30)
    assert title_of(office, full) == (429, "There is something to mend")
