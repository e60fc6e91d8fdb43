"""How kernels are compiled and cached; the only module that imports numba.

numba does not notice that a function called from another file was edited, so the cache folder is keyed by all kernel sources, the
numba version and the processor.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import platformdirs
from numba.core import types
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler
from numba.core.registry import cpu_target

__all__ = ["CACHE", "jit"]

Function = TypeVar("Function", bound=Callable[..., object])


def _cache_folder() -> Path | None:
    """A folder of our own for today's kernels; None where nothing can be written."""
    key = hashlib.sha256(f"{numba.__version__} {cpu_target.target_context.codegen().magic_tuple()}".encode())
    for source in sorted(Path(__file__).parent.rglob("*.py")):
        key.update(source.read_bytes())
    root = os.environ.get("TENFOLD_CACHE") or platformdirs.user_cache_dir("tenfold", appauthor=False)
    folder = Path(root) / "kernels" / key.hexdigest()[:16]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return folder if os.access(folder, os.W_OK) else None


CACHE = _cache_folder()
if CACHE is not None:
    config: Any = numba.config
    config.CACHE_DIR = str(CACHE)


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


def _plain(kind: Any) -> Any:
    """What a kernel is compiled for where another kernel calls it: a literal or a short integer counts as any integer."""
    unliteral: Any = types.unliteral
    kind = unliteral(kind)
    return types.int64 if kind in (types.int8, types.int16, types.int32) else kind


def jit(function: Function) -> Function:
    """Compile at the first call, without the interpreter's lock, and keep the result. Never fastmath: results must not vary.

    Compiling is what a first run waits for. What a kernel calls is compiled once, as a part of it; numba alone would make each such part
    ready to be called from Python as well, and compile it again for every literal, and every size of integer, that it is called with.
    """
    kernel: Any = numba.njit(nogil=True, cache=CACHE is not None)(function)
    if kernel is not function:  # numba may be switched off
        part: Any = numba.njit(nogil=True, pipeline_class=_Part)(function)
        part.add_overload = lambda found: part.overloads.__setitem__(tuple(found.signature.args), found)
        kernel.get_overload = part.get_overload
        kernel.get_call_template = lambda args, named: part.get_call_template(
            [_plain(kind) for kind in args], {name: _plain(kind) for name, kind in named.items()}
        )
    return cast(Function, kernel)
