"""The sheet that a press prints before any job, so that no child has to meet first what every report has: each size
and weight of our faces, letters, tables, lists, drawings, a photo; and often enough for Python to know each step."""

from __future__ import annotations

import io
import string

from weasyprint.images import Image

from audit.reports.job import Job

LETTERS = string.ascii_letters + string.digits + "!%&amp;()*+,-./:;?·–—‘’“”…\u2002"
DRAWING = b"""<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10" viewBox="0 0 20 10"><rect x="1"
y="1" width="9" height="8" fill="#111"/><path d="M1 5a3 3 0 1 0 6 0z" fill="none" stroke="#111"/></svg>"""
BAR, STRIP, CODE = (f'<img class="{name}" src="drawn:sample.svg" alt="sample"/>' for name in ("bar", "strip", "code"))
PHOTO = '<img class="photo" src="photo:sample.jpg" alt="sample"/>'
AT_THE_TOP = f"""<header class="title"><p class="kicker">{LETTERS}</p><h1>{LETTERS}</h1></header>
<section class="part"><h2>{LETTERS}</h2><p class="figure"><b>{LETTERS}</b> <span>{LETTERS}</span></p>
<p class="line">{LETTERS}</p><p class="note">{LETTERS}</p><p class="warning"><b>{LETTERS}</b></p>
<ul class="states"><li><b>7</b> {LETTERS}</li></ul>"""
ROW = f"""<tr><th scope="row">said</th><td class="drawn">{BAR}</td><td class="number">7 %</td><td>5 <span
class="unobserved">of 7</span></td></tr>"""
TABLE = f"""<table class="bars"><thead><tr><th>{LETTERS}</th><th class="drawn">said</th><th class="number">said</th>
<th>said</th></tr></thead><tbody>{ROW * 4}</tbody></table></section>"""
ANSWER = '<li>said <b>so</b> <span class="meta">5 of 7</span></li>'
QUESTION = f'<li>{STRIP} said <span class="meta">5 of 7</span></li>'
LISTS = f"""<h3 class="group">{LETTERS}</h3><ul class="answers">{ANSWER * 6}</ul><ol class="best">{ANSWER}</ol>
<ul class="questions" style="--strip: 20pt; --tall: 16pt">{QUESTION * 6}</ul>"""
LOSS = f"""<div class="loss"><h3>said</h3><p class="answer">{STRIP} so <span class="meta">5 of 7</span> <b
class="critical">said</b></p><blockquote><p>said</p></blockquote></div>"""
SEEN = f"""<div class="loss"><h4>{LETTERS}</h4><p class="meta">{LETTERS}</p><div class="seen"><blockquote><p>{LETTERS}
fi fl</p></blockquote>{PHOTO}</div><p class="seen">said</p></div><div class="plates"><figure>{PHOTO}
<figcaption>{LETTERS}</figcaption></figure></div><p>{LETTERS} fi fl \u0646\u0639\u0645 <b>\u0646\u0639\u0645</b></p>"""
AT_THE_FOOT = f"""<footer class="provenance"><h2>{LETTERS}</h2><p>{LETTERS}</p><div class="seal">{CODE}
<p><b>{LETTERS}</b><br/><a class="address" href="http://127.0.0.1/">{LETTERS}</a><br/>
<span class="digest">{LETTERS}</span></p></div></footer>"""
SHEET = f"""<html lang="en" dir="ltr"><head><title>Sample</title></head><body data-running="{LETTERS}"><article
class="report">{AT_THE_TOP}{TABLE}{LISTS}{LOSS * 3}{SEEN}{AT_THE_FOOT}</article></body></html>"""


def sample() -> Job:
    """The job that is printed for practice."""
    picture = io.BytesIO()
    Image.new("L", (1, 1)).save(picture, "JPEG")
    return Job(SHEET, {"drawn:sample.svg": DRAWING, "photo:sample.jpg": picture.getvalue()})
