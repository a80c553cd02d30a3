"""``python -m smartgov``: the same as the command ``smartgov``."""

import sys

from smartgov.app.verbs import main

sys.exit(main())
