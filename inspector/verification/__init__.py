"""Verifying a review or a report: what proves it, whether its inputs are there, and whether it can be computed again.

>>> from inspector.verification import verify
>>> for check in verify("finding.assay", inputs="models/"):        # doctest: +SKIP
...     print(check.outcome, check.note.code)
"""

from inspector.verification.signatures import SIGNED, SUMMED, sign, standing, write_sum
from inspector.verification.verifying import verify

__all__ = ["SIGNED", "SUMMED", "sign", "standing", "verify", "write_sum"]
