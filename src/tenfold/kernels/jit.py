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
from numba.core.registry import cpu_target

__all__ = ["CACHE", "jit"]

Function = TypeVar("Function", bound=Callable[..., object])


def _cache_folder() -> Path | None:
    """A folder of our own for today's kernels; None where nothing can be written."""
    key = hashlib.sha256(f"{numba.__version__} {cpu_target.target_context.codegen().magic_tuple()}".encode())
    for source in sorted(Path(__file__).parent.glob("*.py")):
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


def jit(function: Function) -> Function:
    """Compile at the first call, without the interpreter's lock, and keep the result. Never fastmath: results must not vary."""
    return cast(Function, numba.njit(nogil=True, cache=CACHE is not None)(function))
