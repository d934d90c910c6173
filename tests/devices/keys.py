"""Self-made keys and the TLS peers that hold them."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from devices.tls import pin_of

NAME = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "peer of a test")])


def self_signed(key: ec.EllipticCurvePrivateKey, days: int = 1) -> x509.Certificate:
    """A certificate over this key, made by itself; with negative days it is out of date."""
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(NAME, NAME, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(days=9)).not_valid_after(now + timedelta(days=days))
    return builder.sign(key, hashes.SHA256())


def holder(folder: Path, days: int = 1) -> tuple[ssl.SSLContext, str]:
    """A server's context with a key of its own, and the pin of that key."""
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = self_signed(key, days)
    path = folder / f"peer-{certificate.serial_number}.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(private + certificate.public_bytes(Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context, pin_of(certificate.public_bytes(Encoding.DER))


@asynccontextmanager
async def before(port: int, context: ssl.SSLContext) -> AsyncIterator[tuple[int, list[bytes]]]:
    """TLS in front of a peer that speaks without: its port, and every byte that came out of it for the peer."""
    heard, serving = list[bytes](), set[asyncio.Task[None]]()

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, keep: bool) -> None:
        while data := await reader.read(65536):
            heard.extend([data] if keep else [])
            writer.write(data)
        writer.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            serving.add(task)
        inner, outer = await asyncio.open_connection("127.0.0.1", port)
        with suppress(asyncio.CancelledError):
            await asyncio.gather(carry(reader, outer, True), carry(inner, writer, False), return_exceptions=True)
        outer.close()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    try:
        yield int(server.sockets[0].getsockname()[1]), heard
    finally:
        server.close()
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)
