"""The reference library: fingerprints of known checkpoints, and one candidate against all of them."""
