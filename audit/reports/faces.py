"""Our faces in a process that forks. Owns the reading of fonts, which must outlive the threads that Pango keeps for it.

From 1.51.2 on Pango looks for a face in a thread of each font map, and of threads a child has only the one that forked:
it would wait for an answer for ever. So such a map is put away before the first fork, and a child opens one of its own.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

from weasyprint.text.ffi import ffi, fontconfig, gobject, pango, pangoft2
from weasyprint.text.fonts import FontConfiguration

FIRST_WITH_A_THREAD = 15102
MOST_SECONDS = 5.0
THREADS = Path("/proc/self/task")


class Faces(FontConfiguration):  # type: ignore[misc]
    """The fonts of this machine and those of our styles. What was read stays, whatever becomes of a map over it.

    An older Pango's map serves children as it is, warm: a tenth of the computing time of a short report."""

    def __init__(self) -> None:
        super().__init__()
        self.has_thread: bool = pango.pango_version() >= FIRST_WITH_A_THREAD
        self._config = fontconfig.FcInitLoadConfigAndFonts()  # held for good: that of the base ends with its first map
        self._open_map()

    def put_away(self) -> None:
        """Before the first fork: let go of a map that has a thread, and wait a little until the thread is gone."""
        if not self.has_thread:
            return
        self.font_map = None
        until = time.monotonic() + MOST_SECONDS
        while THREADS.exists() and len(os.listdir(THREADS)) > 1 and time.monotonic() < until:
            time.sleep(0.002)

    def take_out(self) -> None:
        """In a child: open what was put away."""
        if self.font_map is None:
            self._open_map()

    def _open_map(self) -> None:
        font_map = ffi.gc(pangoft2.pango_ft2_font_map_new(), gobject.g_object_unref)
        pangoft2.pango_fc_font_map_set_config(ffi.cast("PangoFcFontMap *", font_map), self._config)
        self.font_map = font_map
