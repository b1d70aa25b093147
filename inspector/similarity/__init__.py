"""Descriptive measures of aligned tensor pairs and layer × layer matrices, streamed."""
