"""Draw the pictures of the gallery that show written text, into docs/images/gallery.

    python docs/build_text_pictures.py

Written, rewritten and talked with by the commands themselves, with their defaults and seed 0;
nothing is chosen. Needs Chromium and the models of ``openaffect[generate,research]``. With names,
of ``written``, ``rewritten`` and ``chat``, only these are drawn.
"""

import difflib
import html
import json
import os
import pty
import re
import select
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from PIL import Image, ImageChops

from openaffect.pipeline.colours import emotion_colour

GALLERY = Path(__file__).parent / "images" / "gallery"
COMMAND = [sys.executable, "-m", "openaffect", "generate"]
WIDTH, SCALE = 1000, 2
BEGINNING = "We came home in the evening."
EMOTIONS = ("anger", "disgust", "fear", "happiness", "sadness", "surprise")
INTENSITIES = (0.3, 0.6, 1.0)
TOKENS = 30
LETTER = (
    "Dear Ann,\n\nthe move is done. Tom carried 12 boxes up to the third floor, and nothing broke. "
    "The kitchen window looks out on the old station. On Friday the cat ran away. Please call me "
    "when you have time.\n\nYours,\nEva\n"
)
REWRITTEN = (("happiness", 0.8), ("fear", 0.8))
TALK = (
    "I start my new job on Monday and I can't sleep.",
    "I don't know anybody there.",
    "My sister says I'll be great. She baked me a cake!",
    "/quit",
)
COLUMNS = 88
PATIENCE = 300
"""Seconds that one reply may take."""
STYLE = """
* { box-sizing: border-box; margin: 0; }
body { font: 14px/1.38 'DejaVu Sans', sans-serif; color: #1d2129; background: #fff; padding: 18px; }
h1 { font-size: 17px; margin-bottom: 4px; }
h2 { font-size: 14px; }
p.about { color: #5b6472; font-size: 12.5px; margin-bottom: 12px; }
table { border-collapse: separate; border-spacing: 4px; width: 100%; table-layout: fixed; }
th { font-size: 13px; text-align: left; padding: 2px 6px; vertical-align: middle; }
th.row { width: 96px; }
td { vertical-align: top; padding: 7px 9px 6px; border-radius: 5px; border: 1px solid #d9dde3; }
small { display: block; text-align: right; font-size: 11.5px; color: #3c4450; padding-top: 3px; }
.letters { display: flex; gap: 12px; }
.letter { flex: 1; border: 1px solid #d9dde3; border-radius: 6px; padding: 11px 13px;
  white-space: pre-wrap; }
.letter h2 { margin-bottom: 6px; white-space: normal; }
.letter small { text-align: left; padding-top: 8px; white-space: normal; }
ins { text-decoration: none; border-radius: 3px; padding: 0 2px; }
del { color: #8b2431; }
body.dark { background: #14171c; padding: 16px 18px; }
pre { font: 15px/1.42 'DejaVu Sans Mono', monospace; color: #cfd5de; white-space: pre-wrap; }
pre b { color: #fff; }
pre em { font-style: normal; color: #93a0b3; }
"""


def main(names: list[str]) -> None:
    """Write each picture, or the named ones."""
    pages = {"written": written, "rewritten": rewritten, "chat": chat}
    for name in names or pages:
        photograph(pages[name](), name)


def written() -> str:
    """Return the table of one beginning, gone on with in each emotion at each intensity."""
    plain = generated("text", BEGINNING, "neutral", 0.0)
    heads = "".join(f"<th>intensity {intensity:g}</th>" for intensity in INTENSITIES)
    rows = []
    for emotion in EMOTIONS:
        cells = "".join(
            cell(generated("text", BEGINNING, emotion, intensity), emotion)
            for intensity in INTENSITIES
        )
        rows.append(f'<tr><th class="row">{emotion}</th>{cells}</tr>')
    return f"""<h1>{html.escape(BEGINNING)} …</h1>
<p class="about">Gone on with in each emotion. The deeper the colour, the more of the emotion the
recogniser finds; its probability stands below. Not steered at all:
<b>{html.escape(plain["text"].strip())}</b></p>
<table><tr><th class="row"></th>{heads}</tr>{"".join(rows)}</table>"""


def cell(result: dict, emotion: str) -> str:
    """Return a text on the colour of its score."""
    score = result["scores"]["target"]
    return (
        f'<td style="background:{tinted(emotion, score)}">{html.escape(result["text"].strip())}'
        f"<small>{score:.2f}</small></td>"
    )


def rewritten() -> str:
    """Return a letter and what was made of it, with the changes marked."""
    letters = [f'<div class="letter"><h2>as it is</h2>{html.escape(LETTER.strip())}</div>']
    for emotion, intensity in REWRITTEN:
        result = generated("rewrite", LETTER, emotion, intensity)
        scores = result["scores"]
        letters.append(
            f'<div class="letter"><h2>{emotion}, intensity {intensity:g}</h2>'
            f"{marked(LETTER.strip(), result['text'].strip(), emotion)}"
            f"<small>{scores['changed']} of {scores['sentences']} lines and sentences changed; "
            f"{emotion} {scores['target']:.2f}, similarity {scores['similarity']:.2f}</small></div>"
        )
    return f"""<h1>A letter, rewritten</h1>
<p class="about">Coloured: what was added. Struck through: what went. Names, numbers and negations
stay, and so do greetings.</p><div class="letters">{"".join(letters)}</div>"""


def marked(before: str, after: str, emotion: str) -> str:
    """Return a text with what it has beyond another marked, and what it lacks struck through."""
    old, new = (re.findall(r"\s+|\w+(?:['’]\w+)*|[^\w\s]", text) for text in (before, after))
    matcher = difflib.SequenceMatcher(None, fold(old), fold(new), autojunk=False)
    pieces = []
    for what, start, end, begin, stop in matcher.get_opcodes():
        gone, come = "".join(old[start:end]), "".join(new[begin:stop])
        if what == "equal":
            pieces.append(html.escape(come))
            continue
        if gone.strip(" ."):
            pieces.append(f"<del>{html.escape(gone)}</del>")
        before, come, behind = re.fullmatch(r"(\s*)(.*?)(\s*)", come, re.DOTALL).groups()
        colour = tinted(emotion, 0.75)
        ink = f'<ins style="background:{colour}">{html.escape(come)}</ins>' if come else ""
        pieces += [before, ink, behind]
    return "".join(pieces)


def fold(tokens: list[str]) -> list[str]:
    """Return words in small letters: a capital that a phrase in front takes is no change."""
    return [token.lower() for token in tokens]


def tinted(emotion: str, share: float) -> str:
    """Return an emotion's colour, by its share over white."""
    colour = emotion_colour(emotion)
    parts = [int(colour[place : place + 2], 16) for place in (1, 3, 5)]
    mixed = [round(255 - (255 - part) * 0.72 * share) for part in parts]
    return "#" + "".join(f"{part:02x}" for part in mixed)


def generated(action: str, text: str, emotion: str, intensity: float) -> dict:
    """Return the JSON form of what the command writes."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "out.json")
        words = [action, text, "--emotion", emotion, "--intensity", f"{intensity:g}"]
        if action == "rewrite":
            words[1] = "-"
        else:
            words += ["--length", str(TOKENS)]
        subprocess.run(
            [*COMMAND, *words, "--out", str(out), "--quiet"],
            check=True, input=text.encode(), stdout=subprocess.DEVNULL,
        )  # fmt: skip
        return json.loads(out.read_text("utf-8"))


def chat() -> str:
    """Return what a terminal shows of a talk, typed line by line."""
    shown = typed([*COMMAND, "chat"], TALK)
    lines = []
    for line in html.escape(shown.strip(), quote=False).splitlines():
        if line.startswith("you&gt; "):
            line = f"you&gt; <b>{line.removeprefix('you&gt; ')}</b>"
        elif re.fullmatch(r"  \(.*\)", line):
            line = f"<em>{line}</em>"
        lines.append(line)
    return f"<pre><em>$ openaffect generate chat</em>\n{chr(10).join(lines)}</pre>"


def typed(command: list[str], lines: tuple[str, ...]) -> str:
    """Return what a command shows on a terminal when lines are typed at its prompts."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update(COLUMNS=str(COLUMNS), LINES="50", TERM="dumb")
        os.execv(command[0], command)
    shown = ""
    for line in lines:
        shown += read_until(terminal, "you> ")
        os.write(terminal, f"{line}\n".encode())
    shown += read_until(terminal, None)
    os.waitpid(pid, 0)
    os.close(terminal)
    return re.sub(r"\x1b\[[?\d;]*[A-Za-z]", "", shown).replace("\r", "")


def read_until(terminal: int, end: str | None) -> str:
    """Return what a terminal shows up to an end, or until the program leaves."""
    shown, started = b"", time.monotonic()
    while time.monotonic() - started < PATIENCE:
        if not select.select([terminal], [], [], 1.0)[0]:
            continue
        try:
            piece = os.read(terminal, 4096)
        except OSError:  # the program has left
            break
        shown += piece
        if not piece or (end is not None and shown.endswith(end.encode())):
            break
    else:
        raise TimeoutError(f"nothing ended with {end!r} in {PATIENCE} s; shown was {shown!r}")
    return shown.decode()


def photograph(page: str, name: str) -> None:
    """Write a page as a picture, cut to what is on it."""
    browser = shutil.which("chromium") or sys.exit("chromium is not installed")
    dark = ' class="dark"' if name == "chat" else ""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "page.html"), Path(folder, "page.png")
        source.write_text(
            f'<!doctype html><meta charset="utf-8"><style>{STYLE}</style><body{dark}>{page}</body>',
            encoding="utf-8",
        )
        switches = [
            "--headless", "--no-sandbox", "--hide-scrollbars", f"--window-size={WIDTH},1600",
            f"--force-device-scale-factor={SCALE}", f"--screenshot={target}",
        ]  # fmt: skip
        subprocess.run(
            [browser, *switches, source.as_uri()], check=True, capture_output=True, timeout=120
        )
        picture = Image.open(target).convert("RGB")
        ground = Image.new("RGB", picture.size, picture.getpixel((0, picture.height - 1)))
        bottom = ImageChops.difference(picture, ground).getbbox()[3] + 18 * SCALE
        picture = picture.crop((0, 0, picture.width, min(bottom, picture.height)))
        picture.quantize(128).save(GALLERY / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main(sys.argv[1:])
