"""The key that webhooks are signed with: a server has one, as an environment of the platform has.

Fluent docs: webhook receivers, 30 July 2024: two signatures of the body, each with every call.
"""

from __future__ import annotations

import base64
import threading
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from ..domain.webhooks.webhook import PublicKey

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

BITS = 2048
"""Of a key that is made here; no page tells the size of the platform's."""
LEAST_BITS = 1024
MOST_BYTES = 64 * 1024
"""Of a file with a key."""
MD5, SHA512 = "flex.signature", "fluent-signature"
"""The headers, by the hash that is signed."""


class UnusableKeyError(ValueError):
    """A file that holds no key to sign with; the message says what is wrong with it."""


class SigningKey:
    """Signs what is posted; the key is read, or made, when it is first needed."""

    def __init__(self, file: str = "none") -> None:
        """`file` has a private RSA key as PEM; with `none` one is made, another at each start."""
        self._file = file
        self._lock = threading.Lock()
        self._key: RSAPrivateKey | None = None

    @property
    def is_installed(self) -> bool:
        """Whether there is what signs: the package cryptography, of the extra webhooks."""
        return find_spec("cryptography") is not None

    @property
    def public(self) -> PublicKey:
        """What its signatures are verified with; raises UnusableKeyError."""
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

        key = self._private.public_key()
        form = PublicFormat.SubjectPublicKeyInfo
        return PublicKey(
            key.key_size,
            base64.b64encode(key.public_bytes(Encoding.DER, form)).decode(),
            key.public_bytes(Encoding.PEM, form).decode(),
        )

    def sign(self, body: bytes) -> Mapping[str, str]:
        """The headers with the signatures of a body; raises UnusableKeyError."""
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15

        key, padding = self._private, PKCS1v15()
        kinds = ((MD5, hashes.MD5()), (SHA512, hashes.SHA512()))
        return {
            header: base64.b64encode(key.sign(body, padding, kind)).decode()
            for header, kind in kinds
        }

    @property
    def _private(self) -> RSAPrivateKey:
        with self._lock:
            if self._key is None:
                self._key = self._made() if self._file == "none" else self._read()
            return self._key

    def _made(self) -> RSAPrivateKey:
        from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

        return generate_private_key(public_exponent=65_537, key_size=BITS)

    def _read(self) -> RSAPrivateKey:
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        wanted = "expected a private RSA key as PEM, without a password"
        try:
            with Path(self._file).open("rb") as stream:
                key = load_pem_private_key(stream.read(MOST_BYTES), password=None)
        except OSError as fault:
            raise UnusableKeyError(f"{self._file} cannot be read: {fault.strerror}") from None
        except (TypeError, ValueError, UnsupportedAlgorithm):
            raise UnusableKeyError(f"{self._file} holds none that can be read: {wanted}") from None
        if not isinstance(key, RSAPrivateKey):
            raise UnusableKeyError(f"{self._file} holds a key of another kind: {wanted}")
        if key.key_size < LEAST_BITS:
            found = f"a key of {key.key_size} bits"
            raise UnusableKeyError(f"{self._file} holds {found}: expected at least {LEAST_BITS}")
        return key
