"""Ctrl-C while compiled code runs, which hears no signal: a thread hears it, and ends the process if the command cannot."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

__all__ = ["INTERRUPTED", "end_process", "hearing_interrupts"]

INTERRUPTED = 130
"""The exit code of a command that was stopped by Ctrl-C."""

GRACE = 1.0  # seconds in which a command in Python hears a signal; one in compiled code may take hours


@contextmanager
def hearing_interrupts(report: Callable[[], object]) -> Iterator[None]:
    """Meanwhile Ctrl-C ends this process within about a second, whatever it does; `report` then says how things stand.

    A command in Python ends as it always does, by KeyboardInterrupt, and no thread of it is waited for afterwards. One in compiled code is
    ended from outside, as by a kill: what it had not committed is not there. Where a command has a handler of its own, as a world with a
    checkpoint, it has as long as it needs. A second Ctrl-C ends the process at once.
    """
    before = signal.getsignal(signal.SIGINT)
    in_main = threading.current_thread() is threading.main_thread()
    if sys.platform == "win32" or not in_main or before is not signal.default_int_handler:
        yield
        return
    heard = threading.Event()

    def interrupt(number: int, frame: FrameType | None) -> None:
        heard.set()
        signal.default_int_handler(number, frame)

    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.signal(signal.SIGINT, interrupt)
    wakeup = signal.set_wakeup_fd(writing, warn_on_full_buffer=False)

    def watch() -> None:
        times = 0
        while number := os.read(reading, 1):
            times += number[0] == signal.SIGINT
            if times > 1 or (times and not heard.wait(GRACE) and signal.getsignal(signal.SIGINT) is interrupt):
                report()
                end_process(INTERRUPTED)
        os.close(reading)
        if times:
            time.sleep(GRACE)  # in which the interpreter ends, unless a thread goes on
            end_process(INTERRUPTED)

    threading.Thread(target=watch, name="interrupts", daemon=True).start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(wakeup)
        signal.signal(signal.SIGINT, before)
        os.close(writing)


def end_process(code: int) -> NoReturn:
    """End this process without waiting for its threads, which may be in compiled code."""
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except (OSError, ValueError):
            pass
    os._exit(code)
