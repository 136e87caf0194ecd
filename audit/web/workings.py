"""The workings behind the figures, for the programme office: what few visits can show, and what shoppers differ by."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flask import Blueprint, render_template, request
from wtforms import DecimalField, IntegerField, SelectField
from wtforms.validators import NumberRange

from audit.actions.measuring import measure_period
from audit.actions.overseeing import read_areas
from audit.actions.reckoning import find_workings
from audit.domain.people import May
from audit.domain.statistics.lost_customers import CostOfWinning, Loss, cost_of_winning, loss_of
from audit.domain.statistics.planning import visits_to_tell_apart
from audit.formatting import Formats
from audit.reports.areas import AreasReport, ProgrammePart
from audit.reports.workings import Workings
from audit.reports.workings_sentences import WorkingsSentences
from audit.web.access import requires, shelves, viewer
from audit.web.areas import chosen, latest_day, offered, surroundings
from audit.web.languages import catalogue, gettext, language, lazy
from audit.web.office_forms import OfficeForm, choice, needed
from audit.web.reports import asked_period

doors = Blueprint("workings", __name__)

EXAMPLE = 10
LARGEST, MOST_PLACES = 10**12, 6
_SOME = [needed(), NumberRange(min=0, max=LARGEST)]
_ONE = [needed(), NumberRange(min=1, max=LARGEST)]


@dataclass(frozen=True)
class AskedWorkings:
    """The workings over the period and with the checklist that were asked for; `found` is None while they are being
    worked out, and `part` where no visit was published."""

    report: AreasReport
    part: ProgrammePart | None
    found: Workings | None

    def surroundings(self) -> dict[str, Any]:
        """What every page of workings wants."""
        return {
            "r": self.report,
            "part": self.part,
            "w": self.found,
            "latest": None if self.part else latest_day(),
            "tell": WorkingsSentences(catalogue(language()), Formats(language())),
            **surroundings(self.report.period),
            **offered(self.report.parts, self.part),
        }


class AmountField(DecimalField):
    """An amount that can be reckoned with: what is no number, or one of endless places, is refused before anybody
    multiplies it."""

    def process_formdata(self, valuelist: Any) -> None:
        """Take what was typed. ValueError names the mend."""
        super().process_formdata(valuelist)
        places = self.data.as_tuple().exponent if self.data is not None else 0  # a letter, of what is no number
        if not isinstance(places, int) or places < -MOST_PLACES:
            self.data = None
            raise ValueError(gettext("Write a number with digits, such as 12."))


class LossForm(OfficeForm):
    """What somebody assumes about lost customers; nothing of it is kept."""

    failing = SelectField(lazy("What goes wrong"), [needed()])
    affected = IntegerField(lazy("Customers a year to whom it could happen"), _ONE)
    leaving = IntegerField(lazy("Where it goes wrong, of so many one leaves"), _ONE)
    representative = AmountField(lazy("What a representative costs in a year"), _SOME)
    share = AmountField(lazy("Of that, per cent of the time to win customers"), [needed(), NumberRange(min=0, max=100)])
    won = IntegerField(lazy("Customers that each wins in a year"), _ONE)
    representatives = IntegerField(lazy("Number of representatives"), _ONE)
    advertising = AmountField(lazy("Advertising in a year"), _SOME)


@doors.get("/programme/workings")
@requires(May.SEE_SHOPPERS)
def show() -> str:
    """Planning, questions, impression, shoppers and the cost of lost customers, over a period with one checklist."""
    asked = asked_workings()
    about: dict[str, Any] = {}
    if asked.part and asked.found:
        about = {**losses(asked.found), "shoppers": names_of(asked.found), **plan_of(asked.part, asked.found)}
    return render_template("workings/page.html", **asked.surroundings(), **about)


def asked_workings() -> AskedWorkings:
    """Looked for; NotFound for whoever may not see the whole programme."""
    period = asked_period()
    report = read_areas(shelves(), viewer(), period, language())
    part = chosen(report.parts)
    found = find_workings(shelves(), viewer(), period, part.checklist.id, language()) if part else None
    return AskedWorkings(report, part, found)


def plan_of(part: ProgrammePart, found: Workings) -> dict[str, object]:
    """One difference as an example of how many visits it takes, and what ranges take to be the shoppers'."""
    share = measure_period(shelves(), asked_period())[part.checklist.id].shopper_share
    return {"example": EXAMPLE, "needed": visits_to_tell_apart(EXAMPLE, variance_of(part, found)), "share": share}


def variance_of(part: ProgrammePart, found: Workings) -> float:
    """The variance of one visit's score, in squared points: from the programme's own components as soon as its visits
    carry them."""
    if found.components:
        return found.components.sigma2 + max(0.0, found.components.omega2)
    measured = measure_period(shelves(), asked_period())[part.checklist.id]
    return measured.dispersion.visit_variance(measured.whole.mean) if measured.whole else 0.0


def losses(found: Workings) -> dict[str, object]:
    """The form about lost customers, and what comes of it once it is filled in."""
    form = LossForm(request.args)
    failing = [each for each in found.questions if each.figure.visits > each.figure.passed]
    form.failing.choices = [choice("", "–"), *(choice(each.id, each.title) for each in failing)]
    asked = "affected" in request.args
    cost: CostOfWinning | None = None
    loss: Loss | None = None
    if asked and form.validate():
        cost = cost_of_winning(
            Fraction(form.representative.data or 0),
            Fraction(form.share.data or 0) / 100,
            Fraction(form.won.data or 1),
            Fraction(form.advertising.data or 0),
            Fraction(form.representatives.data or 1),
        )
        figure = next(each.figure for each in failing if each.id == form.failing.data)
        failed = figure.visits - figure.passed
        loss = loss_of(failed, figure.visits, form.affected.data or 1, Fraction(1, form.leaving.data or 1), cost.total)
    return {"form": form, "asked": asked, "cost": cost, "loss": loss}


def names_of(found: Workings) -> dict[str, str]:
    """The shoppers that the page names, as the office knows them."""
    ids = {
        *(str(each.shopper) for each in found.clear),
        *found.one_impression,
        *(each.shopper for each in found.left_out),
    }
    return {id: person.named_for(viewer()) for id, person in shelves().people.find_many(ids).items()}
