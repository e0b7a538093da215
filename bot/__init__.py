"""The program: settings, start, the transaction of an update, delivery, jobs, the command line, the sandbox."""

import os

# python-telegram-bot warns at every flood answer unless told which type its waits are to have.
os.environ.setdefault("PTB_TIMEDELTA", "true")
