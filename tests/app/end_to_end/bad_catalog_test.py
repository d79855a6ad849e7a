# SPDX-License-Identifier: Apache-2.0
"""Bad catalogs, lying workers and odd names: one clear line, the right exit status, nothing lost, no wrong answer."""
import contextlib
import fcntl
import json
import os
import pathlib
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import threading
import time
import unittest

import made_sound
from support import BUILD, PROGRAM, Case, cleangate, ffmpeg, main, small_clip

SPEC = "ebu-r128"
FLIPS = int(os.environ.get("CLEANGATE_FLIPS", "60"))

HOUSE = """profile: house
title: House
status: ship
edition: v1
revision: 1
sources:
  own: {{document: House rules, edition: v1, grade: primary, checked: 2026-11-21}}
requirements:
{}
"""


@contextlib.contextmanager
def small_disk(place, size, skip):
    """A file system of its own of so many bytes."""
    place.mkdir(exist_ok=True)
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "none", place], capture_output=True, text=True,
                          check=False)
    if done.returncode != 0:
        skip(f"no file system can be mounted here: {done.stderr.strip()}")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", place], check=False)


class Bad(Case):
    """One good catalog, made once; each test works on a copy of its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.media = cls.folder / "media"
        cls.media.mkdir()
        for i in range(4):
            made_sound.write(cls.media / f"{i}.wav", i, seconds=1)
        small_clip(cls.media / "film.mp4", "-c:v", "libx264", "-c:a", "aac")
        cls.good = cls.folder / "good" / "catalog.db"
        cls.good.parent.mkdir()
        outcome = cleangate("ingest", cls.media, "--catalog", cls.good, "--spec", SPEC, "roku-channel-vod")
        assert outcome.status in (1, 3), outcome.err
        cleangate("tag", "1", "add", "kept", "--catalog", cls.good)
        assert not pathlib.Path(f"{cls.good}-wal").exists() or pathlib.Path(f"{cls.good}-wal").stat().st_size == 0

    def setUp(self):
        self.place = self.folder / self.id().rsplit(".", 1)[-1]
        shutil.copytree(self.good.parent, self.place)
        self.catalog = self.place / "catalog.db"

    def run_verb(self, *arguments, env=None):
        return cleangate(*arguments, "--catalog", self.catalog, env=env)

    def refused(self, outcome, *needles):
        self.assertEqual((outcome.status, outcome.out), (2, ""), outcome.err)
        self.one_line(outcome, *needles)

    def expect_all_there(self):
        self.assertEqual(self.run_verb("catalog", "check", "--full").status, 0)
        self.assertEqual(self.run_verb("find", "--json").json()["total"], 5)
        self.assertEqual(self.run_verb("find", "tag:kept", "--json").json()["total"], 1)

    # Every verb that reads, and every one that writes.
    READING = (("find", "--json"), ("show", "1"), ("stats",), ("sql", "SELECT count(*) FROM assets"), ("export", "--json-lines"),
               ("catalog", "check"))
    WRITING = (("tag", "1", "add", "x"), ("note", "1", "x"), ("judge", "--spec", SPEC), ("verify",), ("catalog", "tidy"))


class Refused(Bad):
    """Catalogs that cannot be used, or not for this."""

    def test_from_a_newer_version(self):
        with sqlite3.connect(self.catalog) as connection:
            connection.execute("PRAGMA user_version = 9999")
        connection.close()
        before = self.catalog.read_bytes()
        for verb in (*self.READING, *self.WRITING, ("ingest", self.media)):
            with self.subTest(verb):
                self.refused(self.run_verb(*verb), "version 9999", "Update Cleangate")
        self.assertEqual(self.catalog.read_bytes(), before)

    def test_no_catalog_at_all(self):
        for content, needle in ((b"Reel 3 has the boom in shot.\n" * 100, "not a catalog"), (b"\0" * 5000, "not a catalog")):
            self.catalog.write_bytes(content)
            for verb in (*self.READING, *self.WRITING, ("ingest", self.media)):
                with self.subTest(verb):
                    self.refused(self.run_verb(*verb), "catalog.db", needle)
            self.assertEqual(self.catalog.read_bytes(), content)
        self.catalog.unlink()
        sqlite3.connect(self.catalog).execute("CREATE TABLE cats (name)").connection.close()
        for verb in (*self.READING, *self.WRITING, ("ingest", self.media)):
            with self.subTest(verb):
                self.refused(self.run_verb(*verb), "another program")

    def test_an_empty_file_is_no_catalog(self):
        shutil.rmtree(self.place)
        self.place.mkdir()
        self.catalog.touch()
        for verb in (*self.READING, *self.WRITING):
            with self.subTest(verb):
                self.refused(self.run_verb(*verb), "catalog.db is empty", "no catalog")
        self.assertEqual(self.catalog.read_bytes(), b"")
        self.assertEqual(self.run_verb("ingest", self.media).status, 0)
        self.assertEqual(self.run_verb("find", "--json").json()["total"], 5)

    def test_what_a_restore_says(self):
        empty, backup = self.place / "empty.db", self.place / "backup.db"
        empty.touch()
        self.refused(self.run_verb("catalog", "restore", empty), "empty.db is empty", "Nothing was changed")
        self.expect_all_there()
        self.assertEqual(self.run_verb("catalog", "backup", backup).status, 0)
        self.assertIn("what was there is kept", self.run_verb("catalog", "restore", backup).out)
        fresh = self.place / "fresh.db"
        outcome = cleangate("catalog", "restore", backup, "--catalog", fresh)
        self.assertEqual(outcome.status, 0, outcome.err)
        self.assertNotIn("kept", outcome.out)

    def test_read_only(self):
        with small_disk(self.folder / "read-only", "64m", self.skipTest) as disk:
            shutil.copytree(self.good.parent, disk / "c")
            subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
            self.catalog = disk / "c" / "catalog.db"
            for verb in (*self.WRITING, ("ingest", self.media)):
                with self.subTest(verb):
                    self.refused(self.run_verb(*verb), "catalog", "read")
            for verb in self.READING:
                with self.subTest(verb):
                    outcome = self.run_verb(*verb)
                    self.assertEqual((outcome.status, outcome.err), (0, ""))
            self.expect_all_there()

    def test_locked(self):
        lock = open(f"{self.catalog}.lock", "r+")
        lock.truncate(0)
        lock.write("process 12345 (ingest) since 2026-11-22T10:00:00Z")
        lock.flush()
        fcntl.flock(lock, fcntl.LOCK_EX)
        for verb in self.READING:  # readers never wait
            self.assertEqual(self.run_verb(*verb).status, 0)
        outcome = self.run_verb("tag", "1", "add", "late", env={"CLEANGATE_CATALOG_WAIT": "3"})
        self.assertEqual((outcome.status, outcome.out), (2, ""))
        self.assertEqual(len(outcome.lines), 2, outcome.err)
        self.assertIn("Waiting for the catalog, which is being written by process 12345 (ingest)", outcome.lines[0])
        self.assertIn("waited 3.0 s", outcome.lines[1])
        self.assertIn("try again", outcome.lines[1])
        made_sound.write(self.place / "new.wav", "new")
        outcome = self.run_verb("ingest", self.place / "new.wav", env={"CLEANGATE_CATALOG_WAIT": "0"})
        self.assertEqual((outcome.status, outcome.out.count("NOT recorded")), (2, 1), outcome.out)
        self.assertIn("process 12345", outcome.err)
        # One that waits long enough gets its turn.
        release = threading.Timer(2.5, lambda: fcntl.flock(lock, fcntl.LOCK_UN))
        release.start()
        outcome = self.run_verb("tag", "1", "add", "late")
        release.join()
        self.assertEqual(outcome.status, 0, outcome.err)
        self.assertEqual(self.run_verb("ingest", self.place / "new.wav").status, 0)
        self.assertEqual(self.run_verb("find", "tag:late", "--json").json()["total"], 1)
        self.assertEqual(self.run_verb("find", "--json").json()["total"], 6)

    def test_locked_by_another_program(self):
        """Somebody has it open in sqlite3 and does not end a transaction."""
        other = sqlite3.connect(self.catalog, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        outcome = self.run_verb("tag", "1", "add", "x", env={"CLEANGATE_CATALOG_WAIT": "1"})
        self.refused(outcome, "catalog.db")
        self.assertNotIn("internal", outcome.err)
        for verb in self.READING:
            self.assertEqual(self.run_verb(*verb).status, 0)
        other.execute("ROLLBACK")
        other.close()
        self.assertEqual(self.run_verb("tag", "1", "add", "x").status, 0)


class Disk(Bad):
    """A disk that is full."""

    def ingest_until_full(self, **how):
        media = self.folder / "many"
        if not media.exists():
            media.mkdir()
            for i in range(120):
                made_sound.write(media / f"{i}.wav", f"many {i}", seconds=2, channels=2)
        with subprocess.Popen([PROGRAM, "ingest", "--json-lines", media, "--catalog", self.catalog, "--spec", SPEC],
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **how) as process:
            out, err = process.communicate(timeout=240)
        assets = [json.loads(line)["assets"][0] for line in out.splitlines()]
        return process.returncode, assets, err.decode()

    def expect_nothing_lost(self, status, assets, err):
        self.assertEqual(status, 2, err)
        self.assertRegex(err, "full|space|not grow")
        acknowledged = {asset["path"] for asset in assets if asset["number"]}
        refused = [asset for asset in assets if not asset["number"]]
        self.assertGreater(len(refused), 0)
        checked = self.run_verb("catalog", "check", "--full", "--json")
        self.assertEqual(checked.status, 0, checked.out + checked.err)
        held = {row[0] for row in self.run_verb("sql", "SELECT path FROM assets", "--json").json()["rows"]}
        self.assertEqual(acknowledged - held, set())
        return len(acknowledged)

    def test_full(self):
        with small_disk(self.folder / "disk", "3m", self.skipTest) as disk:
            self.catalog = disk / "catalog.db"
            acknowledged = self.expect_nothing_lost(*self.ingest_until_full())
            self.assertGreater(acknowledged, 0)
            refused = self.run_verb("tag", "1", "add", "x" * 200)
            self.assertIn(refused.status, (0, 2), refused.err)
            self.assertLessEqual(len(refused.lines), 1)
            subprocess.run(["mount", "-o", "remount,size=64m", disk], check=True)
            status, assets, err = self.ingest_until_full()
            self.assertIn(status, (0, 1, 3), err)
            self.assertEqual(len(assets), 120)
            self.assertGreaterEqual(sum(asset["known"] == "stat" for asset in assets), acknowledged)
            self.assertEqual(self.run_verb("catalog", "check", "--full").status, 0)

    def test_files_may_not_grow(self):
        """The same where nothing can be mounted: a limit on the size of files."""
        self.catalog = self.place / "limited.db"
        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
        self.expect_nothing_lost(*self.ingest_until_full(preexec_fn=limit))
        self.assertIn(self.ingest_until_full()[0], (0, 1, 3))


class Damaged(Bad):
    """Catalogs and series whose bytes are others now."""

    def unhurt(self, outcome, what):
        """No crash, no half answer: an answer, or one line that says why there is none."""
        self.assertGreaterEqual(outcome.status, 0, f"{what}: killed by a signal: {outcome.err}")
        self.assertLess(outcome.status, 4, what)
        if outcome.status == 2:
            self.assertEqual(len(outcome.lines), 1, f"{what}: {outcome.err}")
            self.assertIn("catalog", outcome.err)

    def test_truncated(self):
        whole = self.catalog.read_bytes()
        for size in (0, 1, 50, 100, 512, 4096, 4097, 8192, len(whole) // 2, len(whole) - 4096, len(whole) - 1):
            with self.subTest(size=size):
                self.catalog.write_bytes(whole[:size])
                for verb in self.READING:
                    self.unhurt(self.run_verb(*verb), verb)
                checked = self.run_verb("catalog", "check", "--full")
                self.assertIn(checked.status, (1, 2), checked.out)
                if checked.status == 2:
                    self.one_line(checked, "catalog")
                # Nothing is made of it: what is left can still be looked at.
                self.assertLessEqual(self.run_verb("ingest", self.media).status, 3)
                self.assertNotEqual(self.run_verb("catalog", "check", "--full").status, 0)
                for name in self.place.glob("catalog.db-*"):
                    name.unlink()

    def answers(self):
        """What the catalog says, as the verbs tell it."""
        told = []
        for verb in (("find", "--json", "--fields", "duration,loudness", "--facets", "kind,verdict"), ("export", "--json-lines", "--all"),
                     ("judge", "--json", "--all", "--spec", SPEC)):
            outcome = self.run_verb(*verb)
            self.unhurt(outcome, verb)
            told.append((outcome.status, outcome.out))
        return told

    @staticmethod
    def difference(right, told):
        """The first words that differ."""
        for (status, out), (other_status, other_out) in zip(right, told):
            if status != other_status:
                return f"status {status}, {other_status}"
            at = next((i for i, (a, b) in enumerate(zip(out, other_out)) if a != b), None)
            if at is not None:
                return f"{out[max(0, at - 60):at + 30]!r} -> {other_out[max(0, at - 30):at + 30]!r}"
        return "one is longer"

    def test_bits_flipped(self):
        whole = self.catalog.read_bytes()
        right = self.answers()
        dice = random.Random(3)
        wrong, complained = [], 0
        for _ in range(FLIPS):
            at, bit = dice.randrange(len(whole)), dice.randrange(8)
            damaged = bytearray(whole)
            damaged[at] ^= 1 << bit
            with self.subTest(byte=at, bit=bit):
                for name in self.place.glob("catalog.db-*"):
                    name.unlink()
                self.catalog.write_bytes(damaged)
                checked = self.run_verb("catalog", "check", "--full")
                self.unhurt(checked, "check")
                complained += checked.status != 0
                told = self.answers()
                if checked.status == 0 and told != right:
                    wrong.append((at, bit, self.difference(right, told)))
                for name in self.place.glob("catalog.db-*"):
                    name.unlink()
        print(f"{FLIPS} flips: check complained of {complained}; other answers without complaint: {wrong}")
        self.assertEqual(wrong, [])

    def rules(self, level):
        """A profile whose parameters nobody has asked for yet: rows are needed."""
        house = self.place / "house.yaml"
        house.write_text(HOUSE.format(
            f"  - {{id: black, quantity: picture.black, with: {{level: {level} %}}, expect: none, severity: reject,\n"
            "     source: {ref: own, clause: '1'}}"))
        return house

    def verdicts(self, level):
        """Of the film, as re-judged without what is remembered: (verdict, outcome)."""
        outcome = self.run_verb("judge", "kind:video", "--json", "--all", "--spec", self.rules(level))
        self.unhurt(outcome, "judge")
        (verdict,) = outcome.json()["verdicts"]
        return verdict["verdict"], outcome

    def series(self):
        return [file for file in pathlib.Path(f"{self.catalog}.series").rglob("*.series")]

    def test_series_deleted(self):
        self.assertEqual(self.verdicts(1.1)[0], "pass")
        for file in self.series():
            file.unlink()
        verdict, outcome = self.verdicts(1.2)
        self.assertEqual((verdict, outcome.status), ("inconclusive", 3), outcome.out)
        checked = self.run_verb("catalog", "check")
        self.assertEqual(checked.status, 1)
        self.assertIn("missing series", checked.out)
        # With the media it can be mended.
        self.assertIn(self.run_verb("ingest", "--rehash", self.media).status, (0, 1, 3))
        self.assertEqual(self.run_verb("catalog", "check", "--full").status, 0)
        self.assertEqual(self.verdicts(1.3)[0], "pass")

    def test_series_altered(self):
        files = self.series()
        dice = random.Random(5)
        told = []
        for turn in range(12):
            whole = {file: file.read_bytes() for file in files}
            for file, content in whole.items():
                damaged = bytearray(content)
                damaged[dice.randrange(len(damaged))] ^= 1 << dice.randrange(8)
                file.write_bytes(damaged)
            with self.subTest(turn):
                verdict, outcome = self.verdicts(1 + turn / 100)
                self.assertIn(verdict, ("pass", "inconclusive"), outcome.out)  # it is a pass: not every byte is asked for
                told.append(verdict)
                checked = self.run_verb("catalog", "check", "--full")
                self.assertEqual(checked.status, 1)
                self.assertEqual(checked.out.count("damaged series"), len(files))
            for file, content in whole.items():
                file.write_bytes(content)
        self.assertIn("inconclusive", told)
        self.assertEqual(self.run_verb("catalog", "check", "--full").status, 0)


class Workers(Bad):
    """Workers that lie, and files that change: never a crash of ours, never a pass."""

    def setUp(self):
        super().setUp()
        self.worker = self.place / "worker"
        shutil.copy(pathlib.Path(__file__).parent / "altering_worker.py", self.worker)
        self.worker.chmod(0o755)
        self.new = made_sound.write(self.place / "new.wav", self.id(), seconds=1)
        self.other = made_sound.write(self.place / "other.wav", self.id() + "other", seconds=1)

    def ingest(self, how, *paths, specs=(SPEC,)):
        pathlib.Path(f"{self.worker}.alter").write_text(f"{how}\n{self.place / 'once'}\n{BUILD / 'cleangate-av'}\n")
        def limit():  # what is told must not be kept: 2 GiB would show
            resource.setrlimit(resource.RLIMIT_DATA, (3 << 29, resource.getrlimit(resource.RLIMIT_DATA)[1]))
        surroundings = {k: v for k, v in os.environ.items() if not k.startswith(("CLEANGATE_", "XDG_"))}
        with subprocess.Popen([PROGRAM, "ingest", "--json", "--catalog", self.catalog, "--worker", self.worker,
                               *(paths or (self.new,)), *(["--spec", *specs] if specs else [])], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=surroundings, preexec_fn=limit) as process:
            out, err = process.communicate(timeout=300)
        self.assertGreaterEqual(process.returncode, 0, err)
        document = json.loads(out)
        self.validate(document)
        return process.returncode, document["assets"], [line for line in err.decode().split("\n") if line]

    def refused(self, how, *needles):
        status, (asset,), lines = self.ingest(how)
        self.assertEqual(status, 3)
        self.assertEqual(asset["status"], "crashed")
        self.assertEqual(asset["verdicts"], [])
        self.assertEqual(len(lines), 1, lines)
        for needle in ("new.wav", *needles):
            self.assertIn(needle, lines[0])
        self.assertEqual(self.run_verb("catalog", "check", "--full").status, 0)
        judged = self.run_verb("judge", "path:*new.wav", "--json", "--spec", SPEC)
        self.assertNotEqual(judged.status, 0)
        # The true worker may try again: it was not the file's fault.
        again = self.run_verb("ingest", "--json", self.new, "--spec", SPEC).json()["assets"][0]
        self.assertEqual((again["status"], again["known"]), ("measured", "no"))

    def test_garbage(self):
        self.refused("garbage", "protocol")

    def test_a_record_that_never_ends(self):
        self.refused("announced", "4294967295 bytes")

    def test_ten_gigabytes_of_rows(self):
        self.refused("endless", "more rows than a file of this size can give")

    def test_the_true_worker_through_it(self):
        """The lying worker tells the truth when it is not asked to lie: what the others show is the lie."""
        status, (asset,), lines = self.ingest("none")
        self.assertEqual((asset["status"], lines), ("measured", []))

    def test_very_many_findings(self):
        """4,096 streams under 5 rules that each of them fails."""
        house = self.place / "house.yaml"
        house.write_text(HOUSE.format("\n".join(
            f"  - {{id: r{i}, quantity: audio.sample_rate, for: {{each: audio}}, equals: {40000 + i} Hz, severity: reject, "
            "source: {ref: own, clause: '1'}}" for i in range(5))))
        start = time.monotonic()
        status, (asset,), lines = self.ingest("many", specs=(house,))
        print(f"4,096 streams, 5 rules: {time.monotonic() - start:.1f} s, status {status}, {lines[:1]}")
        self.assertIn(status, (1, 3), lines)
        self.assertNotIn("pass", [v["verdict"] for v in asset["verdicts"]])
        self.assertEqual(self.run_verb("catalog", "check", "--full").status, 0)
        shown = self.run_verb("show", str(asset["number"]))
        self.assertEqual(shown.status, 0, shown.err)

    def test_a_file_that_keeps_changing(self):
        status, (asset,), lines = self.ingest("touch")
        self.assertEqual((status, asset["status"], asset["number"]), (3, "refused", None), lines)
        self.assertEqual(len(lines), 1)
        self.assertIn("keeps changing", lines[0])
        self.assertEqual(self.run_verb("find", "--json").json()["total"], 5)

    def test_a_file_that_changed_once_is_read_again(self):
        status, assets, lines = self.ingest("touch-once", self.new, self.other)
        self.assertEqual([asset["status"] for asset in assets], ["measured", "measured"], lines)
        self.assertTrue((self.place / "once").exists())
        # It is remembered as it is now.
        self.assertEqual(self.run_verb("verify", "path:*new.wav").status, 0)


class Names(Bad):
    """What files and folders may be called."""

    def test_sql(self):
        names = ["x'; DROP TABLE asset; --.wav", 'a" OR "1"="1.wav', "%_*?[a]{}.wav", "--version.wav", "NULL.wav", "NEAR AND OR.wav"]
        folder = self.place / "names"
        folder.mkdir()
        for name in names:
            made_sound.write(folder / name, name, seconds=0.2)
        outcome = self.run_verb("ingest", "--json", folder, "--spec", SPEC)
        self.assertEqual(len(outcome.json()["assets"]), len(names))
        for name in names:
            with self.subTest(name):
                shown = self.run_verb("show", folder / name, "--json")
                self.assertEqual(shown.status, 0, shown.err)
                self.assertEqual(shown.json()["asset"]["path"], str(folder / name))
                tag = name.removeprefix("--")  # else it is an option
                tagged = self.run_verb("tag", folder / name, "add", tag)
                self.assertEqual(tagged.status, 0, tagged.err)
                quoted = tag.replace("\\", "\\\\").replace('"', '\\"')
                found = self.run_verb("find", f'tag:"{quoted}"', "--json")
                self.assertEqual(found.status, 0, found.err)
                self.assertIn(str(folder / name), [asset["path"] for asset in found.json()["assets"]])
                # As words: an answer or a told mistake, never a crash or a changed catalog.
                self.assertIn(self.run_verb("find", tag).status, (0, 2))
        self.assertEqual(self.run_verb("find", "--json").json()["total"], 5 + len(names))
        self.assertEqual(self.run_verb("catalog", "check", "--full").status, 0)

    def test_names_that_are_no_text(self):
        folder = os.fsencode(self.place) + b"/odd"
        os.mkdir(folder)
        names = [b"new\nline.wav", b"caf\xe9.wav", b"\x1b[31mred.wav", b"\xff\xfe.wav", b"tab\there.wav", "\u202eltr.wav".encode()]
        for i, name in enumerate(names):
            made_sound.write(self.place / "one.wav", f"odd {i}", seconds=0.2)
            os.rename(self.place / "one.wav", folder + b"/" + name)
        outcome = self.run_verb("ingest", folder)
        self.assertEqual(outcome.status, 0, outcome.err)
        self.assertEqual(len(outcome.out.splitlines()), len(names) + 1, outcome.out)  # and the summary
        self.assertNotIn("\x1b", outcome.out)
        for name in names:
            shown = self.run_verb("show", folder + b"/" + name)
            self.assertEqual(shown.status, 0, shown.err)
            self.assertNotIn("\x1b", shown.out)
        found = self.run_verb("find")
        self.assertNotIn("\x1b", found.out)
        self.assertEqual(self.run_verb("find", "--json").json()["total"], 5 + len(names))

    def test_too_long(self):
        for path in ("x" * 10_000 + ".wav", "/".join(["deep"] * 2000) + "/a.wav"):
            outcome = self.run_verb("ingest", path)
            self.assertEqual(outcome.status, 3)
            self.assertEqual(len(outcome.lines), 1)
            self.assertLess(len(outcome.lines[0]), 12_000)
            self.assertIn("too long", outcome.lines[0])
        for verb in ("show", "tag"):
            outcome = self.run_verb(verb, "x" * 10_000, *(["add", "x"] if verb == "tag" else []))
            self.assertEqual((outcome.status, len(outcome.lines)), (2, 1))
        self.assertEqual(self.run_verb("find", "x" * 10_000).status, 0)
        self.assertEqual(self.run_verb("tag", "1", "add", "x" * 10_000).status, 0)
        outcome = cleangate("find", "--catalog", "x" * 10_000)
        self.assertEqual((outcome.status, len(outcome.lines)), (2, 1), outcome.err)

    def test_folders_deeper_than_a_path(self):
        top = self.place / "top"
        top.mkdir()
        made_sound.write(top / "reached.wav", "reached", seconds=0.2)
        here = os.open(top, os.O_RDONLY)
        try:
            for _ in range(60):
                os.mkdir("d" * 100, dir_fd=here)
                below = os.open("d" * 100, os.O_RDONLY, dir_fd=here)
                os.close(here)
                here = below
            os.close(os.open("hidden.wav", os.O_CREAT | os.O_WRONLY, dir_fd=here))
        finally:
            os.close(here)
        outcome = self.run_verb("ingest", "--json", top)
        self.addCleanup(subprocess.run, ["rm", "-rf", top], check=False)
        self.assertEqual(outcome.status, 3, outcome.err)  # something could not be looked at
        self.assertEqual([asset["status"] for asset in outcome.json()["assets"]], ["measured"])
        self.assertEqual(len(outcome.lines), 1)
        self.assertIn("too long", outcome.lines[0])

    def test_loops_of_links(self):
        loop = self.place / "loop"
        loop.mkdir()
        made_sound.write(loop / "a.wav", "loop", seconds=0.2)
        (loop / "self").symlink_to("self")
        (loop / "there").symlink_to("back")
        (loop / "back").symlink_to("there")
        (loop / "gone.wav").symlink_to("nowhere.wav")
        (loop / "up").symlink_to("..")
        outcome = self.run_verb("ingest", "--json", loop)
        self.assertEqual(outcome.status, 3, outcome.err)
        self.assertIn("measured", [asset["status"] for asset in outcome.json()["assets"]])
        for name in ("self", "there", "back", "gone.wav"):
            self.assertEqual(sum(f"loop/{name}:" in line for line in outcome.lines), 1, outcome.err)


if __name__ == "__main__":
    main()
