"""A synthetic community: a convention and the twelve weeks after it, as the files that an organiser would have."""

from tenfold.people.demo.dataset import Demo, demo_files, make_demo, write_demo

__all__ = ["Demo", "demo_files", "make_demo", "write_demo"]
