"""Kernels that other kernels call, compiled once as a part of their callers. Only `jit` uses this, with versions of numba that were tried.

numba alone makes each called kernel ready to be called from Python as well, and compiles it again for every literal, and every size of
integer, that it is called with. A first run waits for that. All that goes through numba's private compiler interface is in this file.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
from numba.core import types
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler

__all__ = ["call_as_part"]


class _Library(JITCodeLibrary):
    """Code that others take in, and that nobody runs by itself: it is not made into machine code."""

    def _finalize_final_module(self) -> None:
        self._finalized = True


class _Part(Compiler):
    """Compiles a kernel for other kernels alone: without what Python needs to call it."""

    def compile_extra(self, function: Any) -> Any:
        state: Any = self.state
        state.flags.no_compile = state.flags.no_cpython_wrapper = state.flags.no_cfunc_wrapper = True
        library: Any = _Library
        state.library = library(state.targetctx.codegen(), function.__name__)
        compiler: Any = super()
        found = compiler.compile_extra(function)
        found = found._replace(entry_point=object())  # numba finds the part by it
        state.targetctx.insert_user_function(found.entry_point, found.fndesc, [found.library])
        return found


def _general(kind: Any) -> Any:
    """The type that a kernel is compiled for where another kernel calls it: a literal or a short integer counts as any integer."""
    unliteral: Any = types.unliteral
    kind = unliteral(kind)
    return types.int64 if kind in (types.int8, types.int16, types.int32) else kind


def call_as_part(kernel: Any, function: Callable[..., object]) -> None:
    """Let other kernels call `function` as a part of themselves; `kernel`, its compiled form, is what Python calls."""
    part: Any = numba.njit(nogil=True, pipeline_class=_Part)(function)
    part.add_overload = lambda found: part.overloads.__setitem__(tuple(found.signature.args), found)
    kernel.get_overload = part.get_overload
    kernel.get_call_template = lambda args, named: part.get_call_template(
        [_general(kind) for kind in args], {name: _general(kind) for name, kind in named.items()}
    )
