"""Faces that outlive a fork, whether or not this machine's Pango keeps a thread for them."""

import gc
import os

import pytest

from audit.reports import press
from audit.reports.faces import THREADS
from audit.reports.job import Job
from audit.reports.pdf import Printer

WORDS = '<html lang="en"><head><title>Words</title></head><body><h1>Words</h1>{}</body></html>'
SEVERAL_FACES = Job(WORDS.format("<p>Nobody <b>looked</b> <i>up</i>. نعم 畑 αΩ <small>7 of 9</small></p>"), {})


def warm_type() -> press.Type:
    type_ = press.Type()
    press.warm_up(type_)
    gc.collect()
    return type_


def test_faces_that_were_put_away_print_to_the_byte_what_others_print() -> None:
    type_ = warm_type()
    before = press.print_pdf(SEVERAL_FACES, type_)
    gc.collect()
    type_.fonts.has_thread = True
    type_.fonts.put_away()
    assert type_.fonts.font_map is None
    type_.fonts.take_out()
    assert press.print_pdf(SEVERAL_FACES, type_) == before


def test_faces_of_a_pango_without_a_thread_stay_warm() -> None:
    type_ = warm_type()
    warm = type_.fonts.font_map
    type_.fonts.has_thread = False
    type_.fonts.put_away()
    type_.fonts.take_out()
    assert type_.fonts.font_map is warm


@pytest.mark.skipif(not THREADS.exists(), reason="only Linux says how many threads a process has")
def test_a_press_forks_while_it_has_no_other_thread(printer: Printer) -> None:
    assert printer.render_job(SEVERAL_FACES).startswith(b"%PDF")
    assert printer._process is not None
    assert len(os.listdir(f"/proc/{printer._process.pid}/task")) == 1
