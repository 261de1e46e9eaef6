"""The page report.html in a real Chromium: what a reader finds, and that each check can fail."""

import re

import pytest

import chromium
import pages
import synthetic
from autoencoders.report import page

WIDE = "<div style='width: 3000px'>wide</div>"
NOT_SHOWN = "<img alt='a broken one' src='data:image/png;base64,AAAA' width='9' height='9'>"
OUTSIDE = "<img alt='from elsewhere' src='{other_file}' width='9' height='9'>"
FAINT = "<p style='color: #999; background: #fff'>Hard to read.</p>"
BROKEN = {
    WIDE: "wider than the screen",
    NOT_SHOWN: "not shown: a broken one",
    OUTSIDE: "asked for: file:",
    "<img alt='far' src='http://127.0.0.1:9/far.png'>": "asked for: http://127.0.0.1:9/far.png",
    "<style>@import 'http://127.0.0.1:9/a.css'</style>": "asked for: http://127.0.0.1:9/a.css",
    "<script>console.error('oh')</script>": "console: oh",
    "<script>console.warn('hm')</script>": "console: hm",
    "<script>throw new Error('no')</script>": "exception: Uncaught",
    FAINT: "too faint: Hard to read.",
}


@pytest.fixture(scope="session")
def browser(tmp_path_factory):
    if chromium.PROGRAM is None:
        pytest.skip("no Chromium is installed (Debian's package chromium)")
    with chromium.Chromium(tmp_path_factory.mktemp("profile")) as browser:
        yield browser


@pytest.fixture(scope="session")
def report(tmp_path_factory):
    """The page of made-up runs of everything that the paper has."""
    inputs = pages.make(tmp_path_factory.mktemp("page"), synthetic.everything())
    path = inputs.place.results / "report.html"
    path.write_text(page.page(inputs.manifest, inputs.tables, inputs.figures, pages.SHOWN))
    return path


@pytest.mark.parametrize("scheme", chromium.SCHEMES)
@pytest.mark.parametrize("width", chromium.WIDTHS)
def test_nothing_is_wrong_with_the_page(browser, report, width, scheme):
    with browser.open(report, width, scheme) as tab:
        assert tab.evaluate("document.images.length") == 11
        assert chromium.faults(tab) == []
        tab.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert chromium.faults(tab) == []


def test_dark_is_dark_and_light_is_light(browser, report):
    ground = "getComputedStyle(document.body).backgroundColor"
    with browser.open(report, scheme="dark") as dark, browser.open(report) as light:
        assert dark.evaluate(ground) == "rgb(23, 23, 26)"
        assert light.evaluate(ground) == "rgb(255, 255, 255)"


def test_tab_leads_through_the_page_and_shows_where_it_is(browser, report):
    stops = []
    with browser.open(report) as tab:
        while not (focused := tab.press_tab())["body"]:
            stops.append(focused)
            assert len(stops) < 150, "the focus is trapped"
        links = tab.evaluate("document.querySelectorAll('a').length")
    assert stops[0]["name"] == "skip"
    assert all(stop["outlined"] and stop["seen"] for stop in stops)
    assert len(stops) > links


def test_the_skip_link_leads_to_the_text(browser, report):
    with browser.open(report) as tab:
        tab.press_tab()
        tab.evaluate("document.activeElement.click()")
        assert tab.evaluate("location.hash") == "#main"
        assert tab.evaluate("document.activeElement.id") == "main"


def test_the_narrower_tables_fit_a_large_screen(browser, report):
    inside = "[...document.querySelectorAll('.scroll:not(:has(.wide))')]"
    with browser.open(report, 1400) as tab:
        assert tab.evaluate(f"{inside}.every(box => box.scrollWidth <= box.clientWidth)")


def test_it_prints_on_a_few_pages_with_everything_unfolded(browser, report):
    with browser.open(report) as tab:
        pdf = tab.pdf()
    assert pdf.startswith(b"%PDF-")
    n_pages = len(re.findall(rb"/Type\s*/Page\b", pdf))
    assert 8 <= n_pages <= 40
    folded = report.read_text().replace("details::details-content", "details::nothing")
    copy = report.with_name("folded.html")
    copy.write_text(folded)
    with browser.open(copy) as tab:
        assert len(tab.pdf()) < len(pdf)


@pytest.mark.parametrize(("broken", "fault"), BROKEN.items(), ids=BROKEN.values())
def test_each_fault_is_found(browser, report, tmp_path, broken, fault):
    other_file = tmp_path / "other.svg"
    other_file.write_text(pages.DRAWING)
    path = tmp_path / "broken.html"
    start = "<!DOCTYPE html><html lang='en'><title>Broken</title><body><p>Text.</p>"
    path.write_text(start + broken.replace("{other_file}", other_file.as_uri()))
    with browser.open(path) as tab:
        found = chromium.faults(tab)
    assert any(each.startswith(fault) for each in found), found
    path.write_text(start)
    with browser.open(path) as tab:
        assert chromium.faults(tab) == []
