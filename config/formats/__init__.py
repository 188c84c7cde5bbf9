"""How dates are written, by language: unmistakable ones, not 3/4/2026."""
