"""Linear algebra on one thread: the matrices of a fit are small, and threads that wait for each other cost more than they save."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

__all__ = ["one_blas_thread"]


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Meanwhile BLAS uses one thread, so that a fit takes the same time on a busy machine and gives the same on any number of cores."""
    with import_module("threadpoolctl").threadpool_limits(limits=1, user_api="blas"):
        yield
