"""The frozen result types that travel from the engine to the window, the report and JSON.

Imports neither torch nor h5py: the window uses this module. Tables with one row a tensor are columns
(tuples of text and numpy arrays), because 100,000 small objects would stall the window.
An undefined number is None, or NaN inside an array; it is never 0 or 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from inspector.disclosure_results import Disclosure as Disclosure
from inspector.disclosure_results import Mention as Mention
from inspector.errors import Note
from inspector.evidence_results import Evidence as Evidence
from inspector.evidence_results import Null as Null
from inspector.evidence_results import Verdict as Verdict
from inspector.screening_results import Screened as Screened

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
Kind = Literal["vision_encoder", "audio_encoder", "projector", "language_model", "other"]

# How the sizes of a catalogue entry are known: in the publisher's own repository or a converter for this checkpoint;
# quoted by others; as the default of the library that builds it; not at all.
VerifiedLevel = Literal["published", "quoted", "default", "unverified"]

ALL_ROLES = "all"  # the role of a layer matrix that combines every matrix role


@dataclass(frozen=True, slots=True)
class Measured:
    """One number with what is needed to read it.

    Attributes:
        value: the measure, None where it is undefined.
        null: its distribution when units are shuffled, None where there is none.
        n: how many elements it was computed from.
        method: id of the measure, for example "cosine".
    """

    value: float | None
    null: Null | None
    n: int
    method: str


@dataclass(frozen=True, slots=True)
class FileFact:
    """One file of a checkpoint; `sha256` is "" until it was read whole."""

    name: str
    bytes: int
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Excluded:
    """A tensor left out of the comparison, and why (`reason.code` is the JSON's reason)."""

    tensor: str
    reason: Note


@dataclass(frozen=True, slots=True)
class TensorTable:
    """Every tensor of a checkpoint, one row each, in natural number order.

    Attributes:
        names, dtypes, shapes, roles: text columns; shape as "3420 × 1280", role "" where unknown.
        components: index into `Inspection.components`, -1 for none. layers: block number, -1 for none.
        parameters: number of elements. sha256: of the stored values, () until a comparison has read them.
    """

    names: tuple[str, ...]
    dtypes: tuple[str, ...]
    shapes: tuple[str, ...]
    roles: tuple[str, ...]
    components: IntArray
    layers: IntArray
    parameters: IntArray
    sha256: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ArchitectureFact:
    """A published encoder of which a component has the architecture, which is no ancestry.

    Attributes:
        id, name, publisher: as in the catalogue. country: two letters. licence, published: "" where not verified.
    """

    id: str
    name: str
    publisher: str
    country: str
    licence: str
    published: str
    verified: VerifiedLevel


@dataclass(frozen=True, slots=True)
class ComponentFact:
    """One component of a checkpoint: what it is, without its weights.

    `architecture`: the published encoders of this architecture, the earliest first.
    """

    name: str
    kind: Kind
    prefix: str
    family: str
    blocks: int
    hidden_size: int
    parameters: int
    excluded: tuple[Excluded, ...] = ()
    architecture: tuple[ArchitectureFact, ...] = ()


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a checkpoint holds, from its headers alone (hashes are added by a comparison)."""

    path: str
    format: str
    files: tuple[FileFact, ...]
    tensors: TensorTable
    parameters: int
    dtypes: Mapping[str, int]
    components: tuple[ComponentFact, ...]
    warnings: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class PairTable:
    """Every compared tensor pair, one row each.

    Attributes:
        candidates, references: tensor names. roles: canonical role with its parameter, "mlp.up.weight".
        candidate_layers, reference_layers: block numbers, -1 outside blocks.
        parameters: elements compared.
        columns: measure id -> one value a row, NaN where undefined. Null columns are named
            "cosine.null_mean", "centred_correlation.null_sd" and so on.
        matched: how the two were put together: by "role", by "name" where no role is known, by "content" (what the
            tensors hold) or by "shape" (the next of its shape) where names say nothing; () where it is not known.
    """

    candidates: tuple[str, ...]
    references: tuple[str, ...]
    roles: tuple[str, ...]
    candidate_layers: IntArray
    reference_layers: IntArray
    parameters: IntArray
    columns: Mapping[str, FloatArray]
    matched: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LayerMatrix:
    """Similarity of every candidate layer with every reference layer.

    Attributes:
        role: canonical role, or `ALL_ROLES` for the parameter-weighted mean over matrix roles.
        measure: "cosine", "centred_correlation", "debiased_cka", or "permutation_z" (standard deviations of the null
            on a sample of units and columns; unbounded).
        values: (candidate layers, reference layers), NaN where not computed.
        null: mean and sd over mismatched layers (off the alignment), None with fewer than 3 such cells.
    """

    role: str
    measure: str
    values: FloatArray
    null: Null | None


@dataclass(frozen=True, slots=True)
class LayerScore:
    """One aligned pair of layers; z is Stouffer's over the layer's permutation groups, None where there is none."""

    candidate: int
    reference: int
    cosine: float | None
    z: float | None = None


@dataclass(frozen=True, slots=True)
class Against:
    """One candidate component against one reference component.

    Attributes:
        reference: name of the reference checkpoint. reference_component: its component's name.
        similarity: measure id -> Measured, over weight matrices (never norm gains or biases).
        coverage: share of the candidate component's parameters that were compared, 0..1.
        layers: the aligned layers. matrices: one a role and measure.
        evidence: what the tests found; None when they were not run.
    """

    reference: str
    reference_component: str
    similarity: Mapping[str, Measured]
    coverage: float
    layers: tuple[LayerScore, ...]
    matrices: tuple[LayerMatrix, ...]
    pairs: PairTable
    excluded: tuple[Excluded, ...] = ()
    warnings: tuple[Note, ...] = ()
    evidence: Evidence | None = None

    @property
    def verdict(self) -> Verdict | None:
        """The verdict against this reference, None until the tests have run."""
        return self.evidence.verdict if self.evidence is not None else None

    def matrix(self, role: str, measure: str) -> LayerMatrix | None:
        """Return the matrix of one role and measure, None where there is none."""
        return next((item for item in self.matrices if (item.role, item.measure) == (role, measure)), None)


@dataclass(frozen=True, slots=True)
class ComponentFinding:
    """What was found for one candidate component over all references.

    Attributes:
        best_reference: the reference that explains it best. verdict: the strongest over the references, None until the
            tests have run. sentence: the finding in plain words, as a message. screened: against a whole library, what
            was seen of each reference; `against` holds those that were judged.
    """

    name: str
    kind: Kind
    best_reference: str | None
    against: tuple[Against, ...]
    verdict: Verdict | None = None
    sentence: Note | None = None
    screened: Screened | None = None

    @property
    def best(self) -> Against | None:
        """The comparison with the best reference, None where nothing was compared."""
        return next((item for item in self.against if item.reference == self.best_reference), None)


@dataclass(frozen=True, slots=True)
class ReferenceFact:
    """A reference under the name that findings use for it."""

    name: str
    inspection: Inspection


@dataclass(frozen=True, slots=True)
class Comparison:
    """The result of one candidate against its references.

    Attributes:
        overall: what may be said of the candidate as a whole, one message a sentence; () until the tests have run.
        disclosure: which references the texts beside the candidate's weights name, None where nobody looked.
    """

    version: str
    settings: Mapping[str, Any]
    seed: int
    candidate: Inspection
    references: tuple[ReferenceFact, ...]
    components: tuple[ComponentFinding, ...]
    warnings: tuple[Note, ...] = field(default=())
    overall: tuple[Note, ...] = ()
    disclosure: Disclosure | None = None


@dataclass(frozen=True, slots=True)
class TensorSide:
    """One side of a tensor view.

    Attributes:
        name: tensor name. dtype: as stored. layer: block number, -1 outside blocks.
        low, high, mean, sd: of its finite values. left_out: values that are not finite.
        histogram: counts in `TensorView.edges`. singular_values: descending, empty where not computed.
    """

    name: str
    dtype: str
    layer: int
    low: float
    high: float
    mean: float
    sd: float
    left_out: int
    histogram: IntArray
    singular_values: FloatArray


@dataclass(frozen=True, slots=True)
class TensorRegion:
    """Three pictures of one region of a tensor pair, pooled so that the largest magnitude of a cell survives.

    Attributes:
        rows, columns: the region [start, stop) of the matrix. candidate, reference, difference: (height, width)
            float32, the signed value of largest magnitude in each cell; NaN where a side has no such element.
        step: matrix elements one picture cell covers, (rows, columns).
    """

    rows: tuple[int, int]
    columns: tuple[int, int]
    candidate: npt.NDArray[np.float32]
    reference: npt.NDArray[np.float32]
    difference: npt.NDArray[np.float32]
    step: tuple[int, int]


@dataclass(frozen=True, slots=True)
class TensorView:
    """Everything about one pair of parts that the window shows of its values.

    Attributes:
        role: role key, "mlp.up.weight". shape: (rows, columns) compared.
        edges: histogram bin edges, (bins + 1,), from -4 to 4 standard deviations of the wider side.
        row_similarity: cosine of each row of the candidate with the same row of the reference, NaN where undefined.
        measures: measure id -> Measured. region: the whole matrix.
    """

    role: str
    shape: tuple[int, int]
    candidate: TensorSide
    reference: TensorSide
    edges: FloatArray
    row_similarity: FloatArray
    measures: Mapping[str, Measured]
    region: TensorRegion
