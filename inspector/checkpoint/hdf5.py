"""Reader of HDF5 files (.h5, .hdf5): Keras 1, 2 and 3 weights and models, and plain datasets.

The HDF5 library parses the structure when the file is opened, on the descriptor that was opened before, and is
then done with; values are read by offset. Not followed: soft links (warned), external links, external storage,
virtual datasets (refused). Not read: attributes and text. Refused as well: unknown filters, missing or damaged
chunks. Left out with a warning: datasets without stored values; text, references, compound and other elements
that are no numbers. A crafted file can still make the C library loop or crash while it is opened: that ends with
the engine process, which may be ended at any time.

Names are paths joined with dots, so that components are found as in other formats: without ":0", without the
container (`model_weights`, `layers`) and without a repeated layer level; two that would then agree keep their
whole paths. Keras kernels are presented in PyTorch's order (`keras_kernels`): those named kernel, recurrent_kernel,
depthwise_kernel, pointwise_kernel or of a layer that makes them (Keras 3 numbers its variables), and the W and U
of Keras 1. Matrices of a Keras 3 layer that neither its name nor its bias explains stay as stored, with a warning,
as do the convolutions of Keras 1 whose output comes first. Theano's flipped windows are left to the comparison.
The optimizer's state is left out with a warning. Plain datasets are presented as they are stored.
"""

from __future__ import annotations

from h5py import h5a, h5g

from inspector.checkpoint.hdf5_library import opened
from inspector.checkpoint.hdf5_places import Places
from inspector.checkpoint.hdf5_superblock import read_superblock
from inspector.checkpoint.hdf5_tree import Path, Tree
from inspector.checkpoint.keras_layout import OPTIMIZERS, arranged, is_keras, unique_names
from inspector.checkpoint.source import SourceFile
from inspector.checkpoint.storage import Part, Placed
from inspector.errors import InputError, Note

_MODEL = b"model_weights"
_KERAS3 = (b"layers", b"_layer_checkpoint_dependencies", b"vars")
# Long lists of layers are split over several attributes: layer_names0, layer_names1, ...
_MARKS = (b"layer_names", b"layer_names0")


def read_hdf5(file: SourceFile) -> Part:
    """Read the structure of an opened HDF5 file.

    Raises:
        InputError: it is damaged, reaches outside itself or its values are not all there; names the file and,
            where there is one, the tensor.
    """
    superblock = read_superblock(file)
    notes: list[Note] = []
    if superblock.trailing:
        notes.append(Note("checkpoint.trailing_bytes", {"count": superblock.trailing}, file.name))
    places = Places(file)
    found: dict[Path, Placed] = {}
    with opened(file) as root:
        marked = root.links.exists(_MODEL) or any(h5a.exists(root, name) for name in _MARKS)
        tree = Tree(file.name, _training(root, marked))
        for path, dataset in tree.datasets(root, superblock.root):
            name = "/".join(path)
            if (
                path in found or name in places.not_comparable
            ):  # names alike once bytes that are no text are written out
                raise InputError("checkpoint.name_collision", file=file.name, tensor=name)
            placed = places.place(name, dataset)
            if placed is not None:
                found[path] = placed
        if tree.left_out:
            left = ", ".join(sorted(tree.left_out))
            notes.append(Note("checkpoint.training_left_out", {"count": len(tree.left_out), "left": left}, file.name))
    places.check_overlaps()
    tensors, unknown = _named(found, marked)
    if unknown:
        notes.append(Note("checkpoint.keras_order_unknown", {"count": len(unknown)}, file.name, unknown[0]))
    return Part("hdf5", tensors, {}, places.not_comparable, (*notes, *tree.warnings()))


def _training(root: h5g.GroupID, marked: bool) -> frozenset[str]:
    """Return the top-level groups that hold the optimizer of a Keras model."""
    keras = marked or any(root.links.exists(name) for name in _KERAS3)
    return frozenset(name for name in OPTIMIZERS if keras and root.links.exists(name.encode()))


def _named(found: dict[Path, Placed], marked: bool) -> tuple[dict[str, Placed], list[str]]:
    if is_keras({path: placed.shape for path, placed in found.items()}, marked):
        return arranged(found)
    names = unique_names({path: path for path in found})
    return {names[path]: placed for path, placed in found.items()}, []
