"""What evidence announces; higher apps listen."""

from django.dispatch import Signal

# Sent after a workspace's evidence changed, in the transaction that records it.
# Arguments: workspace, kinds (set of str), codes (set of raw touchpoint codes),
# journeys (set of journey codes), user (or None).
evidence_changed = Signal()
