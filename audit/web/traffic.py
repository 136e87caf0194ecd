"""When customers come: the page on which the programme office says it, for each part of the week."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request
from wtforms import StringField
from wtforms.validators import ValidationError

from audit.actions.weighing import take_traffic_back, tell_traffic
from audit.domain.checklist.questions.numbers import read_decimal
from audit.domain.errors import CandourError
from audit.domain.people import May
from audit.domain.statistics.traffic import DAYS, HOURS, PARTS, WEEK, PartOfWeek, Traffic
from audit.formatting import Formats
from audit.web.access import requires, shelves, this_moment, viewer
from audit.web.languages import gettext, language
from audit.web.notices import tell_next_page
from audit.web.office_forms import OfficeForm, trimmed

doors = Blueprint("traffic", __name__)

PATH = "/programme/traffic"
LIMIT, PLACES = 10**9, 4  # of the numbers that are taken, and how many digits may follow the point


def name_of(part: PartOfWeek) -> str:
    """Of the field of a part of the week."""
    return f"{part[1]}-{part[0]}"


class NumberOfCustomers(StringField):
    """A number from 0 on in any common spelling, or nothing."""

    number: Fraction | None = None

    def pre_validate(self, form: Any) -> None:
        """Read what was typed. ValidationError names the part of the week and the mend."""
        typed = trimmed(self.data)
        number = read_decimal(typed.removesuffix("%"))
        if typed and (number is None or not 0 <= number < LIMIT or (number * 10**PLACES).denominator > 1):
            mend = gettext("Write a number from 0 on, such as 12 or 12.5.")
            raise ValidationError(f"{self.label.text}: {mend}")
        self.number = number


class TrafficForm(OfficeForm):
    """A field for each part of the week."""

    def traffic(self) -> Traffic:
        """What was typed. InvalidField if it is nothing."""
        numbers = {part: getattr(self[name_of(part)], "number", None) for part in WEEK}
        return Traffic({part: number for part, number in numbers.items() if number is not None})


for _part in WEEK:
    setattr(TrafficForm, name_of(_part), NumberOfCustomers())


@doors.get(PATH)
@requires(May.ADMINISTER)
def show() -> str:
    """What was said so far."""
    return page(form_of(shelves().traffic.find()))


@doors.post(PATH)
@requires(May.ADMINISTER)
def tell() -> Response:
    """Keep what was typed."""
    form = named(TrafficForm(request.form))
    if form.validate():
        try:
            tell_traffic(shelves(), viewer(), form.traffic(), this_moment())
        except CandourError as error:
            form.refuse(error)
        else:
            tell_next_page(gettext("It is kept when customers come. Figures are held against it from now on."))
            return make_response(redirect(PATH, 303))
    return make_response(page(form, complained=True), 422)


@doors.post(f"{PATH}/removal")
@requires(May.ADMINISTER)
def take_back() -> Response:
    """Say no longer when customers come."""
    take_traffic_back(shelves(), viewer(), this_moment())
    tell_next_page(gettext("Nothing is said any longer about when customers come."))
    return make_response(redirect(PATH, 303))


def form_of(traffic: Traffic | None) -> TrafficForm:
    """Filled in with what was said."""
    customers: Mapping[PartOfWeek, Fraction] = traffic.customers if traffic else {}
    formats = Formats(language())
    return named(TrafficForm(data={name_of(part): formats.typed(number, PLACES) for part, number in customers.items()}))


def named(form: TrafficForm) -> TrafficForm:
    """With the names of day and part as labels, in the language of the page."""
    formats = Formats(language())
    titles = part_titles()
    for day, part in WEEK:
        form[name_of((day, part))].label.text = f"{formats.weekday(day)}{formats.comma}{titles[part]}"
    return form


def page(form: TrafficForm, complained: bool = False) -> str:
    """The form, and what follows from it."""
    return render_template(
        "workings/traffic.html",
        form=form,
        days=DAYS,
        parts=PARTS,
        hours=HOURS,
        titles=part_titles(),
        name_of=name_of,
        told=shelves().traffic.find() is not None,
        complained=complained,
        f=Formats(language()),
    )


def part_titles() -> dict[str, str]:
    """What the parts of the day are called."""
    return {
        "morning": gettext("morning"),
        "midday": gettext("midday"),
        "afternoon": gettext("afternoon"),
        "evening": gettext("evening"),
    }
