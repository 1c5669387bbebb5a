from crawler.browse.chart import HEIGHT, WIDTH, chart


def test_bars_stand_within_the_picture_and_months_without_articles_are_empty() -> None:
    drawn = chart([("en", "2024-11", 10), ("uz", "2024-11", 30), ("uz", "2025-02", 20)])
    assert drawn.highest == 40
    assert [name for _, name in drawn.ticks] == ["2024-11", "2024-12", "2025-01", "2025-02"]
    assert [(bar.step, bar.told) for bar in drawn.bars] == [
        ("2024-11", "en 10"), ("2024-11", "uz 30"), ("2025-02", "uz 20"),
    ]  # fmt: skip
    for bar in drawn.bars:
        assert bar.x >= 0
        assert bar.x + bar.width <= WIDTH
        assert bar.y >= 0
        assert bar.y + bar.height <= HEIGHT
    assert drawn.bars[1].height == drawn.bars[0].height * 3


def test_twenty_years_are_drawn_by_month_with_the_years_below() -> None:
    drawn = chart([("en", "2008-03", 1), ("en", "2026-11", 1)])
    assert [(bar.step, bar.told) for bar in drawn.bars] == [
        ("2008-03", "en 1"),
        ("2026-11", "en 1"),
    ]
    assert [name for _, name in drawn.ticks] == [str(year) for year in range(2009, 2027)]
    assert drawn.ticks[-1][0] < drawn.bars[-1].x  # in January


def test_more_years_are_drawn_by_year_and_none_not_at_all() -> None:
    drawn = chart([("en", "1998-01", 1), ("en", "1998-02", 1), ("en", "2026-11", 1)])
    assert drawn.ticks[0][1] == "1998"
    assert [(bar.step, bar.told) for bar in drawn.bars] == [("1998", "en 2"), ("2026", "en 1")]
    assert chart([]).bars == []
