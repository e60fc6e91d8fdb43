"""The figures of the page of a plan, as SVG."""
