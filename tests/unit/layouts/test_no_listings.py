"""What is no listing yields no record: texts of our own, and the programs and texts that are installed here."""

import json
import sysconfig
from pathlib import Path

import pytest

from pipeline.layouts import choose

CASES = json.loads((Path(__file__).parents[2] / "cases" / "layouts" / "no_listings.json").read_text(encoding="utf-8"))
MOST_BYTES = 20_000
INSTALLED = 60


def installed() -> list[Path]:
    """Sources of the standard library, and texts and tables of installed packages, small ones spread over all."""
    paths = sysconfig.get_paths()
    kinds = [
        sorted(Path(paths["stdlib"]).glob("*.py")),
        sorted(Path(paths["stdlib"]).glob("*/*.py")),
        sorted(p for kind in ("METADATA", "*.txt", "*.rst", "*.md") for p in Path(paths["purelib"]).glob(f"*/{kind}")),
    ]
    small = [[path for path in kind if 500 < path.stat().st_size < MOST_BYTES] for kind in kinds]
    share = INSTALLED // len(small)
    return [path for kind in small for path in kind[:: max(1, len(kind) // share)][:share]]


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in CASES])
def test_no_listing_of_ours_is_claimed(case):
    choice = choose(case["lines"])
    assert choice.layout is None, (choice.scores, choice.proposal)
    assert choice.reason


@pytest.mark.parametrize("path", [pytest.param(path, id="/".join(path.parts[-2:])) for path in installed()])
def test_no_installed_text_is_claimed(path):
    choice = choose(path.read_text(encoding="utf-8", errors="replace").splitlines())
    assert choice.layout is None, (choice.scores, choice.proposal)


def test_a_proposal_for_what_is_no_listing_says_what_speaks_against_it():
    for case in CASES:
        choice = choose(case["lines"])
        assert choice.proposal is None or choice.proposal.doubt
