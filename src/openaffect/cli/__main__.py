"""``python -m openaffect.cli`` is the command ``openaffect`` too."""

from openaffect.cli import main

raise SystemExit(main())
