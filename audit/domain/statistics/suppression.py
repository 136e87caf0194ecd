"""Of whom may nothing be said? Owns the floor for named people; refuses a figure that gives one person away.

Scores of named people are off by default. Where they are asked for, a figure needs enough behind it, and none may be
found by subtracting what is shown from the total (statistical disclosure control). No page asks yet: there is no
figure about a person anywhere, and whoever adds the first one has to ask here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

TOO_FEW = "below floor"


@dataclass(frozen=True, slots=True)
class Floor:
    """The least that must stand behind a figure about one person."""

    visits: int = 6
    shoppers: int = 3
    waves: int = 2


@dataclass(frozen=True, slots=True)
class Colleague:
    """A person of a branch, by a name or role, and how much was seen of that person."""

    id: str
    visits: int
    shoppers: int
    waves: int

    def reaches(self, floor: Floor) -> bool:
        """Whether enough was seen to say anything."""
        return self.visits >= floor.visits and self.shoppers >= floor.shoppers and self.waves >= floor.waves


@dataclass(frozen=True)
class Suppression:
    """Who is `shown` and who is `hidden`, in the order given, and why; `hides_total` if the branch's own figure would
    give a person away and must be hidden too."""

    shown: tuple[str, ...]
    hidden: tuple[str, ...]
    reasons: Mapping[str, str] = field(default_factory=dict)
    hides_total: bool = False


def suppress(staff: Sequence[Colleague], total_shown: bool = True, floor: Floor | None = None) -> Suppression:
    """Who may be shown. If exactly one would be hidden beside the total, the next smallest is hidden with that one."""
    least = floor or Floor()
    reasons = {each.id: TOO_FEW for each in staff if not each.reaches(least)}
    alone = total_shown and len(reasons) == 1
    others = sorted((each for each in staff if each.id not in reasons), key=lambda each: (each.visits, each.id))
    if alone and others:
        (hidden,) = reasons
        reasons[others[0].id] = f"complementary: {hidden} could be computed by subtraction"
    return Suppression(
        tuple(each.id for each in staff if each.id not in reasons),
        tuple(each.id for each in staff if each.id in reasons),
        reasons,
        hides_total=alone and not others,
    )
