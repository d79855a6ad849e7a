# SPDX-License-Identifier: Apache-2.0
"""Pictures and sounds with known properties, made by the ffmpeg program.

Loudness is set with ffmpeg's own meter (the ebur128 filter), which shares no code with Cleangate.
"""
import hashlib
import pathlib
import subprocess
import threading

RATE = 48000


def run(*arguments):
    """Runs ffmpeg; returns what it printed on stderr."""
    command = ["ffmpeg", "-hide_banner", "-nostdin", "-y", *[str(a) for a in arguments]]
    outcome = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    printed = outcome.stderr.decode("utf-8", "replace")
    if outcome.returncode != 0:
        raise RuntimeError(f"ffmpeg failed: {' '.join(command)}\n{printed[-2000:]}")
    return printed


def loudness_of(path):
    """Integrated loudness in LUFS by ffmpeg's meter, three decimals."""
    outcome = subprocess.run(
        ["ffmpeg", "-hide_banner", "-nostdin", "-i", path, "-map", "0:a:0", "-af",
         "ebur128=metadata=1:framelog=verbose,ametadata=mode=print:key=lavfi.r128.I:file=-", "-f", "null", "-"],
        stdin=subprocess.DEVNULL, capture_output=True, check=True)
    return float(outcome.stdout.decode().rsplit("=", 1)[1])


# Plucked chords over a little noise, detuned so that no two channels are equal.
def _music(channels):
    parts = []
    for channel in range(channels):
        base = 196 * (1 + 0.26 * channel)
        if channels == 6 and channel == 3:  # LFE
            parts.append("0.2*sin(2*PI*45*t)*exp(-1.5*mod(t\\,1))")
            continue
        parts.append("+".join(
            f"0.2*sin(2*PI*{base * step:.2f}*t)*exp(-{2 + note}*mod(t+{0.21 * channel:.2f}\\,{0.5 + 0.25 * note}))"
            for note, step in enumerate((1, 1.5, 2.52))) + f"+0.05*(random({channel})-0.5)")
    return "|".join(parts)


class Studio:
    """Parts that several samples share, made once."""
    _lock = threading.Lock()
    _locks = {}

    def __init__(self, folder, key):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.key = key

    def _part(self, description, suffix, make):
        name = hashlib.sha256(f"{self.key} {description}".encode()).hexdigest()[:20] + suffix
        path = self.folder / name
        with Studio._lock:
            lock = Studio._locks.setdefault(name, threading.Lock())
        with lock:
            if not path.exists():
                unfinished = path.with_name("unfinished-" + name)
                make(unfinished)
                unfinished.rename(path)
        return path

    def sound(self, seconds, channels=2, lufs=-23.0, burst=None, rate=RATE):
        """WAV, 24 bit. `burst` = (first sample, samples, amplitude): a 5 kHz tone on the first channel that
        swells and fades, in a gap of the music, so that its amplitude is the true peak."""
        layout = {1: "mono", 2: "stereo", 3: "2.1", 6: "5.1"}[channels]

        def mix(path, gain):
            tone, gap = "0", ""
            if burst:
                first, count, amplitude = burst
                middle = (first + count / 2) / rate
                tone = (f"{amplitude}*cos(2*PI*5000*(t-{middle}))*pow(sin(PI*(n-{first})/{count})\\,2)"
                        f"*gte(n\\,{first})*lt(n\\,{first + count})")
                gap = f",volume=0:enable='between(t,{first / rate - 0.02},{(first + count) / rate + 0.02})'"
            silent = "|".join([tone] + ["0"] * (channels - 1))
            run("-f", "lavfi", "-i", f"aevalsrc={_music(channels)}:s={rate}:d={seconds}:c={layout}",
                "-f", "lavfi", "-i", f"aevalsrc={silent}:s={rate}:d={seconds}:c={layout}",
                "-filter_complex", f"[0]volume={gain}dB:precision=double{gap}[m];[m][1]amix=inputs=2:normalize=0",
                "-c:a", "pcm_s24le", "-fflags", "+bitexact", "-f", "wav", path)

        def make(path):
            gain = 0.0
            for _ in range(4):
                mix(path, gain)
                off = lufs - loudness_of(path)
                if abs(off) < 0.01:
                    return
                gain += off
            raise RuntimeError(f"loudness {lufs} LUFS not reached: {off} LU off")

        return self._part(f"sound {seconds} {channels} {lufs} {burst} {rate}", ".wav", make)

    def silence(self, seconds, channels=2):
        layout = {2: "stereo", 6: "5.1"}[channels]
        return self._part(f"silence {seconds} {channels}", ".wav", lambda path: run(
            "-f", "lavfi", "-i", f"anullsrc=r={RATE}:cl={layout}", "-t", seconds, "-c:a", "pcm_s24le",
            "-fflags", "+bitexact", "-f", "wav", path))

    def picture(self, size, rate, frames, encode, filters=(), black=(), suffix=".mp4", pixels="yuv420p"):
        """Moving test picture with grain, `frames` long, encoded by the options `encode`. `black` lists
        half-open frame runs that are made black (code value 16)."""
        chain = [f"trim=end_frame={frames}", "noise=c0_seed=7:c0_strength=14:c0_flags=t"]
        chain += [f"drawbox=color=black:t=fill:enable='between(n\\,{first}\\,{end - 1})'" for first, end in black]
        chain += list(filters)
        chain.append(f"format={pixels}")
        description = f"picture {size} {rate} {frames} {encode} {filters} {black} {suffix} {pixels}"
        return self._part(description, suffix, lambda path: run(
            "-f", "lavfi", "-i", f"testsrc2=size={size}:rate={rate}", "-vf", ",".join(chain), "-an",
            *encode, "-fflags", "+bitexact", "-flags:v", "+bitexact", path))


def join(picture, sound, target, audio, container=(), seek=()):
    """Puts picture and sound into one file; `seek`: input options of the picture."""
    run(*seek, "-i", picture, "-i", sound, "-map", "0:v:0", "-map", "1:a:0", "-c:v", "copy", *audio, *container,
        "-map_metadata", "-1", "-fflags", "+bitexact", target)


def cut(source, target, share):
    """The first `share` (0..1) of the bytes of a file."""
    content = pathlib.Path(source).read_bytes()
    pathlib.Path(target).write_bytes(content[: int(len(content) * share)])
