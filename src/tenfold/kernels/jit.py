"""How kernels are compiled and cached: the one decorator of all compiled code.

numba does not notice that a function called from another file was edited. So the cache folder is keyed by all kernel sources, the numba
version, the processor and the way of compiling.

There are two ways. The quick one compiles each called kernel once, as a part of its callers; it goes through numba's private compiler
interface (`parts`), so it is used with versions that were tried. The plain one is `numba.njit` alone: slower to compile, the same results.
``TENFOLD_JIT=plain`` chooses it.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import platformdirs

__all__ = ["CACHE", "PLAIN", "jit"]

Function = TypeVar("Function", bound=Callable[..., object])

TRIED = ((0, 61), (0, 68))
"""The first and the last numba whose private interface was tried with `parts`."""


def _is_plain() -> bool:
    """Whether kernels are compiled the plain way: when asked for, or where numba is of a version that was not tried."""
    version = tuple(int(part) for part in numba.__version__.split(".")[:2])
    return os.environ.get("TENFOLD_JIT") == "plain" or not TRIED[0] <= version <= TRIED[1]


PLAIN = _is_plain()


def _cache_folder() -> Path | None:
    """The folder of today's kernels, made if it is not there; None where nothing can be written."""
    llvm: Any = import_module("llvmlite.binding")  # it has no types
    processor = f"{llvm.get_process_triple()} {llvm.get_host_cpu_name()} {llvm.get_host_cpu_features().flatten()}"
    key = hashlib.sha256(f"{numba.__version__} {processor} {'plain' if PLAIN else 'parts'}".encode())
    for source in sorted(Path(__file__).parent.rglob("*.py")):
        key.update(source.read_bytes())
    root = os.environ.get("TENFOLD_CACHE") or platformdirs.user_cache_dir("tenfold", appauthor=False)
    folder = Path(root) / "kernels" / key.hexdigest()[:16]
    try:
        for one in reversed([folder, *folder.parents]):  # `parents=True` would make those above for everyone to look into
            if not one.exists():
                one.mkdir(mode=0o700, exist_ok=True)
    except OSError:
        return None
    return folder if os.access(folder, os.W_OK) else None


CACHE = _cache_folder()
if CACHE is not None:
    config: Any = numba.config
    config.CACHE_DIR = str(CACHE)


def jit(function: Function) -> Function:
    """Compile at the first call, without the interpreter's lock, and keep the result. Never fastmath: results must not vary."""
    kernel: Any = numba.njit(nogil=True, cache=CACHE is not None)(function)
    if kernel is not function and not PLAIN:  # numba may be switched off
        from tenfold.kernels.parts import call_as_part

        call_as_part(kernel, function)
    return cast(Function, kernel)
