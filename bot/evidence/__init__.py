"""Evidence from Telegram to the store: fetched, looked into, copied without metadata, sent to officers."""
