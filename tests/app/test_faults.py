"""A fault of Tenfold's own is one line as well; a switch shows where it happened."""

import sys

import pytest

from tenfold.app import cli


@pytest.fixture
def broken(monkeypatch):
    """A command line whose command fails as nobody foresaw."""

    def fail(**_):
        raise RecursionError("maximum\nrecursion depth")

    monkeypatch.setattr(cli, "tenfold", fail)
    monkeypatch.setattr(sys, "argv", ["tenfold", "status"])


def test_a_fault_is_one_line_that_says_where_to_report_it(broken, monkeypatch, capsys):
    monkeypatch.delenv("TENFOLD_DEBUG", raising=False)
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    told = capsys.readouterr()
    assert stopped.value.code == 1
    assert told.out == ""
    assert told.err.count("\n") == 1
    assert "RecursionError: maximum recursion depth" in told.err
    assert "TENFOLD_DEBUG=1" in told.err
    assert "nothing was changed" in told.err


def test_a_stop_after_a_change_says_what_is_changed(monkeypatch, capsys):
    from tenfold.people.store import connection

    def stop(**_):
        connection.CHANGED.add("ours.db")
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "tenfold", stop)
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    told = capsys.readouterr().err
    assert stopped.value.code == 130
    assert "nothing was changed" not in told
    assert "ours.db had been changed before" in told


def test_the_switch_shows_the_traceback(broken, monkeypatch):
    monkeypatch.setenv("TENFOLD_DEBUG", "1")
    with pytest.raises(RecursionError):
        cli.main()
