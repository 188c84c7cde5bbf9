"""The login of the demo workspace; its password is made once per home and kept there."""

import os
import secrets
from pathlib import Path

EMAIL = "demo@touchline.example"
FILE = "demo-password"


def demo_password(home: Path) -> str:
    path = home / FILE
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="utf-8").strip()
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        # Easy to type from a terminal: three groups without look-alikes, about 59 bits.
        letters = "abcdefghjkmnpqrstuvwxyz23456789"
        groups = ("".join(secrets.choice(letters) for _ in range(4)) for _ in range(3))
        password = "-".join(groups)
        file.write(password + "\n")
    return password
