"""The walls of the house: imports run one way, modules stay small, nothing heavy or stateful happens at import."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted([*ROOT.glob("schemas/**/*.py"), *ROOT.glob("pipeline/**/*.py")])

# Who may be imported by whom: a module imports only from rooms that stand before its own. "core" is what the
# wiring has in common; quality is the accounting of every stage, so the engine stands behind it.
ORDER = [
    "schemas",
    "ingest",
    "exports",
    "repair",
    "layouts",
    "split",
    "link",
    "quality",
    "report",
    "storage",
    "engine",
    "steps",
    "wiring",
    "top",
]
WIRING = {"assets", "checks", "io", "pace", "resources", "schedules", "publish", "summary", "metrics", "workplace"}
STORAGE = {
    *("tables", "writing", "footers", "groups", "splice", "thrift", "ranges"),
    *("rawfiles", "rawranges", "objectstore", "manifest", "candidates", "spill"),
}
PURE = {"ingest", "exports", "repair", "layouts", "split", "link", "quality", "report"}


def room(module: str) -> str:
    parts = module.split(".")
    if parts[0] == "schemas":
        return "schemas"
    if len(parts) == 1:
        return "top"
    if parts[1] in PURE | {"storage", "engine", "steps"}:
        return parts[1]
    if parts[1] in STORAGE:
        return "storage"
    if parts[1] == "processes":
        return "engine"
    return "wiring" if parts[1] in WIRING else "top"


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found.add(node.module or "")
            if node.module == "pipeline":
                found |= {f"pipeline.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_run_one_way(path: Path) -> None:
    own = room(name_of(path))
    for imported in imports(path):
        if imported.split(".")[0] in {"schemas", "pipeline"} and imported != "pipeline":
            assert ORDER.index(room(imported)) <= ORDER.index(own), f"{name_of(path)} imports {imported}"


@pytest.mark.parametrize("path", [p for p in MODULES if room(name_of(p)) in PURE | {"schemas"}], ids=name_of)
def test_stages_know_neither_dagster_nor_the_disk(path: Path) -> None:
    forbidden = {"dagster", "pathlib", "os", "shutil", "tempfile", "subprocess", "socket", "time"}
    if path.parent.name == "lexicon":  # its build script is run by hand and writes the table that is shipped
        forbidden = {"dagster"}
    assert not {name.split(".")[0] for name in imports(path)} & forbidden


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_modules_are_small_and_named_for_what_they_hold(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300
    assert path.stem not in {"utils", "util", "helpers", "helper", "common", "misc"}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_modules_say_what_belongs_in_them(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_no_error_is_swallowed(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ExceptHandler):
            assert node.type is not None, f"{path}:{node.lineno}: bare except"
            broad = isinstance(node.type, ast.Name) and node.type.id in {"Exception", "BaseException"}
            assert not broad, f"{path}:{node.lineno}: catches everything"


def test_top_level_is_what_was_agreed() -> None:
    allowed = {"pyproject.toml", "README.md", "LICENSE", "pipeline", "schemas", "data", "tests"}
    made_by_tools = {"build"}
    found = {e.name for e in ROOT.iterdir() if not e.name.startswith(".") and not e.name.endswith(".egg-info")}
    assert found - made_by_tools <= allowed
