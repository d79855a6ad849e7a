#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Levels outside the gamut: bars with overshoots, as people make them to try whether a meter filters before it counts. The truth is
counted here, sample by sample."""
import array
import subprocess

from support import Case, cleangate, ffmpeg, main

PROFILE = """profile: gamut
title: "Gamut"
status: beta
edition: "1"
revision: 1
sources:
  made: {{document: "Made for a test", edition: "1", url: "https://example.org", grade: primary, checked: 2026-11-21}}
requirements:
  - {{id: only, quantity: levels.out_of_gamut, with: {{tolerance: "{tolerance} code", filter: {filter}}}, max: "{limit} %", severity: reject,
     source: {{ref: made, clause: "1"}}}}
"""
WIDTH, HEIGHT = 1920, 64
TAPS = (1, 2, 3, 4, 3, 2, 1)  # EBU R 103 v3.0, annex 1


class Overshoots(Case):
    def bars(self, bits, width):
        """White and black bars, scaled down and up by splines: every edge rings."""
        white, black = 235 << (bits - 8), 16 << (bits - 8)
        pixels = "yuv422p" if bits == 8 else "yuv422p10le"
        path = self.folder / f"bars-{bits}-{width}.mkv"
        ffmpeg("-f", "lavfi", "-i", f"color=gray:size={WIDTH}x{HEIGHT}:rate=25:duration=0.2,format={pixels},"
               f"geq=lum='if(mod(floor(X/{width}),2),{black},{white})':cb={128 << (bits - 8)}:cr={128 << (bits - 8)},"
               f"scale={WIDTH - 2}:{HEIGHT}:flags=spline,scale={WIDTH}:{HEIGHT}:flags=spline", "-c:v", "ffv1", path)
        return path

    def truth(self, path, bits, tolerance, filtered):
        """Percent of a line's luma samples outside: all lines are alike, and gray, so R'G'B' is luma."""
        pixels = "gray" if bits == 8 else "gray10le"
        raw = subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-i", str(path), "-frames:v", "1", "-vf", f"extractplanes=y,format={pixels}",
                              "-f", "rawvideo", "-pix_fmt", pixels, "-"], check=True, capture_output=True).stdout
        line = array.array("B" if bits == 8 else "H", raw)[:WIDTH]
        if filtered:
            at = lambda x: line[min(max(x, 0), WIDTH - 1)]
            line = [sum(tap * at(x + k - 3) for k, tap in enumerate(TAPS)) / 16 for x in range(WIDTH)]
        low, high = (16 << (bits - 8)) - tolerance, (235 << (bits - 8)) + tolerance
        return 100 * sum(1 for one in line if one < low or one > high) / WIDTH

    def judged(self, path, tolerance, filtered, limit):
        spec = self.folder / "gamut.yaml"
        spec.write_text(PROFILE.format(tolerance=tolerance, filter=str(filtered).lower(), limit=round(limit, 4)))
        outcome = cleangate("check", "--no-catalog", path, "--spec", spec)
        return outcome.status

    def test_shares_are_those_counted_here(self):
        for bits, width in ((8, 300), (10, 300), (10, 105), (8, 128)):
            path = self.bars(bits, width)
            for tolerance in (0, 44):  # codes of 10 bits
                for filtered in (False, True):
                    codes = tolerance >> (10 - bits)
                    # What lies on the limit but for rounding may count or not; every second column is a site, on every second line.
                    most = self.truth(path, bits, codes - 0.1, filtered) + 0.35
                    least = self.truth(path, bits, codes + 0.1, filtered) - 0.35
                    where = (bits, width, tolerance, filtered, least, most)
                    self.assertEqual(self.judged(path, tolerance, filtered, min(most, 100)), 0, where)
                    if least > 0:
                        self.assertEqual(self.judged(path, tolerance, filtered, least), 1, where)

    def test_overshoots_count_only_without_the_filter(self):
        path = self.bars(8, 128)
        self.assertEqual(self.judged(path, 8.75, True, 0.1), 0)  # 1 % of the range
        self.assertEqual(self.judged(path, 8.75, False, 0.1), 1)


if __name__ == "__main__":
    main()
