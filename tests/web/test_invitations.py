"""Invitations, links and devices: looked at as often as one likes, accepted once, listed and ended one by one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from audit.actions.inviting import Guest, first_invitation, invite_from_command_line
from audit.domain.people import Person, Role
from tests import cast
from tests.web.guests import GUEST, invited, link_on
from tests.web.office import PASSWORD, Office, text_of


def accepting(link: str) -> str:
    return f"{link}/acceptance"


def test_a_shopper_opens_the_link_and_presses_the_button(office: Office) -> None:
    link = invited(office)
    phone = office.browser()
    assert "Use this phone" in text_of(phone.get(link))
    answer = phone.post(accepting(link))
    assert (answer.status_code, answer.location) == (303, "/")
    assert phone.get("/").status_code == 200
    nora = next(person for person in office.store.people.list_all() if person.name == "Nora Quist")
    assert nora.role is Role.SHOPPER
    assert nora.pseudonym.startswith("Shopper ")


def test_previews_of_messengers_use_nothing_up(office: Office) -> None:
    link = invited(office)
    for _ in range(5):
        preview = office.browser().get(link, headers={"User-Agent": "WhatsApp/2"})
        assert preview.status_code == 200
        assert "Set-Cookie" not in preview.headers
    assert office.browser().head(link).status_code == 200
    assert office.browser().post(accepting(link)).status_code == 303


def test_the_second_who_accepts_is_too_late(office: Office) -> None:
    link = invited(office)
    office.browser().post(accepting(link))
    for answer in (office.browser().get(link), office.browser().post(accepting(link))):
        assert answer.status_code == 409
        assert "was used already" in text_of(answer)


def test_of_twenty_taps_at_once_one_counts(office: Office) -> None:
    link = invited(office)
    with ThreadPoolExecutor(10) as pool:
        statuses = list(pool.map(lambda _: office.browser().post(accepting(link)).status_code, range(20)))
    assert sorted(statuses) == [303] + [409] * 19
    assert [person.name for person in office.store.people.list_all()].count("Nora Quist") == 1


def test_an_invitation_lasts_fourteen_days(office: Office) -> None:
    link, later = invited(office), invited(office)
    office.clock.go_on(days=13, hours=23)
    assert office.browser().post(accepting(later)).status_code == 303
    office.clock.go_on(hours=1)
    answer = office.browser().post(accepting(link))
    assert answer.status_code == 409
    assert "has expired" in text_of(answer)


def test_an_invitation_that_was_taken_back_is_no_longer_good(office: Office) -> None:
    link = invited(office)
    invitation = office.store.invitations.list_open(office.clock())[0]
    assert office.browser(cast.ADA).post(f"/invitations/{invitation.id}/revocation").status_code == 303
    assert "no longer good" in text_of(office.browser().get(link))


def test_a_link_that_nobody_made_is_a_missing_page(office: Office) -> None:
    assert office.browser().get("/invitations/" + "x" * 43).status_code == 404


def test_the_office_chooses_a_password_and_signs_in_with_it_later(office: Office) -> None:
    link = invited(office, role="reviewer", name="Nora Quist", email="Nora@Example.org")
    browser = office.browser()
    weak = browser.post(accepting(link), data={"password": "password1234"})
    assert weak.status_code == 422
    assert "among the first that others would try" in text_of(weak)
    assert browser.post(accepting(link), data={"password": "a heron over wet slate"}).status_code == 303
    form = {"email": "nora@example.org", "password": "a heron over wet slate"}
    assert office.browser().post("/sign-in", data=form).status_code == 303


def test_whoever_is_invited_without_a_name_writes_it(office: Office) -> None:
    link = invited(office, role="reviewer", name="", email="")
    browser = office.browser()
    lacking = browser.post(accepting(link), data={"password": "a heron over wet slate", "email": "no address"})
    assert lacking.status_code == 422
    taken = {"name": "Nora", "email": "rita@example.org", "password": "a heron over wet slate"}
    assert "is there already" in text_of(browser.post(accepting(link), data=taken))
    assert browser.post(accepting(link), data={**taken, "email": "nora@example.org"}).status_code == 303


@pytest.mark.parametrize(
    ("guest", "mend"),
    [
        ({"role": "area_manager"}, "Choose one that is there."),
        ({"role": "area_manager", "area": "EAST"}, "Choose one that is there."),
        ({"role": "branch_manager", "branch": "Z99"}, "Choose one that is there."),
        ({"role": "reviewer", "branch": "N01"}, "Leave the branch empty."),
        ({"role": "shopper", "name": " "}, "A shopper needs a name."),
        ({"role": "reviewer", "email": "rita@example.org"}, "is there already"),
        ({"role": "reviewer", "email": "rita"}, "like ada@example.org"),
        ({"role": "king"}, "Invite somebody"),
        ({"role": ""}, "Choose what the person is to be"),
    ],
)
def test_what_does_not_fit_the_role_is_said_beside_its_field(office: Office, guest: dict[str, str], mend: str) -> None:
    answer = office.browser(cast.ADA).post("/invitations", data={**GUEST, **guest})
    assert answer.status_code == 422
    assert mend in text_of(answer)
    assert office.store.invitations.list_open(office.clock()) == []


NOT_ONE_ADDRESS = (
    "nora,sam@example.org",
    "nora@example.org\nBcc: sam@example.org",
    "<nora@example.org",
    "no ra@example.org",
    '"nora"@example.org',
    "nora@example.org;",
    "nora@exam\tple.org",
    "nora(x)@example.org",
)


@pytest.mark.parametrize("email", NOT_ONE_ADDRESS)
def test_what_a_mail_would_take_for_several_addresses_or_lines_is_none(office: Office, email: str) -> None:
    link = invited(office, role="reviewer", name="Nora Quist", email="")
    lacking = office.browser().post(accepting(link), data={"password": "a heron over wet slate", "email": email})
    assert (lacking.status_code, "like ada@example.org" in text_of(lacking)) == (422, True)


def test_after_five_minutes_letting_somebody_in_asks_for_the_password_again(office: Office) -> None:
    browser = office.browser(cast.ADA)
    office.clock.go_on(minutes=6)
    assert "Your own password, once more" in text_of(browser.get("/people"))
    assert browser.post("/invitations", data=GUEST).status_code == 422
    wrong = browser.post("/invitations", data={**GUEST, "own_password": "not this one"})
    assert "The password is wrong." in text_of(wrong)
    assert browser.post("/invitations", data={**GUEST, "own_password": PASSWORD}).status_code == 200


def test_a_key_to_somebody_elses_account_asks_for_the_password_again(office: Office) -> None:
    browser, address = office.browser(cast.ADA), f"/people/{cast.RITA.id}/link"
    office.clock.go_on(minutes=6)
    assert "Is it still you?" in text_of(browser.post(address))
    assert browser.post(address, data={"own_password": "not this one"}).status_code == 422
    assert office.store.invitations.list_open(office.clock()) == []
    assert link_on(text_of(browser.post(address, data={"own_password": PASSWORD})))


def test_the_link_is_a_picture_too_without_a_style_of_its_own(office: Office) -> None:
    page = text_of(office.browser(cast.ADA).post("/invitations", data=GUEST))
    assert "<svg" in page
    assert "style=" not in page


def test_a_lost_password_is_set_anew_by_a_link_and_signs_out_everywhere_else(office: Office) -> None:
    elsewhere = office.browser(cast.RITA)
    link = link_on(text_of(office.browser(cast.ADA).post(f"/people/{cast.RITA.id}/link")))
    assert office.browser().post(accepting(link), data={"password": "a heron over wet slate"}).status_code == 303
    assert elsewhere.get("/").status_code == 303
    form = {"email": "rita@example.org", "password": PASSWORD}
    assert office.browser().post("/sign-in", data=form).status_code == 422


def test_sam_adds_another_phone_by_a_code_that_lasts_a_quarter_of_an_hour(office: Office) -> None:
    first = office.browser(cast.SAM)
    link, late = (link_on(text_of(first.post("/devices"))) for _ in range(2))
    second = office.browser()
    assert second.post(accepting(link)).status_code == 303
    assert text_of(second.get("/devices")).count("last used") == 2
    office.clock.go_on(minutes=15)
    assert office.browser().post(accepting(late)).status_code == 409


def test_sam_ends_the_sign_in_of_a_lost_phone(office: Office) -> None:
    lost, kept = office.browser(cast.SAM), office.browser(cast.SAM)
    device = office.store.devices.of_person(cast.SAM.id)[1]
    assert kept.post(f"/devices/{device.id}/revocation").location == "/devices"
    assert lost.get("/").status_code == 303
    assert kept.get("/").status_code == 200


def test_whoever_is_shown_out_is_out_at_once_with_every_link(office: Office) -> None:
    phone = office.browser(cast.SAM)
    link = link_on(text_of(phone.post("/devices")))
    assert office.browser(cast.ADA).post(f"/people/{cast.SAM.id}/dismissal").status_code == 303
    assert phone.get("/").status_code == 303
    assert office.browser().post(accepting(link)).status_code == 409


def test_a_link_that_somebody_made_before_being_shown_out_lets_nobody_in(office: Office) -> None:
    gone = Person("01900000-0000-7000-8000-00000000ada1", "Gerd Falk", Role.ADMIN, "gerd@example.org")
    with office.store.transaction():
        office.store.people.save(gone)
    gerd = office.browser(gone)
    back_door = link_on(
        text_of(gerd.post("/invitations", data={"role": "admin", "name": "Nobody", "email": "n@o.example"}))
    )
    key_to_rita = link_on(text_of(gerd.post(f"/people/{cast.RITA.id}/link")))
    of_ada = invited(office)
    assert office.browser(cast.ADA).post(f"/people/{gone.id}/dismissal").status_code == 303
    password = {"password": "a heron over wet slate"}
    assert office.browser().post(accepting(back_door), data=password).status_code == 409
    assert office.browser().post(accepting(key_to_rita), data=password).status_code == 409
    assert office.browser().post(accepting(of_ada)).status_code == 303


def test_a_new_password_ends_every_other_link_to_the_same_account(office: Office) -> None:
    ada = office.browser(cast.ADA)
    intercepted, second = (link_on(text_of(ada.post(f"/people/{cast.RITA.id}/link"))) for _ in range(2))
    of_amir = link_on(text_of(ada.post(f"/people/{cast.AMIR.id}/link")))
    assert office.browser().post(accepting(second), data={"password": "a heron over wet slate"}).status_code == 303
    assert office.browser().post(accepting(intercepted), data={"password": "three herons at dawn"}).status_code == 409
    assert office.browser().post(accepting(of_amir), data={"password": "three herons at dawn"}).status_code == 303


def test_nobody_shows_themselves_out(office: Office) -> None:
    assert office.browser(cast.ADA).post(f"/people/{cast.ADA.id}/dismissal").status_code == 403


def test_the_first_start_prints_a_link_until_there_is_an_administrator(office: Office) -> None:
    with office.store.transaction():
        office.store.people.save(cast.ADA.dismissed())
    lost = first_invitation(office.store, office.clock())
    token = first_invitation(office.store, office.clock())
    assert office.browser().get(f"/invitations/{lost}").status_code == 409
    form = {"name": "Ada Berger", "email": "ada.b@example.org", "password": "a heron over wet slate"}
    browser = office.browser()
    assert browser.post(f"/invitations/{token}/acceptance", data=form).status_code == 303
    assert browser.get("/people").status_code == 200
    assert first_invitation(office.store, office.clock()) is None


def test_an_administrator_who_lost_the_password_keeps_the_account(office: Office) -> None:
    token, _ = invite_from_command_line(office.store, Guest(Role.ADMIN), office.clock())
    form = {"name": "Ada", "email": "ada@example.org", "password": "a heron over wet slate"}
    assert office.browser().post(f"/invitations/{token}/acceptance", data=form).status_code == 303
    assert [person.id for person in office.store.people.list_all(Role.ADMIN)] == [cast.ADA.id]


def test_a_shopper_whom_the_command_line_invited_writes_the_own_name(office: Office) -> None:
    token, _ = invite_from_command_line(office.store, Guest(Role.SHOPPER), office.clock())
    phone = office.browser()
    assert "Your name" in text_of(phone.get(f"/invitations/{token}"))
    assert phone.post(f"/invitations/{token}/acceptance").status_code == 422
    assert phone.post(f"/invitations/{token}/acceptance", data={"name": "Nora Quist"}).status_code == 303
    assert phone.get("/").status_code == 200


def test_whoever_is_invited_by_a_person_cannot_take_an_account_over(office: Office) -> None:
    link = invited(office, role="admin", name="", email="")
    form = {"name": "Ada", "email": "ada@example.org", "password": "a heron over wet slate"}
    assert office.browser().post(accepting(link), data=form).status_code == 422
    assert office.browser().post("/sign-in", data={**form, "password": PASSWORD}).status_code == 303


def test_a_link_over_plain_http_from_afar_is_not_shown(office: Office) -> None:
    link = invited(office)
    office.app.config["TRUSTED_HOSTS"] = ["audit.example.org"]
    assert office.browser().get(link, base_url="http://audit.example.org").status_code == 403
