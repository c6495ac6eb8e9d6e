"""What the README says is true: its commands, its queries, its tables, its examples and its summary of a run."""

import doctest
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pandas as pd
import pytest

from schemas.registry import PUBLISHED

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
QUERIES = re.findall(r"^```python\n(.*?)^```", README, re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A folder in which ``data/clean`` holds the tables made of the samples, and what the command printed."""
    place = tmp_path_factory.mktemp("reader")
    command = [Path(sys.executable).with_name("palimpsest"), "run"]
    folders = ["--raw", ROOT / "data/raw", "--clean", "data/clean"]
    done = subprocess.run([*command, *folders], cwd=place, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return place, done.stdout


@pytest.fixture(scope="module")
def clean(ran: tuple[Path, str]) -> Path:
    return ran[0] / "data/clean"


def rows_of(section: str) -> list[list[str]]:
    """The cells of the one table of the README whose head starts like this."""
    table = README.split(f"| {section} |", 1)[1].split("\n\n", 1)[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in table]


def test_there_are_three_queries() -> None:
    assert [re.search(r"import (\w+)", query)[1] for query in QUERIES] == ["duckdb", "pandas", "polars"]


@pytest.mark.parametrize("query", QUERIES, ids=["duckdb", "pandas", "polars"])
def test_query_finds_rows(query: str, ran: tuple[Path, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ran[0])
    printed: list[object] = []
    exec(query, {"print": printed.append})
    assert [len(result) > 0 for result in printed] == [True]


def test_python_examples_do_what_is_shown() -> None:
    examples = "\n".join(re.findall(r"^```pycon\n(.*?)^```", README, re.DOTALL | re.MULTILINE))
    test = doctest.DocTestParser().get_doctest(examples, {}, "README", "README.md", 0)
    assert doctest.DocTestRunner(verbose=False).run(test).failed == 0
    assert len(test.examples) > 3


def test_summary_is_the_one_of_a_run_on_the_samples(ran: tuple[Path, str]) -> None:
    shown = re.search(r"^```text\n(.*?)^```", README, re.DOTALL | re.MULTILINE)[1]
    assert without_size(shown) == without_size(ran[1])
    assert len(shown.splitlines()) == 10


def without_size(text: str) -> list[str]:
    """The lines, without the one figure that depends on the versions of libraries."""
    return [re.sub(r"[0-9.]+ MB", "MB", line.rstrip()) for line in text.splitlines()]


def test_examples_of_repair_are_in_the_samples_and_come_out_as_shown(clean: Path) -> None:
    raw = "".join(file.read_text(encoding="utf-8") for file in sorted((ROOT / "data/raw").rglob("*.txt")))
    authors = pd.read_parquet(clean / "authors.parquet").set_index("author_id")["display_name"]
    authorships = pd.read_parquet(clean / "authorships.parquet").sort_values(["work_id", "position"])
    lists = authorships["author_id"].map(authors).groupby(authorships["work_id"]).agg(", ".join)
    after_run = [*pd.read_parquet(clean / "text_lines.parquet")["text"], *lists]
    for before, after, _ in rows_of("before"):
        assert before.strip("`") in raw
        assert any(after in text for text in after_run), after


def test_lists_exactly_the_tables_there_are_in_their_order(clean: Path) -> None:
    assert [row[0].strip("`") for row in rows_of("table")] == list(PUBLISHED)
    assert {file.stem for file in clean.glob("*.parquet")} == {*PUBLISHED}


def test_picture_shows_every_table() -> None:
    picture = re.search(r"^```mermaid\n(.*?)^```", README, re.DOTALL | re.MULTILINE)[1]
    assert [name for name in PUBLISHED if not re.search(rf"\b{name}\b", picture)] == []


@pytest.mark.parametrize("page", ["README.md", "data/clean/README.md"])
def test_links_lead_somewhere(page: str) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", (ROOT / page).read_text(encoding="utf-8"))
    assert links
    assert [link for link in links if not ((ROOT / page).parent / link).exists()] == []


def test_extras_are_declared() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    assert set(re.findall(r"'\.\[(\w+)\]'", README)) == set(declared)


def test_ci_finds_its_commands_in_the_readme() -> None:
    script = (ROOT / ".ci/run").read_text(encoding="utf-8")
    asked = re.findall(r"readme_command '([^']+)'", script)
    commands = [line for line in README.splitlines() if line.startswith("python3 -m venv ")]
    found = [[line for line in commands if line.endswith(f"bin/{end}")] for end in asked]
    assert sorted(asked) == ["palimpsest run", "python -m pytest"]
    assert [len(lines) for lines in found] == [1, 1]
    assert len(commands) == 2
