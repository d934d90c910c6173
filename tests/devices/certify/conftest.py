"""The ID reader's country and daemon, shared with its own tests' fixtures."""

from tests.devices.id_reader.conftest import authority, daemon, shared_daemon, trust

__all__ = ["authority", "daemon", "shared_daemon", "trust"]
