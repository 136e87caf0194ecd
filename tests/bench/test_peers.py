"""What stands beside Candour in the bench, and what is said of what could not stand there."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import brotli
import pytest

from tests.bench.keeping import LETTERS, STORY, Kept, letters_kept
from tests.bench.lighthouse import marks_of, read_marks
from tests.bench.opening import Arrival, Opening, Wire
from tests.bench.peers import PEERS, SOURCES, Peer, build_peers, read_told, versions
from tests.bench.static_pages import files_of, press
from tests.bench.visit_page import Measured, Shown, print_beside, print_pages


def measured(name: str, kilobytes: int, cold: float, kept: Kept) -> Measured:
    late = Arrival("js", 1024, cold / 1000 + 1)
    arrivals = [Arrival("html", 1024, 0.1), Arrival("js", (kilobytes - 2) * 1024, 0.2), late]
    opening = Opening(arrivals, usable_ms=cold, script_ms=70)
    return Measured(Shown(name, ""), [(opening, Opening([], usable_ms=cold / 4))], kept)


def cells(told: str, name: str) -> list[str]:
    return next(line for line in told.splitlines() if line.strip().startswith(name)).removeprefix(f"  {name}").split()


def test_the_packages_of_the_peers_are_pinned_to_the_versions_that_are_named() -> None:
    lock = json.loads((SOURCES / "package-lock.json").read_text("utf-8"))
    assert lock["packages"][""]["dependencies"] == versions()
    for name, version in versions().items():
        assert lock["packages"][f"node_modules/{name}"]["version"] == version
    assert all("integrity" in package for place, package in lock["packages"].items() if place)


def test_a_row_names_the_version_that_was_measured() -> None:
    assert Peer("surveyjs", "SurveyJS", "survey-core").title == f"SurveyJS {versions()['survey-core']}"


def test_without_npm_or_a_network_the_peers_are_left_out_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    monkeypatch.setenv("PATH", str(tools))
    without_npm = build_peers(tmp_path / "cache")
    npm = tools / "npm"
    npm.write_text("#!/bin/sh\nexit 1\n", "utf-8")
    npm.chmod(0o755)
    for built in (without_npm, build_peers(tmp_path / "cache")):
        assert built.there == ()
        assert list(built.left_out) == [peer.title for peer in PEERS]
        assert all("is there npm and a network?" in why for why in built.left_out.values())


def test_a_peer_that_could_not_be_built_is_left_out_alone() -> None:
    told = read_told(Path("cache"), {"surveyjs": "", "formio": "no such file", "odk": ""})
    assert [peer.folder for peer in told.there] == ["surveyjs", "odk"]
    assert [(title.split()[0], why) for title, why in told.left_out.items()] == [
        ("Form.io", "no such file"),
        ("Enketo", "it was not built"),
    ]


def test_letters_are_counted_up_to_the_first_that_is_missing() -> None:
    assert LETTERS == 80
    assert [letters_kept(text) for text in (STORY, STORY[:71], STORY[1:], "")] == [80, 71, 0, 0]


def test_what_came_over_the_wire_is_counted_by_kind_and_until_the_first_question() -> None:
    wire = Wire()
    for id, kind, at in (
        ("1", "Document", 10.0),
        ("2", "Stylesheet", 10.5),
        ("3", "Font", 10.6),
        ("4", "Script", 10.7),
    ):
        wire.ask({"requestId": id, "type": kind, "timestamp": at})
        kept = {"fromDiskCache": id == "2", "fromServiceWorker": False}
        wire.hear({"requestId": id, "response": {"headers": {"Content-Length": "2048"}, **kept}})
        wire.finish({"requestId": id, "timestamp": at + 0.2})
    opening = Opening(wire.arrivals, usable_ms=850)
    assert [opening.kilobytes_of(kind) for kind in ("html", "css", "js", "other")] == [2, 0, 2, 2]
    assert opening.kilobytes == 6
    assert opening.kilobytes_to_first_question == 4


def test_the_tables_hold_a_row_for_each_page_beside_the_floor(capsys: pytest.CaptureFixture[str]) -> None:
    pages = [
        measured("floor page", 6, 800, Kept(True, 80)),
        measured("Candour", 24, 1200, Kept(True, 79)),
        measured("SurveyJS 2", 300, 4000, Kept(False, 0)),
    ]
    print_pages(pages)
    weights = capsys.readouterr().out
    print_beside(pages, 1, {"Form.io 5": "its packages cannot be fetched"})
    beside = capsys.readouterr().out
    assert cells(weights, "Candour") == ["1.0", "0.0", "23.0", "0.0", "24.0", "4.0", "3", "0.000"]
    assert cells(beside, "floor page") == ["5.0", "0.80", "0.20", "1.00", "70", "yes", "80"]
    assert cells(beside, "Candour") == ["23.0", "1.20", "0.30", "1.50", "70", "yes", "79"]
    assert cells(beside, "SurveyJS 2") == ["299.0", "4.00", "1.00", "5.00", "70", "no", "0"]
    assert "Left out: Form.io 5, since its packages cannot be fetched." in beside
    assert "Form.io" not in weights


def test_marks_are_shown_where_there_are_some(capsys: pytest.CaptureFixture[str]) -> None:
    report = {"categories": {"performance": {"score": 0.874}, "accessibility": {"score": 1}}}
    first, second = measured("floor page", 6, 800, Kept(True, 80)), measured("Candour", 24, 1200, Kept(True, 79))
    print_beside([replace(first, marks=read_marks(json.dumps(report))), second], 1, {})
    told = capsys.readouterr().out
    assert "Lighthouse" in told
    assert cells(told, "floor page")[-3:] == ["87", "/", "100"]
    assert cells(told, "Candour")[-1] == "79"


def test_no_mark_is_made_up(tmp_path: Path) -> None:
    report = {"categories": {"performance": {"score": None}, "accessibility": {"score": 1}}}
    assert read_marks(json.dumps(report)) is None
    assert marks_of(tmp_path, "http://127.0.0.1/", "") is None


def test_files_are_served_as_small_as_they_can_be(tmp_path: Path) -> None:
    folder = tmp_path / "peer"
    (folder / "fonts").mkdir(parents=True)
    (folder / "index.html").write_text("<p>" + "here " * 100, "utf-8")
    (folder / "fonts" / "plain.woff2").write_bytes(b"letters")
    unpressed = files_of(folder)
    press(folder)
    assert files_of(folder) == unpressed
    page, kind, keeping = unpressed["/peer/"]
    assert brotli.decompress(page).startswith(b"<p>here")
    assert (kind, keeping) == ("text/html; charset=utf-8", "no-cache")
    assert unpressed["/peer/fonts/plain.woff2"][1:] == ("font/woff2", "max-age=31536000, immutable")
    assert len(unpressed) == 2
