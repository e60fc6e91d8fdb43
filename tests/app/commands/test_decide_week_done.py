"""Decisions, tasks and the week as an organiser types them."""

import json
import shutil

import pytest

from every_command import run


@pytest.fixture
def home(planned, tmp_path):
    shutil.copy(planned / "tenfold.db", tmp_path / "tenfold.db")
    return tmp_path


def told(home, *args):
    ran = run(home, args)
    return ran.code, (ran.out + ran.err).decode()


def data(home, *args):
    ran = run(home, (*args, "--json"))
    assert ran.code == 0, ran.err
    return json.loads(ran.out)


def test_a_decision_as_a_sentence(home):
    circle = data(home, "circles")["circles"][0]
    person = data(home, "circles", circle["circle"])["members"][-1]
    code, text = told(home, "decide", "name", circle["address"], "Harbour group")
    assert code == 0
    assert f"Decided: 1. circle {circle['circle']} is called Harbour group" in text
    code, text = told(home, "decide", "fix", person["address"], "harbour GROUP")
    assert code == 0
    assert "is in Harbour group" in text
    code, text = told(home, "decide", "forbid", person["person"], str(circle["circle"]))
    assert code == 1
    assert "decision 2 (fix" in text
    assert "tenfold decide undo 2" in text
    assert [one["kind"] for one in data(home, "decide", "list")["decisions"]] == ["name", "fix"]
    assert told(home, "decide", "undo", "2")[1].startswith("Undone: 2.")
    assert [one["kind"] for one in data(home, "decide", "list")["decisions"]] == ["name"]
    assert len(data(home, "decide", "list", "--all")["decisions"]) == 2


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("together", "p001"), "decide together: got 1 names; expected 2."),
        (("together", "p001", "p001"), "are the same person"),
        (("fix", "p001", "Nowhere"), "'Nowhere' is no circle of the last plan; expected a number, a name or an address"),
        (("fix", "Nobody Known", "1"), "'Nobody Known' is not on the list"),
        (("name", "1", "x" * 61), "has 61 letters; expected 1 to 60"),
        (("undo", "four"), "expected the number of one decision"),
        (("undo", "7"), "decision 7 is not there"),
    ],
)
def test_what_cannot_be_decided_is_one_line(home, words, message):
    code, text = told(home, "decide", *words)
    assert code == 1
    assert message in text
    assert text.count("\n") == 1


def test_the_week_and_what_became_of_it(home):
    before = data(home, "week")
    assert before["done"] == 0
    first, second, third = before["tasks"][:3]
    code, text = told(home, "done", first["who"], first["whom"], "--kind", "visit")
    assert code == 0
    assert text.startswith("Done: ")
    assert first["who"] not in text  # names, not ids
    assert told(home, "done", second["whom"], second["who"], "--not-reached", "--note", "no answer")[0] == 0
    assert "Later, on" in told(home, "done", third["who"], third["whom"], "--later", "in 3 days")[1]
    after = data(home, "week")
    assert (after["done"], after["planned"]) == (1, before["planned"])
    states = {task["number"]: task["state"] for task in after["tasks"]}
    assert [states[one["number"]] for one in (first, second, third)] == ["done", "not reached", "later"]
    code, text = told(home, "done", first["who"], first["whom"])
    assert code == 1
    assert "is planned and open" in text
    code, text = told(home, "done", second["who"], second["whom"], "--drop", "moved away", "--not-reached")
    assert "expected one of --not-reached, --later and --drop" in text
    assert told(home, "done", second["who"], second["whom"], "--drop", "moved away")[0] == 0
    history = data(home, "week", "--history")["weeks"]
    assert sum(row["done"] for row in history) == 1
    assert sum(row["dropped"] for row in history) == 1
    own = data(home, "week", "--history", "--who", first["who"])["weeks"]
    assert sum(row["planned"] for row in own) == sum(task["who"] == first["who"] for task in before["tasks"])


def test_a_log_closes_the_task_and_a_plan_of_the_same_day_remembers_it(home):
    task = data(home, "week")["tasks"][0]
    assert data(home, "log", task["who"], task["whom"])["tasks_done"] == 1
    assert run(home, ("plan", "--replicates", "2", "--at", "2026-11-24", "--out", "again")).code == 0
    week = data(home, "week")
    assert week["done"] == 1
    pairs = [(one["who"], one["whom"]) for one in week["tasks"] if one["state"] != "done"]
    assert len(pairs) == len(set(pairs))


def test_a_small_group_is_logged_at_once_and_the_same_twice_is_asked_about(home):
    people = [row["person"] for row in data(home, "circles", "1")["members"][:3]]
    code, text = told(home, "log", *people, "--kind", "meet", "--at", "2026-11-20 18:30")
    assert code == 0
    assert not any(one in text for one in people)
    assert data(home, "status", "--at", "2026-11-24")["at"]
    code, text = told(home, "log", *people[:2], "--kind", "meet", "--at", "2026-11-20 18:30")
    assert code == 1
    assert "on record already" in text
    assert "--again" in text
    assert told(home, "log", *people[:2], "--kind", "meet", "--at", "2026-11-20 18:30", "--again")[0] == 0
    assert "expected 2 to 12" in told(home, "log", people[0])[1]


def test_the_load_is_remembered_by_the_next_plan(home):
    asked = ("plan", "--replicates", "2", "--at", "2026-11-24", "--out", "small")
    assert run(home, (*asked, "--contacts", "7", "--quiet-days", "sat,Sun", "--kinds", "call")).code == 0
    plan = data(home, *asked)
    assert plan["settings"]["load"]["contacts_in_all"] == 7
    assert len(plan["this_week"]) == 7
    assert {row["kind"] for row in plan["this_week"]} == {"call"}
    assert told(home, *asked, "--quiet-days", "someday")[1].startswith("tenfold: 'someday' is none of Mon, Tue")
    (home / "carers.txt").write_text("Nobody Known\n")
    assert "'Nobody Known' is not on the list" in told(home, *asked, "--carers", "carers.txt")[1]


def test_what_was_put_off_is_not_planned_before_its_day(home):
    first, second = data(home, "week")["tasks"][:2]
    assert told(home, "done", first["who"], first["whom"], "--later", "in 40 days")[0] == 0
    assert told(home, "done", second["who"], second["whom"], "--not-reached")[0] == 0
    plan = data(home, "plan", "--replicates", "2", "--at", "2026-11-24", "--out", "again")
    assert (first["who"], first["whom"]) not in [(row["who"], row["whom"]) for row in plan["this_week"]]
    states = {task["number"]: task["state"] for task in data(home, "week")["tasks"]}
    assert (states[first["number"]], states[second["number"]]) == ("later", "not reached")
