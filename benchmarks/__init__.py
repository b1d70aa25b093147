"""Speed and memory figures, each from one command; see docs/benchmarks.md."""
