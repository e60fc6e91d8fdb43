"""A sample of the fuzzer: whatever a file holds, it is read, or refused in one clear line. `benchmarks/fuzz.py` tries as many as wanted."""

import fuzz
import fuzz_readers

SAMPLE = 900


def test_a_sample_of_inputs_is_read_or_refused(monkeypatch):
    monkeypatch.setattr(fuzz, "SECONDS", float("inf"))  # kernels may still have to be compiled
    chosen = list(fuzz_readers.readers().values())
    *_, (_, tallies) = fuzz.work(range(SAMPLE), 7, chosen)
    assert len(tallies) == len(chosen)
    assert sum(one.read + one.refused for one in tallies.values()) == SAMPLE, {
        name: one.cases for name, one in tallies.items() if one.failures
    }
    assert all(one.refused for one in tallies.values())
    assert sum(one.read for one in tallies.values()) > SAMPLE / 20


def test_a_fault_is_told_with_its_place_and_a_hidden_character_is_seen():
    def fail(path, rng):
        del rng
        (path / "x").write_text({}["y"])

    assert fuzz.try_case(None, fuzz_readers.Reader("x", ("",), None, fail), None)[0] == "TypeError at outside"
    assert fuzz_readers.is_clear("a clear line") == ""
    assert fuzz_readers.is_clear("a\x1b[2J") == "a message with '\\x1b'"
    assert fuzz_readers.is_clear("x" * 600) == "a message of 600 characters"
