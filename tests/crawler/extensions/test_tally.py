from crawler.extensions.report import SLOWEST, Tally


def test_rows_are_counted_by_edition_and_source_and_their_fields_as_shares() -> None:
    tally = Tally()
    tally.stored({"edition": "en", "summary": "Rain", "authors": []}, "api")
    tally.stored({"edition": "en", "summary": None, "authors": [{"name": "A. Karimova"}]}, "api")
    tally.stored({"edition": None, "summary": "Snow", "authors": []}, "urls")
    assert tally.articles == {"en/api": 2, "?/urls": 1}
    assert tally.fill_rates["summary"] == 0.667
    assert tally.fill_rates["authors"] == 0.333
    assert tally.fill_rates["body"] == 0


def test_without_rows_there_are_no_shares() -> None:
    assert Tally().fill_rates == {}


def test_the_slowest_answers_are_kept_slowest_first() -> None:
    tally = Tally()
    assert tally.slowest == []
    for seconds in (3, 9, 1, 7, 5, 2, 8):
        tally.answered(f"https://example.org/{seconds}", seconds)
    assert [seconds for _, seconds in tally.slowest] == [9, 8, 7, 5, 3]
    assert len(tally.slowest) == SLOWEST
    assert tally.slowest[0][0] == "https://example.org/9"
