"""Numbers of reports' pages opened: “How do we know?” of what a page makes of a run's counts."""
