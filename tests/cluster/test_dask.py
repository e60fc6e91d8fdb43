"""`simulate`, `claims` and `backtest` on a cluster of separate processes: the same bits, with arrays sent once, and whoever dies."""

import os
import signal
import threading

import numpy as np
import pytest

import tenfold as tf
from cluster_jobs import die, divide
from tenfold.errors import BackendError
from tenfold.executors import run_jobs
from tenfold.spread.run import Task


@pytest.fixture(scope="module")
def graph():
    return tf.generators.barabasi_albert(20_000, 4, seed=1)


def run(graph, executor=None, replicates=12, steps=30, **options):
    model = tf.models.sir(chance=0.05, recovery=0.1)
    return tf.simulate(model, graph, steps=steps, start={"I": 20}, replicates=replicates, seed=7, executor=executor, **options)


def test_the_same_bits_as_here(client, graph):
    here, there = run(graph, keep=("final",)), run(graph, client.get_executor(), keep=("final",))
    assert (here.counts == there.counts).all()
    assert (here.final == there.final).all()
    pids = set(client.run(os.getpid).values())
    assert len(pids) == 2
    assert os.getpid() not in pids


def test_arrays_are_sent_once(client, graph, monkeypatch):
    """However many jobs there are, what they share is pickled here once."""
    pickled = []
    monkeypatch.setattr(Task, "__reduce_ex__", lambda self, protocol: pickled.append(1) or object.__reduce_ex__(self, protocol))
    found = run(graph, client.get_executor(), replicates=40)
    assert len(pickled) <= 2
    assert (found.counts[:12] == run(graph).counts).all()


def test_a_worker_that_is_killed_changes_no_bit(client, graph):
    """One of two processes is killed as soon as the first replicates are done."""
    victim, killed = min(client.run(os.getpid).values()), threading.Event()

    def kill(done):
        if done and not killed.is_set():
            killed.set()
            os.kill(victim, signal.SIGKILL)

    found = run(graph, client.get_executor(), replicates=60, steps=100, progress=kill)
    assert killed.is_set()
    assert (found.counts == run(graph, replicates=60, steps=100).counts).all()
    client.wait_for_workers(2, timeout=60)
    assert victim not in client.run(os.getpid).values()


def test_claims(client):
    here = tf.claims(["C3", "C7"], people=1000, replicates=2)
    there = tf.claims(["C3", "C7"], people=1000, replicates=2, executor=client.get_executor())
    assert here.table.drop("seconds").equals(there.table.drop("seconds"))
    assert here.parts.equals(there.parts)


def test_an_error_of_the_job_is_its_own(client):
    with pytest.raises(ZeroDivisionError):
        list(run_jobs(client.get_executor(), divide, 1, [1, 0]))


def test_who_dies_again_and_again_is_named(client):
    with pytest.raises(BackendError, match="executor: lost a worker 3 times"):
        list(run_jobs(client.get_executor(), die, 1, [1]))
    client.wait_for_workers(2, timeout=60)
    assert np.isclose(sum(run_jobs(client.get_executor(), divide, 1, [1, 2])), 1.5)
