import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.model.merkle import leaf_hash, levels, path, root, root_by

# The inputs and roots that implementations of Certificate Transparency are tested with.
INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657",
          "606162636465666768696a6b6c6d6e6f"]  # fmt: skip
ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


@pytest.mark.parametrize("size", ROOTS)
def test_the_root_is_that_of_the_standard(size: int) -> None:
    leaves = [leaf_hash(bytes.fromhex(each)) for each in INPUTS[:size]]
    assert root(leaves).hex() == ROOTS[size]


@given(st.integers(1, 70), st.data())
def test_a_path_leads_from_its_leaf_to_the_root_and_from_no_other(
    size: int, data: st.DataObject
) -> None:
    leaves = [leaf_hash(bytes([number])) for number in range(size)]
    index = data.draw(st.integers(0, size - 1))
    way = path(levels(leaves), index)
    assert root_by(leaves[index], index, size, way) == root(leaves)
    assert root_by(leaf_hash(b"other"), index, size, way) != root(leaves)
    for wrong in ([*way, leaves[0]], way[:-1]):
        if wrong != way:
            with pytest.raises(ValueError, match="the path is too"):
                root_by(leaves[index], index, size, wrong)


@pytest.mark.parametrize("index", [-1, 3])
def test_a_place_beyond_the_tree_is_refused(index: int) -> None:
    with pytest.raises(ValueError, match="there is no leaf"):
        root_by(leaf_hash(b""), index, 3, [])
