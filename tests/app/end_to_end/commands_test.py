# SPDX-License-Identifier: Apache-2.0
"""The command line itself: usage, exit status, what goes to stdout and what to stderr."""
import os
import signal
import subprocess
import time

from support import PROGRAM, Case, cleangate, ffmpeg, main, small_clip

UNBUILT = ["watch", "relate", "sign-off", "rights", "report"]


class Usage(Case):
    def test_version_goes_to_stdout(self):
        outcome = cleangate("--version")
        self.assertEqual(outcome.status, 0)
        self.assertRegex(outcome.out, r"^cleangate \d+\.\d+\.\d+\n$")
        self.assertEqual(outcome.err, "")

    def test_help_names_every_built_command(self):
        outcome = cleangate("--help")
        self.assertEqual(outcome.status, 0)
        for command in ("measure", "check", "specs", "doctor"):
            self.assertIn(command, outcome.out)

    def test_without_a_command_the_help_is_an_error(self):
        outcome = cleangate()
        self.assertEqual((outcome.status, outcome.out), (2, ""))
        self.assertIn("measure", outcome.err)

    def test_unknown_command_and_option(self):
        for arguments in (["mesure"], ["measure", "--nonsense", "x.mov"], ["measure", "--depth", "deep", "x.mov"],
                          ["measure", "--jobs", "0", "x.mov"]):
            outcome = cleangate(*arguments)
            self.assertEqual((outcome.status, outcome.out), (2, ""), arguments)
            self.assertNotEqual(outcome.err, "")

    def test_commands_that_are_not_built_say_so(self):
        for command in UNBUILT:
            outcome = cleangate(command, "something", "--option")
            self.assertEqual((outcome.status, outcome.out), (2, ""), command)
            self.one_line(outcome, command, "not built yet")
        for part in ("diff", "import"):
            outcome = cleangate("specs", part, "x")
            self.assertEqual(outcome.status, 2)
            self.one_line(outcome, part, "not built yet")

    def test_options_that_are_not_built_say_so(self):
        for option in (["--range", "1-2"], ["--cues"], ["--diff"],
                       ["--against", "x"], ["--ocio", "x"], ["--rate", "25"]):
            outcome = cleangate("measure", "x.mov", *option)
            self.assertEqual(outcome.status, 2, option)
            self.one_line(outcome, option[0], "not built yet")

    def test_no_path_no_spec(self):
        self.assertEqual(cleangate("measure").status, 2)
        self.assertEqual(cleangate("check", "--spec", "ebu-r128").status, 2)
        outcome = cleangate("check", "x.mov")
        self.assertEqual(outcome.status, 2)
        self.one_line(outcome, "--spec")

    def test_unknown_spec_names_the_nearest(self):
        outcome = cleangate("check", "x.mov", "--spec", "ebu-r182")
        self.assertEqual((outcome.status, outcome.out), (2, ""))
        self.one_line(outcome, "ebu-r182", "ebu-r128")

    def test_set_needs_key_and_value(self):
        outcome = cleangate("check", "x.mov", "--spec", "ebu-r128", "--set", "live")
        self.assertEqual(outcome.status, 2)
        self.one_line(outcome, "key=value")

    def test_set_refuses_keys_that_no_rule_reads(self):
        for given in ("order.live=yes", "liv=yes", "live=", "live=maybe"):
            outcome = cleangate("check", "x.mov", "--spec", "ebu-r128", "--set", given)
            self.assertEqual((outcome.status, outcome.out), (2, ""), given)
            self.one_line(outcome, "live")

    def test_a_missing_folder_of_specs_is_told(self):
        nowhere = self.folder / "nosuch"
        for arguments in (["check", "x.mov", "--spec", "ebu-r128"], ["specs", "list"], ["specs", "show", "ebu-r128"]):
            outcome = cleangate(*arguments, "--specs-dir", nowhere)
            self.assertEqual((outcome.status, outcome.out), (2, ""), arguments)
            self.one_line(outcome, "nosuch", "no such folder")


PROFILE = """profile: %s
title: Made
status: beta
edition: "1"
revision: 1
sources: {s: {document: Doc, edition: "1", grade: primary}}
requirements:
  - {id: codec, quantity: video.codec, equals: %s, severity: reject, source: {ref: s}}
"""


class Neighbours(Case):
    def test_a_broken_profile_beside_the_wanted_one_is_told_and_stops_nothing(self):
        clip = self.folder / "clip.mov"
        small_clip(clip, "-c:v", "libx264", "-an")
        specs = self.folder / "specs"
        specs.mkdir()
        (specs / "good.yaml").write_text(PROFILE % ("good", "h264"))
        outcome = cleangate("check", clip, "--spec", "good", "--specs-dir", specs)
        self.assertEqual((outcome.status, outcome.err), (0, ""))
        (specs / "other.yaml").write_text(PROFILE % ("another", "h264"))
        (specs / "broken.yml").write_text(PROFILE % ("broken", "h264") + "oops: 1\n")
        outcome = cleangate("check", clip, "--spec", "good", "--specs-dir", specs)
        self.assertEqual(outcome.status, 0)
        self.assertIn("warning: " + str(specs / "broken.yml"), outcome.err)
        self.assertIn("warning: " + str(specs / "other.yaml"), outcome.err)
        self.assertEqual(len(outcome.err.splitlines()), 2)
        for asked in ("broken", "other"):
            self.assertEqual(cleangate("check", clip, "--spec", asked, "--specs-dir", specs).status, 2)

    def test_at_depth_header_it_is_said_how_much_was_not_looked_at(self):
        clip = self.folder / "clip.mov"
        small_clip(clip, "-c:v", "libx264", "-c:a", "pcm_s16le")
        outcome = cleangate("check", clip, "--spec", "youtube-upload-sdr", "--depth", "header")
        self.assertRegex(" ".join(outcome.out.split()), r"\d+ points were not looked at\.")


class Output(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clip = cls.folder / "clip.mov"
        small_clip(cls.clip, "-c:v", "libx264", "-c:a", "pcm_s16le")

    def test_measure_prints_facts_on_stdout_only(self):
        outcome = cleangate("measure", self.clip)
        self.assertEqual((outcome.status, outcome.err), (0, ""))
        for words in ("h264", "320x180", "25 fps", "pcm_s16le", "48 kHz"):
            self.assertIn(words, outcome.out)
        self.assertNotIn("\x1b", outcome.out)

    def test_json_is_one_document_in_argument_order(self):
        other = self.folder / "other.wav"
        ffmpeg("-f", "lavfi", "-i", "sine=duration=1", other)
        outcome = cleangate("measure", "--json", self.clip, other, self.folder / "missing.mov", self.clip)
        self.assertEqual(outcome.status, 3)
        document = outcome.json()
        self.validate(document)
        self.assertEqual([a["path"] for a in document["assets"]],
                         [str(self.clip), str(other), str(self.folder / "missing.mov"), str(self.clip)])
        self.assertEqual([a["status"] for a in document["assets"]], ["measured", "measured", "unreadable", "measured"])
        self.assertEqual(document["assets"][0], document["assets"][3])

    def test_what_sound_alone_cannot_have_is_absent(self):
        sound = self.folder / "sound.wav"
        ffmpeg("-f", "lavfi", "-i", "sine=duration=1", sound)
        measured = cleangate("measure", "--json", sound).json()["assets"][0]["measurements"]
        self.assertEqual(len(measured["loudness"]), 1)
        for picture in ("black", "levels", "active_picture"):
            self.assertNotIn(picture, measured)
        picture = self.folder / "picture.mov"
        small_clip(picture, "-c:v", "libx264", "-an")
        measured = cleangate("measure", "--json", picture).json()["assets"][0]["measurements"]
        self.assertNotIn("loudness", measured)
        self.assertIn("black", measured)

    def test_samples_in_larger_words_are_read_as_they_lie(self):
        import struct
        plain, words = self.folder / "plain.wav", self.folder / "words.wav"
        ffmpeg("-f", "lavfi", "-i", "sine=frequency=997:sample_rate=48000:duration=2", "-c:a", "pcm_s32le", "-bitexact", plain)
        samples = plain.read_bytes()[-2 * 48000 * 4:]
        form = struct.pack("<HHIIHHHHIH", 0xFFFE, 1, 48000, 48000 * 4, 4, 32, 22, 24, 4, 1)
        form += bytes([0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71])
        body = b"WAVEfmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", len(samples)) + samples
        words.write_bytes(b"RIFF" + struct.pack("<I", len(body)) + body)
        whole, upper = cleangate("measure", "--json", plain, words).json()["assets"]
        self.assertEqual((upper["status"], upper["streams"][0]["codec"], upper["streams"][0]["bit_depth"]), ("measured", "pcm_s32le", 24))
        self.assertEqual(upper["measurements"]["loudness"], whole["measurements"]["loudness"])
        self.assertEqual(upper.get("conflicts", []), [])

    def test_a_frozen_picture_is_told_frame_by_frame(self):
        frozen = self.folder / "frozen.mov"
        # To the end: which frames are the same, ffmpeg's framemd5 tells below.
        ffmpeg("-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25:duration=4",
               "-vf", "noise=alls=4:allf=t,trim=end_frame=26,loop=loop=37:size=1:start=25,trim=end_frame=60,setpts=N/25/TB", "-r", "25",
               "-c:v", "prores_ks", frozen)
        digests = self.folder / "frozen.framemd5"
        ffmpeg("-i", frozen, "-f", "framemd5", digests)
        frames = [line.split()[-1] for line in digests.read_text().splitlines() if not line.startswith("#")]
        self.assertEqual((frames.index(frames[-1]), len(frames), len(set(frames[24:]))), (24, 60, 1))
        asset = cleangate("measure", "--json", frozen).json()["assets"][0]
        self.assertEqual(asset["streams"][0]["frame_count"], 60)
        self.assertEqual([(s["first_frame"], s["end_frame"], s["confidence"]) for s in asset["measurements"]["freeze"]], [(24, 60, 1)])
        self.assertIn("freeze      at 0.960 s for 1.440 s (frames 24 to 59)", cleangate("measure", frozen).out)

    def test_the_scan_of_pictures_is_told_beside_their_flags(self):
        source = ("-f", "lavfi", "-i", "testsrc2=size=320x192:rate=50:duration=2,gblur=1")
        cases = {
            "film.mov": ("null", (), ("progressive", None, "none", "agree")),
            "video.mov": ("tinterlace=interleave_top", ("-flags", "+ildct"), ("interlaced", "top", "none", "agree")),
            "unflagged.mov": ("tinterlace=interleave_bottom,setfield=prog", (), ("interlaced", "bottom", "none", "interlaced as progressive")),
            "pulled.mov": ("telecine=first_field=top:pattern=23", ("-flags", "+ildct"), ("telecined", "top", "2:3", "agree")),
        }
        for name, (filters, flags, expected) in cases.items():
            made = self.folder / name
            fields = "setfield=tff" if flags else "setfield=prog"
            ffmpeg(*source, "-vf", filters + "," + fields, "-fps_mode", "passthrough", "-c:v", "prores_ks", *flags, made)
            outcome = cleangate("measure", "--json", made)
            self.validate(outcome.json())
            scan, = outcome.json()["assets"][0]["measurements"]["scan"]
            self.assertEqual((scan["scan"], scan.get("field_order"), scan["cadence"], scan["against_flags"]), expected, name)
        self.assertIn("scan 0      telecined, top field first, cadence 2:3\n", cleangate("measure", self.folder / "pulled.mov").out)
        self.assertIn("scan 0      interlaced, bottom field first; by its flags interlaced as progressive\n",
                      cleangate("measure", self.folder / "unflagged.mov").out)

    def test_defects_of_pixels_and_lines_are_told_with_their_places(self):
        made = self.folder / "defects.mkv"
        line, pixel = "drawbox=x=20:y=90:w=280:h=1:color=white:t=fill:enable='between(n,30,31)'", "drawbox=x=61:y=47:w=1:h=1:color=white:t=fill"
        ffmpeg("-f", "lavfi", "-i", f"mandelbrot=size=320x192:rate=25:start_scale=1.2:end_scale=0.1,trim=end_frame=75,format=gray,{line},{pixel},format=gray",
               "-c:v", "ffv1", made)
        outcome = cleangate("measure", "--json", made)
        self.validate(outcome.json())
        measured = outcome.json()["assets"][0]["measurements"]
        self.assertEqual([(s["first_frame"], s["end_frame"]) for s in measured["line_dropouts"]], [(30, 32)])
        self.assertEqual(measured["column_dropouts"], [])
        self.assertEqual([(p["x"], p["y"]) for p in measured["dead_pixels"]], [(61, 47)])
        self.assertIn("dead pixel  61,47 at 0.", cleangate("measure", made).out)

    def test_dead_pixels_that_are_not_known_are_not_told_as_none(self):
        cases = {"few.mkv": (3, None, ["3 frames of stream 0 are too few to tell dead pixels from a picture."]), "more.mkv": (30, [], None)}
        for name, (frames, found, undecided) in cases.items():
            made = self.folder / name
            ffmpeg("-f", "lavfi", "-i", f"mandelbrot=size=320x192:rate=25:start_scale=1.2:end_scale=0.1,trim=end_frame={frames},gblur=4,format=gray", "-c:v", "ffv1", made)
            outcome = cleangate("measure", "--json", made)
            self.validate(outcome.json())
            measured = outcome.json()["assets"][0]["measurements"]
            self.assertEqual(measured.get("dead_pixels", "not looked for"), found, name)
            self.assertEqual(measured.get("undecided", {}).get("dead_pixels"), undecided, name)
        self.assertIn("dead pixel? 3 frames of stream 0 are too few", cleangate("measure", self.folder / "few.mkv").out)
        header, = cleangate("measure", "--json", "--depth", "header", self.folder / "more.mkv").json()["assets"]
        self.assertNotIn("dead_pixels", header.get("measurements", {}))

    def test_json_lines_are_one_document_a_line(self):
        import json
        outcome = cleangate("measure", "--json-lines", self.clip, self.clip)
        documents = [json.loads(line) for line in outcome.out.splitlines()]
        self.assertEqual([len(d["assets"]) for d in documents], [1, 1])
        for document in documents:
            self.validate(document)

    def test_depths_know_less(self):
        header, packets, full = (cleangate("measure", "--json", "--depth", depth, self.clip).json()["assets"][0]
                                 for depth in ("header", "packets", "decode"))
        for asset in (header, packets, full):
            self.assertEqual(asset["status"], "measured")
        self.assertIsNone(header["content_id"])
        self.assertEqual(packets["content_id"], full["content_id"])
        self.assertNotIn("decode", packets)
        self.assertEqual(full["decode"]["frames"], 50)
        self.assertEqual(packets["streams"][0]["frame_count"], 50)
        self.assertEqual(cleangate("measure", "--json", "--no-decode", self.clip).json()["assets"][0], packets)

    def test_digests_agree_with_coreutils(self):
        asset = cleangate("measure", "--json", "--digest", "md5,sha1", self.clip).json()["assets"][0]
        for name in ("md5", "sha1"):
            real = subprocess.run([name + "sum", self.clip], capture_output=True, check=True).stdout.split()[0].decode()
            self.assertEqual(asset["digests"][name], real)
        real = subprocess.run(["sha256sum", self.clip], capture_output=True, check=True).stdout.split()[0].decode()
        self.assertEqual(asset["content_id"], "sha256:" + real)
        outcome = cleangate("measure", "--digest", "crc8", self.clip)
        self.assertEqual(outcome.status, 2)
        self.one_line(outcome, "crc8", "md5")

    def test_the_same_for_any_number_of_jobs(self):
        one, four = (cleangate("measure", "--json", "--jobs", n, self.clip, self.clip).out for n in ("1", "4"))
        self.assertEqual(one, four)

    def test_progress_is_on_stderr_and_only_when_wanted(self):
        self.assertIn("%", cleangate("measure", "--progress", "always", self.clip).err)
        self.assertEqual(cleangate("measure", "--progress", "never", self.clip).err, "")

    def test_spec_before_the_path_works_too(self):
        after = cleangate("check", self.clip, "--spec", "ebu-r128", "x-upload", "--json")
        before = cleangate("check", "--json", "--spec", "ebu-r128", "x-upload", self.clip)
        self.assertEqual(after.out, before.out)
        self.assertEqual([v["spec"] for v in after.json()["verdicts"]], ["ebu-r128", "x-upload"])

    def test_stated_soundfields_replace_assumed_ones(self):
        tracks = self.folder / "tracks.mov"
        ffmpeg("-f", "lavfi", "-i", "sine=sample_rate=48000:duration=2", "-map", "0", "-map", "0", "-map", "0", "-c:a",
               "pcm_s24le", tracks)
        asset = cleangate("measure", "--json", tracks).json()["assets"][0]
        self.assertEqual([f["grouping"] for f in asset["soundfields"]], ["assumed", "assumed"])
        stated = cleangate("measure", "--json", tracks, "--soundfields", "1:1.0:fr,2-3:2.0:en").json()
        self.validate(stated)
        fields = stated["assets"][0]["soundfields"]
        self.assertEqual([(f["layout"], f["grouping"], f["language"]) for f in fields],
                         [("1.0", "user", "fr"), ("2.0", "user", "en")])
        self.assertEqual(len(stated["assets"][0]["measurements"]["loudness"]), 2)
        outcome = cleangate("check", tracks, "--spec", "ebu-r128", "--soundfields", "1-6:5.1", "--json")
        self.assertEqual(outcome.status, 3)
        self.one_line(outcome, "tracks.mov", "channel 6")
        self.assertEqual(outcome.json()["verdicts"], [])
        self.assertEqual(cleangate("check", tracks, "--spec", "ebu-r128", "--soundfields", "1-6").status, 2)

    def test_a_full_disk_is_an_error(self):
        with open("/dev/full", "w", encoding="utf-8") as full:
            outcome = subprocess.run([PROGRAM, "specs", "list"], stdout=full, stderr=subprocess.PIPE, check=False)
        self.assertEqual(outcome.returncode, 2)


class Interrupted(Case):
    def test_ctrl_c_prints_what_is_finished_and_exits_130(self):
        small, long = self.folder / "small.wav", self.folder / "long.mov"
        ffmpeg("-f", "lavfi", "-i", "sine=duration=1", small)
        ffmpeg("-f", "lavfi", "-i", "testsrc2=size=1920x1080:rate=50:duration=20", "-c:v", "mpeg2video", "-q:v", "2", long)
        process = subprocess.Popen([PROGRAM, "measure", "--no-catalog", "--json-lines", "--jobs", "1", small, *[long] * 50],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
        first = process.stdout.readline().decode()
        self.assertIn('"measured"', first)
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        rest, errors = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130, errors)
        self.assertIn('"cancelled"', rest.decode())


class Specs(Case):
    def test_list_names_the_built_in_profiles(self):
        outcome = cleangate("specs", "list")
        self.assertEqual((outcome.status, outcome.err), (0, ""))
        for spec in ("ebu-r128", "roku-channel-vod", "youtube-upload-sdr", "x-upload"):
            self.assertIn(spec, outcome.out)
        document = cleangate("specs", "list", "--json").json()
        self.validate(document)
        self.assertTrue(all(entry["valid"] for entry in document["specs"]))

    def test_show_gives_every_requirement_its_source(self):
        for entry in cleangate("specs", "list", "--json").json()["specs"]:
            document = cleangate("specs", "show", entry["id"], "--json").json()
            self.validate(document)
            self.assertGreater(len(document["requirements"]), 0)
            for requirement in document["requirements"]:
                self.assertTrue(requirement["source"]["document"], requirement)
            self.assertEqual(cleangate("specs", "show", entry["id"]).status, 0)

    def test_new_makes_a_profile_without_a_problem(self):
        target = self.folder / "house.yaml"
        outcome = cleangate("specs", "new", "house", "--extends", "ebu-r128", "-o", target)
        self.assertEqual((outcome.status, outcome.out, outcome.err), (0, "", ""))
        self.assertEqual(cleangate("specs", "lint", target).status, 0)
        again = cleangate("specs", "new", "house", "-o", target)
        self.assertEqual(again.status, 2)
        self.one_line(again, "house.yaml")

    def test_mistakes_name_file_line_and_key(self):
        good = cleangate("specs", "new", "house").out
        self.assertNotEqual(good, "")
        for name, text, needle in (
                ("typo.yaml", VALID.replace("severity:", "severitty:"), "severitty"),
                ("twice.yaml", VALID.replace("    severity: reject\n", "    severity: reject\n    severity: warn\n"),
                 "severity"),
                ("unit.yaml", VALID.replace("-23 LUFS", "-23 kHz"), "kHz")):
            path = self.folder / name
            path.write_text(text)
            for outcome in (cleangate("specs", "lint", path), cleangate("check", "x.mov", "--spec", path)):
                self.assertEqual(outcome.status, 2, name)
                told = outcome.out + outcome.err
                self.assertIn(name, told)
                self.assertIn(needle, told)
                self.assertRegex(told, r"\.yaml:\d+")
        path = self.folder / "right.yaml"
        path.write_text(VALID)
        self.assertEqual(cleangate("specs", "lint", path).status, 0)


VALID = """profile: house
title: House rules
status: beta
edition: "1"
revision: 1
sources:
  own: {document: "House rules", edition: "1", grade: primary}
requirements:
  - id: loudness
    quantity: loudness.integrated
    for: {each: soundfield, role: main}
    equals: -23 LUFS
    tolerance: 0.5 LU
    severity: reject
    source: {ref: own, clause: "1"}
"""


class Doctor(Case):
    def test_tells_what_holds(self):
        outcome = cleangate("doctor")
        self.assertEqual((outcome.status, outcome.err), (0, ""))
        for words in ("cleangate", "isolation", "decodes", "prores", "built in"):
            self.assertIn(words, outcome.out)
        document = cleangate("doctor", "--json").json()
        self.validate(document)
        self.assertTrue(document["decoders"]["prores"])

    def test_tells_of_the_catalog(self):
        place = self.folder / "doctors"
        place.mkdir()
        catalog = str(place / "catalog.db")
        self.assertFalse(cleangate("doctor", "--json", "--catalog", catalog).json()["catalog"]["present"])
        self.assertFalse(os.path.exists(catalog))
        small_clip(place / "a.mov", "-c:v", "prores_ks", seconds=1)
        cleangate("measure", place / "a.mov", "--catalog", catalog)
        document = cleangate("doctor", "--json", "--catalog", catalog).json()
        self.validate(document)
        self.assertEqual((document["catalog"]["present"], document["catalog"]["assets"]), (True, 1))
        (place / "other.db").write_text("no database, but long enough to be one" * 40)
        outcome = cleangate("doctor", "--catalog", str(place / "other.db"))
        self.assertEqual(outcome.status, 3)
        self.assertIn("not a catalog", " ".join(outcome.out.split()))

    def test_a_missing_worker_is_told(self):
        outcome = cleangate("doctor", "--worker", "/nowhere/cleangate-av")
        self.assertEqual(outcome.status, 3)
        self.assertIn("/nowhere/cleangate-av", outcome.out)


if __name__ == "__main__":
    main()
