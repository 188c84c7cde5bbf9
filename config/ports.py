"""Whether an address is free to listen on."""

import errno
import socket

from config.embedded import EmbeddedError


def require_free_port(host: str, port: int) -> None:
    """Refuses a port on which someone listens.

    The web server itself would not notice: its processes share a port on purpose, and would share
    it with another Touchline's too.
    """
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            reason = f"Port {port} on {host} is taken by another program."
        elif error.errno == errno.EACCES:
            reason = f"This user may not listen on port {port} of {host}."
        else:
            reason = f"{host}:{port} cannot be listened on ({error.strerror})."
        raise EmbeddedError(
            f"{reason} Choose another with PORT=…, for example PORT={port + 1}."
        ) from None
