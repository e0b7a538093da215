"""A Bot API server of our own, with people and a page: the whole service without Telegram."""
