"""Measurements: ratios against named contenders in one run (docs/performance.md)."""
