# SPDX-License-Identifier: Apache-2.0
"""The whole program killed (SIGKILL) at every labelled point: run again it is as if nothing had happened."""
import json
import os
import pathlib
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import unittest

import made_sound
from support import PROGRAM, ROOT, Case, cleangate, main

SPECS = ("ebu-r128", "roku-channel-vod")
FILES = 5

# Every label of the sources, and which verb meets it. With ":3" the third time it is met.
INGEST = ("migrate:step", "series:written", "series:synced", "series:renamed", "series:renamed:3", "series:settled",
          "record:asset", "record:asset:2", "catalog:before-commit", "catalog:committed", "catalog:committed:2",
          "catalog:before-commit:2")
CHECKPOINT = "catalog:checkpointed"
BACKUP = ("backup:snapshot", "backup:series", "backup:series:2")
RESTORE = ("restore:ready", "restore:aside")
PRUNE = ("prune:committed",)
ELSEWHERE = ("checkpoint:committed",)  # met by assets of more than a minute: the tests of taking up again


class Killed(Case):
    def setUp(self):
        self.place = self.folder / self.id().rsplit(".", 1)[-1]
        self.media = self.place / "media"
        self.media.mkdir(parents=True)
        self.catalog = self.place / "catalog.db"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.masters = cls.folder / "masters"
        cls.masters.mkdir()
        for i in range(FILES):
            made_sound.write(cls.masters / f"{i}.wav", i, seconds=0.5)
        shutil.copy(cls.masters / "0.wav", cls.masters / "copy.wav")  # two files, one content

    def run_verb(self, *arguments, crash_at=None):
        environment = {"CLEANGATE_CRASH_AT": crash_at} if crash_at else {}
        # A verb's own environment: support.cleangate drops CLEANGATE_*, and adds what it is given.
        return cleangate(*arguments, "--catalog", self.catalog, env=environment)

    def ingest(self, crash_at=None, jobs="2"):
        return self.run_verb("ingest", "--json-lines", "--jobs", jobs, self.media, "--spec", *SPECS, crash_at=crash_at)

    def acknowledged(self, outcome):
        lines = [line for line in outcome.out.split("\n") if line.endswith("}")]
        return [json.loads(line)["assets"][0]["path"] for line in lines]

    def expect_sound(self, acknowledged=()):
        if not self.catalog.exists():
            self.assertEqual(list(acknowledged), [])
            return
        checked = self.run_verb("catalog", "check", "--full", "--json")
        self.assertEqual(checked.status, 0, checked.out + checked.err)
        self.assertTrue(checked.json()["sound"])
        with sqlite3.connect(self.catalog) as connection:
            held = {path for (path,) in connection.execute("SELECT path_text FROM location")}
        self.assertEqual([path for path in acknowledged if path not in held], [])

    def expect_whole(self, specs=SPECS):
        """Each file is one location of one asset, each content one asset, with one latest judgement a spec (and name)."""
        with sqlite3.connect(self.catalog) as connection:
            ask = lambda sql: connection.execute(sql).fetchall()
            names = sorted(os.listdir(self.media))
            self.assertEqual([os.path.basename(path) for (path,) in ask("SELECT path_text FROM location ORDER BY path_text")], names)
            self.assertEqual(ask("SELECT count(*), count(DISTINCT content_id) FROM asset WHERE merged_into IS NULL"),
                             [(len(names) - 1, len(names) - 1)])
            self.assertEqual(ask("SELECT DISTINCT status FROM asset"), [("measured",)])
            per_spec = ask("SELECT spec, count(*), count(DISTINCT asset) FROM judgement WHERE latest = 1 GROUP BY spec ORDER BY spec")
            # Two of the names are of one content, and roku-channel-vod has a rule about names.
            judged = {"roku-channel-vod": len(names)}
            self.assertEqual(per_spec, [(spec, judged.get(spec, len(names) - 1), len(names) - 1) for spec in sorted(specs)])
            self.assertEqual(ask("SELECT count(*) FROM asset WHERE (SELECT count(*) FROM asset_series WHERE asset = asset.id) = 0"),
                             [(0,)])
        self.expect_sound()

    def copy_masters(self):
        for master in self.masters.iterdir():
            shutil.copy(master, self.media)

    def remove_catalog(self):
        for name in self.place.glob("catalog.db*"):
            shutil.rmtree(name) if name.is_dir() else name.unlink()

    def killed(self, outcome, point):
        self.assertEqual(outcome.status, -signal.SIGKILL, f"{point} was not met: {outcome.err}")

    def test_ingest_at_every_point(self):
        self.copy_masters()
        for point in INGEST:
            with self.subTest(point):
                self.remove_catalog()
                crashed = self.ingest(crash_at=point, jobs="1")
                self.killed(crashed, point)
                self.expect_sound(self.acknowledged(crashed))
                again = self.ingest()
                self.assertEqual(again.status & ~3, 0, again.err)
                self.assertEqual(len(self.acknowledged(again)), FILES + 1)
                self.expect_whole()

    def test_judging_of_known_files_at_every_point(self):
        self.copy_masters()
        for point in ("catalog:before-commit", "catalog:before-commit:2", "catalog:committed"):
            with self.subTest(point):
                for _ in range(10):  # known files are quick: at times all of them go in one group, which is no second one
                    self.remove_catalog()
                    self.run_verb("ingest", self.media, "--spec", SPECS[0])
                    crashed = self.ingest(crash_at=point, jobs="1")
                    if crashed.status == -signal.SIGKILL or not point.endswith(":2"):
                        break
                self.killed(crashed, point)
                self.expect_sound()
                self.ingest()
                self.expect_whole()

    def test_a_checkpoint(self):
        self.copy_masters()
        for i in range(150):  # enough that the log grows past the first checkpoint
            made_sound.write(self.media / f"more{i}.wav", f"more {i}", seconds=0.05)
        crashed = self.ingest(crash_at=CHECKPOINT)
        self.killed(crashed, CHECKPOINT)
        self.expect_sound(self.acknowledged(crashed))
        self.ingest()
        self.expect_whole()

    def test_at_any_moment(self):
        """No label: whenever it happens to be. The workers end with it."""
        self.copy_masters()
        for i in range(60):
            made_sound.write(self.media / f"more{i}.wav", f"more {i}", seconds=0.3)
        for delay in (0.02, 0.08, 0.15, 0.25, 0.4, 0.6):
            with subprocess.Popen([PROGRAM, "ingest", "--json-lines", self.media, "--catalog", self.catalog, "--spec", *SPECS],
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
                time.sleep(delay)
                process.kill()
                out = process.stdout.read().decode()
                process.stderr.read()  # ends when the last worker has let go of it
            lines = [line for line in out.split("\n") if line.endswith("}")]
            if lines or (self.catalog.exists() and self.catalog.stat().st_size > 0):
                self.expect_sound([json.loads(line)["assets"][0]["path"] for line in lines])
            elif self.catalog.exists():  # it had made the file and not begun: whoever comes next begins
                self.assertEqual(self.run_verb("ingest", self.media / "0.wav").status, 0)
                self.expect_sound([str(self.media / "0.wav")])
        self.ingest()
        self.expect_whole()

    def test_care_of_the_catalog_at_every_point(self):
        self.copy_masters()
        self.ingest()
        copy = self.place / "copy.db"
        for point in BACKUP:
            self.killed(self.run_verb("catalog", "backup", copy, crash_at=point), point)
            self.assertFalse(copy.exists())
            self.expect_whole()
        self.assertEqual(self.run_verb("catalog", "backup", copy).status, 0)
        for point in RESTORE:
            self.killed(self.run_verb("catalog", "restore", copy, crash_at=point), point)
        self.assertEqual(self.run_verb("catalog", "restore", copy).status, 0)
        self.expect_whole()
        for point in PRUNE:
            self.killed(self.run_verb("catalog", "prune", "number:1", crash_at=point), point)
            self.expect_sound()

    def test_every_label_is_met_here(self):
        labels = set()
        for source in list(ROOT.glob("dam/**/*.cpp")) + list(ROOT.glob("pipeline/**/*.cpp")) + list(ROOT.glob("app/*.cpp")):
            labels |= set(re.findall(r'crash_point\("([^"]+)"\)', source.read_text()))
        here = {":".join(point.split(":")[:2]) for point in (*INGEST, CHECKPOINT, *BACKUP, *RESTORE, *PRUNE, *ELSEWHERE)}
        self.assertEqual(labels, here)


if __name__ == "__main__":
    main()
