//! Where everything durable is: SQLite by default, PostgreSQL by address.
