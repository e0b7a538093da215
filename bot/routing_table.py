"""docs/routing.md: for every kind of problem, both tenures and every district, who acts and why.

Written by `python -m bot docs routing` from the rules themselves; a test holds the file to them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

from bot.settings import PROJECT
from casework.categories import all_kinds, kind_of
from casework.places import tenures_in
from casework.policy import Policy, parse_policy
from casework.routing import RULES, Facts, Route, Rule, route, support_by_home
from casework.routing_tables import LEADS, Offer
from handlers.words import ENGLISH, Catalogs

FILE = PROJECT / "docs" / "routing.md"

NOT_KNOWN = "not_sure"
_HOMES = {
    "council_tenant": "council",
    "provider_tenant": "housing association",
    "private_tenant": "private landlord",
    "owner_occupier": "owned",
    "temporary": "temporary",
    "no_home": "none",
    NOT_KNOWN: "not known",
}
_HEAD = """# Who acts on a report

Written by `python -m bot docs routing` from `casework/routing.py` and the policy file; do not edit it by hand.

The first rule that fits decides. A report is never turned away because of it: an officer reads each one that is
taken. Homes are what the person said; nothing is looked up. "not known" is also what counts where nobody was asked.
A home that does not exist in a district, like a council home outside Redditch, is never offered there.

*landlords* stands for: the council's housing team and the housing association of either side, where that is their
landlord, and housing advice for who has no lasting home.
"""


# Their home, the home of who reports, the district or None.
Cell = tuple[str, str, str | None]


@dataclass(frozen=True, slots=True)
class Row:
    """The same answer for all of these homes and districts; None among `districts` is a district not known.

    `found` leaves out who supports because of the homes alone; with `landlords` they do.
    """

    theirs: tuple[str, ...]
    mine: tuple[str, ...]
    districts: tuple[str | None, ...]
    found: Route
    landlords: bool

    def combinations(self) -> Iterator[Cell]:
        """Every single one, also of homes that don't exist in a district."""
        yield from product(self.theirs, self.mine, self.districts)


def combinations(policy: Policy) -> Iterator[Cell]:
    """Everything that can be answered: their home, the home of who reports, the district."""
    districts = (*(district.key for district in policy.districts), None)
    for district in districts:
        exist = tenures_in(district, policy)
        for theirs, mine in product(exist, exist):
            if theirs != "no_home":  # nobody is asked whether the other side has one
                yield theirs, mine, district


def rows_for(facts: Facts, policy: Policy) -> list[Row]:
    """The answers for a kind of problem, as few rows as put the same together."""
    answers: dict[Route, list[Cell]] = {}
    everywhere: dict[tuple[str, str], list[str | None]] = {}
    for theirs, mine, district in combinations(policy):
        everywhere.setdefault((theirs, mine), []).append(district)
        asked = replace(facts, their_home=theirs, my_home=mine, district=district)
        answers.setdefault(_without_landlords(route(asked, policy)), []).append((theirs, mine, district))
    landlords = kind_of(facts.category, facts.sub_kind).between_homes
    rows = [
        Row(*box, found, landlords and not LEADS[found.reason_code].alone)
        for found, cells in answers.items()
        for box in _boxes(cells, everywhere)
    ]
    return sorted(rows, key=lambda row: row.found.rule)


def write(file: Path | None = None) -> Path:
    """Write the page, by the policy that comes with the project. Returns where."""
    policy = parse_policy((PROJECT / "policy" / "north-worcestershire.toml").read_text(encoding="utf-8"))
    path = file or FILE
    path.write_text(render(policy, Catalogs.load()), encoding="utf-8")
    return path


def render(policy: Policy, catalogs: Catalogs) -> str:
    """The whole file."""
    parts = [_HEAD, "## The rules, in order\n", _rules(), "## Kinds of problem\n"]
    for category in policy.categories:
        parts.append(f"### {_spoken(category.key)}\n")
        for kinds, rows in _families(category.key, policy):
            parts.append(f"**{', '.join(kinds)}**\n")
            parts.append(_table(rows, policy))
    parts += ["## What else was said\n", _flags(policy)]
    parts += ["## Who that is\n", _agencies(policy)]
    parts += ["## What people are told\n", _sentences(catalogs)]
    return "\n".join(parts).rstrip() + "\n"


_BY_HOME = frozenset(
    agency for theirs, mine in product(_HOMES, _HOMES) for agency in support_by_home(theirs, mine)
)


def _without_landlords(found: Route) -> Route:
    own = LEADS[found.reason_code].supporting
    kept = tuple(agency for agency in found.supporting if agency in own or agency not in _BY_HOME)
    return replace(found, supporting=kept)


def _rules() -> str:
    return "\n".join(f"- **{number}** {_law(rule)}" for number, rule in RULES) + "\n"


def _law(rule: Rule) -> str:
    """The first paragraph of a rule's docstring, without its number."""
    first = (rule.__doc__ or "").split("\n\n")[0]
    return " ".join(first.split()).partition(": ")[2]


def _families(category: str, policy: Policy) -> list[tuple[list[str], list[Row]]]:
    """The kinds behind a label, those with the same answers together."""
    families: list[tuple[list[str], list[Row]]] = []
    for label, sub_kind in all_kinds(policy):
        if label != category:
            continue
        rows = rows_for(Facts(category=label, sub_kind=sub_kind), policy)
        name = _spoken(sub_kind) if sub_kind else "nothing more said"
        if kind_of(label, sub_kind).usually_not_asb:
            name += " (usually not ASB)"
        for names, known in families:
            if known == rows:
                names.append(name)
                break
        else:
            families.append(([name], rows))
    return families


def _table(rows: Iterable[Row], policy: Policy) -> str:
    lines = [
        "| Rule | Their home | Home of who reports | District | Leads | Supports | Why | Offered |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        lines.append(
            _line(
                str(row.found.rule),
                _homes(row.theirs, _all_of(policy, theirs=True)),
                _homes(row.mine, _all_of(policy, theirs=False)),
                _districts(row.districts, policy),
                *_answer(row),
            )
        )
    return "\n".join(lines) + "\n"


# The facts beside kind and tenure that decide, on a quarrel that nobody in particular looks after.
_FLAGS: tuple[tuple[str, Facts], ...] = (
    ("danger, or a crime going on", Facts(category="neighbours", danger_now=True)),
    ("somebody they live with or lived with", Facts(category="neighbours", domestic_abuse=True)),
    ("a child at risk", Facts(category="neighbours", child_at_risk=True)),
    ("an adult at risk", Facts(category="neighbours", adult_at_risk=True)),
    ("hate", Facts(category="neighbours", hate=True)),
    ("a crime, not going on", Facts(category="neighbours", unlawful=True)),
    ("may be a statutory nuisance", Facts(category="neighbours", statutory_nuisance=True)),
    ("lasting harm, not reasonable", Facts(category="neighbours", lasting_harm=True)),
    ("not the first report", Facts(category="neighbours", repeated=True)),
)


def _flags(policy: Policy) -> str:
    parts = ["Shown for a quarrel between neighbours.\n"]
    for name, facts in _FLAGS:
        parts += [f"**{name}**\n", _table(rows_for(facts, policy), policy)]
    return "\n".join(parts)


def _answer(row: Row) -> tuple[str, ...]:
    found = row.found
    supports = [*map(_spoken, found.supporting), *(["*landlords*"] if row.landlords else [])]
    why = found.reason_code + (" (hardest case)" if found.hardest_case else "")
    if found.stops_form:
        why += " (the report is not taken)"
    return (
        _spoken(found.lead),
        ", ".join(supports) or "nobody",
        why,
        ", ".join(_spoken(offer.value) for offer in found.offers) or "nothing more",
    )


def _agencies(policy: Policy) -> str:
    lines = [
        "| Agency | District | Name in sentences | Number | Confirmed |",
        "|---|---|---|---|---|",
    ]
    for agency in policy.agencies:
        where = ", ".join(policy.district(key).name for key in agency.districts) or "everywhere else"
        number = "the team's own"
        if agency.contact:
            contact = policy.contact(agency.contact)
            number = contact.value if contact.may_be_shown else "not before it is confirmed"
        lines.append(
            _line(_spoken(agency.key), where, agency.name, number, "yes" if agency.verified else "not yet")
        )
    return "\n".join(lines) + "\n"


def _sentences(catalogs: Catalogs) -> str:
    lines = []
    for reason in LEADS:
        short, whole = (catalogs.template(ENGLISH, f"route.{reason}.{part}") for part in ("short", "whole"))
        lines += [f"**{reason}**: {short}\n", *(f"> {line}".rstrip() for line in whole.splitlines()), ""]
    lines += [f"- {_spoken(o.value)}: {catalogs.template(ENGLISH, f'route.offer.{o.value}')}" for o in Offer]
    return "\n".join(lines) + "\n"


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _homes(homes: tuple[str, ...], everything: tuple[str, ...]) -> str:
    rest = [home for home in everything if home not in homes]
    if not rest:
        return "any"
    if len(rest) < len(homes):
        return f"any but {' or '.join(_HOMES[home] for home in rest)}"
    return ", ".join(_HOMES[home] for home in everything if home in homes)


def _all_of(policy: Policy, *, theirs: bool) -> tuple[str, ...]:
    return tuple(tenure for tenure in policy.tenures if not (theirs and tenure == "no_home"))


def _districts(districts: tuple[str | None, ...], policy: Policy) -> str:
    if len(districts) == len(policy.districts) + 1:
        return "any"
    return ", ".join("not known" if key is None else policy.district(key).name for key in districts)


def _spoken(key: str) -> str:
    return key.replace("_", " ")


def _boxes(
    cells: list[Cell], everywhere: dict[tuple[str, str], list[str | None]]
) -> list[tuple[tuple[str, ...], tuple[str, ...], tuple[str | None, ...]]]:
    """The cells as products of homes and districts that don't overlap.

    Homes with the same answer wherever they exist (`everywhere`) have it in any district.
    """
    any_district = max(everywhere.values(), key=len)
    by_homes: dict[tuple[str, str], list[str | None]] = {}
    for theirs, mine, district in cells:
        by_homes.setdefault((theirs, mine), []).append(district)
    by_theirs: dict[tuple[str, tuple[str | None, ...]], list[str]] = {}
    for (theirs, mine), found in by_homes.items():
        districts = any_district if found == everywhere[theirs, mine] else found
        by_theirs.setdefault((theirs, tuple(districts)), []).append(mine)
    boxes: dict[tuple[tuple[str, ...], tuple[str | None, ...]], list[str]] = {}
    for (theirs, in_districts), homes in by_theirs.items():
        boxes.setdefault((tuple(sorted(homes)), in_districts), []).append(theirs)
    return [(tuple(theirs), homes, districts) for (homes, districts), theirs in boxes.items()]
