"""What WeasyPrint leaves open in the tags of a PDF, done on its objects just before they are written: the scope of
header cells, links whose parts have annotations of their own, and running lines, which are no part of what is read.

Knows how WeasyPrint builds its tags. What it does not find stays as it is, and the checks of the tests tell.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

PRINT = 4  # the bit of an annotation that lets it onto paper (ISO 32000-1, 12.5.3)


def finish_tags(pdf: Any) -> None:
    """All of it; `pdf` is a `pydyf.PDF`."""
    tags = Tags(pdf)
    tags.name_scopes()
    tags.bring_links_home()
    tags.set_running_lines_aside()


class Tags:
    """The structure elements of one PDF. `parents` is its parent tree: by page the elements of its marked content, and
    after the pages one element for each annotation."""

    def __init__(self, pdf: Any) -> None:
        self.pdf = pdf
        dictionaries: list[Any] = [each for each in pdf.objects if isinstance(each, dict)]
        self.elements = [each for each in dictionaries if each.get("Type") == "/StructElem"]
        self.links = [each for each in dictionaries if each.get("Subtype") == "/Link"]
        self.parents: list[Any] = self._at(self._at(pdf.catalog["StructTreeRoot"])["ParentTree"])["Nums"]

    def name_scopes(self) -> None:
        """Say of every header cell whether it heads its column or its row, as PDF/UA asks."""
        for cell in self.elements:
            if cell["S"] == "/TH":
                group = self._at(self._at(cell["P"])["P"])
                cell["A"]["Scope"] = "/Column" if group["S"] == "/THead" else "/Row"

    def bring_links_home(self) -> None:
        """Put every annotation of a link straight into the link (ISO 14289-1, 7.18.5). A part of it, such as a name in
        another direction or a page number that a style put behind it, comes with an annotation of its own."""
        for annotation in self.links:
            annotation["F"] = PRINT
            at = 2 * annotation["StructParent"] + 1
            part = self._at(self.parents[at])
            link = next((each for each in self._inwards(part) if each["S"] == "/Link"), part)
            if link is not part:
                self.parents[at] = link.reference
                _move(self._mention(part, annotation), part, link)
                part["S"] = "/Span"

    def set_running_lines_aside(self) -> None:
        """Mark what stands in the margins as pagination (ISO 14289-1, 7.8). WeasyPrint marks it as content, by elements
        that it leaves out of the tree."""
        strays = {each.reference for each in self._strays()}
        for number, page in enumerate(self.pdf.page_references):
            marked = self.parents[2 * number + 1]
            aside = {mcid for mcid, element in enumerate(marked) if element in strays}
            _set_aside(self._at(self._at(page)["Contents"]).stream, aside)
            for mcid in aside:
                marked[mcid] = "null"

    def _strays(self) -> Iterator[Any]:
        root = self._at(self._at(self.pdf.catalog["StructTreeRoot"])["K"][0])
        held = set(root["K"])
        for element in self.elements:
            if element["P"] == root.reference and element.reference not in held:
                yield from self._all_below(element)

    def _all_below(self, element: Any) -> Iterator[Any]:
        yield element
        for kid in element["K"]:
            if isinstance(kid, bytes) and self._at(kid).get("Type") == "/StructElem":
                yield from self._all_below(self._at(kid))

    def _inwards(self, element: Any) -> list[Any]:
        """What the element stands in, the outermost first."""
        around = [element]
        while around[0]["S"] != "/Document":
            around.insert(0, self._at(around[0]["P"]))
        return around[:-1]

    def _mention(self, element: Any, annotation: Any) -> bytes:
        """Where the element names that annotation among its kids."""
        return next(
            kid for kid in element["K"] if isinstance(kid, bytes) and self._at(kid).get("Obj") == annotation.reference
        )

    def _at(self, reference: bytes) -> Any:
        return self.pdf.objects[int(reference.split()[0])]


def _move(kid: bytes, here: Any, there: Any) -> None:
    here["K"].remove(kid)
    there["K"].append(kid)


def _set_aside(stream: list[Any], mcids: set[int]) -> None:
    """In the operators of a page: `/P <</MCID 7>> BDC` becomes `/Artifact <</Type /Pagination>> BDC`."""
    for at, operand in enumerate(stream):
        if isinstance(operand, dict) and operand.get("MCID") in mcids:
            stream[at - 1] = "/Artifact"
            operand.clear()
            operand["Type"] = "/Pagination"
