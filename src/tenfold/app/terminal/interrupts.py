"""Ctrl-C while compiled code runs, which hears no signal: a thread hears it, and ends the process if the command cannot."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import NoReturn

__all__ = ["INTERRUPTED", "end_process", "hear_interrupts"]

INTERRUPTED = 130
"""The exit code of a command that was stopped by Ctrl-C."""

GRACE = 1.0  # seconds in which a command in Python hears a signal; one in compiled code may take hours


def hear_interrupts(report: Callable[[], object]) -> None:
    """From now on Ctrl-C ends this process within about a second, whatever it does; `report` then says how things stand.

    A command in Python ends as it always does, by KeyboardInterrupt. One in compiled code is ended from outside, as by a kill: what it had
    not committed is not there. Where a command has a handler of its own, as a world with a checkpoint, it has as long as it needs. A second
    Ctrl-C ends the process at once.
    """
    on_time = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if sys.platform == "win32" or threading.current_thread() is not threading.main_thread() or not on_time:
        return
    heard = threading.Event()

    def interrupt(number: int, frame: FrameType | None) -> None:
        heard.set()
        signal.default_int_handler(number, frame)

    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.signal(signal.SIGINT, interrupt)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)

    def watch() -> None:
        times = 0
        while number := os.read(reading, 1):
            if number[0] != signal.SIGINT:
                continue
            times += 1
            if times > 1 or (not heard.wait(GRACE) and signal.getsignal(signal.SIGINT) is interrupt):
                report()
                end_process(INTERRUPTED)

    threading.Thread(target=watch, name="interrupts", daemon=True).start()


def end_process(code: int) -> NoReturn:
    """End this process without waiting for its threads, which may be in compiled code."""
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except (OSError, ValueError):
            pass
    os._exit(code)
