"""PostgreSQL through asyncpg: hand-written SQL beside the function that runs it."""
