# SPDX-License-Identifier: Apache-2.0
"""What the catalog has to reach: judging again, ingesting many small files, finding, and what the whole machine does."""
import json
import os
import pathlib
import random
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import wave

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "release"
CLEANGATE = str(BUILD / "cleangate")
KEPT = ROOT / "build" / "bench"

HOUSE = """profile: bench-house
title: Bench
status: ship
edition: v1
revision: {revision}
sources:
  own: {{document: Bench, edition: v1, grade: primary, checked: 2026-11-21}}
requirements:
  - {{id: rate, quantity: video.frame_rate, equals: 24, severity: reject, source: {{ref: own, clause: '1'}}}}
  - {{id: loudness, quantity: loudness.integrated, for: {{each: soundfield}}, max: {loudness} LUFS, severity: reject, source: {{ref: own, clause: '2'}}}}
  - {{id: range, quantity: loudness.range, for: {{each: soundfield}}, max: {range} LU, severity: warn, source: {{ref: own, clause: '3'}}}}
  - {{id: momentary, quantity: loudness.momentary_max, for: {{each: soundfield}}, max: {momentary} LUFS, severity: warn, source: {{ref: own, clause: '4'}}}}
  - {{id: peak, quantity: loudness.true_peak, for: {{each: soundfield}}, max: {peak} dBTP, severity: reject, source: {{ref: own, clause: '5'}}}}
  - {{id: black, quantity: picture.black, expect: none, longer_than: {longer} s, severity: warn, source: {{ref: own, clause: '6'}}}}
"""


def say(text):
    print(text, file=sys.stderr, flush=True)


def load():
    return f"load {os.getloadavg()[0]:.1f}"


def limit(value, most, unit, at_least=False):
    reached = value >= most if at_least else value <= most
    return f"limit {'at least ' if at_least else ''}{most:g}{unit}: {'reached' if reached else 'NOT reached'} ({load()})"


def run(*arguments, allowed=(0, 1, 3), **how):
    done = subprocess.run([CLEANGATE, *map(str, arguments)], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          check=False, **how)
    if done.returncode not in allowed:
        sys.exit(f"cleangate {' '.join(map(str, arguments))[:300]}: status {done.returncode}: {done.stderr[-400:]}")
    return done


def seconds_of(*arguments):
    start = time.monotonic()
    run(*arguments)
    return time.monotonic() - start


def house(path, revision, loudness=-10.0):
    path.write_text(HOUSE.format(revision=revision, loudness=loudness, range=20 + revision % 7, momentary=-3 - revision % 5,
                                 peak=-0.5 - revision % 3, longer=2 + revision % 4))
    return path


def forget(folder):
    """Drops the folder's files from the page cache (those files alone: the machine may be shared)."""
    os.sync()
    for file in folder.rglob("*"):
        if file.is_file():
            descriptor = os.open(file, os.O_RDONLY)
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(descriptor)


# ---- features ----------------------------------------------------------------------------------------------------------------

REEL = 900  # seconds that are really made; longer features repeat them


def make_feature(path, hours):
    """Small pictures, but as many as a feature has: rows do not grow with the picture. Sound in eight channels."""
    wanted = int(hours * 3600)
    seconds = min(wanted, REEL)
    say(f"making a feature of {hours:g} h (64x36, 24 frames/s, 8 channels)")
    noise = ("mandelbrot=size=64x36:rate=24:start_scale=2:end_scale=0.00001:end_pts=100000,noise=alls=12:allf=t,"
             f"format=yuv420p,trim=duration={seconds}")
    reel = path if seconds == wanted else path.with_name("reel.mov")
    # Programme-like sound: noise under a slow swell, each channel with its own.
    sound = "|".join(f"(random({i})-0.5)*0.2*(1+sin(2*PI*t/{7 + 3 * i}))*gte(mod(t+{i}*11\\,97)\\,2)" for i in range(8))
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", noise, "-f", "lavfi", "-i",
                    f"aevalsrc={sound}:s=48000:d={seconds}:c=7.1", "-c:v", "mpeg2video", "-q:v", "8", "-g", "12", "-c:a", "pcm_s16le",
                    str(reel)], check=True, stdin=subprocess.DEVNULL)
    if reel == path:
        return
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-stream_loop", "-1", "-i", str(reel), "-map", "0", "-c", "copy", "-t", str(wanted),
                    str(path)], check=True, stdin=subprocess.DEVNULL)
    reel.unlink()


def feature_catalog(hours, assets):
    """Made once: one feature that was really measured, and copies of it in the catalog."""
    folder = KEPT / f"features-{hours:g}h-{assets}"
    if (folder / "catalog.db").exists():
        return folder / "catalog.db"
    part = KEPT / "features-part"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    media = part / "feature.mov"
    make_feature(media, hours)
    say(f"measuring it ({media.stat().st_size / 1e9:.1f} GB)")
    start = time.monotonic()
    run("ingest", media, "--catalog", part / "catalog.db", "--spec", house(part / "house.yaml", 1))
    say(f"measured in {time.monotonic() - start:.0f} s; making {assets} of it")
    media.unlink()
    subprocess.run([str(BUILD / "feature_bench"), "multiply", str(part / "catalog.db"), str(assets)], check=True)
    run("judge", "--quiet", "--catalog", part / "catalog.db", "--spec", part / "house.yaml")
    part.rename(folder)
    return folder / "catalog.db"


def bench_rejudge(options):
    """Judging features again from what is remembered of them."""
    hours, assets = options.hours, options.assets
    catalog = feature_catalog(hours, assets)
    spec = catalog.parent / "house.yaml"
    turn = int(time.time()) % 100_000
    print(f"\nJudging {assets} features of {hours:g} h again (8 channels, 24 frames/s)")
    warm = []
    for i in range(3):
        house(spec, turn + i, loudness=-20 + i)
        warm.append(seconds_of("judge", "--quiet", "--catalog", catalog, "--spec", spec))
    value = statistics.median(warm) * 1000 / assets
    print(f"  other limits, warm:       {statistics.median(warm):7.2f} s   (1,000: {value:.2f} s)   {limit(value, 10, ' s')}")
    house(spec, turn + 3, loudness=-24)
    forget(catalog.parent)
    value = seconds_of("judge", "--quiet", "--catalog", catalog, "--spec", spec) * 1000 / assets
    print(f"  other limits, cold:       {value * assets / 1000:7.2f} s   (1,000: {value:.2f} s)   {limit(value, 30, ' s')}")
    # One profile more, of one asset: nothing of it was judged by that profile yet.
    single = []
    for i in range(9):
        other = house(catalog.parent / f"one-{turn + i}.yaml", turn + i)
        other.write_text(other.read_text().replace("profile: bench-house", f"profile: one-more-{turn + i}"))
        single.append(seconds_of("judge", f"number:{2 + i}", "--quiet", "--catalog", catalog, "--spec", other) * 1000)
        other.unlink()
    value = statistics.median(single)
    print(f"  one more profile, one asset: {value:.0f} ms   {limit(value, 50, ' ms')}")
    bench_folding(catalog, spec, turn, min(20, assets))
    bench_sizes(catalog, hours, assets)


def rows_of(catalog, where):
    """Rows and bytes a row, by row type."""
    sizes = {}
    for line in subprocess.run([str(BUILD / "feature_bench"), "rows"], check=True, capture_output=True, text=True).stdout.splitlines():
        name, version, size = line.split()
        sizes[name, int(version)] = int(size)
    answer = json.loads(run("sql", f"SELECT row, version, sum(rows), sum(bytes) FROM measured_rows WHERE {where} GROUP BY row, version",
                            "--json", "--catalog", catalog).stdout)
    return [(row, rows, rows * sizes[row, version], stored) for row, version, rows, stored in answer["rows"]]


def bench_folding(catalog, spec, turn, count):
    """Other parameters, as if nothing were remembered: rows are read, unpacked and folded."""
    with sqlite3.connect(catalog) as connection:
        connection.execute("DELETE FROM memo WHERE asset <= ?", (count,))
    connection.close()
    house(spec, turn + 4)
    seconds = seconds_of("judge", f"number:1..{count}", "--quiet", "--catalog", catalog, "--spec", spec)
    needed = rows_of(catalog, f"number BETWEEN 1 AND {count}")
    bare, stored = sum(part[2] for part in needed), sum(part[3] for part in needed)
    print(f"  other parameters, {count} assets: {seconds:.2f} s, {bare / seconds / 1e6:.0f} MB/s of rows folded at most ({stored / seconds / 1e6:.0f} "
          f"MB/s as stored); 1,000 assets: {seconds * 1000 / count:.0f} s   ({load()})")


def bench_sizes(catalog, hours, assets):
    print("  what a feature takes, an hour:")
    total = 0.0
    for row, rows, bare, stored in rows_of(catalog, "number = 1"):
        total += stored / hours
        print(f"    {row:20} {rows / hours:12,.0f} rows {bare / hours / 1e6:8.1f} MB bare {stored / hours / 1e6:8.1f} MB stored")
    print(f"    together {total / 1e6:.1f} MB   {limit(total / 1e6, 30, ' MB')}")
    run("sql", "SELECT 1", "--catalog", catalog)
    each = catalog.stat().st_size / assets / 1000
    print(f"  catalog.db: {each:.1f} kB an asset, judged by one spec many times   {limit(each, 150, ' kB')}")


# ---- many small files ----------------------------------------------------------------------------------------------------------

def many_sounds(count):
    """Small files, each with a content of its own."""
    folder = KEPT / f"sounds-{count}"
    if folder.exists():
        return folder
    say(f"making {count} small files")
    part = KEPT / "sounds-part"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    movie = part / "movie.mov"
    subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25:duration=1", "-f", "lavfi", "-i",
                    "sine=sample_rate=48000:duration=1", "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "pcm_s16le", str(movie)],
                   check=True, stdin=subprocess.DEVNULL)
    template = movie.read_bytes()
    movie.unlink()
    at = template.find(b"mdat")
    dice = random.Random(1)
    for i in range(count):
        if i % 2:
            content = bytearray(template)
            content[at + len(template) // 2:at + len(template) // 2 + 8] = dice.randbytes(8)  # in the sound or the picture
            (part / f"{i:05}.mov").write_bytes(content)
        else:
            with wave.open(str(part / f"{i:05}.wav"), "wb") as file:
                file.setnchannels(2)
                file.setsampwidth(2)
                file.setframerate(48000)
                file.writeframes(dice.randbytes(4 * 24000))
    part.rename(folder)
    return folder


def bench_small(options):
    """Ingest of many small files, and of what is known."""
    count = options.files
    folder = many_sounds(count)
    for file in folder.iterdir():
        file.read_bytes()  # into the page cache
    with tempfile.TemporaryDirectory(dir=KEPT) as place:
        catalog = pathlib.Path(place) / "packets.db"
        print(f"\nIngest of {count} small files (half of them movies)")
        packets = seconds_of("ingest", folder, "--depth", "packets", "--catalog", catalog)
        print(f"  --depth packets: {packets:6.2f} s, {count / packets:5.0f} files/s   {limit(count / packets, 150, ' files/s', at_least=True)}")
        known = seconds_of("ingest", folder, "--depth", "packets", "--catalog", catalog) * 1000 / count
        print(f"  known already:   {known:6.2f} ms a file   {limit(known, 5, ' ms')}")
        one = [seconds_of("ingest", folder / "00000.wav", "--depth", "packets", "--catalog", catalog) * 1000 for _ in range(5)]
        print(f"  one known file, the whole program: {statistics.median(one):.0f} ms   ({load()})")
        header = seconds_of("ingest", folder, "--depth", "header", "--catalog", pathlib.Path(place) / "header.db") * 1000 / count
        sample = sorted(folder.iterdir())[:100]
        start = time.monotonic()
        for file in sample:
            subprocess.run(["ffprobe", "-v", "error", "-show_format", "-show_streams", str(file)], check=True, stdin=subprocess.DEVNULL,
                           stdout=subprocess.DEVNULL)
        probe = (time.monotonic() - start) * 1000 / len(sample)
        print(f"  --depth header:  {header:6.2f} ms a file, one ffprobe each {probe:.1f} ms: {probe / header:.1f}x faster   "
              f"{limit(probe / header, 20, 'x', at_least=True)}")


# ---- the whole machine -----------------------------------------------------------------------------------------------------------

class Watched(threading.Thread):
    """Peak of the memory of a process and all its descendants together (proportional set size)."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.peak, self.over = pid, 0, threading.Event()

    def family(self):
        found, pending = [], [self.pid]
        while pending:
            pid = pending.pop()
            found.append(pid)
            try:
                for task in os.listdir(f"/proc/{pid}/task"):
                    pending += map(int, pathlib.Path(f"/proc/{pid}/task/{task}/children").read_text().split())
            except OSError:
                pass
        return found

    def run(self):
        while not self.over.wait(0.05):
            total = 0
            for pid in self.family():
                try:
                    total += int(pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().split("\nPss:")[1].split()[0])
                except (OSError, IndexError):
                    pass
            self.peak = max(self.peak, total)


def bench_machine(options, masters):
    """All cores and the memory while a mixed set is decoded."""
    with tempfile.TemporaryDirectory(dir=KEPT) as place:
        before, start = os.times(), time.monotonic()
        with subprocess.Popen([CLEANGATE, "ingest", *map(str, masters), "--quiet", "--catalog", f"{place}/c.db"], stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL) as process:
            watched = Watched(process.pid)
            watched.start()
            process.wait()
            watched.over.set()
        wall, after = time.monotonic() - start, os.times()
        watched.join()
    cores = (after.children_user + after.children_system - before.children_user - before.children_system) / wall
    available = len(os.sched_getaffinity(0))
    print(f"\nDecoding a mixed set ({', '.join(master.name for master in masters)})")
    print(f"  CPU: {cores:.2f} cores of {available}   {limit(cores, 1.9 * available / 2, ' cores', at_least=True)}")
    print(f"  memory of all processes together: {watched.peak / 2**20:.2f} GiB   {limit(watched.peak / 2**20, 2.5, ' GiB')}")


# ---- finding -----------------------------------------------------------------------------------------------------------------------

def bench_find(options):
    """Finds in a large catalog, with facets."""
    catalog = KEPT / f"find-{options.found}" / "catalog.db"
    if not catalog.exists():
        part = KEPT / "find-part"
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        say(f"making a catalog of {options.found} assets")
        subprocess.run([str(BUILD / "catalog_bench"), "make", str(part / "catalog.db"), str(options.found)], check=True)
        part.rename(catalog.parent)
    done = subprocess.run([str(BUILD / "catalog_bench"), "find", str(catalog), "3"], check=True, capture_output=True, text=True).stdout
    print(f"\nFinds in {options.found:,} assets, each with facets; one in 100 has 500 captions ({catalog.stat().st_size / 1e9:.1f} GB)")
    print("".join(f"  {line}\n" for line in done.splitlines()), end="")
    p95 = float(done.split("p95 ")[1].split()[0])
    opening = float(done.rsplit("p95 ", 1)[1].split()[0])
    print(f"  find p95 {p95:.0f} ms   {limit(p95, 300, ' ms')}\n  open p95 {opening:.1f} ms   {limit(opening, 50, ' ms')}")
