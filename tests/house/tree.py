"""The files of this project, read once, as the house tests need them."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STOREYS = ("centre", "kiosk", "devices", "vision")
TEXT = {"", ".py", ".qml", ".js", ".toml", ".md", ".po", ".pot", ".json", ".yaml", ".svg", ".ini", ".sh", ".html"}
OUTSIDE = {"locks", "var", "out", "__pycache__", "node_modules"}


def product() -> list[Path]:
    """Every Python file that runs in a branch, and main.py."""
    files = [path for storey in STOREYS for path in sorted((ROOT / storey).rglob("*.py"))]
    return files + [path for path in [ROOT / "main.py"] if path.exists()]


def checks() -> list[Path]:
    """Every Python file of the tests."""
    return sorted((ROOT / "tests").rglob("*.py"))


def texts() -> Iterator[Path]:
    """Every text file a reader of the project meets; licences and locks are other people's words."""
    for path in sorted(ROOT.rglob("*")):
        inside = path.relative_to(ROOT).parts
        hidden = inside[0].startswith(".") and inside[0] not in {".ci", ".gitignore"}
        if hidden or OUTSIDE.intersection(inside):
            continue
        if path.is_file() and path.suffix in TEXT and "LICENSE" not in path.name:
            yield path


def name(path: Path) -> str:
    """The path as a reader writes it."""
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of one file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method of one file."""
    return (node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from `def` to the last one."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


def imported(path: Path) -> Iterator[str]:
    """Dotted names that one file imports, at any depth."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
