"""Figures without a browser: what a drawing says as plain values, and the same as marks on paper.

PDF, SVG, PNG and the shapes on slides draw the marks; slides and workbooks make their own native
charts of the values.
"""
