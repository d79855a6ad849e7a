#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reads every #include of the house against the table of who may see whom, and the linked libraries of the front door.

usage: layering.py includes ROOT | links EXECUTABLE | self-test
"""
import pathlib
import re
import subprocess
import sys
import tempfile

# A room is the longest matching folder. `sees`: rooms of ours; its own room is always seen.
SEES = {
    "core": [],
    "probes": ["core"],
    "specs": ["core", "probes"],
    "dam": ["core", "probes", "specs"],
    "pipeline/media/av": ["core", "probes"],
    "pipeline/media/still": ["core", "probes", "pipeline/media/color"],
    "pipeline/media/color": ["core", "probes"],
    "pipeline/pass": ["core", "probes", "pipeline/media/av", "pipeline/media/still", "pipeline/media/color"],
    "pipeline/worker": ["core", "probes", "pipeline/pass"],
    "pipeline/run": ["core", "probes", "specs", "dam", "pipeline/worker"],
    "pipeline/watch": ["core", "probes", "specs", "dam", "pipeline/worker", "pipeline/run"],
    "app": ["core", "probes", "specs", "dam", "pipeline/worker", "pipeline/run", "pipeline/watch"],
}
# Third-party headers: which rooms (or single files) may include them, and whether only .cpp files may.
LIBRARIES = [
    (r"^lib(av\w+|sw\w+)/", ["pipeline/media/av"], False),
    (r"^OpenImageIO/", ["pipeline/media/still"], False),
    (r"^OpenColorIO/", ["pipeline/media/color"], False),
    (r"^sqlite3\.h$", ["dam"], True),
    (r"^(tbb|oneapi)/", ["pipeline/pass", "pipeline/run", "pipeline/watch"], False),
    (r"^zstd", ["dam"], True),
    (r"^openssl/", ["specs", "pipeline/pass", "dam"], True),
    (r"^xxhash\.h$", ["probes", "pipeline/pass", "dam"], True),
    (r"^yaml-cpp/", ["specs", "pipeline/watch"], True),
    (r"^nlohmann/json_fwd\.hpp$", ["app"], False),
    (r"^nlohmann/(?!json_fwd\.hpp$)", ["probes", "specs", "dam", "pipeline/worker", "app"], True),
    (r"^CLI/", ["app/command_line.cpp"], True),  # five seconds of compiling a file
    (r"^seccomp\.h$", ["pipeline/worker"], True),
    (r"^linux/", ["pipeline/worker", "dam", "pipeline/watch"], True),
    (r"^unicode/", ["probes"], True),
    (r"^pugixml", ["specs", "probes"], True),
    (r"^(gtest|gmock|benchmark)/", [], False),
    (r"^ranges$", [], False),  # clang 14 cannot compile libstdc++'s
]
FRONT_DOOR_MUST_NOT_LINK = ["libav", "libsw", "libOpenImageIO", "libOpenColorIO"]
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]')


def room_of(path):
    fitting = [room for room in SEES if path == room or path.startswith(room + "/")]
    return max(fitting, key=len) if fitting else None


def mistakes_of(root):
    mistakes, files = [], 0
    for top in sorted({room.split("/")[0] for room in SEES}):
        for file in sorted((root / top).rglob("*")):
            if file.suffix not in (".h", ".cpp"):
                continue
            files += 1
            name = file.relative_to(root).as_posix()
            room = room_of(name)
            for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
                found = INCLUDE.match(line)
                if not found:
                    continue
                header, where = found.group(1), f"{name}:{number}"
                seen = room_of(header)
                if seen and room is None:
                    mistakes.append(f"{where}: lies in no room of the table")
                elif seen and seen != room and seen not in SEES[room]:
                    mistakes.append(f"{where}: {room} may not see {seen} ({header})")
                for pattern, rooms, cpp_only in LIBRARIES:
                    if not re.search(pattern, header):
                        continue
                    if room not in rooms and name not in rooms:
                        mistakes.append(f"{where}: only {', '.join(rooms) or 'nobody'} may include {header}")
                    elif cpp_only and file.suffix == ".h":
                        mistakes.append(f"{where}: {header} belongs in .cpp files only")
    return mistakes, files


def linked_mistakes(executable):
    libraries = subprocess.run(["ldd", executable], check=True, capture_output=True, text=True).stdout
    return [f"{executable}: links {line.split()[0]}" for line in libraries.splitlines()
            if line.split() and any(line.split()[0].startswith(bad) for bad in FRONT_DOOR_MUST_NOT_LINK)]


def self_test():
    wrong = {
        "core/a.h": '#include "probes/facts.h"',
        "probes/b.cpp": "#include <libavformat/avformat.h>",
        "specs/c.cpp": '#include "dam/series.h"',
        "specs/d.h": "#include <yaml-cpp/yaml.h>",
        "app/e.cpp": '#include "pipeline/pass/pass.h"',
        "dam/f.cpp": "#include <tbb/task_group.h>",
        "app/j.cpp": "#include <CLI/CLI.hpp>",
        "app/k.h": "#include <nlohmann/json.hpp>",
        "dam/l.h": "#include <nlohmann/json_fwd.hpp>",
    }
    right = {"pipeline/media/av/g.cpp": "extern \"C\" {\n#include <libavutil/frame.h>\n}", "specs/h.cpp": '#include "probes/facts.h"',
             "specs/i.cpp": "#include <yaml-cpp/yaml.h>", "app/command_line.cpp": "#include <CLI/CLI.hpp>",
             "app/m.h": "#include <nlohmann/json_fwd.hpp>"}
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for name, text in {**wrong, **right}.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text + "\n", encoding="utf-8")
        mistakes, _ = mistakes_of(root)
    told = {mistake.split(":")[0] for mistake in mistakes}
    return [f"self-test: {name} was not told apart" for name in told ^ set(wrong)]


def main(arguments):
    if arguments[:1] == ["self-test"]:
        mistakes, what = self_test(), "the checker tells right from wrong"
    elif arguments[:1] == ["links"] and len(arguments) == 2:
        mistakes, what = linked_mistakes(arguments[1]), f"{pathlib.Path(arguments[1]).name} links no media library"
    elif arguments[:1] == ["includes"] and len(arguments) == 2:
        mistakes, files = mistakes_of(pathlib.Path(arguments[1]))
        what = f"{files} files keep the layering"
        if files < 20:
            mistakes.append("fewer than 20 files found: is this the root of the checkout?")
    else:
        print(__doc__, file=sys.stderr)
        return 2
    for mistake in mistakes:
        print(mistake)
    print(f"{len(mistakes)} mistakes" if mistakes else what)
    return 1 if mistakes else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
