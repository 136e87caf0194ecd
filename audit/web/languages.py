"""The words of the interface in the reader's language. Texts stand in code and templates in English.

Catalogues stand in `audit/translations/<language>/LC_MESSAGES/messages.po` and are compiled in memory at start."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, g, has_request_context, request
from jinja2 import Environment
from markupsafe import Markup, escape

from audit.domain.errors import CandourError
from audit.intake.tables import Note
from audit.web.access import settings

FOLDER = Path(__file__).parent.parent / "translations"
SOURCE_LANGUAGE = "en"


class LazyText:
    """A text that is looked up when it is shown, for what is written down before anybody asked: labels of forms."""

    def __init__(self, message: str) -> None:
        self.message = message

    def __str__(self) -> str:
        return gettext(self.message)

    def __mod__(self, values: object) -> str:
        return str(self) % values  # form libraries fill in numbers so

    def __html__(self) -> Markup:
        return escape(str(self))


def install(app: Flask) -> None:
    """Give the templates the words of the interface, and the language and direction of the page."""
    install_words(app.jinja_env)
    app.context_processor(lambda: {"language": language(), "direction": direction(language())})


def install_words(environment: Environment) -> None:
    """Give templates `_()` and `ngettext()`, and `spoken(tag)` and `|said(tag)` for words in another language."""
    environment.add_extension("jinja2.ext.i18n")
    environment.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    environment.globals.update(spoken=spoken)
    environment.filters.update(said=said)


def available() -> tuple[str, ...]:
    """The languages that have a catalogue, as tags like `pt-BR`, English first."""
    return tuple(_tags(FOLDER))


def own_names() -> list[tuple[str, str]]:
    """The languages of the pages with what their speakers call them: ("fr", "Français")."""
    named = [(tag, Locale.parse(tag, sep="-").get_display_name(tag) or tag) for tag in available()]
    return [(tag, name[:1].upper() + name[1:]) for tag, name in named]


def language() -> str:
    """The language of this page: the person's own if one was chosen, else the best the browser asks for, else the
    installation's; English in place of one that no catalogue speaks."""
    if not has_request_context():
        return SOURCE_LANGUAGE
    if "language" not in g:
        person = g.get("person")
        own = person.language if person else ""
        tag = own if _is_spoken(own) else _asked_for()
        g.language = tag if _is_spoken(tag) else SOURCE_LANGUAGE
    return str(g.language)


def spoken(tag: str) -> Markup:
    """The attributes of words in this language, where it is not the page's: ` lang="en" dir="ltr"`."""
    if tag == language():
        return Markup()
    turned = direction(tag) != direction(language())
    return Markup(' lang="{}" dir="{}"').format(tag, direction(tag)) if turned else Markup(' lang="{}"').format(tag)


def said(words: str, tag: str) -> str:
    """The words, marked as words of this language where it is not the page's, for readers aloud and for the order of
    signs: a sentence from left to right keeps its full stop at its end on a page from right to left."""
    attributes = spoken(tag)
    return Markup("<span{}>{}</span>").format(attributes, words) if attributes else words


def _asked_for() -> str:
    default = settings().language
    return request.accept_languages.best_match(available(), default=default) or default


def direction(tag: str) -> str:
    """`rtl` for scripts that run from right to left, else `ltr`."""
    try:
        return Locale.parse(tag, sep="-").text_direction
    except (ValueError, LookupError):
        return "ltr"


def gettext(message: str) -> str:
    """The message in the page's language."""
    return catalogue(language()).gettext(message)


def ngettext(one: str, many: str, n: int) -> str:
    """The message for this number in the page's language."""
    return catalogue(language()).ngettext(one, many, n)


def lazy(message: str) -> str:
    """The message, looked up when it is shown. Typed as text, since that is what forms ask for."""
    return LazyText(message)  # type: ignore[return-value]


def tell(told: CandourError | Note) -> str:
    """What a refusal or a note says, in the page's language."""
    sentence = gettext(told.message)
    return sentence.format(**told.values) if told.values else sentence


@cache
def catalogue(tag: str) -> NullTranslations:
    """The catalogue of a language, else of its parent language, else none: the messages as they are written."""
    # The tag may come from a person's row: only catalogues that are there are opened.
    for name in _names(tag):
        if name in _tags(FOLDER).values() and (FOLDER / name).exists():
            compiled = BytesIO()
            with (FOLDER / name / "LC_MESSAGES" / "messages.po").open("rb") as source:
                write_mo(compiled, read_po(source, locale=name))
            compiled.seek(0)
            return Translations(compiled)
    return NullTranslations()


def _is_spoken(tag: str) -> bool:
    return any(name in _tags(FOLDER).values() for name in _names(tag))


def _names(tag: str) -> tuple[str, str]:
    """What the catalogues of a language may be called: its own and its parent language's."""
    return tag.replace("-", "_"), tag.split("-")[0]


@cache
def _tags(folder: Path) -> dict[str, str]:
    """Tag to folder of every catalogue there, English first. Looked for once: every page asks."""
    found = sorted(path.parent.parent.name for path in folder.glob("*/LC_MESSAGES/messages.po"))
    return {name.replace("_", "-"): name for name in (SOURCE_LANGUAGE, *found)}
