"""What is said where nothing is: which thing is not there, and where to go on.

Goes by the door and the role of whoever stands at it, by nothing else: what is missing and what is somebody else's are
told in the same words, byte for byte.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import g, request

from audit.domain.people import May, Person, Role
from audit.web.languages import lazy


@dataclass(frozen=True)
class Words:
    """What the page of a refusal says: a title, and the mend where the refusal itself brings no words; and the `way`
    on, for whoever `may` go it, all others being led home."""

    title: str
    mend: str
    way: str = "/"
    way_words: str = lazy("To the home page")
    may: May = May.HAVE_A_HOME


NO_PAGE = Words(
    lazy("There is no such page"),
    lazy("It may have moved, or it is not yours to see. Begin again at the home page."),
)
# A link that has ended answers as an address at which nothing ever was: so all of these say what may be the matter.
TO_STRANGERS = Words(
    NO_PAGE.title,
    lazy(
        "A part of the address may be missing: open it again from where you have it. If it is a link that somebody "
        "sent you, it may have ended or been taken back: ask for a new one."
    ),
)
_BRANCH = Words(
    lazy("There is no such branch"),
    lazy("No branch with this code is there, or it is not yours to see. Compare the code, sign by sign."),
    "/branches",
    lazy("All branches"),
    May.ADMINISTER,
)
_AREA = Words(
    lazy("There is no such area"),
    lazy("No area with this code is there, or it is not yours to see. Compare the code, sign by sign."),
)
_VISIT = Words(
    lazy("There is no such visit"),
    lazy("It is not there, it has no report yet, or it is not yours to see."),
    "/visits",
    lazy("All visits"),
    May.READ_VISITS,
)
_FIGURES = Words(
    lazy("There are no such figures"),
    lazy(
        "The branch, the area or the checklist of this address is not there, or these figures are not yours to see. "
        "Open the figure again from the page on which it stands."
    ),
)
_CHECKLIST = Words(
    lazy("There is no such checklist"),
    lazy("No checklist with this name, or no such version of it, was published here."),
    "/checklists",
    lazy("All checklists"),
    May.PUBLISH_CHECKLISTS,
)
_PRINTING = Words(
    lazy("There is no such report"),
    lazy("Nobody has asked for it lately, or it is not yours to see. Ask for it again on its page."),
)
_SHARE = Words(
    lazy("There is no such link"),
    lazy("It is not there, or somebody else made it. Your links stand in one list."),
    "/shares",
    lazy("All links to reports"),
    May.SHARE_REPORTS,
)
_DEVICE = Words(
    lazy("There is no such device"),
    lazy("It is not there, or it is somebody else’s. Your devices stand in one list."),
    "/devices",
    lazy("Devices"),
)
_PERSON = Words(
    lazy("There is no such person or invitation"),
    lazy("Look at the list as it stands now."),
    "/people",
    lazy("People"),
    May.ADMINISTER,
)
_ASSIGNMENT = Words(
    lazy("There is no such assignment"),
    lazy("Look at the list as it stands now."),
    "/assignments",
    lazy("Assignments"),
    May.ASSIGN_VISITS,
)

# By how the address of the door begins.
BEHIND = {
    "/branches/": _BRANCH,
    "/areas/": _AREA,
    "/visits/": _VISIT,
    "/figures/": _FIGURES,
    "/programme": _FIGURES,
    "/checklists/": _CHECKLIST,
    "/printing/": _PRINTING,
    "/shares/": _SHARE,
    "/devices/": _DEVICE,
    "/people/": _PERSON,
    "/invitations/<invitation_id>/": _PERSON,
    "/assignments/": _ASSIGNMENT,
}


def missing_words() -> Words:
    """What is said of the address of this request. The phone of a shopper may lie open: it is told no more than that
    there is no such page."""
    person: Person | None = g.get("person")
    if person is None:
        return TO_STRANGERS
    if person.role is Role.SHOPPER or request.url_rule is None:
        return NO_PAGE
    rule = request.url_rule.rule
    return next((words for beginning, words in BEHIND.items() if rule.startswith(beginning)), NO_PAGE)


def way_on(words: Words) -> tuple[str, str]:
    """An address that is open to whoever reads this, and what it is called."""
    person: Person | None = g.get("person")
    if person is not None and person.may(words.may):
        return words.way, words.way_words
    return NO_PAGE.way, NO_PAGE.way_words
