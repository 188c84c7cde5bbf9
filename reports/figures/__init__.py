"""Figures: pure functions from results to drawings, each with its table and its source.

Colours are token strings such as "var(--pain-5)" (static/css/tokens.css). A page's script resolves
them; `theme.resolved` does it for files that leave the browser.
"""
