"""The bench: Candour beside its yardsticks, all in one run. Started by bin/bench."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from tests.bench import figures, fleet, packs, paper, submissions, together, visit_page

PARTS: dict[str, Callable[[argparse.Namespace], None]] = {
    "bytes": lambda asked: visit_page.measure(asked.quick, asked.peers),
    "submissions": lambda asked: submissions.measure(asked.quick),
    "fleet": lambda asked: fleet.measure(asked.quick),
    "together": lambda asked: together.measure(asked.quick),
    "paper": lambda asked: (paper.measure(asked.quick, asked.peers), packs.measure(asked.quick))[-1],
    "figures": lambda asked: figures.measure(asked.quick),
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/bench", description=__doc__)
    parser.add_argument(
        "parts", nargs="*", metavar="|".join(PARTS), help="what to measure; everything if none is named"
    )
    parser.add_argument("--quick", action="store_true", help="one short round: to see that it works, not for figures")
    parser.add_argument(
        "--peers", action="store_true", help="with bytes and paper: other tools beside it, fetched once"
    )
    asked = parser.parse_args()
    unknown = [part for part in asked.parts if part not in PARTS]
    if unknown:
        parser.error(f"there is no part {unknown[0]}; choose from {', '.join(PARTS)}")
    for part in asked.parts or PARTS:
        PARTS[part](asked)


if __name__ == "__main__":
    main()
