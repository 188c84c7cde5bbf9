"""Reports as files: every format draws from the same filled blocks (reports/blocks/content.py)."""
