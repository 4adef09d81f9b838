"""Seals what must be stored but never read by whoever copies the database."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken

from scheduling.ports import WrongKey


class FernetSealer:
    """Seals with AES-128-CBC and HMAC-SHA256 (the Fernet format), under one key.

    ``key`` is any text of the host's choosing; it should be long and random. The sealing key is
    its SHA-256: a random key needs no slow derivation, and a short one is refused by settings.
    """

    def __init__(self, key: str) -> None:
        self._fernet = Fernet(base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest()))

    def seal(self, secret: str) -> str:
        """Return the secret sealed; twice the same secret gives two different texts."""
        return self._fernet.encrypt(secret.encode()).decode()

    def open(self, sealed: str) -> str:
        """Return the secret.

        Raises:
            WrongKey: it was sealed with another key, or is damaged.
        """
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise WrongKey("sealed with another key") from None
