"""``python -m openaffect`` is the command ``openaffect``."""

from openaffect.cli import main

raise SystemExit(main())
