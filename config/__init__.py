"""The project: settings, addresses, the embedded services."""

import os

# The numeric core works on many small matrices. BLAS threads of several processes on the same
# processors wait for one another there (tried: 8 times slower); set before NumPy is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
