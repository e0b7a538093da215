"""Which keys the program's source asks for: spelled out, or as a pattern with gaps."""

import ast
import re
from dataclasses import dataclass, field
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
ROOMS = ("bot", "handlers", "storage", "casework")
_KEY = re.compile(r"[a-z_]+(\.[a-z0-9_]+)+")


@dataclass
class AskedFor:
    """What was found; ``places`` tells where, for the message of a failing test."""

    keys: set[str] = field(default_factory=set)
    plain: set[str] = field(default_factory=set)
    """Keys that are spelled out where words without HTML are asked for."""
    families: set[str] = field(default_factory=set)
    """Regular expressions, from strings such as f"common.time.{half}"."""
    places: dict[str, str] = field(default_factory=dict)

    def covers(self, key: str) -> bool:
        """Whether some code may ask for ``key``."""
        return key in self.keys or any(re.fullmatch(family, key) for family in self.families)


def asked_for(domains: set[str], folders: tuple[Path, ...] | None = None) -> AskedFor:
    """Read every module of the program (or of ``folders``) for keys of ``domains``."""
    found = AskedFor()
    for folder in folders or tuple(PROJECT / room for room in ROOMS):
        for path in sorted(folder.rglob("*.py")):
            _Reader(found, domains, path).visit(ast.parse(path.read_text(encoding="utf-8")))
    return found


class _Reader(ast.NodeVisitor):
    def __init__(self, found: AskedFor, domains: set[str], path: Path) -> None:
        self.found, self.domains, self.path = found, domains, path

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str) and self._is_key(node.value):
            self.found.keys.add(node.value)
            self.found.places.setdefault(node.value, f"{self.path.name}:{node.lineno}")

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        start = node.values[0]
        if isinstance(start, ast.Constant) and start.value.partition(".")[0] in self.domains:
            self.found.families.add(_pattern(node))
        for value in node.values:
            if isinstance(value, ast.FormattedValue):
                self.visit(value)

    def visit_Call(self, node: ast.Call) -> None:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name == "plain" and node.args and isinstance(node.args[0], ast.Constant):
            self.found.plain.add(str(node.args[0].value))
        self.generic_visit(node)

    def _is_key(self, text: str) -> bool:
        return bool(_KEY.fullmatch(text)) and text.partition(".")[0] in self.domains


def _pattern(node: ast.JoinedStr) -> str:
    """The strings that a formatted string may be, as a regular expression."""
    return "".join(re.escape(str(v.value)) if isinstance(v, ast.Constant) else r"[\w.]+" for v in node.values)
