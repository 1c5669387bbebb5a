import json
from collections import Counter
from pathlib import Path
from urllib.parse import quote
from urllib.request import urlopen

from crawler.warc.record import parse_record, unpack
from replica import Replica
from tests.crawls.archived import answers, warc_records
from tests.crawls.harness import Crawl
from tests.crawls.pywb import replayed


def test_every_exchange_is_archived(crawl: Crawl, replica: Replica) -> None:
    crawl()
    crawl("-a", "revisit=all")
    asked = Counter((logged.target, logged.status) for logged in replica.requests)
    assert answers(crawl) == asked
    kinds = Counter(record.rec_type for record in warc_records(crawl))
    assert kinds["request"] == kinds["response"] + kinds["revisit"] == asked.total()
    assert kinds["warcinfo"] == 2
    asked_for = (r.http_headers for r in warc_records(crawl) if r.rec_type == "request")
    assert {head.get_header("Accept-Encoding") for head in asked_for} == {"gzip, deflate"}


def test_a_row_points_at_the_page_it_was_read_from(crawl: Crawl) -> None:
    crawl()
    for row in crawl.rows():
        place = row["capture"]
        with (crawl.data / "uza" / "warc" / place["file"]).open("rb") as file:
            file.seek(place["offset"])
            record = parse_record(unpack(file.read(place["length"])))
        assert record.fields["x-article-id"] == row["id"]
        assert record.fields["warc-date"] == row["fetched_at"]
        assert record.fields["warc-payload-digest"] == place["digest"]


def test_captures_may_be_switched_off(crawl: Crawl) -> None:
    crawl(CAPTURE=0)
    assert {row["capture"] for row in crawl.rows()} == {None}
    assert not list((crawl.data / "uza" / "warc").iterdir())


def test_pywb_replays_an_article_from_the_files_and_their_indexes(
    crawl: Crawl, replica: Replica, tmp_path: Path
) -> None:
    crawl("-a", "limit=5")
    crawl("-a", "revisit=all")  # revisits, too
    row = crawl.rows()[0]
    folder = crawl.data / "uza" / "warc"
    held = next(r for r in warc_records(crawl) if r.rec_headers["X-Article-ID"] == row["id"])
    uri = held.rec_headers["WARC-Target-URI"]
    with urlopen(uri) as answer:
        page = answer.read()
    with replayed(tmp_path / "pywb", folder.glob("*.warc.gz"), folder.glob("*.cdxj")) as archive:
        stamp = "".join(filter(str.isdigit, row["fetched_at"]))
        with urlopen(f"{archive}/{stamp}id_/{uri}") as answer:
            assert answer.read() == page
        with urlopen(f"{archive}/cdx?url={quote(uri)}&output=json") as answer:
            (found, *_) = [json.loads(line) for line in answer.read().splitlines()]
    place = row["capture"]
    assert (found["filename"], int(found["offset"])) == (place["file"], place["offset"])
