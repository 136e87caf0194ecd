"""Collects every text of the interface into the catalogues: `python -m audit.web.catalogues`.

Writes `audit/translations/messages.pot`, and adds what is new to each language's own catalogue without touching what
was translated. Both stand in one order, without dates, so that they change only when a text does.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

from audit.web.languages import FOLDER
from audit.web.languages import available as available_languages

ROOT = Path(__file__).parent.parent.parent
TEMPLATE = FOLDER / "messages.pot"
# The command line and the demo speak English.
ELSEWHERE = ("cli/", "demo/")
METHODS = [("audit/**.py", "python"), ("templates/**.html", "jinja2"), ("templates/**.svg", "jinja2")]
REFUSALS = (
    "NotFound NotAllowed SignInNeeded ConfirmationNeeded TooLate TooMany Conflict Overtaken NoSpace InvalidAnswer "
    "NotWhole InvalidChecklist InvalidPhoto InvalidTable InvalidField InvalidSubmission Note"
)
KEYWORDS = {**DEFAULT_KEYWORDS, **dict.fromkeys((*REFUSALS.split(), "lazy"))}


def collect() -> Catalog:
    """Every text in code and templates, with the files it stands in."""
    catalog = Catalog(project="Candour", charset="utf-8", fuzzy=False)
    for folder in ("audit", "templates"):
        found = extract_from_dir(
            str(ROOT / folder),
            [(pattern.removeprefix(f"{folder}/"), method) for pattern, method in METHODS if pattern.startswith(folder)],
            options_map={"**.html": {"newstyle_gettext": "true", "trimmed": "false"}},
            keywords=KEYWORDS,
            comment_tags=("translators:",),
        )
        for name, _, message, comments, context in sorted(found, key=lambda text: (text[0], text[1])):
            if name.startswith(ELSEWHERE):
                continue
            catalog.add(message, None, [(f"{folder}/{name}", 0)], auto_comments=comments, context=context)
    return catalog


def written(catalog: Catalog) -> bytes:
    """The catalogue as the bytes of its file."""
    file = BytesIO()
    write_po(file, catalog, omit_header=True, sort_output=True, include_lineno=False, ignore_obsolete=True, width=120)
    return (
        b'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        + _plural(catalog)
        + b"\n"
        + file.getvalue()
    )


def merged(tag: str, template: Catalog) -> Catalog:
    """A language's catalogue with the new texts, still untranslated, and without those that are gone."""
    path = FOLDER / tag.replace("-", "_") / "LC_MESSAGES" / "messages.po"
    own = Catalog(locale=tag.replace("-", "_"))
    if path.exists():
        with path.open("rb") as file:
            own = read_po(file, locale=tag.replace("-", "_"))
    own.update(template, no_fuzzy_matching=True)
    return own


def write_all() -> None:
    """Write the template and bring every language's catalogue up to date."""
    template = collect()
    FOLDER.mkdir(exist_ok=True)
    TEMPLATE.write_bytes(written(template))
    for tag in available_languages():
        path = FOLDER / tag.replace("-", "_") / "LC_MESSAGES" / "messages.po"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(written(merged(tag, template)))


def _plural(catalog: Catalog) -> bytes:
    return f'"Plural-Forms: {catalog.plural_forms}\\n"\n'.encode() if catalog.locale else b""


if __name__ == "__main__":
    write_all()
