"""The worker, the manifest and the page without a network; and how modules are joined into the scripts they are."""

from __future__ import annotations

import json
import re
from io import BytesIO

import pytest
from PIL import Image

from audit.web.scripts import Script, join
from tests import cast
from tests.web.office import Office, text_of

SHELL = re.compile(r"self\.SHELL = (\{.*\});")


def test_the_worker_brings_every_file_of_the_shell_and_each_is_there(office: Office) -> None:
    browser = office.browser()
    response = browser.get("/sw.js")
    assert response.content_type == "text/javascript; charset=utf-8"
    assert response.headers["Cache-Control"] == "no-cache"
    found = SHELL.search(text_of(response))
    assert found
    shell = json.loads(found[1])
    assert len(shell["files"]) >= 8
    for address in [*shell["files"], shell["offline"]]:
        assert browser.get(address).status_code == 200, address
    assert "skipWaiting" in text_of(response), "but only when it is asked for"
    assert text_of(response).count("skipWaiting") == 1


def test_the_page_of_a_visit_asks_for_nothing_that_the_worker_does_not_bring(office: Office) -> None:
    visit = office.draft()
    page = text_of(office.browser(cast.SAM).get(f"/visits/{visit.id}/form"))
    files = set(json.loads(SHELL.search(text_of(office.browser().get("/sw.js")))[1])["files"])  # type: ignore[index]
    assert set(re.findall(r'"(/static/[^"]+)"', page)) <= files


def test_the_panels_of_a_visit_come_in_the_language_of_its_page_and_belong_to_its_scripts(office: Office) -> None:
    page = text_of(office.browser(cast.SAM).get(f"/visits/{office.draft().id}/form"))
    (address,) = re.findall(r'data-panels="([^"]+)"', page)
    panels = office.browser().get(address)
    assert panels.headers["Cache-Control"] == "private, max-age=3600"
    assert "Send the visit" in text_of(panels)
    french = text_of(office.browser(cast.SAM).get(address.replace("/en", "/fr")))
    assert '<html lang="fr"' in french
    assert "Send the visit" not in french
    assert office.browser().get(address.replace("/en", "/xx")).status_code == 404
    assert office.browser().get("/panels/000000000000/en").status_code == 404


def test_no_word_of_the_panels_names_the_programme_or_the_visit(office: Office) -> None:
    address = re.findall(
        r'data-panels="([^"]+)"', text_of(office.browser(cast.SAM).get(f"/visits/{office.draft().id}/form"))
    )[0]
    assert not re.search("candour|mystery|audit", text_of(office.browser(cast.SAM).get(address)), re.IGNORECASE)


def test_the_installed_app_has_a_neutral_name_and_icons_that_are_there(office: Office) -> None:
    browser = office.browser()
    manifest = json.loads(text_of(browser.get("/manifest.webmanifest")))
    assert (manifest["name"], manifest["start_url"], manifest["display"]) == ("Lists", "/", "standalone")
    assert "andour" not in json.dumps(manifest)
    icons = {icon["src"]: icon for icon in manifest["icons"]}
    for address, icon in icons.items():
        raw = browser.get(address)
        assert raw.content_type == icon["type"]
        if icon["type"] == "image/png":
            assert "x".join(map(str, Image.open(BytesIO(raw.data)).size)) == icon["sizes"]
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}


def test_the_page_without_a_network_leads_to_the_list(office: Office) -> None:
    assert 'href="/"' in text_of(office.browser().get("/offline"))


FILES = {
    "js/a.js": b'// About.\nimport { b } from "./low/b.js";\n\nexport function a() {\n  return b();\n}\n',
    "js/low/b.js": b'/** Two\n * lines. */\nimport { c } from "./c.js";\nexport const b = () => c;\n',
    "js/low/c.js": b"export const c = 1;\n",
    "js/shared.js": b'import { c } from "./low/c.js";\n\nself.All = { c };\n',
    "js/twice.js": b'import { c as d } from "./low/c.js";\nimport { b } from "./low/b.js";\nconst c = 2;\n',
    "js/round.js": b'import { round } from "./round.js";\n',
    "js/other.js": b'import other from "./a.js";\n',
}


def joined(entry: str, shares: str = "", worker: bool = False) -> str:
    scripts = {"js/all.js": Script("js/shared.js", names="All"), "js/x.js": Script(entry, shares, worker=worker)}
    return join(FILES, scripts, "js/x.js").decode()


def test_what_is_imported_stands_first_and_only_the_first_module_exports() -> None:
    assert joined("js/a.js") == "let c=1;\nlet b=()=>c;\nexport function a(){return b()}\n"


def test_names_of_a_shared_script_are_borrowed_not_repeated() -> None:
    ours = "let{c}=self.All;\nlet b=()=>c;\nexport function a(){return b()}\n"
    assert joined("js/a.js", "js/all.js") == f'import "./all.js";\n{ours}'
    assert joined("js/a.js", "js/all.js", worker=True) == ours, "a worker has fetched it by other means"


def test_a_shared_script_keeps_its_names_to_itself() -> None:
    scripts = {"js/all.js": Script("js/shared.js", names="All")}
    assert join(FILES, scripts, "js/all.js") == b"(() => {\nlet c=1;\nself.All={c};\n})();\n"


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("const a = { b: 1, c };", "let a={b:1,c};"),
        ('say("a, b = { c }", d)', 'say("a, b = { c }",d)'),
        ("say(`a, ${b} = c`, d)", "say(`a, ${b} = c`,d)"),
        ("a = b + +c;", "a=b + +c;"),
        ("const SHAPE = /^a, [/ b]$/g, a = 1;", "let SHAPE=/^a, [/ b]$/g,a=1;"),
        ("if (a) /b, c/.test(d);", "if (a) /b, c/.test(d);"),
        ("a = b / 2, c;", "a=b/2,c;"),
        ("a = (b) / 2 / c[0];", "a=(b)/2/c[0];"),
        ("a = b / 2, c; // d", "a=b/2,c;"),
        ("a = b /c, d/ 2;", "a = b /c, d/ 2;"),
        ("a = b - -c;", "a=b - -c;"),
        ("a = b + c * d % 2 - e;", "a=b+c*d%2-e;"),
        ('a = "b" + c;', 'a="b"+c;'),
        ("self.const = inconstant;", "self.const=inconstant;"),
        ("const [a, b] = c;", "let[a,b]=c;"),
        ("a = b; // and so on", "a=b;"),
        ('a = "b // c";', 'a="b // c";'),
        ("a = `b, ${c ? `d, e` : f}`;", "a = `b, ${c ? `d, e` : f}`;"),
        ("const f = async () => c;", "let f=async()=>c;"),
        ("a((b) => c, (d, e) => f);", "a(b=>c,(d,e)=>f);"),
        ("const f = async (b) => c;", "let f=async(b)=>c;"),
    ],
)
def test_only_spaces_that_mean_nothing_are_left_out(line: str, kept: str) -> None:
    assert join({"x.js": f"{line}\n".encode()}, {"js/x.js": Script("x.js")}, "js/x.js").decode() == f"{kept}\n"


@pytest.mark.parametrize(
    ("lines", "kept"),
    [
        ("a(\n  b,\n  c\n);\nd();", "a(b,c);d();"),
        ("if (a) {\n  b(); // now\n}\nc();", "if(a){b()}c();"),
        ("a = b\nc()", "a=b\nc()"),
        ("a = () => {\n  b();\n};\nc();", "a=()=>{b()};c();"),
        ("while (a) {\n  for (; b(); );\n}", "while(a){for(;b(););}"),
        ("a = `${b ? `c` : d}`; // e\n}", "a = `${b ? `c` : d}`; // e\n}"),
    ],
)
def test_lines_are_joined_where_no_sentence_can_end(lines: str, kept: str) -> None:
    assert join({"x.js": f"{lines}\n".encode()}, {"js/x.js": Script("x.js")}, "js/x.js").decode() == f"{kept}\n"


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("js/twice.js", "the name c is owned by js/low/c.js already"),
        ("js/round.js", "imports itself"),
        ("js/other.js", "can be joined, not"),
    ],
)
def test_modules_that_cannot_be_joined_are_refused_with_the_reason(entry: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        joined(entry)
