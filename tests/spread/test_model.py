"""Models as data: both ways, and with errors that name the rule and the field."""

import json

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.errors import SpecError
from tenfold.spread.library import MODELS, sir
from tenfold.spread.model import Model


@pytest.mark.parametrize("name", MODELS)
def test_the_library_goes_both_ways_and_is_sourced(name, tmp_path):
    model = MODELS[name]()
    assert Model.from_dict(model.to_dict()) == model
    assert model.name == name
    assert model.source
    assert MODELS[name].__doc__
    assert model.unreachable() == (["B"] if name == "kertesz" else [])  # who never adopt are named at the start


def toml(model: Model) -> str:
    """The model as a TOML file holds it."""
    lines = ["[model]", f'name = "{model.name}"', f"states = {list(model.states)!r}".replace("'", '"')]
    for rule in model.to_dict()["rules"]:
        lines.append("[[model.rules]]")
        lines += [f"{name} = {json.dumps(value)}" for name, value in rule.items()]
    return "\n".join(lines)


@pytest.mark.parametrize("name", MODELS)
def test_from_toml(name, tmp_path):
    path = tmp_path / "model.toml"
    path.write_text(toml(MODELS[name]()), encoding="utf-8")
    assert Model.from_toml(path).rules == MODELS[name]().rules


GOOD = {"states": ["S", "I"], "rules": [{"kind": "contact", "source": "S", "target": "I", "via": "I", "chance": 0.1}]}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"states": []}, "expected 1 to 250 different names"),
        ({"states": ["S", "S"]}, "different names"),
        ({"states": "SI"}, "expected states (a list of names)"),
        ({"version": 2}, "has the version 2; this Tenfold reads up to 1. Upgrade"),
        ({"colour": 1}, "'colour' is no field"),
        ({"rules": [{"kind": "magic"}]}, "rule 1: kind is 'magic'; expected one of spontaneous, contact, threshold"),
        ({"rules": ["S to I"]}, "rule 1: is a str"),
        (
            {"rules": [GOOD["rules"][0], GOOD["rules"][0] | {"chance": 1.5}]},
            "rule 2: rule S → I: chance is 1.5; expected a share from 0 to 1",
        ),
        ({"rules": [GOOD["rules"][0] | {"chance": float("nan")}]}, "chance is nan"),
        ({"rules": [GOOD["rules"][0] | {"rate": 2.0}]}, "has the chance 0.1 and the rate 2.0; expected one of the two"),
        ({"rules": [GOOD["rules"][0] | {"via": "X"}]}, "rule 1: via 'X' is no state; expected one of S, I"),
        ({"rules": [{"kind": "contact", "source": "S", "target": "I"}]}, "via is missing"),
        ({"rules": [{"kind": "spontaneous", "source": "S"}]}, "rule 1: target is missing"),
        ({"rules": [{"kind": "spontaneous", "source": "S", "target": "S"}]}, "leads nowhere"),
        ({"rules": [{"kind": "threshold", "source": "S", "target": "I", "via": "I"}]}, "expected one of the two"),
        ({"rules": [{"kind": "threshold", "source": "S", "target": "I", "via": "I", "count": 0}]}, "count is 0"),
        ({"rules": [GOOD["rules"][0] | {"since": 0}]}, "since is 0"),
        ({"rules": [GOOD["rules"][0] | {"since": 5, "until": 3}]}, "until is 3"),
    ],
)
def test_what_is_wrong_is_named(change, words):
    with pytest.raises(SpecError) as caught:
        Model.from_dict(GOOD | change)
    assert words in str(caught.value)


JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["contact", "S", "I", "kind", "source"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["kind", "source", "target", "via", "chance", "rules", "states", "x"]), inner)
    ),
    max_leaves=12,
)


@given(JUNK)
def test_junk_gives_a_model_or_one_clear_line(junk):
    try:
        found = Model.from_dict(junk)
    except SpecError as error:
        found = str(error)
    assert isinstance(found, Model) or "\n" not in found


@pytest.mark.parametrize("states", [[["S"], "I"], [{}, "I"], [1, "I"], [None], ["", "I"]])
def test_states_that_are_no_names(states):
    with pytest.raises(SpecError, match="expected names"):
        Model.from_dict({"states": states, "rules": []})


def test_toml_that_is_none(tmp_path):
    with pytest.raises(SpecError, match="cannot be read"):
        Model.from_toml(tmp_path / "none.toml")
    (tmp_path / "x.toml").write_text("[model")
    with pytest.raises(SpecError, match="is no TOML"):
        Model.from_toml(tmp_path / "x.toml")
    assert sir().to_dict()["version"] == 1


def test_the_schema_takes_what_the_reader_takes_and_no_more():
    check = jsonschema.Draft202012Validator(Model.schema())
    check.check_schema(Model.schema())
    for make in MODELS.values():
        assert check.is_valid(make().to_dict())
    good = MODELS["sir"]().to_dict()
    for field, value in (("chance", 2), ("chance", True), ("via", ""), ("kind", "magic"), ("speed", 1), ("since", 0)):
        bad = good | {"rules": [good["rules"][0] | {field: value}]}
        assert not check.is_valid(bad), field
        with pytest.raises(SpecError):
            Model.from_dict(bad)


@given(
    junk=st.recursive(
        st.none() | st.integers() | st.text(max_size=5),
        lambda one: st.dictionaries(
            st.sampled_from(["kind", "source", "target", "via", "chance", "rate", "least", "since"]), one, max_size=6
        ),
    )
)
def test_what_the_schema_allows_is_read_or_refused_for_its_meaning(junk):
    """The schema knows shapes, the reader meaning as well: what the schema refuses of a rule, the reader refuses."""
    data = {"states": ["S", "I"], "rules": [junk]}
    if not jsonschema.Draft202012Validator(Model.schema()).is_valid(data):
        with pytest.raises(SpecError):
            Model.from_dict(data)
