"""The rules of the work: pure functions and frozen values, with no Telegram, no SQL and no chance in them."""
