# SPDX-License-Identifier: Apache-2.0
"""How often planted defects are found, frame-exactly, and how often clean pictures are accused.

Every trial is drawn from its seed: a stretch of a real clip (where none is at hand, of a made one), a depth, a codec, grain or none, a defect,
its length and place. Frames are edited as raw samples between decoder and encoder, so the truth is known by the frame. Clean stretches are
measured as they are; what they say is looked at by eye before it is called false (docs/accuracy.md).
"""
import array
import json
import math
import os
import pathlib
import random
import subprocess
import tempfile

WIDTH, HEIGHT, RATE, LENGTH = 640, 360, 25, 100
REAL = "containers/debian-libopenshot/sintel_trailer-720p.mp4"
# Stretches (seconds) of the real clip that move, with cuts, without titles and black.
MOVING = [(12.2, 15.8), (22.2, 27.5), (28.6, 31.8), (33.0, 37.0), (37.0, 41.0)]
PROFILE = """profile: accuracy
title: "Accuracy"
status: beta
edition: "1"
revision: 1
sources:
  bench: {document: "bench/accuracy.py", edition: "1", url: "https://example.org", grade: primary, checked: 2026-11-22}
requirements:
"""
QUANTITIES = {"black": "picture.black", "freeze": "picture.freeze", "single color": "picture.single_color", "duplicate": "picture.repeats",
              "flash frames": "picture.flash_frames", "line dropout": "picture.line_dropouts", "column dropout": "picture.column_dropouts",
              "dead pixel": "picture.dead_pixels"}
for _name, _quantity in QUANTITIES.items():
    _expect = "max: 0" if _name == "dead pixel" else "expect: none"
    PROFILE += (f"  - {{id: {_name.replace(' ', '-')}, quantity: {_quantity}, {_expect}, severity: reject, "
                "source: {ref: bench, clause: \"1\"}}\n")
CODECS = {8: [("H.264 crf 18", "mp4", "-c:v libx264 -preset veryfast -crf 18"), ("MPEG-2 30 Mb/s", "mxf", "-c:v mpeg2video -q:v 2 -g 12 -bf 2"),
              ("FFV1", "mkv", "-c:v ffv1")],
          10: [("ProRes 422 HQ", "mov", "-c:v prores_ks -profile:v 3"), ("FFV1", "mkv", "-c:v ffv1")]}


class Clip:
    """Frames as lists of bytes: planar 4:2:0 of 8 bits or 4:2:2 of 10."""

    def __init__(self, frames, bits):
        self.frames, self.bits = frames, bits
        self.luma = WIDTH * HEIGHT

    def samples(self, i):
        """Luma of frame i, to be changed and put back."""
        return array.array("B" if self.bits == 8 else "H", self.frames[i][:self.luma * (1 if self.bits == 8 else 2)])

    def put(self, i, samples):
        self.frames[i] = samples.tobytes() + self.frames[i][len(samples) * samples.itemsize:]

    def middle(self):
        return 126 << (self.bits - 8)

    def clamp(self, code):
        return max(1 << (self.bits - 8), min(254 << (self.bits - 8), round(code)))

    def flat(self, y, cb, cr):
        scale = 1 << (self.bits - 8)
        kind = "B" if self.bits == 8 else "H"
        chroma = self.luma // 4 if self.bits == 8 else self.luma // 2
        return b"".join(array.array(kind, [code * scale]).tobytes() * count
                        for code, count in ((y, self.luma), (cb, chroma), (cr, chroma)))


def decode(source, start, bits, grain, seed):
    pixels = "yuv420p" if bits == 8 else "yuv422p10le"
    size = WIDTH * HEIGHT * 3 // 2 if bits == 8 else WIDTH * HEIGHT * 4
    # The noise filter knows 8 bits only, and says nothing.
    noise = f",noise=alls={grain}:allf=t:all_seed={seed}" if grain else ""
    chain = f"fps={RATE},scale={WIDTH}:{HEIGHT},format={pixels.removesuffix('10le')}{noise},format={pixels}"
    where = ["-ss", str(start), "-i", source] if source else ["-f", "lavfi", "-i", f"mandelbrot=size={WIDTH}x{HEIGHT}:rate={RATE}:start_scale={start}"]
    raw = subprocess.run(["ffmpeg", "-v", "error", "-nostdin", *where, "-frames:v", str(LENGTH), "-an", "-vf", chain, "-f", "rawvideo", "-"], check=True,
                         capture_output=True).stdout
    return Clip([raw[i:i + size] for i in range(0, len(raw), size)], bits)


def encode(clip, path, options):
    pixels = "yuv420p" if clip.bits == 8 else "yuv422p10le"
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", pixels, "-s", f"{WIDTH}x{HEIGHT}", "-r", str(RATE), "-i", "-",
                    "-pix_fmt", pixels, "-color_range", "tv", *options.split(), str(path)], check=True, input=b"".join(clip.frames))


def plant_dropout(clip, upright, frames, draw):
    """A line or column, or two or three side by side, off by 20 to 60 % of the nominal range over half to all of its length."""
    unit = 219 << (clip.bits - 8)
    across, along = (WIDTH, HEIGHT) if upright else (HEIGHT, WIDTH)
    count, at = draw.choice((1, 1, 1, 2, 3)), draw.randrange(8, across - 8)
    length = draw.randrange(along // 2, along + 1)
    start = draw.randrange(0, along - length + 1)
    off, manner = draw.uniform(0.2, 0.6) * unit, draw.choice(("offset", "offset", "flat"))
    for i in frames:
        samples = clip.samples(i)
        spots = [[(y, at + k) if upright else (at + k, y) for y in range(start, start + length)] for k in range(count)]
        mean = sum(samples[y * WIDTH + x] for y, x in spots[0]) / length
        sign = 1 if mean < clip.middle() else -1
        for y, x in (spot for line in spots for spot in line):
            code = mean + sign * max(off, 0.3 * unit) if manner == "flat" else samples[y * WIDTH + x] + sign * off
            samples[y * WIDTH + x] = clip.clamp(code)
        clip.put(i, samples)


def changes_at(clip, place):
    """Whether the picture at a place gets brighter and darker by a tenth of the range: else it may be part of the picture for all one can see."""
    swings, direction, low, high = 0, 0, None, None
    for i in range(len(clip.frames)):
        samples = clip.samples(i)
        level = sum(sum(samples[place + y * WIDTH - 4:place + y * WIDTH + 5]) for y in range(-4, 5)) / 81
        low, high = min(level, low or level), max(level, high or level)
        up, down = direction <= 0 and level - low > 22 << (clip.bits - 8), direction >= 0 and high - level > 22 << (clip.bits - 8)
        if up or down:
            swings, direction, low, high = swings + 1, 1 if up else -1, level, level
    return swings >= 2


def plant_pixel(clip, draw):
    """One sample off by 30 to 60 % of the nominal range in every frame, or stuck where it is so in most."""
    unit = 219 << (clip.bits - 8)
    for _ in range(200):
        place = draw.randrange(8, HEIGHT - 8) * WIDTH + draw.randrange(8, WIDTH - 8)
        if changes_at(clip, place):
            break
    else:
        return 0, 0
    codes = [clip.samples(i)[place] for i in range(len(clip.frames))]
    sign = 1 if sorted(codes)[len(codes) // 2] < clip.middle() else -1
    off, stuck = draw.uniform(0.3, 0.6) * unit, draw.random() < 0.5
    middle = sorted(codes)[len(codes) // 2]
    for i, code in enumerate(codes):
        samples = clip.samples(i)
        samples[place] = clip.clamp((middle if stuck else code) + sign * off)
        clip.put(i, samples)
    return 0, len(clip.frames)


def plant(kind, clip, draw):
    """Puts one defect in; gives [first, end) of the frames it shows in."""
    count = len(clip.frames)
    if kind == "black":
        length = draw.choice((1, 1, 2, 3, 12, 25))
        first = draw.randrange(2, count - length)
        clip.frames[first:first + length] = [clip.flat(draw.choice((16, 16, 17, 18)), 128, 128)] * length
        return first, first + length
    if kind == "single color":
        length = draw.choice((1, 2, 12, 25))
        first = draw.randrange(2, count - length)
        color = draw.choice(((41, 240, 110), (145, 54, 34), (82, 90, 240), (235, 128, 128), (126, 128, 128), (170, 166, 16)))
        clip.frames[first:first + length] = [clip.flat(*color)] * length
        return first, first + length
    if kind == "freeze":
        length = draw.choice((6, 8, 12, 25, 40))
        first = draw.randrange(3, count - length + 1)  # up to the end of the file
        clip.frames[first:first + length] = [clip.frames[first]] * length
        return first, first + length
    if kind == "duplicate":
        first = draw.randrange(3, count - 3)
        clip.frames[first] = clip.frames[first - 1]
        return first, first + 1
    if kind in ("line dropout", "column dropout"):
        length = draw.choice((1, 1, 1, 2, 3, 8, 20))
        first = draw.randrange(2, count - length - 1)
        plant_dropout(clip, kind == "column dropout", range(first, first + length), draw)
        return first, first + length
    if kind == "dead pixel":
        return plant_pixel(clip, draw)
    length = draw.choice((1, 1, 2))
    first = draw.randrange(8, count - 8)
    if draw.random() < 0.5:
        stray = [clip.flat(235, 128, 128)] * length
    else:
        far = (first + count // 2) % count
        stray = clip.frames[far:far + length]
    clip.frames[first:first + length] = stray
    return first, first + len(stray)


def runs_of(program, path, folder):
    spec = folder / "accuracy.yaml"
    spec.write_text(PROFILE)
    done = subprocess.run([program, "check", "--no-catalog", "--json", "--quiet", "--spec", str(spec), str(path)], capture_output=True, check=False)
    verdict = json.loads(done.stdout)["verdicts"][0]
    runs = {name: [] for name in QUANTITIES}
    for finding in verdict["findings"]:
        if finding["outcome"] == "fail":
            runs[finding["requirement"].replace("-", " ")] += [(s["first_frame"], s["end_frame"]) for s in finding["spans"]]
    return runs, verdict["counts"]["inconclusive"]


def difference(clip, a, b):
    """Mean absolute difference of luma, percent of the nominal range; every 17th sample."""
    kind = "B" if clip.bits == 8 else "H"
    one, other = (array.array(kind, clip.frames[i])[:clip.luma:17] for i in (a, b))
    return 100 * sum(abs(x - y) for x, y in zip(one, other)) / len(one) / (219 << (clip.bits - 8))


def visible(kind, clip, truth):
    """Whether the defect that was drawn can be seen: a still before a freeze, or a stray frame like its neighbors, is none."""
    first, end = truth
    if first == end:
        return False
    moves = lambda i: 1 <= i < len(clip.frames) and difference(clip, i, i - 1) > 0.3
    if kind == "freeze":
        return moves(first) and (end == len(clip.frames) or moves(end))
    if kind == "duplicate":
        return all(moves(i) for i in (first - 1, first + 1, first + 2))
    if kind == "flash frames":
        if end >= len(clip.frames) - 1:
            return False
        jump = min(difference(clip, first, first - 1), difference(clip, end, end - 1))
        calm = max(difference(clip, first - 1, first - 2), difference(clip, end + 1, end))
        return jump > 12 and calm < 2.5
    return True


def found_exactly(kind, truth, runs):
    """Lossy codecs may repeat the frame before a freeze as well as those in it; a freeze holds from the frame that is repeated."""
    if kind == "dead pixel":
        return len(runs[kind]) == 1
    return truth in runs[kind]


def bench_accuracy(program, media, trials, first_seed):
    real = pathlib.Path(media) / REAL if media else None
    source = str(real) if real and real.exists() else None
    print(f"\nPlanted defects, seeds {first_seed} to {first_seed + trials - 1} of each kind, in {'a real clip' if source else 'made pictures'}, "
          f"{WIDTH}x{HEIGHT}, {LENGTH} frames each")
    print(f"  {'kind':14} {'planted':>7} {'found':>6} {'exact':>6} {'recall':>7}   missed or not exact")
    with tempfile.TemporaryDirectory(prefix="cleangate-accuracy-") as name:
        folder = pathlib.Path(name)
        for kind in QUANTITIES:
            planted = found = exact = 0
            misses = []
            for seed in range(first_seed, first_seed + trials):
                draw = random.Random(f"{kind} {seed}")
                bits = draw.choice((8, 10))
                codec, suffix, options = draw.choice(CODECS[bits])
                grain = draw.choice((0, 0, 4, 8))
                start = draw.choice(MOVING)[0] if source else draw.uniform(0.05, 2)
                clip = decode(source, start, bits, grain, seed)
                truth = plant(kind, clip, draw)
                if not visible(kind, clip, truth):
                    continue
                path = folder / f"trial.{suffix}"
                encode(clip, path, options)
                runs, _ = runs_of(program, path, folder)
                planted += 1
                overlaps = any(a < truth[1] and truth[0] < b for a, b in runs[kind])
                found += overlaps
                exact += found_exactly(kind, truth, runs)
                if not found_exactly(kind, truth, runs):
                    misses.append(f"seed {seed} ({codec}, {bits} bit, grain {grain}): {truth} gave {runs[kind] or 'nothing'}")
            recall = exact / planted if planted else math.nan
            print(f"  {kind:14} {planted:7} {found:6} {exact:6} {recall:7.3f}   {'; '.join(misses[:4])}", flush=True)


def upper_bound(events, hours):
    """Of a rate, 95 %, by the Poisson distribution; 3/hours where nothing happened."""
    low, high = events, 10 * (events + 5)
    chance = lambda mean: sum(math.exp(-mean + k * math.log(mean) - math.lgamma(k + 1)) for k in range(events + 1))
    for _ in range(60):
        middle = (low + high) / 2 or 1e-9
        low, high = (middle, high) if chance(middle) > 0.05 else (low, middle)
    return high / hours


def bench_false_alarms(program, files):
    """Clean pictures: files that nobody edited. Runs are printed, to be looked at."""
    hours = 0.0
    totals = {kind: 0 for kind in QUANTITIES}
    print("\nReal pictures as they are")
    with tempfile.TemporaryDirectory(prefix="cleangate-accuracy-") as name:
        for file in files:
            done = subprocess.run([program, "measure", "--no-catalog", "--json", "--quiet", "--depth", "packets", file], capture_output=True, check=False)
            asset = json.loads(done.stdout)["assets"][0]
            seconds = next((float(s.get("duration_s") or 0) for s in asset.get("streams", []) if s.get("kind") == "video"), 0)
            hours += seconds / 3600
            runs, _ = runs_of(program, file, pathlib.Path(name))
            for kind, spans in runs.items():
                totals[kind] += len(spans)
                if spans:
                    print(f"  {os.path.basename(file)}: {kind} at frames {', '.join(f'{a}-{b - 1}' for a, b in spans[:8])}")
    print(f"  {hours:.3f} distinct hours")
    for kind, count in totals.items():
        print(f"  {kind:14} {count:3} runs, to be looked at; if all were false: at most {upper_bound(count, hours):.0f} an hour (95 %); "
              f"none: {3 / hours:.0f}")
