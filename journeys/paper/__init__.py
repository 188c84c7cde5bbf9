"""Maps on paper: one layout (poster.py) makes pages of marks, and each format draws those."""
