# SPDX-License-Identifier: Apache-2.0
"""What the end-to-end tests share: running the built program, making odd files, validating documents."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

SKIPPED = 77  # what ctest takes for "skipped"

ROOT = pathlib.Path(__file__).resolve().parents[3]
BUILD = pathlib.Path(os.environ.get("CLEANGATE_BUILD", ROOT / "build" / "release"))
PROGRAM = str(BUILD / "cleangate")


class Outcome:
    def __init__(self, status, out, err):
        self.status, self.out, self.err = status, out, err

    @property
    def lines(self):
        """Lines on stderr."""
        return [line for line in self.err.split("\n") if line]

    def json(self):
        return json.loads(self.out)


def cleangate(*arguments, env=None, cwd=None):
    """Runs the program; arguments may be str or bytes (names of files are bytes). What is not about a catalog uses none."""
    names_catalog = "--catalog" in arguments or (env and ("CLEANGATE_CATALOG" in env or "XDG_DATA_HOME" in env))
    if arguments and arguments[0] in ("measure", "check") and not names_catalog and "--help" not in arguments:
        arguments = (arguments[0], "--no-catalog", *(a for a in arguments[1:] if a != "--no-catalog"))
    surroundings = {k: v for k, v in os.environ.items() if not k.startswith(("CLEANGATE_", "XDG_"))}
    surroundings["XDG_CONFIG_HOME"] = surroundings["XDG_DATA_HOME"] = "/nonexistent"
    surroundings.update(env or {})
    outcome = subprocess.run([PROGRAM, *arguments], stdin=subprocess.DEVNULL, capture_output=True, env=surroundings,
                             cwd=cwd, timeout=240, check=False)
    return Outcome(outcome.returncode, outcome.stdout.decode("utf-8"), outcome.stderr.decode("utf-8"))


def ffmpeg(*arguments):
    subprocess.run(["ffmpeg", "-hide_banner", "-nostdin", "-y", "-loglevel", "error", *map(str, arguments)], check=True,
                   stdin=subprocess.DEVNULL, timeout=240)


def small_clip(path, *more, seconds=2, rate=25, sound="sine=frequency=1000:sample_rate=48000"):
    """A small movie; the format follows the name."""
    ffmpeg("-f", "lavfi", "-i", f"testsrc2=size=320x180:rate={rate}:duration={seconds}", "-f", "lavfi", "-i",
           f"{sound}:duration={seconds}", *more, path)


class Case(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="cleangate-"))

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder, ignore_errors=True)

    def validate(self, document):
        """Against docs/schema/<kind>.schema.json (JSON Schema 2020-12)."""
        try:
            import jsonschema
        except ImportError:
            self.skipTest("python3-jsonschema is missing: documents are not validated (./dev setup installs it)")
        kind = document["schema"].split(".")[1].split("/")[0]
        schema = json.loads((ROOT / "docs" / "schema" / f"{kind}.schema.json").read_text())
        errors = sorted(jsonschema.Draft202012Validator(schema).iter_errors(document), key=lambda e: list(e.path))
        self.assertEqual([f"{'/'.join(map(str, e.absolute_path))}: {e.message[:300]}" for e in errors], [])

    def one_line(self, outcome, *needles):
        """Exactly one line on stderr, that names what `needles` name and ends with a full stop."""
        self.assertEqual(len(outcome.lines), 1, outcome.err)
        for needle in needles:
            self.assertIn(needle, outcome.lines[0])
        self.assertTrue(outcome.lines[0].endswith("."), outcome.lines[0])


def main():
    """Runs the test classes named on the command line (all without a name); skips loudly."""
    if not pathlib.Path(PROGRAM).exists():
        print(f"SKIPPED: {PROGRAM} is not built")
        sys.exit(SKIPPED)
    module = sys.modules["__main__"]
    names = sys.argv[1:]
    loader = unittest.TestLoader()
    suite = loader.loadTestsFromNames(names, module) if names else loader.loadTestsFromModule(module)
    outcome = unittest.TextTestRunner(verbosity=2, buffer=False).run(suite)
    if not outcome.wasSuccessful():
        sys.exit(1)
    if outcome.skipped:
        for test, reason in outcome.skipped:
            print(f"SKIPPED: {test.id()}: {reason}")
        sys.exit(SKIPPED if len(outcome.skipped) == outcome.testsRun else 0)
