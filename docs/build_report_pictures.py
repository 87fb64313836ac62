"""Photograph a report page, light and dark, into docs/images.

    openaffect demo --out out
    openaffect report out/talking-face.mp4.json --anonymize
    python docs/build_report_pictures.py out/talking-face.mp4.html

Needs Chromium. Only pages of clips that may be published go in, with the faces hidden.
"""

import shutil
import subprocess
import sys
from pathlib import Path

IMAGES = Path(__file__).parent / "images"
SCHEMES = {"dark": 0, "light": 1}
MOMENT = 3.2
"""Seconds at which the page is shown."""


def main(page: str) -> None:
    """Write report-light.png and report-dark.png."""
    browser = shutil.which("chromium") or sys.exit("chromium is not installed")
    address = f"{Path(page).resolve().as_uri()}#t={MOMENT}"
    for name, scheme in SCHEMES.items():
        target = IMAGES / f"report-{name}.png"
        switches = [
            "--headless", "--no-sandbox", "--hide-scrollbars", "--window-size=1280,1466",
            "--virtual-time-budget=4000", f"--blink-settings=preferredColorScheme={scheme}",
            f"--screenshot={target}",
        ]  # fmt: skip
        subprocess.run([browser, *switches, address], check=True, capture_output=True, timeout=120)


if __name__ == "__main__":
    main(sys.argv[1])
