"""Speed, measured: this bot beside other ways to build one. Run by people and CI; no part of the bot."""
