"""Style that is a rule: no access by name, no mutable globals, no loose ends, every exception explained."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.house.tree import checks, name, product, texts, tree

# One letter of each word stands in brackets, so that this file does not match itself.
LOOSE_ENDS = re.compile(r"\b([T]ODO|[F]IXME|[X]XX|[H]ACK|[W]IP)\b")
MACHINE = re.compile(r"[/]work/|[/]opt/wheels|[/]root/|[p]ypi\.org|[p]ythonhosted|[r]egistry\.npm")
EXCEPTION = re.compile(r"#\s*(noqa|type:\s*ignore|pragma|pylint)")
CODES = r"(?:noqa(?::\s*[A-Z]+\d+(?:\s*,\s*[A-Z]+\d+)*)?|type:\s*ignore(?:\[[\w,\s-]+\])?)"
EXPLAINED = re.compile(rf"#\s*{CODES}\W*(\w.{{8,}})")


def by_name(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id in {"getattr", "setattr", "delattr", "eval", "exec", "__import__"}:
                yield f"{name(path)}:{node.lineno} {node.func.id}"
        elif isinstance(node, ast.Global):
            yield f"{name(path)}:{node.lineno} global"


def acts_on_import(path: Path) -> Iterator[str]:
    for node in tree(path).body:
        call = isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
        if call and "add_typer" in ast.unparse(node):  # a command line is put together from its verbs
            continue
        if call or isinstance(node, ast.For | ast.While | ast.With):
            yield f"{name(path)}:{node.lineno}"


def matching(pattern: re.Pattern[str]) -> list[str]:
    hits = []
    for path in texts():
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if pattern.search(line):
                hits.append(f"{name(path)}:{number}: {line.strip()[:80]}")
    return hits


def test_nothing_is_reached_by_name_and_no_global_changes() -> None:
    assert [hit for path in product() for hit in by_name(path)] == []


def test_a_module_only_defines() -> None:
    assert [
        hit for path in product() if not name(path).startswith("kiosk/migrations/") for hit in acts_on_import(path)
    ] == []


def test_no_loose_ends() -> None:
    assert matching(LOOSE_ENDS) == []


def test_no_paths_or_registries_of_one_machine() -> None:
    assert matching(MACHINE) == []


def test_every_lint_exception_has_its_reason_beside_it() -> None:
    bare = []
    for path in product() + checks():
        lines = path.read_text(encoding="utf-8").splitlines()
        for number, line in enumerate(lines):
            above = lines[number - 1].strip() if number else ""
            if EXCEPTION.search(line) and not EXPLAINED.search(line) and not above.startswith("#"):
                bare.append(f"{name(path)}:{number + 1}: {line.strip()[:80]}")
    assert [hit for hit in bare if not hit.startswith("tests/house/test_style.py")] == []
