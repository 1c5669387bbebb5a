from scrapy.settings import Settings

from crawler.crawl.check_settings import go_slowly

FILES = {"warc": {"concurrency": 8, "delay": 0}}


def slots(**given: object) -> object:
    known = {
        "CDX_URL": "https://index.example/cdx",
        "WAYBACK_URL": "https://archive.example:8080/web",
        "WAYBACK_DELAY": "2.5",
    }
    settings = Settings({**known, **given})
    go_slowly(settings)
    return settings["DOWNLOAD_SLOTS"]


def test_a_web_archive_is_asked_for_one_thing_at_a_time_and_files_as_they_can() -> None:
    slot = {"concurrency": 1, "delay": 2.5}
    assert slots() == {"index.example": slot, "archive.example": slot, **FILES}


def test_what_an_operator_says_of_a_host_stays() -> None:
    own = {"archive.example": {"concurrency": 9}}
    assert slots(DOWNLOAD_SLOTS=own) == {
        "index.example": {"concurrency": 1, "delay": 2.5},
        **own,
        **FILES,
    }
