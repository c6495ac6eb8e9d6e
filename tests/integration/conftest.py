"""A real browser, for tests that look at pages as people do."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The machine's own Chromium, without a window; a machine without one fails, since nothing else looks at pages.

    While it runs, its event loop is the thread's: what a test needs of the pipeline runs before, in an autouse fixture.
    """
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.fail(f"none of {NAMES} is installed; install Chromium, as .ci/run does")
    sandbox = [] if os.geteuid() else ["--no-sandbox"]  # Chromium's sandbox does not start for root
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=found, args=sandbox)
        yield running
        running.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page in a context of its own, the size of a desk's screen."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()
