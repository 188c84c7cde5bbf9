"""What the library announces; higher apps listen."""

from django.dispatch import Signal

# Sent after touchpoints were given other promises or other codes in the evidence, in the
# transaction that records it. Receivers answer how many journeys they score again for it.
# Arguments: workspace, touchpoints (set of their keys), user (or None).
meaning_changed = Signal()
