# SPDX-License-Identifier: Apache-2.0
"""Bad input: one clear line, the right exit status, and everything else still measured."""
import os
import struct
import unittest

from support import Case, cleangate, ffmpeg, main, small_clip


class Unreadable(Case):
    """Inputs of which nothing can be measured, each beside a good one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.good = cls.folder / "good.wav"
        ffmpeg("-f", "lavfi", "-i", "sine=duration=1", cls.good)

    def refused(self, path, *needles, statuses=("unreadable",)):
        """`path` gets a status and one line; the good file beside it is measured; exit status 3."""
        outcome = cleangate("measure", "--json", path, self.good)
        self.assertEqual(outcome.status, 3)
        self.one_line(outcome, *needles)
        document = outcome.json()
        self.validate(document)
        bad, good = document["assets"]
        self.assertIn(bad["status"], statuses, bad)
        self.assertTrue(bad["error"]["message"])
        self.assertEqual(good["status"], "measured")
        judged = cleangate("check", "--json", path, "--spec", "x-upload")
        self.assertEqual(judged.status, 3)
        self.validate(judged.json())
        self.assertEqual(judged.json()["verdicts"], [])
        self.assertEqual(judged.json()["assets"][0]["status"], bad["status"])
        return bad

    def test_missing_file(self):
        self.assertEqual(self.refused(self.folder / "missing.mov", "missing.mov")["error"]["code"], "not_found")

    def test_directory(self):
        bad = self.refused(self.folder, str(self.folder), "ingest")
        self.assertEqual(bad["error"]["code"], "not_a_file")

    def test_empty_file(self):
        path = self.folder / "empty.mov"
        path.write_bytes(b"")
        self.assertEqual(self.refused(path, "empty.mov")["error"]["code"], "empty_file")

    def test_text_file(self):
        path = self.folder / "notes.mov"
        path.write_text("Reel 3 is the one with the boom in shot.\n" * 50)
        self.refused(path, "notes.mov", statuses=("not_media",))

    def test_mp4_without_moov(self):
        whole, path = self.folder / "whole.mp4", self.folder / "no-moov.mp4"
        small_clip(whole, "-c:v", "libx264", "-c:a", "aac")
        content = whole.read_bytes()
        self.assertGreater(content.find(b"moov"), content.find(b"mdat"))
        path.write_bytes(content[:content.find(b"moov") - 4])
        self.refused(path, "no-moov.mp4", statuses=("unreadable", "not_media"))

    def test_no_streams(self):
        path = self.folder / "no-streams.mov"
        ftyp = struct.pack(">I4s4sI4s", 20, b"ftyp", b"qt  ", 0x200, b"qt  ")
        mvhd = struct.pack(">I4sIIIII", 108, b"mvhd", 0, 0, 0, 1000, 0) + struct.pack(">IHH", 0x10000, 0x100, 0) + \
            b"\0" * 8 + struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000) + b"\0" * 24 + \
            struct.pack(">I", 1)
        path.write_bytes(ftyp + struct.pack(">I4s", 8 + len(mvhd), b"moov") + mvhd)
        outcome = cleangate("measure", "--json", path, self.good)
        document = outcome.json()
        self.validate(document)
        bad = document["assets"][0]
        # Either there is nothing to measure, or it is measured and has no stream: never a pass.
        if bad["status"] == "measured":
            self.assertEqual(bad["streams"], [])
        else:
            self.one_line(outcome, "no-streams.mov")
        self.assertEqual(document["assets"][1]["status"], "measured")
        self.assertNotEqual(cleangate("check", path, "--spec", "roku-channel-vod").status, 0)

    @unittest.skipIf(os.geteuid() == 0, "root may read everything")
    def test_unreadable_permissions(self):
        path = self.folder / "secret.wav"
        path.write_bytes(self.good.read_bytes())
        path.chmod(0)
        self.assertEqual(self.refused(path, "secret.wav")["error"]["code"], "permission")

    def test_not_a_regular_file(self):
        path = self.folder / "pipe.mov"
        os.mkfifo(path)
        self.assertEqual(self.refused(path, "pipe.mov")["error"]["code"], "not_a_file")

    def test_long_declared_duration_in_a_kilobyte(self):
        # A WAVE header that declares ten hours of sound, and 900 bytes of it.
        path = self.folder / "ten-hours.wav"
        declared = 10 * 3600 * 48000 * 4 & 0xFFFFFFFF
        header = b"RIFF" + struct.pack("<I", min(declared + 36, 0xFFFFFFFF)) + b"WAVEfmt " + \
            struct.pack("<IHHIIHH", 16, 1, 2, 48000, 192000, 4, 16) + b"data" + struct.pack("<I", declared)
        path.write_bytes(header + b"\0" * 900)
        outcome = cleangate("measure", "--json", path, self.good)
        self.assertEqual(outcome.status, 3)
        self.one_line(outcome, "ten-hours.wav")
        bad, good = outcome.json()["assets"]
        self.assertNotEqual(bad["status"], "measured")
        self.assertEqual(good["status"], "measured")
        judged = cleangate("check", path, "--spec", "ebu-r128")
        self.assertIn(judged.status, (1, 3))


class Names(Case):
    def measured(self, name):
        path = os.path.join(os.fsencode(self.folder), name)
        source = os.fsencode(self.folder / "source.wav")
        if not os.path.exists(source):
            ffmpeg("-f", "lavfi", "-i", "sine=duration=1", os.fsdecode(source))
        with open(source, "rb") as original, open(path, "wb") as copy:
            copy.write(original.read())
        outcome = cleangate("measure", "--json", path)
        self.assertEqual((outcome.status, outcome.err), (0, ""))
        self.validate(outcome.json())
        text = cleangate("measure", path)
        self.assertEqual(text.status, 0)
        return outcome.json()["assets"][0], text.out

    def test_newline(self):
        asset, text = self.measured(b"two\nlines.wav")
        self.assertTrue(asset["path"].endswith("two\nlines.wav"))
        self.assertNotIn("path_bytes", asset)
        self.assertIn("two\\nlines.wav", text.splitlines()[0])

    def test_escape_sequences_do_not_reach_the_terminal(self):
        _, text = self.measured(b"red\x1b[31m.wav")
        self.assertNotIn("\x1b", text)

    def test_quotes_and_spaces(self):
        asset, _ = self.measured(b"it's \"so\" good.wav")
        self.assertTrue(asset["path"].endswith("it's \"so\" good.wav"))

    def test_invalid_utf8_keeps_its_bytes(self):
        import base64
        asset, text = self.measured(b"caf\xe9.wav")
        self.assertTrue(base64.b64decode(asset["path_bytes"]).endswith(b"caf\xe9.wav"))
        self.assertTrue(asset["path"].endswith("caf\ufffd.wav"))
        self.assertIn("caf\ufffd.wav", text)

    def test_a_leading_dash_after_two_dashes(self):
        self.measured(b"plain.wav")
        os.rename(self.folder / "plain.wav", self.folder / "-dash.wav")
        self.assertEqual(cleangate("measure", "--", "-dash.wav", cwd=self.folder).status, 0)

    def test_a_name_like_a_command(self):
        self.measured(b"doctor")
        self.assertEqual(cleangate("measure", "doctor", cwd=self.folder).status, 0)


class Damaged(Case):
    """What could be read is measured, the rest is told, and no damage passes."""

    def partial(self, path, spec="x-upload"):
        outcome = cleangate("measure", "--json", path)
        document = outcome.json()
        self.validate(document)
        self.assertEqual(outcome.status, 3, document["assets"][0].get("error"))
        self.one_line(outcome, path.name)
        asset = document["assets"][0]
        self.assertEqual(asset["status"], "partial")
        self.assertNotEqual(cleangate("check", path, "--spec", spec).status, 0)
        return asset

    def test_mp4_with_cut_mdat(self):
        whole, path = self.folder / "whole.mp4", self.folder / "cut.mp4"
        small_clip(whole, "-c:v", "libx264", "-c:a", "aac", "-movflags", "+faststart", seconds=8)
        content = whole.read_bytes()
        path.write_bytes(content[:len(content) * 6 // 10])
        self.partial(path)

    def test_mxf_cut_in_half(self):
        whole, path = self.folder / "whole.mxf", self.folder / "cut.mxf"
        small_clip(whole, "-c:v", "mpeg2video", "-b:v", "4M", "-c:a", "pcm_s16le", "-ar", "48000", seconds=4)
        content = whole.read_bytes()
        path.write_bytes(content[:len(content) // 2])
        self.partial(path)

    def test_sixty_four_channels(self):
        path = self.folder / "wide.wav"
        raw = self.folder / "wide.raw"
        raw.write_bytes(b"".join(struct.pack("<64h", *[100 * (n % 97)] * 64) for n in range(48000)))
        ffmpeg("-f", "s16le", "-ar", "48000", "-ac", "64", "-i", raw, "-c:a", "pcm_s16le", path)
        outcome = cleangate("measure", "--json", path)
        self.assertIn(outcome.status, (0, 3))
        self.validate(outcome.json())
        asset = outcome.json()["assets"][0]
        self.assertEqual(asset["streams"][0]["channels"], 64)

    def test_size_and_channels_that_change_midway(self):
        parts = []
        for number, size, layout in ((1, "320x180", "mono"), (2, "640x360", "stereo")):
            part = self.folder / f"part{number}.ts"
            ffmpeg("-f", "lavfi", "-i", f"testsrc2=size={size}:rate=25:duration=2", "-f", "lavfi", "-i",
                   "sine=sample_rate=48000:duration=2", "-c:v", "mpeg2video", "-b:v", "2M", "-c:a", "mp2", "-ac",
                   "1" if layout == "mono" else "2", part)
            parts.append(part.read_bytes())
        path = self.folder / "changes.ts"
        path.write_bytes(b"".join(parts))
        asset = self.partial(path)
        self.assertEqual(asset["decode"]["frames"], 100)
        untold = "unspecified/unspecified/unspecified narrow, pixel 1:1"
        self.assertEqual({conflict["field"]: [voice["value"] for voice in conflict["values"]]
                          for conflict in asset["conflicts"] if conflict["field"].endswith(".format")},
                         {"streams[0].format": [f"{size} 4:2:0 8 bit, Main, {untold}" for size in ("320x180", "640x360")],
                          "streams[1].format": ["1 channel 48000 Hz", "2 channels 48000 Hz"]})
        self.assertTrue(any("it is not measured from there" in error["message"]
                            for error in asset["decode"]["errors"]), asset["decode"]["errors"])
        # What was heard is no EBU R 128 programme; with what follows it, which was not measured, it may be one.
        judged = cleangate("check", "--json", path, "--spec", "ebu-r128")
        self.assertEqual(judged.status, 3)
        loudness = next(f for f in judged.json()["verdicts"][0]["findings"] if f["requirement"] == "programme-loudness")
        self.assertEqual(loudness["outcome"], "inconclusive")
        self.assertTrue(loudness["because"])

    def test_backward_timestamps(self):
        part = self.folder / "part.ts"
        small_clip(part, "-c:v", "mpeg2video", "-c:a", "mp2", seconds=2)
        path = self.folder / "backward.ts"
        path.write_bytes(part.read_bytes() * 2)  # the second half starts again at the same time
        outcome = cleangate("measure", "--json", path)
        self.assertIn(outcome.status, (0, 3))
        self.validate(outcome.json())
        self.assertEqual(outcome.json()["assets"][0]["decode"]["frames"], 100)

    def test_missing_timestamps(self):
        path = self.folder / "bare.h264"
        ffmpeg("-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25:duration=2", "-c:v", "libx264", path)
        outcome = cleangate("measure", "--json", path)
        self.assertIn(outcome.status, (0, 3))
        self.validate(outcome.json())


if __name__ == "__main__":
    main()
