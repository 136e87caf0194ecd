"""Lindenmoor Stores, which do not exist: areas, branches, and everybody with a role. Tables alone, no chance.

Towns are invented, and every position lies in the open sea.
"""

from __future__ import annotations

from audit.domain.people import Person, Role
from audit.domain.programme import Area, Branch, Programme

PROGRAMME = Programme("Lindenmoor Stores", time_zone="Europe/London", language="en", currency="EUR", demo=True)

AREAS = (Area("COAST", "Coast"), Area("HILLS", "Hills"), Area("HARBOURS", "Harbours overseas"))

NEVER_VISITED, VISITED_ONCE, NOT_TOLD = "C08", "H08", "O08"
AT_SEA = {"COAST": (46.2, -31.4), "HILLS": (46.9, -30.6), "HARBOURS": (38.7, -41.2)}

# code | name | address | town | what rules may ask about | time zone, if not the programme's
_BRANCHES = """
C01 | Mill Lane | 12 Mill Lane | Ormsey | size=medium car_park=no |
C02 | Ferry Quay | 3 Ferry Quay | Ormsey | size=large car_park=yes restaurant=yes |
C03 | Old Lighthouse | 40 Beacon Road | Saltby Head | size=small car_park=no |
C04 | Station Square | 1 Station Square | Kelderwick | size=large car_park=yes |
C05 | Saltmarsh Road | 88 Saltmarsh Road | Kelderwick | size=medium car_park=yes |
C06 | Netmakers' Row | 7 Netmakers' Row | Thornstrand | size=small car_park=no |
C07 | Pier Street | 21 Pier Street | Thornstrand | size=medium car_park=no restaurant=yes |
C08 | Cliff View | 5 Cliff View | Saltby Head | size=small car_park=yes |
H01 | Market Cross | 2 Market Cross | Vellbrook | size=large car_park=no |
H02 | Upper Bridge | 17 Bridge Street | Vellbrook | size=medium car_park=no |
H03 | Orchard Hill | Orchard Hill Park | Upper Fennick | size=large car_park=yes restaurant=yes |
H04 | Weavers' Yard | 9 Weavers' Yard | Cobham Vale | size=medium car_park=no |
H05 | {long} | Works Road 7, east entrance | Great Hollin | size=large car_park=yes |
H06 | Chapel Green | 30 Chapel Green | Upper Fennick | size=small car_park=no |
H07 | Quarry Road | 114 Quarry Road | Great Hollin | size=medium car_park=yes |
H08 | Fairground | 6 Fairground | Cobham Vale | size=small car_park=yes |
O01 | فرع شارع الياسمين | ١٢ شارع الياسمين | مرسى الزيتون | size=large car_park=yes | Asia/Amman
O02 | ひばり通り店 | ひばり通り 4-2 | 南波町 | size=small car_park=no | Asia/Tokyo
O03 | Rua das Oliveiras | Rua das Oliveiras 56 | Porto Amaro | size=medium restaurant=yes car_park=no | Europe/Lisbon
O04 | Am Alten Speicher | Am Alten Speicher 8 | Süderhafen | size=large car_park=yes | Europe/Berlin
O05 | Quai des Marchands | 19, quai des Marchands | Port-Clairvent | size=medium car_park=no | Europe/Paris
O06 | Calle del Faro | Calle del Faro, 33 | Puerto Valdoro | size=medium car_park=no | Europe/Madrid
O07 | Jubilee Wharf | Unit 4, Jubilee Wharf | New Ormsey | size=large car_park=yes | Africa/Johannesburg
O08 | Customs House | 1 Customs House Steps | New Ormsey | size=small car_park=no | Africa/Johannesburg
"""
_LONG = (
    "House, Kitchen and Garden Department in the Former Railway Works of the Great Hollin and Vellbrook Joint Line, "
    "Building Seven, East Entrance"
)
_AREA_OF = {"C": "COAST", "H": "HILLS", "O": "HARBOURS"}


def _branch(line: str) -> Branch:
    code, name, address, town, attributes, zone = (part.strip() for part in line.split("|"))
    return Branch(
        code=code,
        name=name.format(long=_LONG),
        area_code=_AREA_OF[code[0]],
        address=address,
        locality=town,
        time_zone=zone or None,
        attributes=dict(pair.split("=") for pair in attributes.split()),
    )


BRANCHES = tuple(_branch(line) for line in _BRANCHES.strip().splitlines())

_OFFICE = (
    ("Helena Okafor", Role.ADMIN, None),
    ("Tomas Lindqvist", Role.REVIEWER, None),
    ("Priya Raman", Role.REVIEWER, None),
    ("Marcus Hale", Role.AREA_MANAGER, "COAST"),
    ("Ingrid Sauer", Role.AREA_MANAGER, "HILLS"),
    ("Leila Haddad", Role.AREA_MANAGER, "HARBOURS"),
)
_BRANCH_MANAGERS = """
Joan Pellow|Dmitri Volkov|Aoife Brennan|Samuel Osei|Grace Trelawny|Piotr Zielinski|Nadia Benali|Owen Prosser|
Hannah Marsh|Luca Ferri|Beatrix Vance|Ravi Menon|Ottilie Crane|Hugh Tamblyn|Mei Lin Tan|Caleb Rowe|
Yousef Khalil|Aiko Hoshino|Marta Figueira|Jens Petersen|Claire Fontaine|Diego Salas|Thandi Mokoena|Ruth Abel
""".replace("\n", "").split("|")
_SHOPPERS = {
    "COAST": "Sofia Brandt|Ben Carrow|Wanda Eccles|Idris Noor|Tessa Quayle",
    "HILLS": "Femi Adeyemi|Carla Dunne|Rupert Lyle|Noor Siddiqui|Kate Wyndham",
    "HARBOURS": "Omar Fayed|Yuki Mori|Inês Duarte|Lars Holm|Paula Reyes",
}
PSEUDONYMS = "4C7K H3MQ 9TRX 6FWA NJ74 KD3P XE9L 7VUY R6AC M4TH 3QJF LW97 PA6N CY3R 9HDK".split()


def office(ids: list[str]) -> list[Person]:
    """Programme office, area managers, and a manager for each branch; an id for each, in the order of the tables."""
    people = [
        Person(id, name, role, _email(name), area_code=area)
        for id, (name, role, area) in zip(ids, _OFFICE, strict=False)
    ]
    people += [
        Person(id, name, Role.BRANCH_MANAGER, _email(name), branch_code=branch.code)
        for id, name, branch in zip(ids[len(_OFFICE) :], _BRANCH_MANAGERS, BRANCHES, strict=False)
    ]
    return people


def shoppers(ids: list[str]) -> dict[str, list[Person]]:
    """The shoppers of each area; the first of the coast is the one whose phone the demo hands out."""
    left, names = iter(ids), iter(PSEUDONYMS)
    return {
        area: [Person(next(left), name, Role.SHOPPER, pseudonym=f"Shopper {next(names)}") for name in listed.split("|")]
        for area, listed in _SHOPPERS.items()
    }


def _email(name: str) -> str:
    return f"{name.lower().replace(' ', '.')}@lindenmoor.example"
