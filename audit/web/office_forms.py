"""What all forms of the office share: complaints of the domain stand beside the field they are about."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import current_app, g
from wtforms import Form, PasswordField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.fields.core import Field
from wtforms.validators import InputRequired, Length

from audit.actions.signing_in import confirm_password, is_recent
from audit.domain.errors import CandourError
from audit.web.access import latest_moment, shelves
from audit.web.languages import gettext, lazy, tell

TURNING = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])


class Needed(InputRequired):
    """The field must be filled in; the complaint names it, so that the summary on top can be read alone, unless it has
    words of its own."""

    def __call__(self, form: Any, field: Any) -> None:
        InputRequired(self.message or gettext("“%s” is needed.") % field.label.text)(form, field)


class Expected:
    """Says on the page that a field is not optional; what was sent in it is looked at elsewhere."""

    field_flags: ClassVar = {"required": True}

    def __call__(self, form: Any, field: Any) -> None:
        """Takes everything."""


def needed(complaint: Any = None) -> InputRequired:
    """The field must be filled in; what is said where it is not, if its name would make no sentence."""
    return Needed(complaint)


def at_most(signs: int) -> Length:
    """The field takes so many characters."""
    return Length(max=signs, message=lazy("This is too long."))


def choice(value: str, title: str, group: str | None = None) -> Any:
    """One row of a list to choose from, under the heading of its group."""
    return SelectChoice(value, title, optgroup=group)


def trimmed(text: str | None) -> str:
    """What was typed, without the spaces around it, and without signs that would turn round what stands beside it."""
    return (text or "").translate(TURNING).strip()


class OfficeForm(Form):
    """A form of an office page."""

    def refuse(self, error: CandourError) -> None:
        """Show a refusal beside its field, or above them all if it is about none of them."""
        field: Field | None = self._fields.get(error.place)
        if field is None:
            self.form_errors = [*self.form_errors, tell(error)]
        else:
            field.errors = [*field.errors, tell(error)]


class ConfirmedForm(OfficeForm):
    """A form for something weighty: asks for the password again, unless the sign-in is a few minutes old."""

    own_password = PasswordField(lazy("Your own password, once more"), [Expected()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_recent(g.device, latest_moment()):
            del self.own_password

    def confirm(self) -> bool:
        """Whether it is really the person who is signed in. Call outside a transaction."""
        if "own_password" not in self:
            return True
        passwords, typed = current_app.extensions["passwords"], self.own_password.data or ""
        try:
            confirm_password(shelves(), passwords, g.device, typed, latest_moment())
        except CandourError as error:
            error.place = "own_password"
            self.refuse(error)
            return False
        return True
