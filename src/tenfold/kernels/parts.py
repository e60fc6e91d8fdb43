"""Kernels that other kernels call, compiled once as a part of their callers. Only `jit` uses this, with versions of numba that were tried.

numba alone makes each called kernel ready to be called from Python as well, and compiles it again for every literal, and every size of
integer, that it is called with. A first run waits for that. It also counts the references to every array that a kernel touches, which costs
more than what the smallest kernels do. All that goes through numba's private compiler interface is in this file.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
from numba.core import ir, types
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler
from numba.core.compiler_machinery import AnalysisPass, register_pass
from numba.core.typed_passes import NopythonTypeInference

__all__ = ["call_as_part"]

_register: Any = register_pass  # numba has no types


class _Library(JITCodeLibrary):
    """Code that others take in, and that nobody runs by itself: it is not made into machine code."""

    def _finalize_final_module(self) -> None:
        self._finalized = True


@_register(mutates_CFG=False, analysis_only=True)
class _BorrowArrays(AnalysisPass):
    """Counts no references in a kernel that makes, takes from a call, copies and returns no array: its caller holds all that it touches."""

    _name = "borrow_arrays"

    def __init__(self) -> None:
        pass

    def run_pass(self, state: Any) -> bool:
        models = state.targetctx.data_model_manager

        def is_counted(kind: Any) -> bool:
            return bool(models[kind].contains_nrt_meminfo())

        def makes_array(place: Any, signature: Any) -> bool:
            if signature is None:
                return False
            if isinstance(place, ir.SetItem | ir.StaticSetItem):
                return is_counted(signature.args[-1])  # it is copied first, as the two may overlap
            is_view = getattr(place, "op", "") in ("getitem", "static_getitem") and not any(map(is_counted, signature.args[1:]))
            return is_counted(signature.return_type) and not is_view

        if not is_counted(state.return_type) and not any(makes_array(*found) for found in state.calltypes.items()):
            state.flags.nrt = state.targetctx.enable_nrt = False
        return False


class _Part(Compiler):
    """Compiles a kernel for other kernels alone: without what Python needs to call it."""

    def define_pipelines(self) -> Any:
        compiler: Any = super()
        pipelines = compiler.define_pipelines()
        pipelines[0].add_pass_after(_BorrowArrays, NopythonTypeInference)
        pipelines[0].finalize()
        return pipelines

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
