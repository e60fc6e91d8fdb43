"""A cluster of separate processes on this machine; in CI there has to be one."""

import importlib.util
import os

import pytest


@pytest.fixture(scope="session")
def cluster():
    """Dask's own workers, each a process that is started anew when it dies."""
    if importlib.util.find_spec("distributed") is None:
        assert not os.environ.get("CI"), "in CI Dask must be installed"
        pytest.skip("Dask is not installed; install tenfold[cluster] to run jobs on a cluster")
    from distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1") as local:
        yield local


@pytest.fixture
def client(cluster):
    from distributed import Client

    with Client(cluster) as one:
        one.wait_for_workers(2, timeout=60)
        yield one
