#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares what is said of rendered flash sequences, built close to the limits, with what their authors say.

usage: flash_agreement.py CLEANGATE MEDIA_FOLDER

Luminance must agree with the column `itu_r1702_4`, and luminance and red together with the set's own table, in every sequence. The red sequences
where the two contradict each other, and those that are undecided, are listed (docs/quantities/photosensitivity.luminance.md tells why).
Also frame by frame: the frames that the authors' JSON and EA IRIS's logs call failing. Exits 77 (skipped) where the media are missing.
"""
import csv
import json
import pathlib
import subprocess
import sys

CONTRADICTED = {"f001f004m", "f001f017m", "f002f001m", "f002f021m", "f006f024m", "f008f012m"}
UNDECIDED = {"f001y033", "f005y036", "f006l034"}  # steps too small over several frames
PADDING = 10  # frames before a rendered pattern
SECOND = 30  # frames


def measure(program, paths):
    done = subprocess.run([program, "measure", "--no-catalog", "--json", *map(str, paths)], capture_output=True, text=True)
    found = {}
    for asset in json.loads(done.stdout)["assets"]:
        found[pathlib.Path(asset["path"]).stem] = asset["measurements"]
    return found


def failing_frames(pattern):
    """First and last frame of each event, in frames of the video."""
    events = json.loads(pattern.read_text()).get("events", {}).values()
    return [(event["firstFrame"] + PADDING, event["lastFrame"] + PADDING) for event in events]


def check_sequence(case, taken, pattern):
    name, luminance, red = case["name"], taken["luminance_flashes"], taken["red_flashes"]
    column, failing = case["itu_r1702_4"] == "fail", '"FALSE"' in case["set_table_row"]
    undecided = bool(taken.get("undecided", {}).get("luminance_flashes"))
    if bool(luminance) != column:
        yield f"{name}: the column says {column}, luminance {luminance}"
    if bool(luminance or red) != failing:
        yield f"{name}: the table says {failing}, luminance {luminance}, red {red}"
    if (column != failing) != (name in CONTRADICTED):
        yield f"{name}: column and table have changed"
    if undecided != (name in UNDECIDED) or taken.get("undecided", {}).get("red_flashes"):
        yield f"{name}: undecided {taken.get('undecided')}"
    if not luminance:
        return
    # A run ends behind the last change that fails; its first change leaves the second when the first event ends.
    events = failing_frames(pattern)
    first, last = luminance[0]["first_frame"], luminance[-1]["end_frame"] - 1
    if len(luminance) != 1 or last not in events[-1]:
        yield f"{name}: failing frames {events}, luminance {luminance}"
    if not any(first == end - SECOND + 1 for end in range(events[0][0], events[0][1] + 1)):
        yield f"{name}: failing frames {events}, first change {first}"


def iris_failing(log):
    """Frames in which more than three flashes end within a second, by IRIS's own count of transitions."""
    with log.open(newline="") as file:
        rows = list(csv.DictReader(file))
    counts = [int(row["LuminanceTransitions"]) for row in rows]
    return [i for i, count in enumerate(counts) if count > 6], any(int(row["RedTransitions"]) > 6 for row in rows)


def check_iris(program, folder):
    logs = {log.name.replace("_RELATIVE.csv", ""): log for log in sorted((folder / "ExpectedVideoLogFiles").glob("*.csv"))}
    for name, taken in measure(program, [folder / "TestVideos" / f"{name}.mp4" for name in logs]).items():
        luminance, red = taken["luminance_flashes"], taken["red_flashes"]
        failing, red_fails = iris_failing(logs[name])
        inside = [i for i in failing if any(run["first_frame"] <= i < run["end_frame"] for run in luminance)]
        if inside != failing or bool(luminance) != bool(failing) or red_fails != bool(red):
            yield f"{name}: IRIS fails {failing}, luminance {luminance}, red {red}"
        if failing and luminance[-1]["end_frame"] != failing[-1] + 1:
            yield f"{name}: IRIS's last failing frame is {failing[-1]}, luminance {luminance}"
        undecided = {key: why for key, why in taken.get("undecided", {}).items() if key.endswith("_flashes")}
        if undecided:
            yield f"{name}: undecided {undecided}"


def main():
    program, media = sys.argv[1], pathlib.Path(sys.argv[2])
    table = media / "_ground_truth/dev/trace_pse_expected.csv"
    rendered, iris = media / "flash/trace-pse-rendered", media / "flash/iris/data"
    patterns = media / "flash/trace-pse/video_creation"
    if not table.is_file() or not rendered.is_dir():
        print("SKIPPED: no flash sequences in", media)
        return 77
    with table.open(newline="") as file:
        cases = list(csv.DictReader(file))
    found = measure(program, [rendered / case["video"] for case in cases])
    wrong = [each for case in cases
             for each in check_sequence(case, found[case["name"]], patterns / case["set"] / (case["name"] + ".json"))]
    if iris.is_dir():
        wrong += check_iris(program, iris)
    print("\n".join(wrong) or f"{len(cases)} sequences agree")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
