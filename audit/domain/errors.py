"""One family of refusals, in the trade's words. Owns how a refusal is worded; refuses to know pages, statuses or exits.

Every message is a plain template with named fields, so that the pages can look it up in a message catalogue and
fill it in afterwards; `str(error)` is the English sentence.
"""

from __future__ import annotations


class CandourError(Exception):
    """Something was refused. `message` names what is wrong and the mend, `place` where it is (may be empty)."""

    def __init__(self, message: str, *, place: str = "", **values: object) -> None:
        super().__init__(message)
        self.message = message
        self.place = place
        self.values = values

    def __str__(self) -> str:
        sentence = self.message.format(**self.values) if self.values else self.message
        return f"{self.place}: {sentence}" if self.place else sentence


class NotFound(CandourError):
    """It is not there, or not there for this person: the two are never told apart."""


def not_here() -> NotFound:
    """What is said of an address at which nothing is, and in the same words of one whose content is somebody else's."""
    return NotFound("It is not here, or it is not yours to see. Begin again from the page that led to it.")


class NotAllowed(CandourError):
    """This person may not do this."""


class SignInNeeded(CandourError):
    """Nobody is signed in, or the sign-in has expired."""


class ConfirmationNeeded(CandourError):
    """This person may do it, and is asked for the password again first: the last time was too long ago."""


class TooLate(CandourError):
    """The moment for this has passed: a submitted visit cannot be edited, a used invitation not used again."""


class TooMany(CandourError):
    """A limit on number, size or rate is reached; `retry_after_seconds` says when to try again, where that helps."""

    def __init__(self, message: str, *, retry_after_seconds: int = 0, place: str = "", **values: object) -> None:
        super().__init__(message, place=place, **values)
        self.retry_after_seconds = retry_after_seconds


class Conflict(CandourError):
    """The same name for two different things, such as one submission id with two contents."""


class Overtaken(Conflict):
    """What was to be changed has changed since it was read, and is read as it stands now first; what was typed is
    kept."""


class NoSpace(CandourError):
    """The disk is full: nothing was taken, try again when there is space."""


class InvalidAnswer(CandourError):
    """An answer that the question cannot take; the words typed are kept."""


class InvalidChecklist(CandourError):
    """A checklist that cannot be used; `complaints` holds every reason found."""

    def __init__(self, message: str, *, complaints: tuple[object, ...] = (), place: str = "", **values: object) -> None:
        super().__init__(message, place=place, **values)
        self.complaints = complaints


class InvalidPhoto(CandourError):
    """A file that is not a photo Candour can take."""


class InvalidTable(CandourError):
    """A spreadsheet or CSV file that cannot be read."""


class InvalidField(CandourError):
    """A field of a form or a command that was filled in wrongly; `place` is the name of the field."""


class InvalidSubmission(CandourError):
    """A submission whose envelope cannot be understood at all."""
