"""An installation on its first day: each page says what is still lacking, and where it is mended."""

from __future__ import annotations

import re
from dataclasses import replace

from audit.domain.people import Role
from tests import cast
from tests.web.office import Office, text_of


def test_a_new_installation_says_what_to_do_first(office: Office) -> None:
    assert "Publish a checklist" in text_of(office.browser(cast.ADA).get("/"))


def without_shoppers(office: Office) -> None:
    with office.store.transaction():
        for shopper in office.store.people.list_all(Role.SHOPPER):
            office.store.people.save(replace(shopper, role=Role.REVIEWER))


def test_the_first_steps_stay_until_somebody_is_there_who_can_make_a_visit(office: Office) -> None:
    ada = office.browser(cast.ADA)
    ada.post("/checklists", data={"shipped": "six-secrets"})
    assert "The way to the first visit" not in text_of(ada.get("/"))
    without_shoppers(office)
    assert "The way to the first visit" in (page := text_of(ada.get("/")))
    assert "Every visit that was sent has been read" not in page, "none was"
    assert ada.post("/invitations", data={"role": "shopper", "name": "Sia"}).status_code == 200
    assert "The way to the first visit" not in text_of(ada.get("/"))


def test_that_staff_are_told_is_one_of_the_first_steps(office: Office) -> None:
    ada = office.browser(cast.ADA)
    ada.post("/checklists", data={"shipped": "six-secrets"})
    with office.store.transaction():
        for branch in office.store.branches.list_all():
            office.store.branches.save(replace(branch, staff_told_on=None))
    page = text_of(ada.get("/"))
    assert [len(re.findall(f"done</span> <a[^>]*>{words}", page)) for words in ("Take in", "Tell the", "Publish")] == [
        1, 0, 1,
    ]  # fmt: skip


def test_a_visit_that_cannot_be_assigned_yet_says_what_is_lacking_instead_of_asking(office: Office) -> None:
    ada = office.browser(cast.ADA)
    without_shoppers(office)
    page = text_of(ada.get("/assignments"))
    assert "There is no checklist yet." in page
    assert "There is no shopper yet." in page
    assert 'name="until"' not in page
    ada.post("/invitations", data={"role": "shopper", "name": "Sia"})
    assert "No shopper has accepted an invitation yet." in text_of(ada.get("/assignments"))


def test_a_checklist_that_is_ready_is_read_before_it_is_published(office: Office) -> None:
    ada = office.browser(cast.ADA)
    assert 'href="/checklists/ready/six-secrets"' in text_of(ada.get("/checklists"))
    page = text_of(ada.get("/checklists/ready/six-secrets"))
    assert "weight 1.5" in page
    assert 'name="shipped" value="six-secrets"' in page
    assert office.store.checklists.list_latest() == []
    assert ada.get("/checklists/ready/seven-secrets").status_code == 404


def test_the_checklist_to_begin_with_stands_first(office: Office) -> None:
    page = text_of(office.browser(cast.ADA).get("/checklists"))
    assert re.findall(r'name="shipped" value="([\w-]+)"', page)[:2] == ["six-secrets", "bank-branch"]


def test_what_a_column_was_called_when_it_was_taken_in_it_is_called_at_the_branch(office: Office) -> None:
    with office.store.transaction():
        office.store.branches.save(replace(cast.N01, attributes={"phone": "044 123", "window": "two"}))
    page = text_of(office.browser(cast.ADA).get("/branches/N01"))
    assert "<dt>Telephone</dt><dd>044 123</dd>" in page
    assert "<dt>window</dt><dd>two</dd>" in page
