"""No two uses of random numbers have one stream: all are named in one place, and every draw in the project takes its name from there."""

import ast
from pathlib import Path

import numpy as np

import tenfold
import tenfold as tf
from tenfold.kernels import streams

SOURCE = Path(tenfold.__file__).parent
STREAM_OF = {  # which argument names the stream, by function
    "draw": 2,
    "uniform_integer": 3,
    "bernoulli_bits": 2,
    "bernoulli_bits_batch": 3,
    "philox_batch": 3,
    "exponential": 2,
    "random_integers": 1,
}
NAMES = {name: number for name, number in vars(streams).items() if name.isupper()}
PASSED_ON = {"stream", "number"}  # arguments of functions that are themselves given a stream


def test_every_use_has_a_stream_of_its_own():
    numbers = [number for name, number in NAMES.items() if name != "RULES"]
    assert len(numbers) == len(set(numbers)) > 40
    assert max(numbers) < 256  # ROOTS takes steps of 256
    of_roots = {streams.ROOTS + 256 * number for number in numbers}
    assert max(of_roots) < 1 << 16
    assert not of_roots & set(numbers)


def calls():
    """Every call that draws: file, line, and the stream that it is given, as text."""
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
                name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
                if name in STREAM_OF and len(node.args) > STREAM_OF[name] and path.name != "rng.py":
                    yield f"{path.relative_to(SOURCE)}:{node.lineno}", node.args[STREAM_OF[name]]


def test_every_draw_names_its_stream():
    found = list(calls())
    assert len(found) > 40
    for where, stream in found:
        names = {node.id for node in ast.walk(stream) if isinstance(node, ast.Name)}
        assert names & (set(NAMES) | PASSED_ON), f"{where}: the stream {ast.unparse(stream)} is not one of kernels/streams.py"


def test_a_generator_and_a_rule_of_its_number_share_no_luck():
    """Rule 33 once drew as the rewiring of `watts_strogatz` did: who left was whose edge was rewired."""
    n, seed = 4000, 5
    ring = tf.generators.watts_strogatz(n, 2, 0.0, seed=seed)
    rewired = tf.generators.watts_strogatz(n, 2, 0.5, seed=seed)
    moved = np.array([(rewired.other[rewired.start[i] : rewired.start[i + 1]] == (i + 1) % n).sum() == 0 for i in range(n)])
    assert ring.arcs == rewired.arcs
    assert 0.3 < moved.mean() < 0.7
    for number in (0, streams.WATTS_STROGATZ):
        rules = [tf.Spontaneous("never", "b", chance=0.5)] * number + [tf.Spontaneous("a", "b", chance=0.5)]
        model = tf.Model(("a", "b", "never"), rules, name="alone")
        result = tf.simulate(model, n, steps=1, start={"b": 0, "never": 0}, seed=seed, keep=("final",))
        left = result.final[0] == 1
        assert abs(np.corrcoef(left, moved)[0, 1]) < 5 / np.sqrt(n)
