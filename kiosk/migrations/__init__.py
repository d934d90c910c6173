"""The store's forward-only schema changes, run by Alembic when the journal opens."""
