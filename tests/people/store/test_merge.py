"""Duplicates are found, and two entries become one."""

from tenfold.people.store import open_store


def test_duplicates_are_found_and_merged(add, tmp_path, look):
    add("id,name,email,place\n1,Ana Lima,,Porto\n2,Anna Lima,,\n3,Binh,b@example.org,\n4,B. Tran,B@example.org ,\n5,Zoe,,\n")
    add(
        "time,a,b,kind\n2026-01-01,1,3,call\n2026-01-01,2,3,call\n2026-01-02,1,2,call\n2026-01-03,2,5,call\n2026-01-03,5,2,call\n"
    )
    add("event,start,person\nTea,2026-01-05,1\nTea,2026-01-05,2\nTea,2026-01-06,2\n")
    with look() as store:
        found = store.probable_duplicates()
    assert set(found.select("a", "b").rows()) == {("1", "2"), ("3", "4")}
    with open_store(tmp_path / "t.db", command="test", write=True) as store:
        store.merge("1", "2")
    with look() as store:
        people, contacts = store.people().table, store.contacts()
        assert people["id"].to_list() == ["1", "3", "4", "5"]
        assert set(people["aliases"][0].split("|")) == {"Anna Lima", "2"}
        assert sorted(contacts.table.select("a", "b").rows()) == [("1", "3"), ("1", "3"), ("1", "5"), ("5", "1")]
        assert contacts.gatherings.height == 2
        assert store.find_person("Anna Lima") == "1"
    assert add("id,name\n2,Anna Lima\n").kept == 0
    assert add("time,a,b\n2026-03-01,2,3\n").new_people == []
