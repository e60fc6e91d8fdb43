"""`tenfold models`: the models of the library, and the schema of a model."""

import json

from tenfold.spread.library import MODELS


def test_models(run):
    listed = run("models")
    assert all(name in listed.out for name in MODELS)
    assert "Kermack, McKendrick 1927" in run("models", "sir").out
    assert run("models", "sir", "--json").document["states"] == ["S", "I", "R"]
    assert "'plague' is none; expected one of si, sis" in run("models", "plague").err


def test_schema(run):
    assert json.loads(run("models", "--schema").out)["title"] == "Tenfold model"
