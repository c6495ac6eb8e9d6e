"""The report of real runs in a real browser: on a phone, a desk, in the dark, on paper, and with hostile input."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from pipeline.engine.beside import Beside
from pipeline.engine.usage import costed
from pipeline.publish import get_ready, report_page
from pipeline.storage import CleanFolder

ROOT = Path(__file__).parents[2]
SIZES = {"phone": 390, "small phone": 320, "desk": 1280}

# The smallest contrast of any text with what is behind it, after WCAG 2; plots and marks included.
CONTRAST = """() => {
  const parse = c => (c.match(/[\\d.]+/g) || [0, 0, 0, 0]).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = e => {
    for (; e; e = e.parentElement) {
      const c = parse(getComputedStyle(e).backgroundColor);
      if (c.length < 4 || c[3] > 0) return c;
    }
    return [255, 255, 255];
  };
  let worst = [99, ''];
  const texts = 'p, td, th, a, li, dt, dd, h1, h2, h3, mark, code, small, summary, svg text';
  for (const e of document.querySelectorAll(texts)) {
    if (!e.textContent.trim()) continue;
    const style = getComputedStyle(e);
    const [a, b] = [parse(e.closest('svg') ? style.fill : style.color), behind(e)].map(light);
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < worst[0]) worst = [ratio, e.tagName + ' ' + e.textContent.slice(0, 40)];
  }
  return worst;
}"""


@pytest.fixture(scope="module", autouse=True)
def reports(
    sample_run: Path, run_pipeline: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """Reports of runs on the samples, and on files whose names and texts try to be markup."""
    raw = tmp_path_factory.mktemp("raw")
    attack = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    lines = ["Page of <b>somebody</b>"]
    lines += [
        f"Abstract:We count the {x} of a valley {attack} in the cafÃ© and find \u202efewer than before."
        for x in ("owls", "bats", "newts")
    ]
    (raw / "<img src=x onerror=alert(3)>.txt").write_text("\n".join([*lines, "Abstract: null"]), encoding="utf-8")
    (raw / "'\"><svg onload=alert(4)>.bin").write_bytes(bytes(range(256)) * 9)
    folders = {"sample": sample_run, "again": run_pipeline(ROOT / "data/raw"), "hostile": run_pipeline(raw)}
    return {name: clean / "report.html" for name, clean in folders.items()}


@pytest.mark.parametrize("run", ["sample", "hostile"])
@pytest.mark.parametrize("size", SIZES)
def test_fits_every_screen_loads_nothing_and_runs_nothing(
    browser: Browser, reports: dict[str, Path], run: str, size: str
) -> None:
    report = reports[run]
    asked: list[str] = []
    said: list[str] = []
    context = browser.new_context(viewport={"width": SIZES[size], "height": 800})
    page = context.new_page()
    page.on("request", lambda sent: asked.append(sent.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    page.goto(report.as_uri())
    page.wait_for_timeout(100)
    wide, room = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    scripts = page.evaluate("document.querySelectorAll('script, img, iframe, link, object').length")
    context.close()
    assert asked == [report.as_uri()]
    assert said == []
    assert wide <= room
    assert scripts == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read_by_day_and_by_night(browser: Browser, reports: dict[str, Path], scheme: str) -> None:
    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    page.goto(reports["sample"].as_uri())
    ratio, where = page.evaluate(CONTRAST)
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    context.close()
    assert ratio >= 4.5, where
    assert (sum(map(int, background.strip("rgb()").split(","))) > 384) == (scheme == "light")


def test_paper_shows_what_is_folded_and_is_a_few_sheets(page: Page, reports: dict[str, Path]) -> None:
    page.goto(reports["sample"].as_uri())
    folded = page.locator("#lineage details").first.locator("table")
    assert not folded.is_visible()
    page.emulate_media(media="print")
    assert folded.is_visible()
    assert not page.locator("nav").is_visible()
    sheets = page.pdf(format="A4").count(b"/Type /Page\n") or page.pdf(format="A4").count(b"/Type /Page")
    assert 3 <= sheets <= 30


def test_the_next_steps_lead_to_their_section(page: Page, reports: dict[str, Path]) -> None:
    page.goto(reports["sample"].as_uri())
    assert page.locator("h1").inner_text() == "Published"
    page.emulate_media(reduced_motion="reduce")
    page.locator("header li a").first.click()
    assert abs(page.evaluate("document.querySelector('#undecided').getBoundingClientRect().top")) < 100
    assert page.locator("#undecided table").first.is_visible()


def test_the_page_is_small_and_the_same_in_every_run(reports: dict[str, Path]) -> None:
    first = reports["sample"].read_bytes()
    assert len(first) < 1_000_000
    assert reports["again"].read_bytes() == first


def test_another_process_draws_the_same(reports: dict[str, Path]) -> None:
    clean = CleanFolder(reports["sample"].parent)
    tables = clean.published()
    assert tables is not None
    with Beside(get_ready) as beside:
        page, usage = beside.start(costed, report_page, clean, tables.run_id)()
    assert page == reports["sample"].read_text(encoding="utf-8")
    assert usage.cpu_seconds > 0
