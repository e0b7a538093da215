"""Catches a policy file that is read differently from what it says, and mistakes that nobody can find."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework.cases import CaseKind, DeadlineKind, RiskBand
from casework.errors import PolicyError, UnknownKey
from casework.policy import parse_policy
from casework.policy_file import positions


@pytest.mark.parametrize(
    ("kind", "deadline", "risk", "working_days"),
    [
        (CaseKind.ASB_REPORT, DeadlineKind.ACKNOWLEDGE, RiskBand.MEDIUM, 1),
        (CaseKind.ASB_REPORT, DeadlineKind.CONTACT, RiskBand.HIGH, 1),
        (CaseKind.ASB_REPORT, DeadlineKind.CONTACT, RiskBand.MEDIUM, 3),
        (CaseKind.ASB_REPORT, DeadlineKind.CONTACT, RiskBand.STANDARD, 5),
        (CaseKind.ASB_REPORT, DeadlineKind.VISIT, RiskBand.HIGH, None),  # reports have no visit of their own
        (CaseKind.NOMINATED_NEIGHBOUR, DeadlineKind.CONTACT, RiskBand.STANDARD, 5),
        (CaseKind.NOMINATED_NEIGHBOUR, DeadlineKind.VISIT, RiskBand.STANDARD, 15),
        (CaseKind.ASB_REPORT, DeadlineKind.PHONE, RiskBand.STANDARD, 1),
    ],
)
def test_the_timescales_are_the_ones_agreed(policy, kind, deadline, risk, working_days):
    assert policy.working_days(kind, deadline, risk) == working_days


# The detailed list of problems that the service knows (NWCSP domain facts 3.1).
DETAILED = """
music_party diy barking alarm neighbour_dispute verbal_abuse intimidation harassment threats violence
hate_incident drug_use drug_dealing street_drinking rowdy_behaviour off_road_bikes speeding racing
abandoned_vehicle vandalism graffiti fly_tipping litter dog_nuisance animal_nuisance fireworks fires begging
rough_sleeping sex_work kerb_crawling cuckooing exploitation doorstep_trader cctv_privacy boundary
"""


def test_every_detailed_problem_has_exactly_one_category(policy):
    included = [problem for category in policy.categories for problem in category.includes]
    assert sorted(included) == sorted(DETAILED.split())
    assert policy.categories[-1].key == "something_else"


def test_only_redditch_has_council_homes(policy):
    with_council_homes = [d.key for d in policy.districts if "council_tenant" in d.tenures]
    assert with_council_homes == ["redditch"]


def test_numbers_from_general_knowledge_are_not_shown_before_somebody_checked_them(policy, policy_text):
    assert [contact.key for contact in policy.shown("emergency", "bromsgrove", "samaritans")] == [
        "emergency",
        "samaritans",
    ]
    checked = policy_text.replace(
        'value = "01527 881288"', 'value = "01527 881288"\nverified = true\nverified_on = 2026-11-20'
    )
    assert parse_policy(checked).shown("bromsgrove")


def test_a_check_grows_old(policy_text):
    checked_on = date(2026, 11, 20)
    checked = parse_policy(
        policy_text.replace(
            'value = "01527 64252"', f'value = "01527 64252"\nverified = true\nverified_on = {checked_on}'
        )
    )

    def is_listed(today):
        return "contacts.redditch" in [entry.where for entry in checked.unverified(today)]

    assert not is_listed(checked_on + timedelta(days=180))
    assert is_listed(checked_on + timedelta(days=181))


def test_what_nobody_checked_is_listed_with_its_source(policy):
    listed = {entry.where: entry.source for entry in policy.unverified(date(2026, 11, 24))}
    assert listed["timescales.asb_report.contact_wd.high"] == "facts 3.4; proposal"
    assert "danger.weapon" in listed


def test_the_digest_changes_with_the_file(policy, policy_text):
    assert parse_policy(policy_text).digest == policy.digest
    assert parse_policy(policy_text + "\n# seen\n").digest != policy.digest


def test_a_policy_cannot_be_changed_by_accident(policy):
    with pytest.raises(ValueError, match="frozen"):
        policy.team.name = "Another"


@pytest.mark.parametrize("ask", ["district", "contact", "category"])
def test_what_is_not_in_the_file_is_said_by_name(policy, ask):
    with pytest.raises(UnknownKey, match="narnia"):
        getattr(policy, ask)("narnia")


def test_the_team_of_an_unknown_district_is_the_partnerships(policy):
    assert policy.team_of(None) == policy.team.name
    assert policy.team_of("wyre_forest") == "Wyre Forest Community Safety Team"
    assert policy.phone_of("wyre_forest").key == "wyre_forest_cs"


def line_of(text: str, wanted: str) -> int:
    return next(n for n, line in enumerate(text.splitlines(), 1) if wanted in line)


@pytest.mark.parametrize(
    ("old", "new", "said", "at"),
    [
        # TOML's own mistakes
        ("opens = 09:00:00", "opens = ", "Invalid value", "opens = "),
        ("[limits]", "[limits", "Expected ']'", "[limits"),
        # a value of another kind
        ("before_wd = [2]", 'before_wd = ["two"]', "integer", "before_wd"),
        ("opens = 09:00:00", 'opens = "nine"', "time", "opens ="),
        ('group = "environmental"', 'group = "green"', "personal", 'group = "green"'),
        ('codes = ["B48"]', 'codes = ["B4 8"]', "pattern", "B4 8"),
        # a figure of a table inside a table
        (
            'medium = { value = 3, source = "facts 3.4; proposal" }',
            "medium = { value = -3, source = 'ours' }",
            "greater than or equal to 0",
            "value = -3",
        ),
        # a key that is missing, or misspelled
        ('acknowledge_wd = { value = 1, source = "proposal" }', "", "missing", "[timescales.asb_report]"),
        ("digest_at =", "digets_at =", "no key of this name", "digets_at"),
        # rules within an entry
        ("closes = 17:00:00", "closes = 08:00:00", "opens must be earlier", "[team]"),
        ('hint = "suggest"\ndistrict = "redditch"', 'hint = "suggest"', "needs a district", "[[outward]]"),
        ('value = "999"', 'value = "999"\nverified = true', "verified_on", 'key = "emergency"'),
        # two parts of the file that contradict each other
        ('district = "redditch"', 'district = "reditch"', "not one of districts", 'district = "reditch"'),
        ('contacts = ["emergency"]', 'contacts = ["emergencies"]', "not one of contacts", '["emergencies"]'),
        ('t = "wyre_forest_cs"', 't = "wyre_forest"', "may not be shown", 'contact = "wyre_forest"'),
        ('key = "noise"', 'key = "hate"', "twice", '[[categories]]#4'),
        ('codes = ["B48"]', 'codes = ["B97"]', "twice", 'codes = ["B97"]'),
        ('zone = "Europe/London"', 'zone = "Europe/Londres"', "no time zone", "Londres"),
        ('"temporary", "no_home", "not_sure",\n]\n\n#', "]\n\n#", "not one of tenures", "tenures = [#2"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_line(policy_text, old, new, said, at):
    assert old in policy_text
    changed = policy_text.replace(old, new, 1)
    with pytest.raises(PolicyError) as refused:
        parse_policy(changed)
    wanted, _, nth = at.partition("#")
    lines = [n for n, line in enumerate(changed.splitlines(), 1) if wanted in line and line[0] != "#"]
    line = lines[int(nth) - 1] if nth else lines[0]
    problems = [p for p in refused.value.problems if said in p]
    assert problems, refused.value
    near = range(line, line + 1) if not at.startswith("key =") else range(line - 1, line + 1)
    assert any(problems[0].startswith((f"Line {n} ", f"Line {n}:")) for n in near), (problems, line)


def test_every_mistake_of_the_file_is_named_at_once(policy_text):
    changed = policy_text.replace("before_wd = [2]", "before_wd = [0]").replace("name = 200", "name = 0")
    with pytest.raises(PolicyError) as refused:
        parse_policy(changed)
    assert len(refused.value.problems) == 2


def test_a_text_that_ends_in_the_middle_is_refused_with_its_last_line():
    with pytest.raises(PolicyError, match=r"^Line 2: "):
        parse_policy("tenures = [\n'a',")


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whichever_line_is_spoiled_the_message_names_a_line(policy_text, data):
    lines = policy_text.splitlines()
    index = data.draw(st.integers(0, len(lines) - 1))
    lines.insert(index, data.draw(st.sampled_from(["= 3", "zz = 1", "[x", '"'])))
    spoiled = "\n".join(lines)
    with pytest.raises(PolicyError, match=r"^Line \d+"):
        parse_policy(spoiled)


def test_every_key_of_the_file_has_its_line(policy_text):
    found = positions(policy_text)
    assert found[("calendar", "verified_until")] == line_of(policy_text, "verified_until =")
    assert found[("districts", 1, "wards")] > found[("districts", 1, "wards_source")]
    assert found[("danger", 0, "words", "pl")] < found[("danger", 1, "key")]
