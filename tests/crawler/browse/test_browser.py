"""A reader's way through an archive: the real command, a real browser."""

import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from crawler.errors import UsageError
from tests.commands import LONGEST, ROOT, Refused, command, scrapy
from tests.crawler.browse.archives import archive_in, several_in

AXE = ROOT / ".venv/axe/node_modules/axe-core/axe.min.js"
CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
has_datasette = pytest.mark.skipif(
    find_spec("datasette") is None, reason="datasette is not installed: make data"
)
has_browser = pytest.mark.skipif(
    not (CHROMIUM and DRIVER and find_spec("selenium")),
    reason="no browser to look with: apt-get install chromium chromium-driver, and make test",
)
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    data = archive_in(tmp_path_factory.mktemp("browsed")).parent
    with browsed(data, "uza", articles=6) as address:
        yield address


@pytest.fixture(scope="module")
def several(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve three agencies, with edits, removals and an Arabic edition."""
    data = tmp_path_factory.mktemp("several")
    several_in(data)
    with browsed(data, articles=10) as address:
        yield address


@contextmanager
def browsed(data: Path, *agencies: str, articles: int) -> Iterator[str]:
    with subprocess.Popen(
        command("browse", *agencies, "--port", 0, DATA_DIR=data),
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        try:
            assert process.stdout is not None
            built, shown = process.stdout.readline(), process.stdout.readline()
            assert built.endswith(f"up to date, {articles} articles were new or had changed\n")
            served = re.fullmatch(r"(http://127\.0\.0\.1:(\d+))/ shows it until .*\n", shown)
            assert served, shown
            wait_for(int(served[2]))
            yield served[1]
        finally:
            process.send_signal(signal.SIGINT)
            assert process.communicate(timeout=30)[1] == ""


def wait_for(port: int) -> None:
    for _ in range(1200):
        with socket.socket() as asked:
            asked.settimeout(0.1)
            if asked.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("nothing listens")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM or ""
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1200,900"):
        options.add_argument(argument)
    service = webdriver.ChromeService(DRIVER, env={**os.environ, "HOME": "/tmp"})
    driver = webdriver.Chrome(options=options, service=service)
    try:
        yield driver
    finally:
        driver.quit()


def look_for(browser: Any, words: str) -> list[str]:
    """Search as a reader does, who waits for the answer; return the titles found."""
    from selenium.webdriver.support.expected_conditions import staleness_of
    from selenium.webdriver.support.wait import WebDriverWait

    field = browser.find_element("name", "q")
    field.clear()
    field.send_keys(words)
    field.submit()
    WebDriverWait(browser, LONGEST).until(staleness_of(field))
    return [each.text for each in browser.find_elements("css selector", ".hit h3")]


@has_datasette
@has_browser
def test_a_reader_searches_in_both_scripts_reads_an_article_an_edit_and_the_archived_page(
    address: str, browser: Any
) -> None:
    from selenium.webdriver.support.expected_conditions import url_to_be
    from selenium.webdriver.support.wait import WebDriverWait

    browser.get(address)
    both = ["O‘zbekiston kutubxonasi", "Ўзбекистон кутубхонаси"]
    assert look_for(browser, "kutubxona") == look_for(browser, "кутубхона") == both
    browser.find_element("link text", both[1]).click()
    assert browser.find_element("tag name", "h1").text == both[1]
    assert browser.find_element("css selector", "#translations a").text == both[0]
    browser.find_element("link text", "Archived page").click()
    assert "of uza.uz, captured" in browser.find_element("tag name", "main").text
    browser.switch_to.frame(browser.find_element("tag name", "iframe"))
    assert "As it was." in browser.find_element("tag name", "body").text
    assert browser.execute_script("return document.title") == "The page"  # its script did not run
    browser.find_element("link text", "ours").click()
    browser.switch_to.default_content()
    assert browser.find_element("tag name", "h1").text == "A bridge"
    browser.get(f"{address}/?q=bridge")
    browser.find_element("link text", "A bridge").click()
    assert browser.find_element("tag name", "del").text == "Nine"
    assert browser.find_element("tag name", "ins").text == "Ten"
    browser.find_element("xpath", "//button[.='Compare']").click()
    compared = url_to_be(f"{address}/article/uza%3A3?old=1&new=2#compare")
    WebDriverWait(browser, LONGEST).until(compared)


@has_datasette
@has_browser
def test_a_text_from_right_to_left_stands_below_its_headline(
    address: str, browser: Any, window: Callable[[int], None]
) -> None:
    window(1280)
    browser.get(f"{address}/article/uza:6")
    edges = [browser.execute_script("return arguments[0].getBoundingClientRect().right", each)
             for each in browser.find_elements("css selector", "h1, .text")]  # fmt: skip
    assert edges[0] == edges[1]


@has_datasette
@has_browser
def test_what_a_text_holds_does_nothing_in_a_browser(address: str, browser: Any) -> None:
    browser.get(f"{address}/article/uza:5")
    assert browser.title.startswith("<script>document.title = 'taken'</script> &lt;b&gt;")
    assert browser.execute_script("return document.scripts.length") == 0
    assert "gnorw" in browser.find_element("tag name", "h1").text
    logged = [entry["message"] for entry in browser.get_log("browser")]
    assert not [message for message in logged if "Content Security Policy" in message]


ADDRESSES = [
    "/", "/?q=bridge", "/?q=bridge#filters", "/?q=nine", "/?q=nowhere", "/article/uza:3",
    "/article/uza:3?version=1", "/article/uza:1", "/article/uza:6", "/article/uza:5",
    "/capture/uza:1/1", "/help", "/leave?to=https://example.org/", "/nosuch",
    "/tables", "/tables?sql=select+*+from+article", "/tables?sql=nothing",
]  # fmt: skip
OF_SEVERAL = ["/", "/?q=bridge", "/?edition=ar#filters", "/?q=is:gone", "/?q=is:edited",
              "/article/anadolu:2", "/article/uza:6", "/help"]  # fmt: skip


@pytest.fixture
def pages(address: str, several: str) -> list[str]:
    return [address + page for page in ADDRESSES] + [several + page for page in OF_SEVERAL]


@pytest.fixture
def window(browser: Any) -> Iterator[Callable[[int], None]]:
    """Make the browser's window as wide as a screen."""

    def resize(width: int) -> None:
        metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)

    yield resize
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


WIDER = """return [...document.querySelectorAll(".wide")].filter(
  each => each.scrollWidth > each.clientWidth).map(each => each.ariaLabel)"""


@has_datasette
@has_browser
@pytest.mark.parametrize("width", [390, 1280])
def test_no_page_has_to_be_scrolled_sideways(
    pages: list[str], browser: Any, window: Callable[[int], None], width: int
) -> None:
    window(width)
    for page in pages:
        browser.get(page)
        assert browser.execute_script("return document.documentElement.scrollWidth") <= width, page
        if "select" not in page:
            assert browser.execute_script(WIDER) == [], page


@has_datasette
@has_browser
@pytest.mark.skipif(not AXE.exists(), reason=f"{AXE} is not there: see .ci/run")
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_that_keeps_a_reader_out(
    pages: list[str], browser: Any, window: Callable[[int], None], width: int
) -> None:
    window(width)
    browser.execute_cdp_cmd("Page.setBypassCSP", {"enabled": True})  # or it could not run
    for page in pages:
        browser.get(page)
        browser.execute_script(AXE.read_text("utf-8"))
        found = browser.execute_async_script(
            "const done = arguments[0]; axe.run().then(told => done(told.violations.map("
            "each => [each.id, each.impact, each.nodes[0].html])))"
        )
        assert found == [], page
    browser.execute_cdp_cmd("Page.setBypassCSP", {"enabled": False})


@has_datasette
@has_browser
def test_a_reader_with_a_keyboard_alone_skips_to_the_content_and_opens_the_filters(
    address: str, browser: Any, window: Callable[[int], None]
) -> None:
    from selenium.webdriver.common.keys import Keys

    def focused() -> Any:
        return browser.switch_to.active_element

    window(390)
    browser.get(f"{address}/?q=bridge")
    assert not browser.find_element("id", "filters").is_displayed()
    browser.find_element("tag name", "body").send_keys(Keys.TAB)
    assert focused().text == "Skip to the content"
    assert browser.execute_script("return getComputedStyle(arguments[0]).outlineWidth",
                                  focused()) == "3px"  # fmt: skip
    focused().send_keys(Keys.ENTER)
    assert focused().get_attribute("id") == "content"
    focused().send_keys(Keys.TAB)
    assert focused().text == "Filters"
    focused().send_keys(Keys.ENTER)
    assert browser.find_element("id", "filters").is_displayed()


# What can be used on a page and is shown; the bars of a chart are there as a list, too.
USABLE = """return [...document.querySelectorAll(
  'a[href], button, input:not([type=hidden]), select, textarea, summary')].filter(
  each => each.tabIndex >= 0 && each.checkVisibility())"""
IS_SEEN = """const look = getComputedStyle(document.activeElement);
return look.outlineStyle != "none" && parseFloat(look.outlineWidth) >= 2"""


@has_datasette
@has_browser
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("page", ["/", "/?q=bridge", "/article/uza:3", "/tables?sql=select+1"])
def test_all_that_can_be_used_is_reached_by_tab_and_seen_when_it_is(
    several: str, browser: Any, window: Callable[[int], None], width: int, page: str
) -> None:
    from selenium.webdriver.common.keys import Keys

    window(width)
    browser.get(several + page)
    usable = browser.execute_script(USABLE)
    reached: list[Any] = []
    body = browser.find_element("tag name", "body")
    body.send_keys(Keys.TAB)
    while (focused := browser.switch_to.active_element) != body and len(reached) < 300:
        assert browser.execute_script(IS_SEEN), focused.get_attribute("outerHTML")
        reached.append(focused)
        focused.send_keys(Keys.TAB)
    assert [each for each in usable if each not in reached] == []


def test_a_database_alone_is_made_and_an_address_that_others_reach_is_warned_of(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from crawler.commands.browse import _warn

    archive_in(tmp_path)
    run = scrapy("browse", "uza", "--only-build", DATA_DIR=tmp_path)
    assert (run.returncode, run.stderr) == (0, "")
    assert (tmp_path / "uza" / "browse.sqlite").exists()
    for host in ("127.0.0.1", "::1", "localhost"):
        assert not _warn([host])
    assert capsys.readouterr().err == ""
    assert _warn(["0.0.0.0"])
    assert _warn(["127.0.0.1", "news.example.org"])
    assert "0.0.0.0 can be reached by others" in capsys.readouterr().err


@has_datasette
def test_a_port_that_cannot_be_had_is_one_line_and_no_address(tmp_path: Path) -> None:
    from crawler.commands.browse import _bound

    archive_in(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        run = scrapy("browse", "uza", "--port", port, DATA_DIR=tmp_path)
    assert (run.returncode, run.stderr.count("\n")) == (2, 1)
    assert f"--host 127.0.0.1 --port {port}: cannot listen there (Address already" in run.stderr
    assert "http://" not in run.stdout
    with pytest.raises(UsageError, match="--port 99999: cannot listen there"):
        _bound("127.0.0.1", 99_999)


def test_what_cannot_be_browsed_is_one_line(tmp_path: Path, refused: Refused) -> None:
    said = refused("browse", "uza", "--only-build", "-s", f"DATA_DIR={tmp_path}")
    assert "there is no archive; crawl first" in said
