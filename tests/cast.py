"""The fixed cast: who plays in every test. Otto has a role, like everybody, but in another area and branch."""

from audit.domain.people import Person, Role
from audit.domain.programme import Area, Branch, Programme
from audit.storage.store import Store
from tests.builders import DAY_STAFF_WAS_TOLD

PROGRAMME = Programme(name="Harbour Stores", time_zone="Europe/Zurich")
NORTH = Area("NORTH", "North")
SOUTH = Area("SOUTH", "South")

N01 = Branch("N01", "Mill Lane", "NORTH", staff_told_on=DAY_STAFF_WAS_TOLD)
N02 = Branch("N02", "Old Bridge", "NORTH", staff_told_on=DAY_STAFF_WAS_TOLD)
S01 = Branch("S01", "Quayside", "SOUTH", staff_told_on=DAY_STAFF_WAS_TOLD)

ADA = Person("01900000-0000-7000-8000-00000000ada0", "Ada Berger", Role.ADMIN, "ada@example.org")
RITA = Person("01900000-0000-7000-8000-000000000170", "Rita Moor", Role.REVIEWER, "rita@example.org")
AMIR = Person("01900000-0000-7000-8000-00000000a319", "Amir Nasser", Role.AREA_MANAGER, "amir@example.org", "NORTH")
BEA = Person("01900000-0000-7000-8000-00000000bea0", "Bea Lind", Role.BRANCH_MANAGER, "bea@example.org", None, "N01")
SAM = Person("01900000-0000-7000-8000-0000000005a3", "Samuel Whitaker", Role.SHOPPER, pseudonym="Shopper 7")

OTTO_AREA = Person("01900000-0000-7000-8000-000000000771", "Otto Vance", Role.AREA_MANAGER, "otto@example.org", "SOUTH")
OTTO_BRANCH = Person(
    "01900000-0000-7000-8000-000000000772", "Otto Vance", Role.BRANCH_MANAGER, "otto.b@example.org", None, "S01"
)
OTTO_SHOPPER = Person("01900000-0000-7000-8000-000000000773", "Otto Vance", Role.SHOPPER, pseudonym="Shopper 9")

EVERYBODY = (ADA, RITA, AMIR, BEA, SAM, OTTO_AREA, OTTO_BRANCH, OTTO_SHOPPER)


def seat_the_cast(store: Store) -> None:
    """Put everybody, their areas and their branches on the shelves; inside a transaction."""
    store.programme.save(PROGRAMME)
    for area in (NORTH, SOUTH):
        store.areas.save(area)
    for branch in (N01, N02, S01):
        store.branches.save(branch)
    for person in EVERYBODY:
        store.people.save(person)
