# SPDX-License-Identifier: Apache-2.0
"""What is made: for each spec one deliverable that conforms, and copies that break exactly one thing each.

The truth of a sample is written down here, beside the recipe that plants it, never read back from Cleangate.
`adds` and `drops` are the findings of a check that differ from those of the conforming sample of the same spec; a
finding is (requirement, outcome) with, where it has them, spans as half-open frame runs.
"""
import pathlib
from dataclasses import dataclass, field

from studio import Studio, cut, join

PCM = ("-c:a", "pcm_s24le")
AC3 = ("-c:a", "ac3", "-b:a", "384k")
# Without its shortcuts (noise substitution, joint stereo) the encoder fills the rate it is given.
AAC = ("-c:a", "aac", "-b:a", "448k", "-aac_pns", "0", "-aac_is", "0", "-aac_ms", "0")
BT2020 = ("-color_primaries", "bt2020", "-color_trc", "bt2020-10", "-colorspace", "bt2020nc", "-color_range", "tv")
BT709 = ("-color_primaries", "bt709", "-color_trc", "bt709", "-colorspace", "bt709", "-color_range", "tv")
FRONT = ("-movflags", "+faststart", "-use_editlist", "0")
BACK = ("-use_editlist", "0")


def x264(mbps, gop, bframes=2, more="", profile="high"):
    """H.264 at a constant bit rate (padded to it), closed GOPs of one length, a fixed run of B pictures."""
    options = f"nal-hrd=cbr:force-cfr=1:scenecut=0:open-gop=0:b-adapt=0{more}"
    return ("-c:v", "libx264", "-preset", "veryfast", "-profile:v", profile, "-threads", "2", "-b:v", f"{mbps}M",
            "-minrate", f"{mbps}M", "-maxrate", f"{mbps}M", "-bufsize", f"{mbps / 2}M", "-g", str(gop), "-bf",
            str(bframes), "-x264-params", options, *BT709)


def open_gop(options):
    return tuple(option.replace("open-gop=0", "open-gop=1") for option in options)


def x265(mbps, gop):
    return ("-c:v", "libx265", "-preset", "ultrafast", "-b:v", f"{mbps}M", "-tag:v", "hvc1", "-x265-params",
            f"log-level=error:open-gop=0:keyint={gop}:min-keyint={gop}:scenecut=0:bframes=2:b-adapt=0:pools=2", *BT709)


@dataclass
class Sample:
    name: str
    extension: str
    spec: str
    about: str
    make: object  # make(studio, target)
    planted: dict = field(default_factory=dict)
    adds: list = field(default_factory=list)
    drops: list = field(default_factory=list)
    breaks: bool = True
    verdict: str = "fail"
    named: str = ""  # the file's name where the name itself is what is broken

    @property
    def file_name(self):
        return self.named or f"{self.name}.{self.extension}"

    def manifest(self):
        return {"file": self.file_name, "name": self.name, "spec": self.spec, "about": self.about,
                "breaks": self.breaks, "verdict": self.verdict, "planted": self.planted,
                "findings": expected(self)}


def fails(requirement, **detail):
    return {"requirement": requirement, "outcome": "fail", **detail}


def warns(requirement, **detail):
    return fails(requirement, severity="warn", **detail)


def doubts(requirement, **detail):
    return {"requirement": requirement, "outcome": "inconclusive", **detail}


# ---- EBU R 128: sound only; the picture is there because a master has one --------------------------------------

R128_SECONDS = 12


def r128_picture(studio):
    return studio.picture("640x360", "25", 25 * R128_SECONDS, x264(2, 25))


def r128(name, about, sound, **rest):
    def make(studio, target):
        join(r128_picture(studio), sound(studio), target, PCM)
    return Sample(f"r128-{name}", "mov", "ebu-r128", about, make, **rest)


def truncated(picture, sound, target, audio, share):
    whole = pathlib.Path(str(target) + ".whole" + target.suffix)
    join(picture, sound, whole, audio, container=("-movflags", "+faststart"))
    cut(whole, target, share)
    whole.unlink()


def r128_truncated(studio, target):
    truncated(r128_picture(studio), studio.sound(R128_SECONDS), target, PCM, 0.6)


# The first 60 % are louder by 1.6 dB and the rest quieter by 4.8 dB: the energies come to -23.0 LUFS again.
def r128_truncated_loud(studio, target):
    loud = ("-af", "volume='if(lt(t,7.2),1.2023,0.5754)':eval=frame")
    truncated(r128_picture(studio), studio.sound(R128_SECONDS), target, (*PCM, *loud), 0.6)


def ebu_r128():
    full = R128_SECONDS
    return [
        r128("conforming", "programme loudness -23.0 LUFS", lambda s: s.sound(full), breaks=False, verdict="pass",
             planted={"integrated_lufs": -23.0}),
        r128("loud", "programme loudness -21.0 LUFS", lambda s: s.sound(full, lufs=-21.0),
             planted={"integrated_lufs": -21.0}, adds=[fails("programme-loudness", value=-21.0, within=0.05)]),
        r128("quiet", "programme loudness -26.0 LUFS", lambda s: s.sound(full, lufs=-26.0),
             planted={"integrated_lufs": -26.0}, adds=[fails("programme-loudness", value=-26.0, within=0.05)]),
        r128("true-peak", "one 10 ms tone of -0.3 dBFS at 5 s, loudness still -23.0 LUFS",
             lambda s: s.sound(full, burst=(240000, 480, 0.966)),
             planted={"integrated_lufs": -23.0, "true_peak_dbtp": -0.3},
             adds=[fails("true-peak", value=-0.3, within=0.4)]),
        r128("silent", "digital silence from beginning to end", lambda s: s.silence(full),
             # Silence has no loudness to be at -23 LUFS (R 128, b); its peak is below -1 dBTP (R 128, g).
             planted={"integrated_lufs": None}, adds=[fails("programme-loudness")]),
        r128("surround", "5.1 at -23.0 LUFS", lambda s: s.sound(full, channels=6), breaks=False, verdict="pass",
             planted={"integrated_lufs": -23.0}),
        Sample("r128-truncated", "mov", "ebu-r128", "the last 40 % of the file are missing", r128_truncated,
               planted={"status": "partial"}, verdict="inconclusive",
               adds=[doubts("programme-loudness"), doubts("true-peak")]),
        # What is left is at -21.4 LUFS; the whole is not.
        Sample("r128-truncated-loud", "mov", "ebu-r128", "programme loudness -23.0 LUFS with a loud beginning; the last "
               "40 % of the file are missing", r128_truncated_loud, planted={"status": "partial"},
               verdict="inconclusive", adds=[doubts("programme-loudness"), doubts("true-peak")]),
    ]


# 60 pictures a second woven to 30 interlaced frames.
INTERLACED = dict(rate="60", frames=360, filters=("tinterlace=mode=interleave_top", "setfield=tff"))

# ---- Roku Channel VOD ------------------------------------------------------------------------------------------

ROKU_FRAMES = 192  # 8.008 s at 24000/1001


PRORES = dict(audio=PCM, extension="mov", container=(), seconds=4,
              picture=dict(frames=96, encode=("-c:v", "prores_ks", "-profile:v", "3", *BT709), suffix=".mov",
                           pixels="yuv422p10le"))


CAPTION_FILE = {"requirement": "caption-file-quicktime", "outcome": "manual"}  # asked of every QuickTime file


def roku_picture(studio, **change):
    options = dict(size="1280x720", rate="24000/1001", frames=ROKU_FRAMES, encode=x264(6, 24))
    options.update(change)
    return studio.picture(**options)


def roku(name, about, audio=AC3, channels=2, extension="mp4", container=FRONT, rate=48000, picture=None,
         seconds=8, **rest):
    def make(studio, target):
        join(roku_picture(studio, **(picture or {})), studio.sound(seconds, channels=channels, rate=rate), target, audio,
             container)
    return Sample(f"roku-{name}", extension, "roku-channel-vod", about, make, **rest)


def roku_channel_vod():
    return [
        roku("conforming", "H.264 720p 23.976 at 6 Mb/s with stereo AC-3", breaks=False, verdict="pass",
             planted={"frame_rate": "24000/1001", "frames": ROKU_FRAMES}),
        roku("black-tail", "the last 96 frames (4 s) are black, to the end of the file",
             picture=dict(black=((96, 192),)), planted={"black": [[96, 192]]},
             adds=[fails("black-at-tail", spans=[[96, 192]])]),
        roku("black-head", "the first 72 frames (3 s) are black", picture=dict(black=((0, 72),)),
             planted={"black": [[0, 72]]}, adds=[fails("black-at-head", spans=[[0, 72]])]),
        roku("black-middle", "frames 60 to 131 (3 s) are black", picture=dict(black=((60, 132),)),
             planted={"black": [[60, 132]]}, verdict="pass",
             adds=[fails("black-inside", severity="warn", spans=[[60, 132]])]),
        roku("black-short", "frames 60 to 83 (1 s) are black, which is allowed", picture=dict(black=((60, 84),)),
             planted={"black": [[60, 84]]}, breaks=False, verdict="pass"),
        roku("bit-rate", "H.264 at 2 Mb/s", picture=dict(encode=x264(2, 24)), adds=[fails("mezzanine")]),
        roku("codec", "MPEG-4 Visual instead of H.264",
             picture=dict(encode=("-c:v", "mpeg4", "-b:v", "8M", "-minrate", "8M", "-maxrate", "8M", "-bufsize", "4M",
                                  *BT709)), adds=[fails("mezzanine")]),
        roku("resolution", "960x720 (shown 16:9), a raster that is not listed",
             picture=dict(size="960x720", filters=("setsar=4/3",)),
             adds=[fails("resolution")]),
        roku("sound-codec", "AAC instead of PCM or AC-3", audio=AAC, adds=[fails("sound-codec")]),
        roku("prores", "ProRes 422 HQ in QuickTime with stereo PCM", **PRORES, breaks=False, verdict="pass",
             adds=[CAPTION_FILE]),
        roku("sample-rate", "ProRes with PCM at 44.1 kHz", **PRORES, rate=44100,
             adds=[fails("sample-rate"), CAPTION_FILE]),
        roku("float", "ProRes with PCM in floating point", **dict(PRORES, audio=("-c:a", "pcm_f32le")),
             adds=[fails("sound-depth"), CAPTION_FILE]),
        roku("sd", "H.264 720x576, anamorphic 16:9", picture=dict(size="720x576", filters=("setsar=64/45",)),
             breaks=False, verdict="pass"),
        roku("sd-shape", "1024x576 with pixels that are not square",
             picture=dict(size="1024x576", filters=("setsar=16/15",)), adds=[fails("sd-square-pixels")]),
        roku("three-channels", "AC-3 with three channels", channels=3, adds=[fails("channel-count")]),
        roku("file-name", "a space and brackets in the name", named="roku file-name (1).mp4",
             adds=[fails("file-name")]),
    ]


# ---- YouTube, SDR upload ---------------------------------------------------------------------------------------

TUBE_FRAMES = 180  # 6 s at 30 fps


def tube_picture(studio, **change):
    options = dict(size="1280x720", rate="30", frames=TUBE_FRAMES, encode=x264(5, 15), suffix=".mp4")
    options.update(change)
    return studio.picture(**options)


def tube(name, about, audio=AAC, channels=2, container=FRONT, rate=48000, picture=None, seek=(), **rest):
    def make(studio, target):
        join(tube_picture(studio, **(picture or {})), studio.sound(6, channels=channels, lufs=-16.0, rate=rate),
             target, audio, container, seek=seek)
    rest.setdefault("verdict", "pass")  # the document recommends; it rejects nothing of this
    return Sample(f"youtube-{name}", "mp4", "youtube-upload-sdr", about, make, **rest)


def youtube_upload_sdr():
    return [
        tube("conforming", "H.264 High 720p30 at 5 Mb/s, AAC stereo 448 kb/s, index first", breaks=False,
             planted={"frame_rate": "30/1", "frames": TUBE_FRAMES}),
        tube("index-at-end", "moov after mdat", container=BACK, adds=[warns("fast-start")]),
        tube("edit-list", "an edit list that skips the first quarter of a second",
             container=("-movflags", "+faststart", "-use_editlist", "1"), seek=("-ss", "0.75"),
             adds=[warns("no-edit-lists")]),
        tube("interlaced", "interlaced, top field first",
             picture=dict(INTERLACED, encode=(*x264(5, 15, more=":tff=1"), "-flags", "+ilme+ildct")),
             adds=[warns("scan")]),
        tube("long-gop", "GOPs of 60 frames", picture=dict(encode=x264(5, 60)), adds=[warns("gop-duration")]),
        tube("open-gop", "open GOPs", picture=dict(encode=open_gop(x264(5, 14))), adds=[warns("closed-gop")]),
        tube("chroma", "4:2:2 instead of 4:2:0",
             picture=dict(encode=x264(5, 15, profile="high422"), pixels="yuv422p"),
             adds=[warns("codec-profile"), warns("chroma")]),
        tube("frame-rate", "20 frames a second", picture=dict(rate="20", frames=120, encode=x264(5, 10)),
             adds=[warns("frame-rate")]),
        tube("color", "tagged BT.2020",
             picture=dict(encode=x264(5, 15)[:-8] + BT2020),
             adds=[warns("color-primaries"), warns("color-transfer"), warns("color-matrix")]),
        tube("bit-rate", "2 Mb/s", picture=dict(encode=x264(2, 15)), adds=[warns("bit-rate-720p")]),
        tube("codec", "HEVC instead of H.264", picture=dict(encode=x265(6, 15)), adds=[warns("codec")],
             drops=["entropy-coding"]),
        tube("sample-rate", "AAC at 44.1 kHz", rate=44100, adds=[warns("sample-rate")]),
        tube("sound-codec", "AC-3 instead of AAC", audio=AC3, adds=[warns("sound-codec")]),
    ]


# ---- X upload --------------------------------------------------------------------------------------------------

X_FRAMES = 180


def x_picture(studio, **change):
    options = dict(size="1280x720", rate="30", frames=X_FRAMES, encode=x264(6, 30), suffix=".mp4")
    options.update(change)
    return studio.picture(**options)


def post(name, about, audio=AAC, channels=2, seconds=6, picture=None, **rest):
    def make(studio, target):
        join(x_picture(studio, **(picture or {})), studio.sound(max(seconds, 6), channels=channels, lufs=-16.0),
             target, audio, (*FRONT, "-t", str(seconds)))
    return Sample(f"x-{name}", "mp4", "x-upload", about, make, **rest)


def x_truncated(studio, target):
    truncated(x_picture(studio), studio.sound(6, lufs=-16.0), target, AAC, 0.07)


# Of a part nothing passes, and here nothing fails either that the whole could not undo.
X_DOUBTED = ("picture-present", "container", "duration", "file-size", "codec", "codec-profile", "frame-rate",
             "frame-rate-recommended", "scan", "chroma", "closed-gop", "pixel-aspect", "aspect", "least-width",
             "least-height", "most-width", "most-height", "bit-rate", "sound-codec", "sound-profile", "sound-channels",
             "sound-bit-rate")


def x_upload():
    return [
        post("conforming", "H.264 720p30 at 6 Mb/s, AAC stereo", breaks=False, verdict="pass",
             planted={"frame_rate": "30/1", "frames": X_FRAMES}),
        post("too-wide", "1440x810, over 1280 wide", picture=dict(size="1440x810"), verdict="pass",
             adds=[warns("most-width")]),
        post("too-fast", "100 frames a second", picture=dict(size="640x360", rate="100", frames=600,
                                                            encode=x264(6, 100)),
             adds=[fails("frame-rate"), fails("frame-rate-recommended", severity="info")]),
        post("too-short", "0.4 s", seconds=0.4, picture=dict(frames=12), adds=[fails("duration")]),
        post("surround", "5.1 sound", channels=6, adds=[fails("sound-channels")]),
        post("codec", "HEVC instead of H.264",
             picture=dict(encode=x265(6, 30)), verdict="pass", adds=[warns("codec")]),
        post("open-gop", "open GOPs", picture=dict(encode=open_gop(x264(6, 30))), adds=[fails("closed-gop")]),
        post("interlaced", "interlaced, top field first",
             picture=dict(INTERLACED, encode=(*x264(6, 30, more=":tff=1"), "-flags", "+ilme+ildct")),
             adds=[fails("scan")]),
        post("bit-rate", "1 Mb/s", picture=dict(encode=x264(1, 30)), verdict="pass",
             adds=[warns("bit-rate")]),
        # What is left is shorter than the 0.5 s that are asked for; the whole is not.
        Sample("x-truncated", "mp4", "x-upload", "6 s of which 0.4 s are left", x_truncated, planted={"status": "partial"},
               verdict="inconclusive", adds=[doubts(requirement) for requirement in X_DOUBTED]),
    ]


# What a check of a conforming sample gives besides what it passes: points for people, what is not measured yet,
# and notes. `adds` and `drops` of a sample are counted from here.
ALWAYS = {
    "ebu-r128": [],
    "roku-channel-vod": [{"requirement": name, "outcome": "manual"} for name in (
        "native-rate", "commercial-black", "programme-only", "semi-textless", "no-advertisements",
        "no-calls-to-action", "channel-order", "ad-break-cues", "file-name-reference")] + [fails("channel-count-preferred", severity="info")],
    "youtube-upload-sdr": [{"requirement": "native-rate", "outcome": "manual"}, doubts("entropy-coding")],
    "x-upload": [],
}


def expected(sample):
    """The complete list of findings that are neither pass nor not_applicable."""
    kept = [finding for finding in ALWAYS[sample.spec] if finding["requirement"] not in sample.drops]
    return kept + sample.adds


def samples():
    return ebu_r128() + roku_channel_vod() + youtube_upload_sdr() + x_upload()


__all__ = ["ALWAYS", "Sample", "Studio", "expected", "samples"]
