"""The plan's page in a real browser: at desktop and phone width, on paper, and without the net."""

from pathlib import Path

import pytest

from page_layout import count_printed_pages, measure_layout, read_png, requested_addresses


@pytest.fixture(scope="session")
def page(planned) -> Path:
    return planned / "plan" / "plan.html"


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_nothing_is_wider_than_the_window(browse, page, width):
    found = measure_layout(browse, page, width)
    assert found["scroll"] == width
    assert found["wide"] == []
    assert found["cut"] == []
    assert found["headings"] == 15


def test_the_page_is_drawn(browse, page, tmp_path):
    picture = tmp_path / "page.png"
    browse(f"--screenshot={picture}", "--window-size=1280,2000", page.as_uri())
    width, height, colours = read_png(picture)
    assert (width, height) == (1280, 2000)
    assert colours > 20


def test_it_prints(browse, page, tmp_path):
    assert 5 < count_printed_pages(browse, page, tmp_path / "plan.pdf") < 60


def test_it_asks_no_other_computer(browse, page, tmp_path):
    assert requested_addresses(browse, page, tmp_path / "net.json") == set()
