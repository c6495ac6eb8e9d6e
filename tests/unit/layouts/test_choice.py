import sys

import pytest

from pipeline import layouts as package
from pipeline.layouts.choice import choose, layouts

NEW_LAYOUT = """
from pipeline.layouts.layout import Layout, LineRole

LAYOUT = Layout("test_of_one_word", lambda lines: float(all(" " not in line for line in lines)),
                lambda lines: [LineRole("title", index, "one word") for index, _ in enumerate(lines)])
"""


@pytest.fixture
def one_more(tmp_path, monkeypatch):
    """A module with a layout in one more folder of the package, and nothing else."""
    (tmp_path / "test_of_one_word.py").write_text(NEW_LAYOUT, encoding="utf-8")
    monkeypatch.setattr(package, "__path__", [*package.__path__, str(tmp_path)])
    layouts.cache_clear()
    yield
    layouts.cache_clear()
    sys.modules.pop("pipeline.layouts.test_of_one_word", None)


def test_a_layout_is_added_by_its_module_alone(one_more):
    choice = choose(["fog", "moss"])
    assert choice.layout is not None
    assert choice.layout.name == "test_of_one_word"
    assert [role.entry for role in choice.layout.roles(["fog", "moss"])] == [0, 1]


def test_modules_without_a_layout_are_left_out():
    names = [layout.name for layout in layouts()]
    assert {"listing_a", "listing_b", "listing_c"} <= set(names)
    assert not {"shapes", "blocks", "alignment", "choice", "layout"} & set(names)
    assert names == sorted(names)
