"""The map to be looked at: shared by a link, presented stage by stage, printed on paper."""
