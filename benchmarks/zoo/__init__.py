"""The zoo: small models that were really trained, on which the evidence tests are calibrated.

`python -m benchmarks.zoo.train --folder FOLDER` trains them; `shelf.Zoo(FOLDER)` says how any two are related.
"""
