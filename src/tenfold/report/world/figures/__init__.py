"""The figures of the page of a world, written as SVG directly: there is no chart library to start, so the page is quick."""
