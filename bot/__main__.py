"""`python -m bot` is `liaison-bot`."""

import sys

from bot.main import main

sys.exit(main())
