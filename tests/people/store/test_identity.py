"""Identity resolution: names find their people."""

import pytest

from tenfold.errors import DataError

PEOPLE = "id,name,aliases,email,language,joined,can_mentor,capacity\n"
PEOPLE += "1,Ana Lima,Anita,ana@example.org,pt,2025-01-02,yes,8\n2,دانا,,,he,,no,\n3,Binh,,,,,,\n"


def test_finding_people(add, look):
    add(PEOPLE + "4,Binh,,,,,,\n")
    with look() as store:
        assert [store.find_person(text) for text in ("1", "ana  LIMA", "anita", "ANA@example.org")] == ["1"] * 4
        with pytest.raises(DataError, match=r"'Binh' is the name of 2 people; expected one. Use an id: 3, 4"):
            store.find_person("Binh")
        with pytest.raises(DataError, match=r"'Ana Lina' is not on the list.*Did you mean 'ana lima'"):
            store.find_person("Ana Lina")
