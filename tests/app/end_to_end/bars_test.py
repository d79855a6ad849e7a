#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Color bars: ffmpeg's sources, made by others from the same documents, through codecs, noise and boxes; and what looks like bars."""
import os
import pathlib
import re

from support import Case, ROOT, cleangate, ffmpeg, main

PROFILE = """profile: bars
title: "Bars"
status: beta
edition: "1"
revision: 1
sources:
  made: {{document: "Made for a test", edition: "1", url: "https://example.org", grade: primary, checked: 2026-11-21}}
requirements:
  - {{id: error, quantity: picture.bars_error, max: "{error} %", severity: reject, source: {{ref: made, clause: "1"}}}}
  - {{id: pattern, quantity: picture.bars_pattern, in: [{pattern}], severity: reject, source: {{ref: made, clause: "1"}}}}
"""
MEDIA = pathlib.Path(os.environ.get("CLEANGATE_MEDIA") or ROOT.parent / "shared" / "media")


class Bars(Case):
    def made(self, name, source, *more):
        path = self.folder / name
        ffmpeg("-f", "lavfi", "-i", source, *more, path)
        return path

    def runs(self, path):
        asset = cleangate("measure", "--json", path).json()["assets"][0]
        return [(run["first_frame"], run["end_frame"]) for run in asset["measurements"]["bars"]]

    def judged(self, path, pattern, error):
        spec = self.folder / "bars.yaml"
        spec.write_text(PROFILE.format(pattern=pattern, error=error))
        outcome = cleangate("check", path, "--spec", spec)
        return outcome.status, outcome.out


class Sources(Bars):
    def test_of_every_pattern(self):
        lossless = ("-c:v", "ffv1")
        h264 = ("-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset", "ultrafast", "-crf", "28")
        for name, source, more, pattern, error in (
                ("sd.mkv", "smptebars=s=720x480", lossless, "smpte", 0.25),
                ("box.mkv", "smptebars=s=720x480:d=0.2,drawbox=x=40:y=300:w=640:h=140:color=white:t=fill", lossless, "smpte", 0.25),
                ("pillars.mkv", "smptebars=s=480x360:d=0.2,pad=640:360:80:0:black", lossless, "smpte", 0.25),
                ("hd.mp4", "smptehdbars=s=1920x1080", h264, "rp219", 0.7),
                ("letterbox.mkv", "smptehdbars=s=1280x720:d=0.2,pad=1280:960:0:120:black", lossless, "rp219", 0.25),
                ("prores.mov", "smptehdbars=s=1280x720:d=0.2,format=yuv422p10le", ("-c:v", "prores_ks"), "rp219", 0.5),
                ("down.mkv", "smptehdbars=s=1920x1080:d=0.2,scale=960:540", lossless, "rp219", 0.5),
                ("pal75.mpg", "pal75bars=s=720x576", ("-c:v", "mpeg2video", "-b:v", "3M", "-flags", "+ildct+ilme", "-top", "1"), "ebu75", 0.7),
                ("pal100.mkv", "pal100bars=s=720x576", lossless, "ebu100", 0.25),
                ("boxed.mkv", "pal100bars=s=480x270:d=0.2,pad=640:360:80:45:black", lossless, "ebu100", 0.25),
                ("uhd.mp4", "pal100bars=s=3840x2160:d=0.08", h264, "ebu100", 0.7),
                ("noise.mkv", "pal75bars=s=720x576:d=0.2,noise=alls=20:allf=t:all_seed=4", lossless, "ebu75", 2)):
            if ":d=" not in source:
                source += ":d=0.2"
            path = self.made(name, source, *more)
            frames = 2 if "0.08" in source else 5
            self.assertEqual(self.runs(path), [(0, frames)], name)
            status, told = self.judged(path, pattern, error)
            self.assertEqual(status, 0, told)

    def test_wrong_levels_are_told(self):
        gain = self.made("gain.mkv", "pal100bars=s=720x576:d=0.2,lutyuv=y='(val-16)*1.05+16':u='(val-128)*1.05+128':v='(val-128)*1.05+128'",
                         "-c:v", "ffv1")
        self.assertEqual(self.judged(gain, "ebu100", 6)[0], 0)
        status, told = self.judged(gain, "ebu100", 4)
        self.assertEqual(status, 1)
        self.assertRegex(told, re.escape("The largest level error of the color bars of stream 0 is 4.57 %."))  # white 245 for 235
        strong = self.made("strong.mkv", "pal100bars=s=720x576:d=0.2", "-c:v", "ffv1")
        self.assertEqual(self.judged(strong, "ebu75", 1)[0], 1)

    def test_none_of_these_is_bars(self):
        stairs = "color=gray:s=640x360:d=0.2,geq=lum='235-31*floor(X*7/640)':cb=128:cr=128"
        flag = ("color=red:s=640x360:d=0.2,geq=r='if(lt(X,213),0,if(lt(X,426),255,237))':g='if(lt(X,213),35,if(lt(X,426),255,41))'"
                ":b='if(lt(X,213),149,if(lt(X,426),255,57))'")
        for number, source in enumerate(("testsrc2=s=640x360:d=0.4", "testsrc=s=640x360:d=0.4", "rgbtestsrc=s=640x360:d=0.2",
                                         "yuvtestsrc=s=640x360:d=0.2", "pal100bars=s=640x360:d=0.2,hflip", "smptehdbars=s=640x360:d=0.2,hflip",
                                         "pal75bars=s=640x360:d=0.2,hue=s=0", stairs, flag)):
            self.assertEqual(self.runs(self.made(f"none{number}.mkv", source, "-c:v", "ffv1")), [], source)


class Film(Bars):
    def test_bars_of_one_frame_inside_a_film_and_no_others(self):
        film = MEDIA / "containers/debian-libopenshot/sintel_trailer-720p.mp4"
        if not film.exists():
            self.skipTest("the film is not here")
        self.assertEqual(self.runs(film), [])
        path = self.folder / "inside.mp4"
        ffmpeg("-ss", "20", "-i", film, "-f", "lavfi", "-i", "smptehdbars=s=1280x720:r=24", "-filter_complex",
               "[0:v]setpts=PTS-STARTPTS,trim=end_frame=48[a];[a][1:v]overlay=enable='eq(n,10)+between(n,30,35)':shortest=1,format=yuv420p[v]",
               "-map", "[v]", "-c:v", "libx264", "-crf", "18", "-bf", "2", path)
        self.assertEqual(self.runs(path), [(10, 11), (30, 36)])


if __name__ == "__main__":
    main()
