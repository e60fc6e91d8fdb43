"""`tenfold pseudonymise`: no name is in the copy, the network is the same, and a key gives the same pseudonyms again."""

from collections import Counter

import polars as pl

from tenfold.people.store import open_store


def degrees(contacts):
    pairs = contacts.select(pl.min_horizontal("a", "b").alias("a"), pl.max_horizontal("a", "b").alias("b")).unique()
    return sorted(Counter([*pairs["a"], *pairs["b"]]).values())


def test_the_same_network_without_names(run, db, tmp_path):
    shared, key = tmp_path / "shared", tmp_path / "key.txt"
    told = run("pseudonymise", str(shared), "--key", str(key), "--json").document
    with open_store(db, command="read", write=False) as store:
        tables = store.canonical_tables()
    data = b"".join(path.read_bytes() for path in shared.iterdir())
    people = tables["people"]
    for text in {*people["id"], *people["name"].drop_nulls(), *people["email"].drop_nulls(), *tables["attendance"]["event"]}:
        assert text.encode() not in data
    found = pl.read_csv(shared / "contacts.csv")
    assert degrees(found) == degrees(tables["contacts"])
    assert told["people_with_more_than_ten_bonds"] == sum(one > 10 for one in degrees(found))
    assert all(text.endswith("T00:00:00Z") for text in found["time"])
    assert key.stat().st_mode & 0o777 == 0o600
    counts = pl.read_csv(shared / "people.csv")["language"].drop_nulls().value_counts()
    assert counts["count"].min() >= 5


def test_it_imports_again(run, db, tmp_path):
    shared = tmp_path / "shared"
    assert run("pseudonymise", str(shared), "--key", str(tmp_path / "key.txt"), "--times", "exact").code == 0
    other = tmp_path / "other.db"
    assert run("--db", str(other), "import", *map(str, sorted(shared.glob("*.csv")))).code == 0
    with open_store(db, command="read", write=False) as one, open_store(other, command="read", write=False) as two:
        assert one.canonical_tables()["contacts"].height == two.canonical_tables()["contacts"].height
        assert one.people().table.height == two.people().table.height


def test_a_key_is_a_key(run, db, tmp_path):
    for name, keyed in (("one", "a.txt"), ("two", "a.txt"), ("three", "b.txt")):
        assert run("pseudonymise", str(tmp_path / name), "--key", str(tmp_path / keyed)).code == 0
    one, two, three = ((tmp_path / name / "people.csv").read_bytes() for name in ("one", "two", "three"))
    assert one == two
    assert one != three
    (tmp_path / "bad.txt").write_text("nothing")
    bad = run("pseudonymise", str(tmp_path / "four"), "--key", str(tmp_path / "bad.txt"))
    assert bad.code == 1
    assert "holds no key" in bad.err
    inside = run("pseudonymise", str(tmp_path / "five"), "--key", str(tmp_path / "five" / "key.txt"))
    assert inside.code == 1
    assert "apart from it" in inside.err
