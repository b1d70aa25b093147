"""Files -> Checkpoint: named, lazy, read-only tensors (one module a format)."""

from inspector.checkpoint.base import Checkpoint, FileEntry, StoredTensor, matrix_shape
from inspector.checkpoint.opening import open_checkpoint

__all__ = ["Checkpoint", "FileEntry", "StoredTensor", "matrix_shape", "open_checkpoint"]
