import pytest

from openaffect.cli import _screen


@pytest.fixture
def clock(monkeypatch):
    """Time that stands still unless told."""
    now = [100.0]
    monkeypatch.setattr("openaffect.cli._screen.time.monotonic", lambda: now[0])

    def forward(seconds):
        now[0] += seconds

    return forward


def test_short_work_shows_nothing(clock, capsys):
    with _screen.Progress() as progress:
        progress("face", 0, 10)
        clock(1.9)
        progress("face", 9, 10)
    assert capsys.readouterr().err == ""


def test_long_work_shows_how_much_is_left(clock, capsys):
    with _screen.Progress() as progress:
        progress("face", 0, 10)
        clock(4)
        progress("face", 2, 10)
        clock(3)
        progress("face", 4, 10)
        clock(8)
        progress("face", 5, 10)
    assert capsys.readouterr().err.splitlines() == [
        "openaffect: face: 20%, about 16 s left",
        "openaffect: face: 50%, about 15 s left",
    ]


def test_quiet_work_says_nothing(clock, capsys):
    with _screen.Progress(quiet=True) as progress:
        progress("face", 0, 10)
        clock(100)
        progress("face", 2, 10)
    assert capsys.readouterr().err == ""


def test_bars_on_a_terminal(clock, monkeypatch):
    import io

    terminal = io.StringIO()
    terminal.isatty = lambda: True
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    with _screen.Progress() as progress:
        progress("face", 0, 10)
        clock(4)
        progress("face", 5, 10)
    assert "face" in terminal.getvalue()
    assert "50%" in terminal.getvalue()


@pytest.mark.parametrize(
    ("done", "total", "elapsed", "line"),
    [
        (1, 4, 3, "a: 25%, about 9 s left"),
        (0, 4, 3, "a: 0%"),
        (7, None, 3, "a: 3 s so far"),
        (4, 4, 8, "a: 100%, about 0 s left"),
    ],
)
def test_progress_line(done, total, elapsed, line):
    assert _screen.progress_line("a", done, total, elapsed) == line


def test_values_with_tabs_and_line_breaks_stay_in_their_column(capsys):
    _screen.print_lines([("a\tb", "c\nd", None, 0.12345, 3)])
    assert capsys.readouterr().out == "a b\tc d\t\t0.123\t3\n"


def test_a_text_that_comes_in_pieces_breaks_between_words(monkeypatch, capsys):
    monkeypatch.setattr(_screen, "is_terminal", lambda: True)
    monkeypatch.setenv("COLUMNS", "12")
    flow = _screen.Flow()
    for piece in ("The tr", "ain was late", " again.\n\nSo", " we walked."):
        flow(piece)
    flow.end()
    lines = capsys.readouterr().out.split("\n")
    assert [line.rstrip() for line in lines] == [
        "The train",
        "was late",
        "again.",
        "",
        "So we",
        "walked.",
    ]
    assert max(map(len, lines)) <= 12
