#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs a command in a terminal and draws what it prints, in its colors: terminal.py OUT.svg [--columns N] [--shown TEXT] -- COMMAND...

The README's pictures are made so from the real program: `./dev demo` first, then see docs/pictures/make.
"""
import argparse
import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from xml.sax.saxutils import escape

COLORS = {"31": "#e5534b", "32": "#57ab5a", "33": "#c69026", "34": "#539bf5", "35": "#b083f0", "36": "#39c5cf", "90": "#768390"}
TEXT, DIM, GROUND, BAR = "#d3dae3", "#8b949e", "#1c2128", "#2d333b"
WIDTH, HEIGHT, MARGIN = 8.0, 18, 16


def output_of(command, columns):
    """What the command prints on a terminal of so many columns."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 60, columns, 0, 0))
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=slave, stderr=subprocess.DEVNULL,
                               env={**os.environ, "TERM": "xterm-256color"})
    os.close(slave)
    pieces = []
    while True:
        try:
            piece = os.read(master, 65536)
        except OSError:  # the other end is closed
            break
        if not piece:
            break
        pieces.append(piece)
    if process.wait() not in (0, 1, 3):
        sys.exit(f"{command[0]} failed with status {process.returncode}")
    return b"".join(pieces).decode().replace("\r\n", "\n")


def style(codes, before):
    after = dict(before)
    for code in codes.split(";") if codes else ["0"]:
        if code in ("", "0"):
            after = {}
        elif code == "1":
            after["bold"] = True
        elif code == "2":
            after["dim"] = True
        elif code in COLORS:
            after["color"] = COLORS[code]
        elif code == "39":
            after.pop("color", None)
        elif code == "22":
            after.pop("bold", None), after.pop("dim", None)
    return after


def line_svg(line, now, y):
    """One line as SVG; the style goes on into the next one."""
    out, column = [], 0
    for piece in re.split(r"(\x1b\[[0-9;]*m)", line):
        if piece.startswith("\x1b"):
            now = style(piece[2:-1], now)
            continue
        for words in re.finditer(r"\S+(?: \S+)*", piece):
            fill = now.get("color") or (DIM if now.get("dim") else TEXT)
            bold = ' font-weight="bold"' if now.get("bold") else ""
            x = MARGIN + (column + words.start()) * WIDTH
            out.append(f'<text x="{x:.1f}" y="{y}" fill="{fill}"{bold} textLength="{len(words.group()) * WIDTH:.1f}">'
                       f'{escape(words.group())}</text>')
        column += len(piece)
    return "".join(out), now


def drawn(text, columns):
    lines = text.rstrip("\n").split("\n")
    width, height = columns * WIDTH + 2 * MARGIN, len(lines) * HEIGHT + 2 * MARGIN + 26
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height}" viewBox="0 0 {width:.0f} {height}">',
           f'<rect width="100%" height="100%" rx="8" fill="{GROUND}"/>',
           f'<path d="M0 26V8a8 8 0 0 1 8-8h{width - 16:.0f}a8 8 0 0 1 8 8v18z" fill="{BAR}"/>',
           *(f'<circle cx="{16 + 18 * i}" cy="13" r="5.5" fill="{c}"/>' for i, c in enumerate(("#e5534b", "#c69026", "#57ab5a"))),
           '<g font-family="ui-monospace, DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="13" xml:space="preserve">']
    now = {}
    for number, line in enumerate(lines):
        svg, now = line_svg(line, now, 26 + MARGIN + HEIGHT * number + 13)
        if svg:
            out.append(svg)
    return "\n".join([*out, "</g>", "</svg>", ""])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out")
    parser.add_argument("--columns", type=int, default=104)
    parser.add_argument("--shown", help="the command as the picture shows it")
    parser.add_argument("command", nargs="+")
    options = parser.parse_args()
    text = output_of(options.command, options.columns)
    if options.shown:
        text = f"\x1b[90m$\x1b[0m \x1b[1m{options.shown}\x1b[0m\n" + text
    with open(options.out, "w", encoding="utf-8") as file:
        file.write(drawn(text, options.columns))


if __name__ == "__main__":
    main()
