"""What needs no crawl to be seen; the other settings are in the tests of a crawl's arguments."""

import re

import pytest
from scrapy.utils.project import get_project_settings

from crawler.crawl.check_settings import NEEDED, check_settings
from crawler.errors import UsageError
from pipelines.reading import Validate


def test_the_projects_own_settings_are_right() -> None:
    check_settings(get_project_settings())


def test_a_part_may_be_named_by_its_class() -> None:
    settings = get_project_settings()
    orders = settings.getdict("ITEM_PIPELINES")
    orders[Validate] = orders.pop("pipelines.reading.Validate")
    settings.set("ITEM_PIPELINES", orders, priority="cmdline")
    check_settings(settings)


@pytest.mark.parametrize("name", NEEDED)
def test_parts_that_work_in_another_order_are_refused(name: str) -> None:
    settings = get_project_settings()
    swapped = dict(zip(NEEDED[name], range(len(NEEDED[name]), 0, -1), strict=True))
    settings.set(name, swapped, priority="cmdline")
    with pytest.raises(UsageError, match=f"{name}: expected in this order: "):
        check_settings(settings)


@pytest.mark.parametrize(
    ("name", "path"), [(name, each) for name in NEEDED for each in NEEDED[name]]
)
def test_no_part_that_the_archive_needs_may_be_off(name: str, path: str) -> None:
    settings = get_project_settings()
    settings.set(name, settings.getdict(name) | {path: None}, priority="cmdline")
    with pytest.raises(UsageError, match=f"{name}: {path} is disabled but required"):
        check_settings(settings)


@pytest.mark.parametrize("share", ["0", "1", "1.0", "0.05", ".5"])
def test_a_share_lies_between_none_and_all(share: str) -> None:
    settings = get_project_settings()
    settings.set("GONE_SHARE_MAX", share, priority="cmdline")
    check_settings(settings)


@pytest.mark.parametrize("share", ["5%", "2", "-0.1", "nan", "", "1.5", "0,05"])
def test_what_is_no_share_is_refused(share: str) -> None:
    settings = get_project_settings()
    settings.set("GONE_SHARE_MAX", share, priority="cmdline")
    with pytest.raises(UsageError, match=f"GONE_SHARE_MAX={share}: expected a share from 0 to 1"):
        check_settings(settings)


@pytest.mark.parametrize(
    "contact", ["", "ops@news.example", "demo@localhost", "https://news.example/archive?a=b"]
)
def test_a_contact_is_an_address_that_can_be_answered(contact: str) -> None:
    settings = get_project_settings()
    settings.set("CONTACT", contact, priority="cmdline")
    check_settings(settings)


@pytest.mark.parametrize(
    ("contact", "message"),
    [
        ("you@example.org", "is an example; set it to a URL or e-mail address of yours"),
        ("You@example.com", "is an example"),
        ("https://example.org/archive", "is an example"),
        ("http://www.example.net", "is an example"),
        ("foo", "expected an e-mail address or a URL"),
        ("ops at news.example", "expected an e-mail address or a URL"),
        ("(ops@news.example)", "expected an e-mail address or a URL"),
    ],
)
def test_what_no_site_could_answer_to_is_refused(contact: str, message: str) -> None:
    settings = get_project_settings()
    settings.set("CONTACT", contact, priority="cmdline")
    with pytest.raises(UsageError, match=f"CONTACT={re.escape(contact)}.*{message}"):
        check_settings(settings)
