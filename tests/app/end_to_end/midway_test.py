#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Streams that are not one thing from beginning to end: another size, format, channel count or rate midway, two
sample descriptions, scrambled packets, sound that ends before its header says, picture and sound of other lengths."""
import hashlib
import struct

from support import Case, cleangate, ffmpeg, main, small_clip

PROFILE = """profile: {name}
title: "Midway"
status: beta
edition: "1"
revision: 1
sources:
  made: {{document: "Made for a test", edition: "1", url: "https://example.org", grade: primary, checked: 2026-11-21}}
requirements:
  - {{id: only, quantity: {quantity}, {demand}, severity: reject, source: {{ref: made, clause: "1"}}}}
"""


def video(path, size, seconds=2, pixels="yuv420p", *more):
    ffmpeg("-f", "lavfi", "-i", f"testsrc2=size={size}:rate=25:duration={seconds}", "-pix_fmt", pixels, *more, path)
    return path.read_bytes()


def sound(path, channels, rate, *more, seconds=2):
    ffmpeg("-f", "lavfi", "-i", f"sine=sample_rate={rate}:duration={seconds}", "-ac", str(channels), "-ar", str(rate),
           *more, path)
    return path.read_bytes()


UNTOLD = ", High, color unspecified, pixel 1:1"  # what libx264 writes of a test picture unasked
SDR = ("-color_primaries", "bt709", "-color_trc", "bt709", "-colorspace", "bt709", "-color_range", "tv")
PQ = ("-color_primaries", "bt2020", "-color_trc", "smpte2084", "-colorspace", "bt2020nc", "-color_range", "tv")


class MidwayCase(Case):
    def told(self, path, *more):
        """The asset, and what the text says of it."""
        outcome = cleangate("measure", "--no-catalog", "--json", *more, path)
        self.validate(outcome.json())
        self.assertIn(outcome.status, (0, 3))
        self.text = cleangate("measure", "--no-catalog", *more, path).out
        return outcome.json()["assets"][0]

    def formats(self, asset, stream=0):
        return [(voice["by"], voice["value"]) for conflict in asset["conflicts"]
                if conflict["field"] == f"streams[{stream}].format" for voice in conflict["values"]]

    def one_change_told(self, count=1):
        self.assertEqual(self.text.count("changes its format"), count, self.text)

    def judged(self, path, quantity, demand):
        """The exit status of a spec with one requirement."""
        name = f"only-{hashlib.md5((quantity + demand).encode()).hexdigest()[:8]}"
        spec = self.folder / f"{name}.yaml"
        spec.write_text(PROFILE.format(name=name, quantity=quantity, demand=demand))
        return cleangate("check", "--no-catalog", path, "--spec", spec).status


class Formats(MidwayCase):
    def test_another_size(self):
        path = self.folder / "size.h264"
        path.write_bytes(video(self.folder / "a.h264", "320x240", 2, "yuv420p", "-g", "10") +
                         video(self.folder / "b.h264", "640x480", 2, "yuv420p", "-g", "10"))
        sizes = [("frame 0", "320x240 4:2:0 8 bit" + UNTOLD), ("frame 50", "640x480 4:2:0 8 bit" + UNTOLD)]
        for depth in ("decode", "packets"):
            asset = self.told(path, "--depth", depth)
            self.assertEqual(self.formats(asset), sizes, depth)
            self.one_change_told()
        self.assertEqual(asset["status"], "measured")
        # No size passes for the whole, and each that is wrong fails it.
        self.assertEqual(self.judged(path, "video.width", "equals: 320"), 1)
        self.assertEqual(self.judged(path, "video.width", "equals: 640"), 1)
        self.assertEqual(self.judged(path, "video.width", "min: 300"), 3)
        self.assertEqual(self.judged(path, "video.chroma", 'equals: "4:2:0"'), 0)  # it is that in every form
        self.assertEqual(self.judged(path, "video.codec", "equals: h264"), 0)

    def test_another_chroma_and_depth(self):
        path = self.folder / "format.h264"
        path.write_bytes(video(self.folder / "c.h264", "320x240") +
                         video(self.folder / "d.h264", "320x240", 2, "yuv422p10le"))
        for depth in ("decode", "packets"):
            self.assertEqual(self.formats(self.told(path, "--depth", depth)),
                             [("frame 0", "320x240 4:2:0 8 bit" + UNTOLD),
                              ("frame 50", "320x240 4:2:2 10 bit, High 4:2:2, color unspecified, pixel 1:1")], depth)
        self.assertEqual(self.judged(path, "video.bit_depth", "equals: 8"), 1)

    def test_another_color(self):
        path = self.folder / "color.h264"
        path.write_bytes(video(self.folder / "sdr.h264", "320x240", 2, "yuv420p", *SDR) +
                         video(self.folder / "pq.h264", "320x240", 2, "yuv420p", *PQ))
        size = "320x240 4:2:0 8 bit, High, "
        for depth in ("decode", "packets"):
            asset = self.told(path, "--depth", depth)
            self.assertEqual(self.formats(asset), [
                ("frame 0", size + "bt709/bt709/bt709 narrow, pixel 1:1"),
                ("frame 50", size + "bt2020/smpte2084/bt2020nc narrow, pixel 1:1")], depth)
            self.one_change_told()
            self.assertIn(f"from frame 50 {size}bt2020/", " ".join(self.text.split()))
        self.assertEqual(self.judged(path, "video.color_transfer", "equals: bt709"), 1)
        self.assertEqual(self.judged(path, "video.color_transfer", "equals: smpte2084"), 1)
        self.assertEqual(self.judged(path, "video.hdr", "equals: sdr"), 1)
        self.assertEqual(self.judged(path, "video.hdr", "in: [sdr, pq10]"), 3)

    def test_another_shape_of_the_pixels(self):
        path = self.folder / "shape.m2v"
        path.write_bytes(video(self.folder / "43.m2v", "720x576", 2, "yuv420p", "-aspect", "4:3") +
                         video(self.folder / "169.m2v", "720x576", 2, "yuv420p", "-aspect", "16:9"))
        for depth in ("decode", "packets"):
            formats = self.formats(self.told(path, "--depth", depth))
            self.assertEqual([(by, value.split(", ")[-1]) for by, value in formats],
                             [("frame 0", "pixel 16:15"), ("frame 50", "pixel 64:45")], depth)
        self.assertEqual(self.judged(path, "video.display_aspect", "equals: 4/3"), 1)
        self.assertEqual(self.judged(path, "video.display_aspect", "equals: 16/9"), 1)
        self.assertEqual(self.judged(path, "video.display_aspect", "in: [4/3, 16/9]"), 3)
        self.assertEqual(self.judged(path, "video.height", "equals: 576"), 0)

    def test_what_a_decoder_saw_is_kept_for_another_wrapper(self):
        """Packets of AV1 are read, its headers are not followed: only a decode sees the change."""
        parts = []
        for name, color in (("a.obu", SDR), ("b.obu", PQ)):
            parts.append(video(self.folder / name, "320x240", 1, "yuv420p", *color, "-c:v", "libaom-av1", "-cpu-used",
                               "8", "-b:v", "200k", "-g", "10"))
        bare = self.folder / "bare.obu"
        bare.write_bytes(b"".join(parts))
        folder = self.folder / "wrapped"
        folder.mkdir()
        ffmpeg("-i", bare, "-c", "copy", folder / "one.mkv")
        catalog = ("--catalog", self.folder / "catalog.db")
        changes = []
        for name in ("one.mkv", "two.mp4"):
            if name != "one.mkv":
                ffmpeg("-i", folder / "one.mkv", "-c", "copy", folder / name)
            outcome = cleangate("ingest", *catalog, "--json", folder / name)
            asset = outcome.json()["assets"][0]
            self.assertEqual((asset["known"], asset["decoded_frames"] > 0),
                             ("no", True) if name == "one.mkv" else ("essence", False))
            changes.append([(voice["by"], voice["value"].split(", ")[2]) for conflict in
                            cleangate("show", *catalog, "--json", folder / name).json()["asset"]["conflicts"]
                            if conflict["field"] == "streams[0].format" for voice in conflict["values"]])
        self.assertEqual(changes, [[("frame 0", "bt709/bt709/bt709 narrow"),
                                    ("frame 25", "bt2020/smpte2084/bt2020nc narrow")]] * 2)

    def test_one_form_is_no_change(self):
        path = self.folder / "whole.mp4"
        small_clip(path, "-c:v", "libx264", "-c:a", "aac", "-g", "10")
        asset = self.told(path)
        self.assertEqual(self.formats(asset) + self.formats(asset, 1), [])
        self.one_change_told(0)

    def test_other_channels_and_another_rate(self):
        first = sound(self.folder / "a.ac3", 2, 48000)
        for name, channels, rate in (("channels", 6, 48000), ("rate", 2, 44100)):
            path = self.folder / f"{name}.ac3"
            path.write_bytes(first + sound(self.folder / "b.ac3", channels, rate))
            asset = self.told(path)
            self.assertEqual(asset["status"], "partial")
            self.assertEqual(self.formats(asset), [("sample 0", "2 channels 48000 Hz"),
                                                   ("sample 96768", f"{channels} channels {rate} Hz")])
            self.one_change_told()
            self.assertEqual(self.judged(path, "audio.codec", "equals: ac3"), 3)
        self.assertEqual(self.judged(self.folder / "channels.ac3", "audio.channels", "equals: 2"), 1)
        self.assertEqual(self.judged(self.folder / "rate.ac3", "audio.sample_rate", "equals: 48 kHz"), 1)
        self.assertEqual(self.judged(self.folder / "rate.ac3", "audio.channels", "equals: 2"), 3)

    def test_two_sample_descriptions(self):
        path = self.folder / "two.mp4"
        parts = []
        for name, size in (("one", "320x240"), ("two", "640x480")):
            video(self.folder / f"{name}.mp4", size, 2, "yuv420p", "-bf", "0", "-g", "10", "-use_editlist", "0")
            parts.append(Track((self.folder / f"{name}.mp4").read_bytes()))
        path.write_bytes(joined_movie(*parts))
        for depth in ("decode", "packets"):
            asset = self.told(path, "--depth", depth)
            self.assertEqual(self.formats(asset),
                             [("frame 0", "320x240 4:2:0 8 bit" + UNTOLD),
                              ("frame 50", "640x480 4:2:0 8 bit" + UNTOLD)], depth)
            self.one_change_told()
        self.assertEqual(self.told(path)["decode"]["frames"], 100)
        self.assertEqual(self.judged(path, "video.resolution", "equals: 320x240"), 1)


def boxes(content, start=0, end=None):
    end = len(content) if end is None else end
    while start + 8 <= end:
        size, kind = struct.unpack(">I4s", content[start:start + 8])
        yield kind, start, start + 8, start + size
        start += size


def box(kind, *content):
    body = b"".join(content)
    return struct.pack(">I4s", 8 + len(body), kind) + body


class Track:
    """The only track of a movie: its moov, its sample description, and its samples."""

    def __init__(self, content):
        self.content = content
        table = self.find(b"moov", b"trak", b"mdia", b"minf", b"stbl")
        parts = {kind: content[body:end] for kind, _, body, end in boxes(content, *table)}
        self.description = parts[b"stsd"][8:]
        count = struct.unpack(">I", parts[b"stsz"][8:12])[0]
        sizes = struct.unpack(f">{count}I", parts[b"stsz"][12:12 + 4 * count])
        chunks = struct.unpack(f">{struct.unpack('>I', parts[b'stco'][4:8])[0]}I", parts[b"stco"][8:])
        runs = [struct.unpack(">III", parts[b"stsc"][i:i + 12]) for i in range(8, len(parts[b"stsc"]), 12)]
        self.delta = struct.unpack(">I", parts[b"stts"][12:16])[0]
        self.keys = list(struct.unpack(f">{(len(parts[b'stss']) - 8) // 4}I", parts[b"stss"][8:]))
        self.samples = []
        for number, at in enumerate(chunks, 1):
            for _ in range([run[1] for run in runs if run[0] <= number][-1]):
                size = sizes[len(self.samples)]
                self.samples.append(content[at:at + size])
                at += size

    def find(self, *path):
        start, end = 0, len(self.content)
        for name in path:
            start, end = next((body, last) for kind, _, body, last in boxes(self.content, start, end) if kind == name)
        return start, end


def joined_movie(one, two):
    """A movie of one track with two sample descriptions (ISO/IEC 14496-12, 8.5.2), a sample a chunk."""
    samples = one.samples + two.samples
    head = box(b"ftyp", b"isom", bytes(4), b"isom")
    offsets, at = [], len(head) + 8
    for sample in samples:
        offsets.append(at)
        at += len(sample)
    first, count = len(one.samples), len(samples)
    keys = one.keys + [first + key for key in two.keys]
    table = box(
        b"stbl", box(b"stsd", bytes(4), struct.pack(">I", 2), one.description, two.description),
        box(b"stts", bytes(4), struct.pack(">III", 1, count, one.delta)),
        box(b"stss", bytes(4), struct.pack(f">I{len(keys)}I", len(keys), *keys)),
        box(b"stsc", bytes(4), struct.pack(">I6I", 2, 1, 1, 1, first + 1, 1, 2)),
        box(b"stsz", bytes(8), struct.pack(f">I{count}I", count, *map(len, samples))),
        box(b"stco", bytes(4), struct.pack(f">I{count}I", count, *offsets)))

    def rebuilt(start, end):
        out = b""
        for kind, begin, body, last in boxes(one.content, start, end):
            if kind == b"stbl":
                out += table
            elif kind in (b"trak", b"mdia", b"minf"):
                out += box(kind, rebuilt(body, last))
            elif kind in (b"mvhd", b"tkhd", b"mdhd"):  # version 0: twice the duration
                where = body + {b"mvhd": 16, b"tkhd": 20, b"mdhd": 16}[kind]
                duration = struct.unpack(">I", one.content[where:where + 4])[0]
                out += one.content[begin:where] + struct.pack(">I", 2 * duration) + one.content[where + 4:last]
            elif kind != b"edts":
                out += one.content[begin:last]
        return out

    return head + box(b"mdat", *samples) + box(b"moov", rebuilt(*one.find(b"moov")))


class Scrambled(MidwayCase):
    """Transport packets with transport_scrambling_control set, and bytes nobody can read behind it."""

    def scrambled(self, pids, share):
        whole = self.folder / "clear.ts"
        if not whole.exists():
            small_clip(whole, "-c:v", "mpeg2video", "-c:a", "mp2", "-f", "mpegts", seconds=3)
        content = bytearray(whole.read_bytes())
        for at in range(int(len(content) // 188 * (1 - share)) * 188, len(content), 188):
            pid = (content[at + 1] & 31) << 8 | content[at + 2]
            if pid not in pids or not content[at + 3] & 0x10:
                continue
            body = at + 4 + (content[at + 4] + 1 if content[at + 3] & 0x20 else 0)
            content[at + 3] |= 0x80
            content[body:at + 188] = bytes(byte ^ 0x5a for byte in content[body:at + 188])
        path = self.folder / f"scrambled-{len(pids)}-{share}.ts"
        path.write_bytes(content)
        return path

    def test_is_never_whole(self):
        for pids in ({0x100}, {0x101}, {0x100, 0x101}):
            for share in (1, 0.4):
                for depth in ("decode", "packets"):
                    asset = self.told(self.scrambled(pids, share), "--depth", depth)
                    self.assertEqual(asset["status"], "partial", (pids, share, depth))
                    told = [one for one in asset["damage"] if "are scrambled" in one["message"]]
                    self.assertEqual([one["stream"] for one in told], [pid - 0x100 for pid in sorted(pids)])
                    self.assertIn("are scrambled", self.text)
        self.assertEqual(self.judged(self.scrambled({0x100}, 0.4), "video.codec", "equals: mpeg2video"), 3)

    def test_in_the_clear(self):
        self.scrambled({0x100}, 1)
        asset = self.told(self.folder / "clear.ts")
        self.assertEqual((asset["status"], asset.get("damage")), ("measured", None))


class CutSound(MidwayCase):
    """A header that tells of more sound than there is."""

    def cut(self, name, share, *more):
        whole, path = self.folder / f"whole.{name}", self.folder / f"cut.{name}"
        ffmpeg("-f", "lavfi", "-i", "anoisesrc=d=6:r=48000:a=0.1:seed=1", *more, whole)
        self.assertEqual(self.told(whole)["status"], "measured", name)
        content = whole.read_bytes()
        path.write_bytes(content[:int(len(content) * share)])
        return path

    def test_is_partial(self):
        for name, more in (("mp3", ("-b:a", "128k")), ("caf", ()), ("w64", ()), ("wav", ()), ("aiff", ())):
            asset = self.told(self.cut(name, 0.6, *more))
            self.assertEqual(asset["status"], "partial", name)
            self.assertEqual(self.judged(self.folder / f"cut.{name}", "loudness.integrated", "max: 0 LUFS"), 3, name)

    def test_flac_cut_between_frames(self):
        path = self.cut("flac", 1)
        content = path.read_bytes()
        path.write_bytes(content[:content.rindex(b"\xff\xf8")])
        asset = self.told(path)
        self.assertEqual(asset["status"], "partial")
        self.assertIn("STREAMINFO", asset["error"]["message"])

    def test_flac_that_is_not_what_was_encoded(self):
        path = self.cut("flac", 1)
        content = bytearray(path.read_bytes())
        digest = content.index(b"fLaC") + 8 + 18
        content[digest] ^= 1
        path.write_bytes(content)
        asset = self.told(path)
        self.assertEqual(asset["status"], "partial")
        self.assertIn("MD5", asset["error"]["message"])
        content[digest:digest + 16] = bytes(16)  # not told
        path.write_bytes(content)
        self.assertEqual(self.told(path)["status"], "measured")

    def test_flac_of_every_depth_holds_its_md5(self):
        for depth in ("s16", "s32"):
            for channels in (1, 2, 6):
                path = self.folder / f"{depth}-{channels}.flac"
                ffmpeg("-f", "lavfi", "-i", f"anoisesrc=d=1:r=48000:a=0.1:seed={channels}", "-ac", str(channels), "-sample_fmt", depth,
                       path)
                self.assertEqual(self.told(path)["status"], "measured", path.name)

    def test_amr_that_pauses(self):
        path = self.folder / "pause.amr"
        speech = b"\x04" + bytes(12)  # mode 0, 95 bits
        path.write_bytes(b"#!AMR\n" + (speech * 20 + b"\x7c") * 5)  # 0x7c: NO_DATA
        asset = self.told(path)
        self.assertEqual(asset["status"], "measured")
        self.assertEqual(asset["streams"][0]["sample_count"], 105 * 160)


PICTURE = ("-f", "lavfi", "-i", "testsrc2=size=320x240:rate=25:duration=2")
TONE = ("-f", "lavfi", "-i", "sine=sample_rate=48000:duration=2")


def elements(content, kind):
    """Where the essence elements of a kind begin in an MXF."""
    key = bytes.fromhex("060e2b34010201010d010301")
    at, found = content.find(key), []
    while at >= 0:
        if content[at + 12] == kind:
            found.append(at)
        at = content.find(key, at + 1)
    return found


class LostParts(MidwayCase):
    """Parts of a file that are missing, and that a demuxer passes over."""

    def broken(self, name, how, *arguments):
        """The whole file is whole; what `how` makes of its bytes is not."""
        whole = self.folder / name
        ffmpeg(*arguments, whole)
        asset = self.told(whole)
        self.assertEqual((asset["status"], asset.get("damage")), ("measured", None), name)
        path = self.folder / f"broken.{name}"
        path.write_bytes(how(whole.read_bytes()))
        for depth in ("packets", "decode"):
            asset = self.told(path, "--depth", depth)
            self.assertEqual(asset["status"], "partial", (name, depth))
        return [damage["message"] for damage in asset["damage"]]

    def test_a_last_picture_that_is_cut(self):
        dv = ("-f", "lavfi", "-i", "testsrc2=size=720x576:rate=25:duration=1", "-pix_fmt", "yuv420p", "-c:v", "dvvideo")
        for name, arguments, what in (("a.y4m", PICTURE, "frame"), ("b.y4m", (*PICTURE, "-pix_fmt", "yuv422p10le", "-strict", "-1"), "frame"),
                                      ("c.dv", dv, "DV frame")):
            told = self.broken(name, lambda content: content[:-70_000], *arguments)
            self.assertRegex(told[0], f"^The file ends 70,000 bytes before the {what} that begins at byte [0-9,]+ does.$")

    def test_a_last_sound_frame_that_is_cut(self):
        self.assertEqual(self.broken("a.mp2", lambda content: content[:-500], *TONE, "-b:a", "192k"),
                         ["Of the 576 bytes of sound frame 83 of stream 0, only 76 are there."])

    def test_holes_of_sound(self):
        lossless = (*TONE, "-ac", "2", "-strict", "-2")
        for name, arguments in (("a.thd", lossless), ("a.mlp", lossless), ("a.voc", (*TONE, "-c:a", "pcm_s16le"))):
            for how in (lambda c: c[:len(c) * 4 // 10 + 1] + c[len(c) * 6 // 10:],
                        lambda c: c[:len(c) * 4 // 10] + bytes(len(c) // 10) + c[len(c) * 5 // 10:],
                        lambda c: c[:len(c) * 7 // 10 + 3]):
                self.assertEqual(len(self.broken(name, how, *arguments)), 1, name)

    def test_objects_of_asf(self):
        told = self.broken("a.asf", lambda c: c[:len(c) // 2] + bytes(8_000) + c[len(c) // 2 + 8_000:], *PICTURE, "-c:v", "wmv2", "-b:v",
                           "2M")
        self.assertRegex(told[0], "^Of the data packets, 2 hold nothing that can be read; the first begins at byte [0-9,]+.$")
        self.assertRegex(told[1], "^Of the media objects of ASF stream 1, [12] are (missing|not whole); ")

    def test_an_overwritten_key_of_mxf(self):
        mxf = (*PICTURE, *TONE, "-c:v", "mpeg2video", "-g", "1", "-pix_fmt", "yuv422p", "-c:a", "pcm_s24le")
        for kind, last in ((0x15, "Stream 0 lacks 1 of the pictures that the container states."),
                           (0x16, "The sound of stream 1 lacks 0.04 s: its packets span 2.00 s.")):

            def overwritten(content):
                at = elements(content, kind)[20]
                return content[:at] + bytes(16) + content[at + 16:]

            told = self.broken("a.mxf", overwritten, *mxf)
            self.assertRegex(told[0], "^There is no KLV packet at byte [0-9,]+, where one should begin.$")
            self.assertEqual(told[-1], last)

    def test_a_fragment_that_the_index_lists(self):
        movie = (*PICTURE, *TONE, "-c:v", "libx264", "-g", "10", "-c:a", "aac", "-movflags", "frag_keyframe+empty_moov+default_base_moof")
        for which in (0, -1):

            def without(content):
                found = [(start, end) for kind, start, _, end in boxes(content) if kind in (b"moof", b"mdat")]
                pairs = [(start, end) for (start, _), (_, end) in zip(found[::2], found[1::2])]
                start, end = pairs[which]
                return content[:start] + content[end:]

            self.assertIn("The index at the end of the file lists 5 movie fragments, the file has 4: fragments are missing.",
                          self.broken("a.mp4", without, *movie))


class Ends(MidwayCase):
    def movie(self, name, picture, tone):
        path = self.folder / name
        ffmpeg("-f", "lavfi", "-i", f"testsrc2=size=320x180:rate=25:duration={picture}", "-f", "lavfi", "-i",
               f"sine=sample_rate=48000:duration={tone}", "-c:v", "libx264", "-c:a", "pcm_s16le", path)
        return path

    def test_sound_that_ends_early(self):
        asset = self.told(self.movie("early.mov", 3, 2))
        self.assertEqual(asset["measurements"]["av_ends"], {"difference_s": 1, "ends_first": 1, "ends_last": 0})
        self.assertIn("stream 1 (audio) ends 1.000 s before stream 0 (video)", " ".join(self.text.split()))
        self.assertEqual(self.judged(self.folder / "early.mov", "file.av_duration_difference", "max: 500 ms"), 1)

    def test_a_frame_is_no_difference(self):
        asset = self.told(self.movie("same.mov", 3, 2.97))
        self.assertEqual(asset["measurements"]["av_ends"]["difference_s"], 0.03)
        self.assertNotIn(" ends ", self.text)


if __name__ == "__main__":
    main()
