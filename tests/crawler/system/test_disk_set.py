from crawler.system.disk_set import DiskSet


def test_it_is_a_set_of_texts_in_their_order() -> None:
    names = DiskSet()
    for name in ("uza:2", "uza:10", "uza:2", "oʻ"):
        names.add(name)
    assert (list(names), len(names)) == (["oʻ", "uza:10", "uza:2"], 3)
    names.discard("uza:2")
    names.discard("uza:3")
    assert "uza:10" in names
    assert "uza:2" not in names
    assert set(names) == {"oʻ", "uza:10"}
