"""Which passwords are good enough: long, and not among the first that anybody would try.

No rules about signs and digits (NIST SP 800-63B, 3.1.1.2)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from audit.domain.errors import InvalidField

SHORTEST, LONGEST = 12, 200

# What the most common long passwords are made of, once digits and signs at the ends are taken off.
_COMMON = """
    password passwort passwd motdepasse contrasena senha wachtwoord parola azerty azertyuiop qwerty qwertyuiop qwertz
    qwertzuiop asdfghjkl zxcvbnm yxcvbnm qazwsx qazwsxedc iloveyou letmein welcome willkommen bienvenue admin
    administrator superuser master monkey dragon football baseball basketball liverpool arsenal chelsea sunshine
    princess princesse superman batman pokemon starwars shadow michael jordan daniel charlie trustno changeme secret
    whatever freedom computer internet samsung google facebook hallo hello abcdef abcdefgh abcdefghijkl test testing
    guest default login user root access summer winter spring autumn sommer monday friday january november december
    candour mystery shopper mysteryshopper shopping shopper audit branch visit programme
    correcthorsebatterystaple thisismypassword mypassword ilovemyfamily nothingtoseehere
"""
COMMON_WORDS = frozenset(_COMMON.split())

RUNS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "qwertzuiop", "azertyuiop", "asdfghjkl", "zxcvbnm")
LOOKALIKES = str.maketrans("4@310$5!7", "aaeiossit")


def must_be_good(password: str, about: Iterable[str] = ()) -> None:
    """Raise InvalidField, with the mend, for a password too short, too long, too common, or made of `about`: the
    person's own name and address."""
    if len(password) < SHORTEST:
        raise InvalidField(
            "The password is too short. Use at least {least} characters; a few words together are good.",
            place="password",
            least=SHORTEST,
        )
    if len(password) > LONGEST:
        raise InvalidField("The password is too long. Use at most {most} characters.", place="password", most=LONGEST)
    if _is_common(password, about):
        raise InvalidField(
            "This password is among the first that others would try. Use a few words that do not belong together.",
            place="password",
        )


def _is_common(password: str, about: Iterable[str]) -> bool:
    plain = unicodedata.normalize("NFKD", password).casefold()
    readings = {_letters(plain), _letters(plain.translate(LOOKALIKES)), _core(plain)}
    known = COMMON_WORDS | {_letters(part) for text in about for part in _words(text) if len(part) > 2}
    if len(set(plain)) < 5 or not _letters(plain) or _is_run(plain):
        return True
    return any(_is_made_of(reading, known) for reading in readings)


def _letters(text: str) -> str:
    return "".join(sign for sign in text if sign.isalpha())


def _core(text: str) -> str:
    """Without digits and signs at both ends, and with look-alikes read as letters: `P4ssw0rd2024!` is `password`."""
    start = next((i for i, sign in enumerate(text) if sign.isalpha()), len(text))
    end = next((i for i in range(len(text), start, -1) if text[i - 1].isalpha()), start)
    return _letters(text[start:end].translate(LOOKALIKES))


def _words(text: str) -> list[str]:
    return "".join(sign if sign.isalnum() else " " for sign in text.casefold()).split()


def _is_run(text: str) -> bool:
    """Whether it is the keyboard, the alphabet or the digits in order, forwards or backwards, over and over."""
    ways = [way * 3 for run in RUNS for way in (run, run[::-1])]
    return any(text in way for way in ways)


def _is_made_of(text: str, words: frozenset[str]) -> bool:
    """Whether the text is nothing but one or two of these words, or one of them repeated."""
    if text in words:
        return True
    for word in words:
        if word and text.startswith(word):
            rest = text[len(word) :]
            if rest in words or not rest.replace(word, ""):
                return True
    return False
