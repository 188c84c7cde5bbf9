"""What evidence announces; higher apps listen."""

from django.dispatch import Signal

# Sent after a workspace's evidence changed, in the transaction that records it.
# Arguments: workspace, kinds (set of str), codes (set of raw touchpoint codes),
# journeys (set of journey codes), user (or None).
evidence_changed = Signal()

# Sent after a metric of the workspace's own got another scale or another threshold of pain, came
# or went, in the transaction that records it. Receivers answer how many journeys they score again.
# Arguments: workspace, metric (its code), codes (set of raw touchpoint codes with answers to it),
# journeys (set of codes of journeys with answers to it about the whole), user (or None).
scale_changed = Signal()

# Sent while a customer is erased, after the rows went and before the proof is sealed. Receivers
# clear what they keep of that customer and answer what and how many: {"exports": 2}. Sent again
# where the erasure was cut off.
# Arguments: workspace, customer (the hash).
customer_erased = Signal()
