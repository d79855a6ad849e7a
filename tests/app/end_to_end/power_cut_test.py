# SPDX-License-Identifier: Apache-2.0
"""Power cuts while ingesting: nothing that was acknowledged is lost, and no row is without its series.

The catalog lies on an ext4 file system whose image is a file on a file system that can clone files (btrfs, else xfs). A
clone taken while ingest runs is what a disk would hold after a power cut at that instant: all that had reached the
device, nothing that was still in memory. Each clone is mounted, which replays the journal, and looked at.

    power_cut_test.py [--images N] [CLASS...]       N crash images (default: 30)
"""
import hashlib
import json
import os
import pathlib
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import unittest

import made_sound
from support import PROGRAM, cleangate, main

IMAGES = 30
BATCH = 150  # files of one ingest
RECOVERY_LIMIT = 5.0  # seconds
SPEC = "ebu-r128"


class Unavailable(Exception):
    """Why this machine cannot run the test."""


def run(*command):
    """What it says."""
    done = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          check=False)
    if done.returncode != 0:
        raise Unavailable(f"`{' '.join(map(str, command))}` failed: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout.strip()


class Mount:
    """An image file, mounted through a loop device that goes away with it."""

    def __init__(self, image, place):
        self.place = place
        place.mkdir(exist_ok=True)
        self.device = run("losetup", "--find", "--show", image)
        # What the kernel still holds of the image that was looked at through this device before is no disk that lost power.
        run("blockdev", "--flushbufs", self.device)
        try:
            run("mount", self.device, place)
        except Unavailable:
            run("losetup", "--detach", self.device)
            raise

    def close(self):
        for command in (["umount", self.place], ["umount", "-l", self.place]):
            for _ in range(10):
                if subprocess.run(command, capture_output=True, check=False).returncode == 0:
                    subprocess.run(["losetup", "--detach", self.device], capture_output=True, check=False)
                    return
                time.sleep(0.1)


class Machine:
    """The two file systems: `host` clones files, and on it lies the image of `disk`."""

    def __init__(self, folder):
        if os.geteuid() != 0:
            raise Unavailable("only root may mount file systems")
        if not os.path.exists("/dev/loop-control"):
            raise Unavailable("there are no loop devices here (/dev/loop-control is missing)")
        self.folder, self.mounts = folder, []
        try:
            self._make()
        except Unavailable:
            self.close()
            raise

    def _make(self):
        image = self.folder / "host.img"
        self._blank(image, 4 << 30)
        if shutil.which("mkfs.btrfs"):
            run("mkfs.btrfs", "-q", image)
        elif shutil.which("mkfs.xfs"):
            run("mkfs.xfs", "-q", "-m", "reflink=1", image)
        else:
            raise Unavailable("neither mkfs.btrfs nor mkfs.xfs is installed (./dev test installs btrfs-progs)")
        self.host = self.folder / "host"
        self.mounts.append(Mount(image, self.host))
        self.image = self.host / "disk.img"
        self._blank(self.image, 512 << 20)
        run("mkfs.ext4", "-q", "-F", self.image)
        self.disk = self.folder / "disk"
        self.mounts.append(Mount(self.image, self.disk))
        run("cp", "--reflink=always", self.image, self.host / "trial.img")
        (self.host / "trial.img").unlink()

    @staticmethod
    def _blank(path, size):
        with open(path, "wb") as file:
            file.truncate(size)

    def cut(self, name):
        """What the disk would hold if the power went now."""
        copy = self.host / name
        run("cp", "--reflink=always", self.image, copy)
        return copy

    def close(self):
        while self.mounts:
            self.mounts.pop().close()


def shim(folder):
    """The library that makes fsync and fdatasync do nothing."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if not compiler:
        raise Unavailable("no C compiler to make the library that breaks durability with")
    library = folder / "drop_sync.so"
    run(compiler, "-O1", "-shared", "-fPIC", "-o", library, pathlib.Path(__file__).parent / "drop_sync.c", "-ldl")
    return library


class Ingest:
    """Batches of new files ingested one after another, and what was acknowledged so far."""

    def __init__(self, media, catalog, environment):
        self.media, self.catalog, self.environment = media, catalog, environment
        self.acknowledged, self.errors = [], []
        self.batches, self.stopped, self.process = 0, threading.Event(), None
        self.thread = threading.Thread(target=self._work)
        self.thread.start()

    def _work(self):
        while not self.stopped.is_set():
            folder = self.media / f"batch{self.batches}"
            folder.mkdir(parents=True)
            for i in range(BATCH):
                made_sound.write(folder / f"{i}.wav", f"{self.batches} {i}", seconds=0.05 + 0.02 * (i % 20))
            self.batches += 1
            with subprocess.Popen([PROGRAM, "ingest", "--json-lines", "--quiet", "--catalog", self.catalog, folder, "--spec",
                                   SPEC], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                  env={**os.environ, **self.environment}) as process:
                self.process = process
                for line in process.stdout:
                    if not line.endswith(b"}\n"):
                        break  # killed
                    asset = json.loads(line)["assets"][0]
                    if asset["number"]:
                        self.acknowledged.append((asset["path"], asset["content_id"], asset["verdicts"][0]["verdict"]))
                    else:
                        self.errors.append(line)
                if not self.stopped.is_set():
                    self.errors += process.stderr.read().decode().splitlines()

    def stop(self):
        """The images are taken: what is under way need not be finished."""
        self.stopped.set()
        if self.process:
            self.process.kill()
        self.thread.join()


def losses(catalog, acknowledged):
    """What is wrong with a catalog after a power cut, told in lines; looked at with nothing but SQLite and SHA-256."""
    if not catalog.exists():
        return [f"there is no catalog, and {len(acknowledged)} assets were acknowledged"] if acknowledged else []
    wrong = []
    try:
        with sqlite3.connect(catalog) as connection:
            for (line,) in connection.execute("PRAGMA integrity_check"):
                if line != "ok":
                    wrong.append(f"integrity_check: {line}")
            held = {}
            for path, content, verdict in connection.execute(
                    "SELECT path_text, lower(hex(content_id)), verdict FROM location JOIN asset ON asset.id = location.asset "
                    "LEFT JOIN judgement ON judgement.asset = asset.id AND latest = 1 AND spec = ?", (SPEC,)):
                held.setdefault(path, []).append(("sha256:" + content, verdict))
            series = [digest for (digest,) in connection.execute("SELECT lower(hex(digest)) FROM series")]
    except sqlite3.Error as error:
        return wrong + [f"SQLite: {error}"]
    for path, content, verdict in acknowledged:
        if held.get(path) != [(content, verdict)]:
            wrong.append(f"acknowledged {path} {verdict}, the catalog has {held.get(path)}")
    for digest in series:
        file = pathlib.Path(f"{catalog}.series", digest[:2], digest[2:] + ".series")
        found = hashlib.sha256(file.read_bytes()).hexdigest() if file.exists() else "no file"
        if found != digest:
            wrong.append(f"a row names series {digest[:12]}, there is {found[:12]}")
    return wrong


class Cuts:
    """Takes crash images while ingest runs."""

    def __init__(self, machine, folder, images, environment=None):
        self.machine = machine
        ingest = Ingest(folder, machine.disk / "catalog.db", environment or {})
        instants = random.Random(images)
        self.taken = []
        try:
            while len(self.taken) < images and ingest.thread.is_alive():
                time.sleep(instants.uniform(0.01, 0.4))
                if not ingest.acknowledged:
                    continue
                acknowledged = list(ingest.acknowledged)  # read before the cut: all of it has to be there
                self.taken.append((machine.cut(f"cut{len(self.taken)}.img"), acknowledged))
        finally:
            ingest.stop()
        self.errors, self.acknowledged, self.media = ingest.errors, ingest.acknowledged, folder

    def look(self, at):
        """Mounts a copy of image `at`: the catalog, the seconds until it answered, what was acknowledged, and how to let go of it."""
        image, acknowledged = self.taken[at]
        copy = image.with_suffix(".looked-at")
        copy.unlink(missing_ok=True)
        run("cp", "--reflink=always", image, copy)
        start = time.monotonic()
        mount = Mount(copy, self.machine.folder / "crashed")
        return mount, mount.place / "catalog.db", start, acknowledged


class PowerCut(unittest.TestCase):
    def setUp(self):
        # Not /tmp, which may be in memory: loop devices on files there are no disks.
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="cleangate-cut-", dir="/var/tmp"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        try:
            self.machine = Machine(self.folder)
        except Unavailable as why:
            self.skipTest(f"no crash images can be made here: {why}. What a kill leaves behind is tested by app/killed.")
        self.addCleanup(self.machine.close)

    def test_nothing_acknowledged_is_lost(self):
        cuts = Cuts(self.machine, self.folder / "media", IMAGES)
        self.assertEqual(cuts.errors, [])
        self.assertEqual(len(cuts.taken), IMAGES)
        worst, counts, twice = 0.0, [], 0
        for i, (image, acknowledged) in enumerate(cuts.taken):
            with self.subTest(image=i, acknowledged=len(acknowledged)):
                wrong, took = self.wrong_with(cuts, i)
                if wrong:
                    # Once in a hundred, the first mount of a copy that was just made shows an older state than its bytes hold
                    # (other copies of the same image show all of it). What is lost is lost in every copy.
                    twice += 1
                    print(f"image {i} is looked at again: {wrong[:3]}", flush=True)
                    wrong, took = self.wrong_with(cuts, i)
                self.assertEqual(wrong, [])
                worst = max(worst, took)
                counts.append(len(acknowledged))
            image.unlink()
            image.with_suffix(".looked-at").unlink(missing_ok=True)
        self.assertLessEqual(twice, 1 + IMAGES // 100)
        print(f"{len(counts)} power cuts after {min(counts)} to {max(counts)} acknowledged assets: nothing lost; the file "
              f"system and the catalog recovered within {worst:.2f} s (limit {RECOVERY_LIMIT:.0f} s).")
        self.assertLess(worst, RECOVERY_LIMIT)

    def wrong_with(self, cuts, at):
        """What is wrong with the catalog of image `at`, and the seconds it took to recover."""
        mount, catalog, start, acknowledged = cuts.look(at)
        try:
            # The program itself opens it first: recovery is its to do.
            found = cleangate("find", "--json", "--limit", "1", "--catalog", catalog)
            took = time.monotonic() - start
            if found.status != 0 or found.json()["total"] < len(acknowledged):
                return [f"find: {found.status} {found.err} {found.out[-200:]}"] + losses(catalog, acknowledged), took
            checked = cleangate("catalog", "check", "--full", "--json", "--catalog", catalog)
            if (checked.status, checked.json()["sound"]) != (0, True):
                return [checked.out], took
            wrong = losses(catalog, acknowledged)
            if not wrong and at % 10 == 9:
                self.goes_on(catalog, cuts)
            return wrong, took
        finally:
            mount.close()

    def goes_on(self, catalog, cuts):
        """Ingesting again after a cut: each file is one asset with one judgement."""
        again = cleangate("ingest", "--json", "--catalog", catalog, cuts.media / "batch0", "--spec", SPEC)
        self.assertEqual(len(again.json()["assets"]), BATCH, again.err)
        with sqlite3.connect(catalog) as connection:
            rows = connection.execute(
                "SELECT count(DISTINCT asset.id), count(judgement.id) FROM location JOIN asset ON asset.id = location.asset "
                "LEFT JOIN judgement ON judgement.asset = asset.id AND latest = 1 WHERE path_text LIKE '%/batch0/%'").fetchone()
        self.assertEqual(rows, (BATCH, BATCH))

    def test_broken_durability_is_found_out(self):
        """The proof of the proof: where fsync does nothing, this harness finds losses."""
        try:
            library = shim(self.folder)
        except Unavailable as why:
            self.skipTest(str(why))
        for name, dropped, needle in (("everything", "/", ""), ("the log", "catalog.db-wal", ""),
                                      ("series files", "catalog.db.series", "a row names series")):
            with self.subTest(name):
                cuts = Cuts(self.machine, self.folder / f"media {name}", 6,
                            {"LD_PRELOAD": str(library), "DROP_SYNC": dropped})
                found = []
                for i in range(len(cuts.taken)):
                    mount, catalog, _, acknowledged = cuts.look(i)
                    wrong = losses(catalog, acknowledged)
                    mount.close()
                    cuts.taken[i][0].unlink()
                    found.append(sum(needle in line for line in wrong))
                print(f"fsync of {name} dropped: losses in {sum(n > 0 for n in found)} of {len(found)} images {found}")
                self.assertGreater(sum(n > 0 for n in found), 0)
            self.clear()

    def clear(self):
        """An empty disk for the next run."""
        for entry in self.machine.disk.glob("catalog*"):
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()


if __name__ == "__main__":
    if "--images" in sys.argv:
        at = sys.argv.index("--images")
        IMAGES = int(sys.argv[at + 1])
        del sys.argv[at:at + 2]
    main()
