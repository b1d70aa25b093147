"""The reference library: fingerprints of public models, the catalogue of encoders, screening and lineage.

A fingerprint is itself a small checkpoint: every matrix whose units may be permuted keeps its units and has its other
side projected by a random matrix from a secret seed. The evidence of `inspector.evidence` runs on it unchanged.
"""
