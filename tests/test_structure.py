"""The project's outer shape: what is locked is what is asked for, and comes from nowhere in particular."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = Path(__file__).resolve().parents[1]
PYPROJECT = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = ("requirements.lock", "requirements-dev.lock")

_PIN = re.compile(
    r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?==([^\s;\\]+)(?:\s*;\s*([^\\\n]+))?", re.MULTILINE
)


def locked(name: str) -> dict[str, str]:
    """Package → version of a lock file, for this Python and platform."""
    text = (PROJECT / name).read_text(encoding="utf-8")
    return {
        canonicalize_name(package): version
        for package, version, marker in _PIN.findall(text)
        if not marker or Marker(marker.strip()).evaluate()
    }


def asked_for() -> list[Requirement]:
    return [Requirement(text) for text in PYPROJECT["project"]["dependencies"]]


def asked_for_by_developers() -> list[Requirement]:
    extras = PYPROJECT["project"]["optional-dependencies"].values()
    groups = PYPROJECT["dependency-groups"].values()
    return [*asked_for(), *(Requirement(text) for part in (*extras, *groups) for text in part)]


@pytest.mark.parametrize("lock", LOCKS)
@pytest.mark.parametrize("requirement", asked_for(), ids=str)
def test_the_locks_hold_what_the_project_asks_for(lock: str, requirement: Requirement) -> None:
    version = locked(lock).get(canonicalize_name(requirement.name))
    assert version is not None
    assert requirement.specifier.contains(version)


@pytest.mark.parametrize("requirement", asked_for_by_developers(), ids=str)
def test_the_developers_lock_holds_their_tools_as_well(requirement: Requirement) -> None:
    version = locked("requirements-dev.lock").get(canonicalize_name(requirement.name))
    assert version is not None
    assert requirement.specifier.contains(version)


def test_both_locks_have_the_same_versions() -> None:
    run, dev = (locked(lock) for lock in LOCKS)
    assert {name: dev.get(name) for name in run} == run


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_versions_and_hashes_but_no_addresses(lock: str) -> None:
    text = (PROJECT / lock).read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*--?(index|extra-index|find-links|trusted-host|i\b)", text, re.MULTILINE)
    packages = len(_PIN.findall(text))
    assert packages > 20
    entries = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)
    assert sum("--hash=sha256:" in entry for entry in entries) == packages


def test_every_folder_of_tests_is_a_package() -> None:
    folders = {path.parent for path in (PROJECT / "tests").rglob("*.py")}
    missing = [
        str(folder.relative_to(PROJECT)) for folder in folders if not (folder / "__init__.py").exists()
    ]
    assert not missing


def test_every_catalog_has_its_compiled_form() -> None:
    sources = sorted((PROJECT / "locales").rglob("*.po"))
    assert sources
    assert [path.with_suffix(".mo") for path in sources] == sorted((PROJECT / "locales").rglob("*.mo"))
