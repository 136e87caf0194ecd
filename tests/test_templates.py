"""What holds for every template and every stylesheet: they parse, escape, stay small, and refuse wrong markup aloud."""

import re
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, meta

from audit.domain.checklist.questions import QUESTION_KINDS
from audit.web.assets import BUNDLES, FIRST, Assets, complain
from audit.web.languages import install_words

ROOT = Path(__file__).parent.parent
TEMPLATES = ROOT / "templates"
NAMES = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))
THE_STYLE_OF_THE_POLICY = "<style>{{ first_look }}</style>"
STYLES = sorted((ROOT / "static" / "css").rglob("*.css"))
LONGEST_TEMPLATE, LONGEST_STYLE, LONGEST_MODULE = 150, 250, 250


@pytest.fixture(scope="module")
def jinja() -> Environment:
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
    install_words(environment)
    environment.globals.update(complain=complain, asset=Assets(ROOT / "static").url, get_flashed_messages=list)
    environment.filters["tojson"] = str
    return environment


def source(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def without_comments(name: str) -> str:
    return re.sub(r"\{#.*?#\}", "", source(name), flags=re.DOTALL)


@pytest.mark.parametrize("name", NAMES)
def test_what_stands_side_by_side_is_parted_by_the_comma_of_the_language(name: str) -> None:
    """Arabic has a comma of its own. A translated sentence brings its own; the numbers of a place know one alone."""
    untranslated = re.sub(r"{% *trans\b.*?{% *endtrans *%}", "", without_comments(name), flags=re.DOTALL)
    parted = re.findall(r".{40}(?:}}|%}|>), ?(?:{{|{%).{40}", untranslated)
    assert not [here for here in parted if "position[" not in here]


def test_there_are_templates() -> None:
    assert len(NAMES) > 30


@pytest.mark.parametrize("name", NAMES)
def test_a_template_parses_and_includes_only_what_is_there(jinja: Environment, name: str) -> None:
    tree = jinja.parse(source(name))
    assert {other for other in meta.find_referenced_templates(tree) if other} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_template_escapes_everything_and_stays_small(name: str) -> None:
    text = without_comments(name)
    assert not re.search(r"\|\s*safe\b|autoescape\s+false|Markup\(", text)
    assert len(source(name).splitlines()) <= LONGEST_TEMPLATE


@pytest.mark.parametrize("name", NAMES)
def test_a_template_holds_no_script_and_no_style_that_the_policy_would_block(name: str) -> None:
    text = without_comments(name).replace(THE_STYLE_OF_THE_POLICY, "")
    assert not re.search(r"\son[a-z]+=\"|javascript:", text)
    if not name.startswith("reports/"):
        assert not re.search(r"\sstyle=\"|<style", text)
    for script in re.findall(r"<script\b[^>]*>", text):
        assert "src=" in script or 'type="application/json"' in script


@pytest.mark.parametrize("name", NAMES)
def test_every_form_says_how_and_where_it_goes(name: str) -> None:
    for form in re.findall(r"<form\b[^>]*>", without_comments(name), flags=re.DOTALL):
        assert re.search(r'\bmethod="(post|get)"', form), form
        assert re.search(r'\baction="(/|\{\{)', form), form


@pytest.mark.parametrize("name", NAMES)
def test_a_form_with_a_file_is_sent_in_parts(name: str) -> None:
    text = without_comments(name)
    for form in re.findall(r"<form\b.*?</form>", text, flags=re.DOTALL):
        if 'type="file"' in form:
            assert 'enctype="multipart/form-data"' in form


@pytest.mark.parametrize("name", NAMES)
def test_numbers_are_never_typed_into_a_field_of_type_number(name: str) -> None:
    assert 'type="number"' not in source(name)


@pytest.mark.parametrize("name", NAMES)
def test_every_file_of_the_look_that_a_page_asks_for_is_there(jinja: Environment, name: str) -> None:
    for file in re.findall(r"""asset\(['"]([^'"]+)['"]\)""", without_comments(name)):
        assert jinja.globals["asset"](file)


@pytest.mark.parametrize("kind", sorted(QUESTION_KINDS))
def test_every_kind_of_question_has_a_template_for_asking_and_one_for_showing(kind: str) -> None:
    assert f"questions/{kind}.html" in NAMES
    assert f"answers/{kind}.html" in NAMES


def test_no_template_is_left_over_for_a_kind_that_is_gone() -> None:
    for folder in ("questions", "answers"):
        kinds = {path.stem for path in (TEMPLATES / folder).glob("*.html")}
        assert kinds <= set(QUESTION_KINDS)


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_a_stylesheet_stays_small_and_in_its_layer(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LONGEST_STYLE
    assert text.count("{") == text.count("}")
    if "paper" not in path.parts:
        assert "@layer" in text
        assert "box-shadow" not in text
        assert not re.search(r"\b(margin|padding|border)-(left|right|top|bottom)\b", text), "use logical properties"


@pytest.mark.parametrize("path", sorted((ROOT / "static" / "js").rglob("*.js")), ids=lambda path: path.name)
def test_a_module_stays_small_and_writes_no_markup(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LONGEST_MODULE
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(", text)


def test_every_part_of_a_joined_stylesheet_is_there() -> None:
    for _, parts in BUNDLES.values():
        for part in parts:
            assert (ROOT / "static" / "css" / f"{part}.css").is_file()


@pytest.mark.parametrize("names", [("css/desk.css",), (FIRST, "css/phone.css")])
def test_joined_stylesheets_go_out_whole_but_for_the_words_that_explain_them(names: tuple[str, ...]) -> None:
    assets = Assets(ROOT / "static")
    sent = "".join(assets.body(name).decode() for name in names)
    assert "/*" not in sent
    assert "*/" not in sent
    _, parts = BUNDLES[names[0]]
    written = "".join((ROOT / "static" / "css" / f"{part}.css").read_text("utf-8") for part in parts)
    assert sorted(declared(sent)) == sorted(declared(written))
    assert sent.count("{") == sent.count("}") > 100


def declared(text: str) -> list[str]:
    """Each property with its value, without the spaces."""
    bare = re.sub(r"/\*[^*]*\*/|\s", "", re.sub(r"(?<!\d)\.(?=\d)", "0.", text))
    return re.findall(r"[\w-]+:(?=[^{}]*[;}])[^{};]+", bare)


def test_rows_without_choices_complain_aloud(jinja: Environment) -> None:
    class Nothing:
        name, description, errors, iter_choices = "role", "", (), ()

    page = jinja.from_string('{% from "macros/forms.html" import choices %}{{ choices(f) }}')
    with pytest.raises(ValueError, match="choices: the field role has no choices"):
        page.render(f=Nothing())


def test_a_page_that_asks_for_a_file_that_is_not_there_complains_aloud() -> None:
    with pytest.raises(KeyError, match=r"nowhere\.css"):
        Assets(ROOT / "static").url("css/nowhere.css")
