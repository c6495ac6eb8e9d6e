"""The data dictionary in the repository is the one that the contracts make."""

from pathlib import Path

from schemas.dictionary import dictionary
from schemas.registry import PUBLISHED

PAGE = Path(__file__).parents[3] / "schemas" / "DATA_DICTIONARY.md"


def test_the_page_is_not_stale() -> None:
    assert PAGE.read_text(encoding="utf-8") == dictionary(), "run: palimpsest dictionary > schemas/DATA_DICTIONARY.md"


def test_every_table_and_column_is_in_it() -> None:
    page = dictionary()
    for table in PUBLISHED.values():
        section = page.split(f"\n## {table.name}\n")[1].split("\n## ")[0]
        assert all(f"| `{column}` |" in section for column in table.arrow_schema.names)
