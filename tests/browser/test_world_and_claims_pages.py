"""The pages of a world and of the claims in a real browser: no text is cut or over another, at desktop and phone width and on paper."""

import pytest

import tenfold as tf
from page_layout import count_printed_pages, measure_layout, read_png, requested_addresses
from tenfold.report.claims.page import claims_page
from tenfold.report.world.page import world_page

PAGES = {"a village": 5, "villages": 7, "hundreds of villages": 7, "claims": 17}
"""Each with its number of headings."""


@pytest.fixture(scope="session")
def pages(tmp_path_factory):
    """The pages by name; each claim is on that of the claims, with few and small runs."""
    folder = tmp_path_factory.mktemp("pages")
    worlds = {
        "a village": tf.World(900),
        "villages": tf.World.lived(70_000),
        "hundreds of villages": tf.World.lived(250_000),
    }
    texts = {name: world_page(tf.run_world(world, start="circle")) for name, world in worlds.items()}
    texts["claims"] = claims_page(tf.claims(replicates=2, people=1000))
    found = {}
    for name, text in texts.items():
        found[name] = folder / f"{name.replace(' ', '-')}.html"
        found[name].write_text(text, encoding="utf-8")
    return found


@pytest.mark.parametrize("width", [360, 768, 1280])
@pytest.mark.parametrize("name", PAGES)
def test_all_of_it_can_be_read(browse, pages, name, width):
    found = measure_layout(browse, pages[name], width)
    assert found["scroll"] == width
    assert found["wide"] == []
    assert found["rolled"] == []
    assert found["cut"] == []
    assert found["over"] == []
    assert found["headings"] == PAGES[name]


@pytest.mark.parametrize("name", PAGES)
def test_it_is_drawn_and_prints(browse, pages, name, tmp_path):
    picture = tmp_path / "page.png"
    browse(f"--screenshot={picture}", "--window-size=1280,2000", pages[name].as_uri())
    assert read_png(picture)[:2] == (1280, 2000)
    assert read_png(picture)[2] > 20
    sheets = count_printed_pages(browse, pages[name], tmp_path / "page.pdf")
    assert 14 < sheets < 80 if name == "claims" else 1 < sheets < 10


@pytest.mark.parametrize("name", ["villages", "claims"])
def test_it_asks_no_other_computer(browse, pages, name, tmp_path):
    assert requested_addresses(browse, pages[name], tmp_path / "net.json") == set()
