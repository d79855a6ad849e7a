# SPDX-License-Identifier: Apache-2.0
"""Ingest, judging without media, fixity: what the catalog is for."""
import json
import os
import shutil
import sqlite3
import unittest

from support import Case, cleangate, ffmpeg, main, small_clip


class Cataloged(Case):
    """A folder of media and a catalog of its own for each test."""

    def setUp(self):
        self.folder_of_test = self.folder / self.id().rsplit(".", 1)[-1]
        self.media = self.folder_of_test / "media"
        self.media.mkdir(parents=True)
        self.catalog = self.folder_of_test / "catalog.db"

    def run_verb(self, verb, *arguments):
        return cleangate(verb, *arguments, "--catalog", self.catalog)

    def ingest(self, *arguments, status=0):
        outcome = self.run_verb("ingest", "--json", *(arguments or (self.media,)))
        self.assertEqual(outcome.status, status, outcome.err)
        document = outcome.json()
        self.validate(document)
        return {os.path.basename(asset["path"]): asset for asset in document["assets"]}

    def clip(self, name, *more, **how):
        path = self.media / name
        small_clip(path, *more, **how)
        return path

    def count(self, table):
        with sqlite3.connect(f"file:{self.catalog}?mode=ro", uri=True) as connection:
            return connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


class Known(Cataloged):
    """Nothing is measured twice."""

    def test_the_same_file_again_decodes_nothing(self):
        self.clip("a.mp4", "-c:v", "libx264", "-c:a", "aac")
        first = self.ingest()["a.mp4"]
        self.assertEqual((first["known"], first["decoded_frames"]), ("no", 50))
        again = self.ingest()["a.mp4"]
        self.assertEqual((again["known"], again["decoded_frames"]), ("stat", 0))
        self.assertEqual(again["content_id"], first["content_id"])
        self.assertEqual((self.count("asset"), self.count("location")), (1, 1))

    def test_a_copy_is_a_location_more(self):
        original = self.clip("a.mov", "-c:v", "prores_ks", "-c:a", "pcm_s16le")
        self.ingest()
        shutil.copy(original, self.media / "b.mov")
        found = self.ingest()
        self.assertEqual((found["b.mov"]["known"], found["b.mov"]["decoded_frames"]), ("content", 0))
        self.assertEqual((self.count("asset"), self.count("location")), (1, 2))

    def test_a_renamed_file_is_known(self):
        original = self.clip("a.mp4", "-c:v", "libx264", "-c:a", "aac")
        self.ingest()
        original.rename(self.media / "renamed.mp4")
        found = self.ingest()["renamed.mp4"]
        self.assertIn(found["known"], ("stat", "content"))
        self.assertEqual(found["decoded_frames"], 0)
        self.assertEqual(self.count("asset"), 1)

    def test_two_copies_in_one_run_are_decoded_once(self):
        original = self.clip("a.mp4", "-c:v", "libx264", "-c:a", "aac")
        shutil.copy(original, self.media / "b.mp4")
        found = self.ingest()
        self.assertEqual(sorted(asset["decoded_frames"] for asset in found.values()), [0, 50])
        self.assertEqual((self.count("asset"), self.count("location")), (1, 2))

    def test_a_rewrap_decodes_nothing_and_is_judged_the_same(self):
        wraps = {"h264.mp4": (("-c:v", "libx264", "-bf", "2", "-c:a", "ac3"), ("faststart.mov",)),
                 "h264.mov": (("-c:v", "libx264", "-bf", "2", "-c:a", "pcm_s16le"), ("matroska.mkv",)),
                 "prores.mov": (("-c:v", "prores_ks", "-c:a", "pcm_s24le"), ("prores.mkv",)),
                 "mpeg2.mxf": (("-c:v", "mpeg2video", "-bf", "2", "-c:a", "pcm_s16le"), ("mpeg2.mov",))}
        for name, (codecs, wrapped) in wraps.items():
            original = self.clip(name, *codecs)
            self.ingest(original)
            for target in wrapped:
                path = self.media / target
                ffmpeg("-i", original, "-map", "0", "-c", "copy", "-movflags", "+faststart", path)
                found = self.ingest(path)[target]
                with self.subTest(target):
                    self.assertEqual((found["known"], found["decoded_frames"]), ("essence", 0))
                    # What is remembered of it judges as a decode of its own would.
                    judged = self.run_verb("judge", f"path:*{target}", "--json", "--all", "--spec",
                                           "roku-channel-vod", "ebu-r128").json()
                    fresh = cleangate("check", "--no-catalog", "--json", "--all", path, "--spec", "roku-channel-vod",
                                      "ebu-r128").json()
                    self.assertEqual([self.told(v) for v in judged["verdicts"]],
                                     [self.told(v) for v in fresh["verdicts"]])

    @staticmethod
    def told(verdict):
        return verdict["spec"], verdict["verdict"], [
            (f["requirement"], f["outcome"], f["measured"], f["spans"]) for f in verdict["findings"]]

    def test_other_content_at_the_same_place_is_another_asset(self):
        self.clip("a.mp4", "-c:v", "libx264", "-c:a", "aac")
        first = self.ingest()["a.mp4"]
        self.clip("a.mp4", "-c:v", "libx264", "-c:a", "aac", sound="sine=frequency=440")
        second = self.ingest()["a.mp4"]
        self.assertEqual(second["known"], "no")
        self.assertNotEqual(first["content_id"], second["content_id"])
        self.assertEqual(self.count("asset"), 2)

    def test_a_copy_is_judged_by_its_own_name(self):
        original = self.clip("good-name.mp4", "-c:v", "libx264", "-c:a", "aac")
        house = self.folder_of_test / "house.yaml"
        house.write_text(
            "profile: house\ntitle: House\nstatus: ship\nedition: v1\nrevision: 1\nsources:\n"
            "  own: {document: House rules, edition: v1, grade: primary, checked: 2026-11-21}\nrequirements:\n"
            "  - id: name\n    quantity: file.name\n    matches: \"^good\"\n    severity: reject\n"
            "    source: {ref: own, clause: \"1\"}\n")
        self.ingest(self.media, "--spec", house)
        shutil.copy(original, self.media / "bad-name.mp4")
        found = self.ingest(self.media, "--spec", house, status=1)
        self.assertEqual(found["bad-name.mp4"]["known"], "content")
        self.assertEqual({name: asset["verdicts"][0]["verdict"] for name, asset in found.items()},
                         {"good-name.mp4": "pass", "bad-name.mp4": "fail"})
        again = self.ingest(self.media, "--spec", house, status=1)
        self.assertEqual({name: asset["verdicts"][0]["verdict"] for name, asset in again.items()},
                         {"good-name.mp4": "pass", "bad-name.mp4": "fail"})
        self.assertEqual(self.count("judgement"), 2)  # both were confirmed
        both = {"good-name.mp4": "pass", "bad-name.mp4": "fail"}
        self.assertEqual(self.verdicts_by_name(), both)
        judged = self.run_verb("judge", "--json", "--spec", house)
        self.assertEqual({v["name"]: (v["verdict"], os.path.basename(v["asset"]["path"])) for v in judged.json()["verdicts"]},
                         {name: (verdict, name) for name, verdict in both.items()})
        self.validate(judged.json())
        self.assertEqual((judged.status, self.count("judgement")), (1, 2))
        for query in ("verdict:pass", "verdict:fail", "name:bad-name.mp4", ""):
            self.assertEqual(self.run_verb("find", query, "--json").json()["total"], 1, query)
        self.assertIn("(as bad-name.mp4)", self.run_verb("find").out)
        self.assertEqual(self.run_verb("find", "--facets", "verdict", "--json").json()["facets"]["verdict"],
                         [{"value": "fail", "count": 1}, {"value": "pass", "count": 1}])
        self.assertEqual(self.run_verb("catalog", "check", "--full").status, 0)

        # Renamed: the old name's verdict goes with it.
        os.rename(self.media / "bad-name.mp4", self.media / "good-too.mp4")
        self.ingest(self.media, "--spec", house)
        self.assertEqual(self.verdicts_by_name(), {"good-name.mp4": "pass", "good-too.mp4": "pass"})
        # No rule is about the name any more: one verdict for all.
        house.write_text(house.read_text().replace('quantity: file.name', 'quantity: video.width')
                         .replace('matches: "^good"', 'equals: 320'))
        self.assertEqual(self.run_verb("judge", "--spec", house).status, 0)
        self.assertEqual(self.verdicts_by_name(), {None: "pass"})

    def verdicts_by_name(self):
        shown = self.run_verb("show", "1", "--json").json()
        self.validate(shown)
        found = self.run_verb("find", "--json").json()
        self.validate(found)
        by_name = {one.get("name"): one["verdict"] for one in shown["verdicts"]}
        self.assertEqual({one.get("name"): one["verdict"] for one in found["assets"][0]["verdicts"]}, by_name)
        self.assertEqual(len(shown["verdicts"]), len(by_name))
        return by_name

    def test_a_waiver_for_one_name_holds_for_that_name(self):
        house = self.folder_of_test / "house.yaml"
        house.write_text(
            "profile: house\ntitle: House\nstatus: ship\nedition: v1\nrevision: 1\nsources:\n"
            "  own: {document: House rules, edition: v1, grade: primary, checked: 2026-11-21}\nrequirements:\n"
            "  - {id: name, quantity: file.name, matches: '^good', severity: reject, source: {ref: own}}\n")
        original = self.clip("a.mp4", "-c:v", "libx264", "-c:a", "aac")
        shutil.copy(original, self.media / "b.mp4")
        self.ingest(self.media, "--spec", house, status=1)
        finding = self.run_verb("show", "1", "--json").json()["verdicts"][0]["findings"][0]["finding_id"]
        self.assertEqual(self.run_verb("waive", finding, "--reason", "known").status, 0)
        self.assertEqual(sorted(self.verdicts_by_name().values()), ["fail", "pass"])
        self.assertEqual(self.run_verb("waive", finding, "--reason", "known too").status, 0)
        self.assertEqual(self.verdicts_by_name(), {"a.mp4": "pass", "b.mp4": "pass"})

    def test_rows_that_are_gone_are_measured_again(self):
        path = self.clip("a.mov", "-c:v", "prores_ks", "-c:a", "pcm_s16le")
        house = self.folder_of_test / "house.yaml"
        house.write_text(
            "profile: house\ntitle: House\nstatus: ship\nedition: v1\nrevision: 1\nsources:\n"
            "  own: {document: House rules, edition: v1, grade: primary, checked: 2026-11-21}\nrequirements:\n"
            "  - {id: width, quantity: video.width, equals: 320, severity: reject, source: {ref: own}}\n")
        self.ingest()
        series = sorted(p for p in self.folder_of_test.glob("catalog.db.series/**/*") if p.is_file())

        def lose():
            for file in series:
                file.unlink()

        def cut():
            for file in series:
                os.truncate(file, 10)

        def prune():
            self.assertEqual(self.run_verb("catalog", "prune", "number:1").status, 0)

        ways = {"ingest": lambda: self.ingest(), "measure": lambda: self.run_verb("measure", path),
                "check": lambda: self.run_verb("check", path, "--spec", "ebu-r128")}
        for gone in (lose, cut, prune):
            for name, verb in ways.items():
                with self.subTest(name, gone=gone.__name__):
                    gone()
                    # What stands on no rows asks for none.
                    self.assertEqual(self.run_verb("check", path, "--spec", house).status, 0)
                    self.assertEqual([p for p in series if p.exists() and p.stat().st_size > 10], [])
                    verb()
                    self.assertEqual([p for p in series if not p.exists()], [])
                    self.assertEqual(self.run_verb("catalog", "check", "--full").status, 0)
                    judged = self.run_verb("judge", "--json", "--spec", "ebu-r128").json()["verdicts"][0]
                    self.assertEqual((judged["verdict"], judged["counts"]["inconclusive"]), ("fail", 0))
        self.assertEqual(self.ingest()["a.mov"]["known"], "stat")

    def test_rows_of_many_that_are_gone_are_measured_again(self):
        for name in ("a.mov", "b.mov", "c.mov"):
            self.clip(name, "-c:v", "prores_ks", "-c:a", "pcm_s16le", sound=f"sine=frequency={300 + ord(name[0])}")
        self.ingest()
        for file in [p for p in self.folder_of_test.glob("catalog.db.series/**/*") if p.is_file()]:
            file.unlink()
        self.assertEqual({asset["known"] for asset in self.ingest().values()} - {"essence"}, {"no"})
        self.assertEqual({asset["known"] for asset in self.ingest().values()}, {"stat"})

    def test_rows_that_no_decode_makes_again_are_sought_once(self):
        path = self.clip("a.mov", "-c:v", "prores_ks", "-c:a", "pcm_s16le")
        self.ingest()
        # As an older version may have left them: of an analyzer that there is no more.
        with sqlite3.connect(self.catalog) as connection:
            connection.execute(
                "INSERT INTO series(owner, channel, row, version, epoch, digest, rows, bytes, first_seen) SELECT owner, channel, "
                "'picture.bygone', 1, epoch, zeroblob(32), rows, bytes, first_seen FROM series WHERE row = 'picture.luma' LIMIT 1")
        self.assertNotEqual(self.ingest()["a.mov"]["known"], "stat")
        self.assertEqual(self.ingest()["a.mov"]["known"], "stat")
        self.assertEqual(self.ingest(path)["a.mov"]["decoded_frames"], 0)
        checked = self.run_verb("catalog", "check")
        self.assertEqual(checked.status, 1, checked.out)
        self.assertIn("did not make it anew", checked.out)

    def test_damage_that_an_older_version_saw_is_looked_at_again(self):
        path = self.clip("a.ts", "-c:v", "mpeg2video", "-c:a", "mp2")
        data = bytearray(path.read_bytes())
        data[len(data) // 2:len(data) // 2 + 40000] = bytes(40000)
        path.write_bytes(data)
        self.ingest(status=3)
        self.clip("b.mp4", "-c:v", "libx264", "-c:a", "aac")
        self.ingest(status=3)
        self.assertEqual({asset["known"] for asset in self.ingest(status=3).values()}, {"stat"})
        with sqlite3.connect(self.catalog) as connection:
            connection.execute("UPDATE facts SET version = 7")
        again = self.ingest(status=3)
        self.assertEqual({name: asset["known"] for name, asset in again.items()}, {"a.ts": "no", "b.mp4": "stat"})
        self.assertGreater(again["a.ts"]["decoded_frames"], 0)
        self.assertEqual({asset["known"] for asset in self.ingest(status=3).values()}, {"stat"})

    def test_rehash_reads_all(self):
        self.clip("a.mp4", "-c:v", "libx264", "-c:a", "aac")
        self.ingest()
        self.assertEqual(self.ingest(self.media, "--rehash")["a.mp4"]["known"], "no")
        self.assertEqual(self.count("asset"), 1)


class Folders(Cataloged):
    """What is met in a folder."""

    def test_what_is_no_media_is_neutral_unless_it_is_named(self):
        self.clip("a.mp4", "-c:v", "libx264", "-c:a", "aac")
        (self.media / "notes.txt").write_text("nothing to see\n")
        (self.media / ".DS_Store").write_bytes(b"\0" * 100)
        (self.media / "b.mp4.part").write_bytes(b"half")
        found = self.ingest(status=0)
        self.assertEqual(sorted(found), ["a.mp4", "notes.txt"])
        self.assertEqual(found["notes.txt"]["status"], "not_media")
        self.assertEqual(self.ingest(self.media / "notes.txt", status=3)["notes.txt"]["status"], "not_media")

    def test_what_is_no_file_is_told_and_harms_nothing(self):
        self.clip("a.mp4", "-c:v", "libx264", "-c:a", "aac")
        os.mkfifo(self.media / "pipe.mov")
        outcome = self.run_verb("ingest", "--json", self.media)
        self.assertEqual((outcome.status, len(outcome.json()["assets"])), (0, 1))
        self.one_line(outcome, "pipe.mov: is a FIFO, not a file")

    def test_a_loop_of_links_is_walked_once(self):
        (self.media / "deep").mkdir()
        self.clip("deep/a.mp4", "-c:v", "libx264", "-c:a", "aac")
        (self.media / "deep" / "up").symlink_to(self.media)
        outcome = self.run_verb("ingest", "--json", self.media)
        self.assertEqual(outcome.status, 0, outcome.err)
        self.assertEqual(len(outcome.json()["assets"]), 1)
        self.one_line(outcome, "walked already")

    def test_a_link_that_leads_nowhere_is_no_file(self):
        self.clip("a.mp4", "-c:v", "libx264", "-c:a", "aac")
        (self.media / "gone.mov").symlink_to("nowhere.mov")
        outcome = self.run_verb("ingest", self.media)
        self.assertEqual(outcome.status, 3, outcome.err)
        self.one_line(outcome, "gone.mov", "passed over")
        self.assertIn("1 file (", outcome.out)
        self.assertIn("; besides, 1 path was passed over unread.", outcome.out)
        self.assertNotIn("not wholly measured", outcome.out)
        self.assertEqual(self.run_verb("ingest", "--json", self.media).json()["totals"]["assets"], 1)

    def test_the_catalog_itself_is_passed_over(self):
        self.clip("a.mp4", "-c:v", "libx264", "-c:a", "aac")
        self.catalog = self.media / "catalog.db"  # where people do put it
        self.assertEqual(sorted(self.ingest()), ["a.mp4"])
        self.assertEqual(sorted(self.ingest()), ["a.mp4"])
        outcome = self.run_verb("ingest", "--json", self.catalog)
        self.assertEqual((outcome.status, outcome.json()["assets"]), (3, []))
        self.one_line(outcome, "catalog.db", "of the catalog in use")

    def test_one_bad_file_disturbs_no_other(self):
        self.clip("a.mp4", "-c:v", "libx264", "-c:a", "aac")
        good = (self.media / "a.mp4").read_bytes()
        (self.media / "cut.mp4").write_bytes(good[:len(good) // 2])
        (self.media / "empty.mp4").write_bytes(b"")
        found = self.ingest(status=3)
        self.assertEqual(found["a.mp4"]["status"], "measured")
        self.assertNotEqual(found["cut.mp4"]["status"], "measured")
        self.assertEqual(found["empty.mp4"]["error"]["code"], "empty_file")

    def test_sidecars_are_linked(self):
        self.clip("a.mp4", "-c:v", "libx264", "-c:a", "aac")
        (self.media / "a.en.srt").write_text("1\n00:00:00,000 --> 00:00:01,000\nHello\n")
        self.ingest()
        with sqlite3.connect(f"file:{self.catalog}?mode=ro", uri=True) as connection:
            rows = connection.execute(
                "SELECT kind, (SELECT path_text FROM location WHERE asset = other) FROM relation").fetchall()
        self.assertEqual([(kind, os.path.basename(path)) for kind, path in rows], [("sidecar_of", "a.mp4")])

    def test_what_belongs_together_is_told(self):
        self.clip("a.mp4", "-c:v", "libx264", "-c:a", "aac")
        self.clip("b.mp4", "-c:v", "libx264", "-c:a", "aac", seconds=1)
        (self.media / "a.pdf").write_bytes(b"%PDF-1.4 a list of cues\n")
        (self.media / "a.srt").write_text("1\n00:00:00,000 --> 00:00:01,000\nHello\n")
        printed = self.run_verb("ingest", self.media).out
        self.assertIn("a.pdf  sidecar of a.mp4\n", printed)
        found = self.ingest()
        self.assertEqual(found["a.srt"]["sidecar_of"], str(self.media / "a.mp4"))
        master, pdf = found["a.mp4"]["number"], found["a.pdf"]["number"]
        shown = self.run_verb("show", "--json", str(pdf)).json()
        self.validate(shown)
        self.assertEqual(shown["relations"], [{"number": pdf, "kind": "sidecar_of", "other": master,
                                               "path": str(self.media / "a.mp4")}])
        self.assertEqual(len(self.run_verb("show", "--json", str(master)).json()["relations"]), 2)
        text = self.run_verb("show", str(master)).out
        self.assertIn("Belongs with", text)
        self.assertIn(f"its sidecar {pdf}  {self.media / 'a.pdf'}", text)
        self.assertIn(f"sidecar of  {master}  {self.media / 'a.mp4'}", self.run_verb("show", str(pdf)).out)
        self.assertEqual(self.run_verb("show", "--json", str(found["b.mp4"]["number"])).json()["relations"], [])
        for query in (f"sidecar_of:{master}", f"sidecar_of:{self.media}/a.mp4", "sidecar_of:a.mp4", "sidecar_of:*",
                      "sidecar_of:mp*"):
            listed = self.run_verb("find", "--json", query).json()["assets"]
            self.assertEqual({os.path.basename(a["path"]) for a in listed}, {"a.pdf", "a.srt"}, query)
        self.assertEqual(self.run_verb("find", "--json", "sidecar_of:b.mp4").json()["total"], 0)
        rows = self.run_verb("sql", "--json", f"SELECT number, kind, other FROM relations WHERE number = {pdf}").json()
        self.assertEqual(rows["rows"], [[pdf, "sidecar_of", master]])

    def test_what_cannot_be_opened_is_on_record(self):
        path = self.media / "empty.mp4"
        path.write_bytes(b"")
        for known in ("no", "stat"):
            empty = self.ingest(status=3)["empty.mp4"]
            self.assertEqual((empty["status"], empty["known"], empty["error"]["code"]), ("unreadable", known, "empty_file"))
            self.assertTrue(empty["content_id"].startswith("sha256:e3b0c442"))
        shown = self.run_verb("show", "--json", path).json()
        self.validate(shown)
        self.assertEqual((shown["asset"]["status"], shown["locations"][0]["state"]), ("unreadable", "present"))
        self.assertEqual(shown["asset"]["error"]["code"], "empty_file")
        self.assertEqual(self.run_verb("verify").status, 0)
        self.clip("empty.mp4", "-c:v", "libx264", "-c:a", "aac")  # it comes after all
        self.assertEqual(self.ingest()["empty.mp4"]["status"], "measured")
        self.assertEqual(self.run_verb("show", "--json", path).json()["asset"]["status"], "measured")

    @unittest.skipIf(os.geteuid() == 0, "root reads everything")
    def test_what_is_not_ours_to_read_is_on_record_until_it_is(self):
        path = self.clip("a.mp4", "-c:v", "libx264", "-c:a", "aac")
        path.chmod(0)
        for known in ("no", "stat"):
            locked = self.ingest(status=3)["a.mp4"]
            self.assertEqual((locked["status"], locked["known"], locked["error"]["code"]), ("unreadable", known, "permission"))
            self.assertIsNone(locked["content_id"])
        path.chmod(0o644)
        opened = self.ingest()["a.mp4"]
        self.assertEqual((opened["status"], opened["number"]), ("measured", locked["number"]))
        self.assertEqual((self.count("asset"), self.count("location")), (1, 1))

    def test_names_are_bytes(self):
        name = os.fsencode(self.media) + b"/caf\xe9 \n'quote\".mp4"
        small = self.clip("a.mp4", "-c:v", "libx264", "-c:a", "aac")
        os.rename(small, name)
        for known in ("no", "stat"):
            outcome = cleangate("ingest", "--json", os.fsencode(self.media), "--catalog", self.catalog)
            asset = outcome.json()["assets"][0]
            self.validate(outcome.json())
            self.assertEqual(asset["known"], known)
            self.assertIn("path_bytes", asset)


class Rejudged(Cataloged):
    """Measure once, judge for ever."""

    def test_without_the_media_the_verdicts_are_those_of_check(self):
        path = self.clip("a.mov", "-c:v", "prores_ks", "-c:a", "pcm_s16le", seconds=4)
        specs = ("ebu-r128", "roku-channel-vod", "youtube-upload-sdr", "x-upload")
        self.ingest()
        fresh = cleangate("check", "--no-catalog", "--json", "--all", path, "--spec", *specs).json()
        path.unlink()
        outcome = self.run_verb("judge", "--json", "--all", "--spec", *specs)
        judged = outcome.json()
        self.validate(judged)
        for ours, theirs in zip(judged["verdicts"], fresh["verdicts"], strict=True):
            self.assertEqual(Known.told(ours), Known.told(theirs))
            self.assertEqual(ours["counts"], theirs["counts"])

    def test_diff_tells_what_changed_and_why(self):
        self.clip("a.mov", "-c:v", "prores_ks", "-c:a", "pcm_s16le", seconds=4)
        self.ingest()
        house = self.folder_of_test / "house.yaml"
        text = ("profile: house\ntitle: House\nstatus: ship\nedition: v1\nrevision: 1\nsources:\n"
                "  own: {{document: House rules, edition: v1, grade: primary, checked: 2026-11-21}}\nrequirements:\n"
                "  - id: width\n    quantity: video.width\n    equals: {width}\n    severity: reject\n"
                "    source: {{ref: own, clause: \"1\"}}\n")
        house.write_text(text.format(width=320))
        self.assertEqual(self.run_verb("judge", "--spec", house).status, 0)
        house.write_text(text.format(width=640))
        outcome = self.run_verb("judge", "--diff", "--spec", house)
        self.assertEqual(outcome.status, 1, outcome.err)
        self.assertIn("house: pass -> fail", outcome.out)
        self.assertIn("expected", outcome.out)
        self.assertIn("1 changed", outcome.out)

    def test_a_catalog_that_is_not_there_is_refused(self):
        outcome = self.run_verb("judge", "--spec", "ebu-r128")
        self.assertEqual(outcome.status, 2)
        self.assertIn("catalog.db", outcome.err)

    def test_nothing_found_is_nothing_judged(self):
        self.clip("a.mp4", "-c:v", "libx264", "-c:a", "aac")
        self.ingest()
        self.assertEqual(self.run_verb("judge", "path:*zzz*", "--spec", "ebu-r128").status, 3)


class Truth(Cataloged):
    """What the catalog says stays true when files change, waivers hold or less is measured."""

    def profile(self, requirement, name="rules"):
        path = self.folder_of_test / f"{name}.yaml"
        path.write_text(f"""profile: rules
title: Rules of the house
status: beta
edition: "1"
revision: 1
sources:
  s: {{document: House rules, edition: "1", grade: primary, checked: 2026-11-21}}
requirements:
  - {{id: width, quantity: video.width, {requirement}, source: {{ref: s}}}}
""")
        return path

    def judged(self, *arguments):
        outcome = self.run_verb("judge", "--json", *arguments)
        return outcome.status, [v["verdict"] for v in outcome.json()["verdicts"]]

    def waive_all(self, path, profile):
        verdict = self.run_verb("check", "--json", path, "--spec", profile).json()["verdicts"][0]
        for finding in verdict["findings"]:
            if finding["outcome"] == "fail":
                outcome = self.run_verb("waive", finding["finding_id"], "--reason", "known")
                self.assertEqual(outcome.status, 0, outcome.err)

    def test_a_waiver_makes_no_pass_of_a_file_that_is_not_whole(self):
        path = self.clip("a.ts", "-c:v", "mpeg2video", "-c:a", "mp2")
        data = bytearray(path.read_bytes())
        data[len(data) // 2:len(data) // 2 + 40000] = bytes(40000)
        path.write_bytes(data)
        profile = self.profile("equals: 1920, severity: reject")
        self.waive_all(path, profile)
        self.assertEqual(self.judged("--spec", profile), (3, ["inconclusive"]))

    def test_a_waived_note_makes_no_pass(self):
        path = self.clip("a.mov", "-c:v", "prores_ks", "-c:a", "pcm_s16le")
        profile = self.profile("equals: 1920, severity: info")
        self.waive_all(path, profile)
        self.assertEqual(self.judged("--spec", profile), (3, ["inconclusive"]))

    def test_a_changed_rule_reopens(self):
        path = self.clip("a.mov", "-c:v", "prores_ks", "-c:a", "pcm_s16le")
        profile = self.profile("equals: 1920, severity: reject")
        self.waive_all(path, profile)
        self.assertEqual(self.judged("--spec", profile), (0, ["pass"]))
        for changed in ("min: 3840, severity: reject", "equals: 1920, severity: reject, overridable: false"):
            self.assertEqual(self.judged("--spec", self.profile(changed)), (1, ["fail"]), changed)

    def test_a_catalog_behind_a_link_is_the_same_one(self):
        path = self.clip("a.mov", "-c:v", "prores_ks", "-c:a", "pcm_s16le")
        self.ingest(path)
        link = self.folder_of_test / "link.db"
        link.symlink_to(self.catalog)
        self.assertEqual(cleangate("tag", "1", "add", "x", "--catalog", link).status, 0)
        # One lock, one log and one store, whatever way leads there.
        self.assertEqual([p.name for p in self.folder_of_test.glob("link.db*")], ["link.db"])
        self.assertEqual(self.run_verb("find", "tag:x", "--json").json()["total"], 1)

    def test_a_place_is_named_as_the_system_finds_it(self):
        path = self.clip("a.mov", "-c:v", "prores_ks", "-c:a", "pcm_s16le")
        deep = self.folder_of_test / "deep" / "down"
        deep.mkdir(parents=True)
        folder, file = self.folder_of_test / "way", self.folder_of_test / "b.mov"
        folder.symlink_to(self.media)
        file.symlink_to(path)
        self.ingest(folder / "a.mov", file)
        for name in (folder / "a.mov", path, file, "1"):
            self.assertEqual(self.run_verb("show", name, "--json").json()["number"], 1, name)
        paths = {place["path"] for place in self.run_verb("show", "1", "--json").json()["locations"]}
        self.assertEqual(paths, {str(path), str(file)})
        self.assertEqual(self.run_verb("verify").status, 0)

    def test_changes_are_lines_of_json_where_lines_are_asked_for(self):
        path = self.clip("a.mov", "-c:v", "prores_ks", "-c:a", "pcm_s16le")
        self.run_verb("check", path, "--spec", self.profile("equals: 1920, severity: reject"))
        outcome = self.run_verb("judge", "--diff", "--json-lines", "--spec", self.profile("equals: 320, severity: reject"))
        documents = [json.loads(line) for line in outcome.out.splitlines()]
        self.assertEqual([d["verdicts"][0]["verdict"] for d in documents], ["pass"])

    def test_brackets_in_paths_are_brackets(self):
        folder = self.media / "[HD]"
        folder.mkdir()
        small_clip(folder / "a.mov", "-c:v", "prores_ks", seconds=1)
        self.ingest()
        for query in (f"path:{folder}/a.mov", f"path:{folder}", f"path:{self.media}/[HD]/*", "path:*[HD]*"):
            self.assertEqual(self.run_verb("find", query, "--json").json()["total"], 1, query)

    def test_what_has_no_value_now_is_not_found(self):
        path = self.clip("a.mov", "-c:v", "prores_ks", "-c:a", "pcm_s16le", "-ac", "2")
        self.run_verb("measure", path, "--soundfields", "1-1:1.0:fr,2-2:1.0")
        self.assertEqual(self.run_verb("find", "language:fr", "--json").json()["total"], 1)
        self.run_verb("measure", path, "--soundfields", "1-2:2.0")
        self.assertEqual(self.run_verb("find", "language:fr", "--json").json()["total"], 0)

    def test_all_that_take_a_query_take_the_same(self):
        self.clip("a.mov", "-c:v", "prores_ks", "-c:a", "pcm_s16le")
        self.ingest()
        self.assertEqual(self.run_verb("verify", "-tag:draft").status, 0)
        self.assertEqual(self.judged("-tag:draft", "--spec", self.profile("min: 2, severity: reject")), (0, ["pass"]))
        for verb in (["verify"], ["judge", "--spec", "ebu-r128"]):
            outcome = self.run_verb(*verb, "--nonsense")
            self.assertEqual(outcome.status, 2)
            self.assertIn("--nonsense", outcome.lines[0])

    def test_order_data_that_no_rule_reads_is_refused(self):
        path = self.clip("a.mov", "-c:v", "prores_ks", "-c:a", "pcm_s16le")
        self.ingest(path)
        for arguments in (["ingest", path], ["judge"]):
            outcome = self.run_verb(*arguments, "--spec", "ebu-r128", "--set", "livve=yes")
            self.assertEqual((outcome.status, outcome.out), (2, ""), arguments)
            self.one_line(outcome, "livve")

    def test_a_known_file_keeps_its_reason(self):
        path = self.clip("a.mp4", "-c:v", "libx264", "-c:a", "aac", "-movflags", "+faststart")
        path.write_bytes(path.read_bytes()[:-9000])
        first = self.ingest(path, status=3)["a.mp4"]
        again = self.ingest(path, status=3)["a.mp4"]
        self.assertEqual((again["known"], again["status"], again["error"]), ("stat", first["status"], first["error"]))

    def test_one_content_known_by_its_tables_alone_becomes_the_other(self):
        path = self.clip("a.mov", "-c:v", "prores_ks", "-c:a", "pcm_s16le")
        copy = self.media / "b.mov"
        shutil.copy(path, copy)
        self.run_verb("measure", "--depth", "header", path)
        self.run_verb("tag", "1", "add", "keep")
        self.run_verb("measure", copy)
        self.run_verb("measure", path)
        found = self.run_verb("find", "--json").json()
        self.assertEqual((found["total"], self.run_verb("find", "tag:keep", "--json").json()["total"]), (1, 1))
        # What happened to it before it was known to be this one is its history too.
        details = [event["detail"] for event in self.run_verb("show", copy, "--json").json()["events"]]
        self.assertIn("tagged keep", details)

    def test_less_depth_does_not_replace_a_verdict(self):
        path = self.clip("a.mov", "-c:v", "prores_ks", "-c:a", "pcm_s16le")
        self.run_verb("check", path, "--spec", "ebu-r128")
        self.run_verb("check", path, "--spec", "ebu-r128", "--rehash", "--depth", "packets")
        shown = self.run_verb("show", path, "--json").json()
        self.assertEqual([v["verdict"] for v in shown["verdicts"]], ["fail"])

    def test_overwritten_content_leaves_a_trace(self):
        path = self.clip("a.mov", "-c:v", "prores_ks", "-c:a", "pcm_s16le")
        self.ingest(path)
        self.clip("a.mov", "-c:v", "mjpeg", "-c:a", "pcm_s16le")
        self.ingest(path)
        events = self.run_verb("show", "1", "--json").json()["events"]
        self.assertIn(("modification", True), [(e["type"], "other content lies at" in e["detail"]) for e in events])
        verified = self.run_verb("verify", "--json")
        self.assertEqual(verified.status, 3)
        self.assertEqual(sorted(c["outcome"] for c in verified.json()["files"]), ["intact", "missing"])

    def test_a_missing_file_stays_missing_and_is_found_again(self):
        path = self.clip("a.mov", "-c:v", "prores_ks", "-c:a", "pcm_s16le")
        self.ingest(path)
        away = self.folder_of_test / "away.mov"
        path.rename(away)
        for _ in range(2):
            self.assertEqual(self.run_verb("verify").status, 3)
        away.rename(path)
        self.assertEqual(self.run_verb("verify").status, 0)
        self.assertEqual(self.run_verb("show", path, "--json").json()["locations"][0]["state"], "present")

    def places(self, query="1"):
        return {os.path.basename(place["path"]): place["state"]
                for place in self.run_verb("show", query, "--json").json()["locations"]}

    def test_a_renamed_file_is_not_missing(self):
        path = self.clip("a.mov", "-c:v", "prores_ks", "-c:a", "pcm_s16le")
        self.ingest()
        path.rename(self.media / "b.mov")
        self.assertEqual(self.run_verb("verify").status, 3)  # nobody has told where it went
        self.ingest()
        verified = self.run_verb("verify", "--json")
        self.assertEqual((verified.status, [c["outcome"] for c in verified.json()["files"]]), (0, ["intact"]))
        shown = self.run_verb("show", "1", "--json").json()
        self.validate(shown)
        self.assertEqual(self.places(), {"a.mov": "moved", "b.mov": "present"})
        self.assertIn("transfer", [event["type"] for event in shown["events"]])
        self.assertEqual(self.run_verb("stats", "--json").json()["locations"]["missing"], 0)
        # A whole folder goes elsewhere, is read with --rehash, and comes back.
        self.media.rename(self.folder_of_test / "elsewhere")
        self.ingest(self.folder_of_test / "elsewhere", "--rehash")
        self.assertEqual(self.run_verb("verify").status, 0)
        (self.folder_of_test / "elsewhere").rename(self.media)
        self.ingest()
        self.assertEqual(self.run_verb("verify").status, 0)

    def test_a_copy_that_vanished_is_missing(self):
        path = self.clip("a.mov", "-c:v", "prores_ks", "-c:a", "pcm_s16le")
        shutil.copy(path, self.media / "b.mov")
        self.ingest()
        (self.media / "b.mov").unlink()
        self.ingest()
        self.assertEqual(self.run_verb("verify").status, 3)
        self.assertEqual(self.places(), {"a.mov": "present", "b.mov": "missing"})

    def test_two_names_swapped_are_two_moves(self):
        first = self.clip("a.mov", "-c:v", "prores_ks", "-c:a", "pcm_s16le")
        second = self.clip("b.mov", "-c:v", "mjpeg", "-c:a", "pcm_s16le")
        self.ingest()
        first.rename(self.media / "c.mov")
        second.rename(first)
        (self.media / "c.mov").rename(second)
        self.ingest()
        self.assertEqual(self.run_verb("verify").status, 0)

    def test_an_emptied_file_is_told_wherever_places_are(self):
        path = self.clip("a.mov", "-c:v", "prores_ks", "-c:a", "pcm_s16le")
        content = path.read_bytes()
        self.ingest()
        path.write_bytes(b"")
        self.ingest(status=3)
        stats = self.run_verb("stats", "--json").json()
        self.validate(stats)
        self.assertEqual(stats["locations"], {"total": 1, "present": 0, "missing": 0, "mismatched": 1})
        self.assertIn("1 with other bytes", self.run_verb("stats").out)
        self.assertEqual(self.places(), {"a.mov": "mismatched"})
        self.assertFalse(self.run_verb("find", "--json").json()["assets"][0]["present"])
        self.assertEqual(self.run_verb("verify").status, 1)
        path.write_bytes(content)
        self.assertEqual(self.run_verb("verify").status, 0)
        self.assertEqual(self.places(), {"a.mov": "present"})

    def test_a_mismatch_is_known_to_nobody(self):
        path = self.clip("a.mov", "-c:v", "prores_ks", "-c:a", "pcm_s16le")
        self.ingest(path)
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(data)
        about = path.stat()
        with sqlite3.connect(self.catalog) as connection:  # rot: nothing that stat tells has moved
            connection.execute("UPDATE location SET mtime_ns = ?, ctime_ns = ?", (about.st_mtime_ns, about.st_ctime_ns))
        self.assertEqual(self.ingest(path)["a.mov"]["known"], "stat")
        self.assertEqual(self.run_verb("verify").status, 1)
        self.assertEqual(self.run_verb("ingest", "--json", path).json()["assets"][0]["known"], "no")


class Fixity(Cataloged):
    """The media is what it was."""

    def verify(self, status):
        outcome = self.run_verb("verify", "--json")
        self.assertEqual(outcome.status, status, outcome.err)
        self.validate(outcome.json())
        return {os.path.basename(one["path"]): one["outcome"] for one in outcome.json()["files"]}

    def test_outcomes_and_events(self):
        for name, pitch in (("a.wav", 440), ("b.wav", 441), ("c.wav", 442)):
            ffmpeg("-f", "lavfi", "-i", f"sine=frequency={pitch}:duration=1", self.media / name)
        self.ingest()
        self.assertEqual(self.verify(0), {"a.wav": "intact", "b.wav": "intact", "c.wav": "intact"})
        events = self.count("event")
        content = bytearray((self.media / "b.wav").read_bytes())
        content[5000] ^= 1
        (self.media / "b.wav").write_bytes(content)
        self.assertEqual(self.verify(1)["b.wav"], "mismatch")
        self.assertEqual(self.count("event"), events + 3)
        (self.media / "b.wav").write_bytes(b"")
        self.assertEqual(self.verify(1)["b.wav"], "mismatch")
        (self.media / "b.wav").unlink()
        self.assertEqual(self.verify(3)["b.wav"], "missing")

    def test_what_is_no_media_is_checked_too(self):
        self.clip("a.mp4", "-c:v", "libx264", "-c:a", "aac")
        (self.media / "notes.pdf").write_bytes(b"%PDF-1.4 notes\n")
        (self.media / "rushes.mxf").write_bytes(b"\x06\x0e\x2b\x34" + b"\0" * 5000)
        found = self.ingest()
        self.assertEqual(found["notes.pdf"]["status"], "not_media")
        for name in ("notes.pdf", "rushes.mxf"):
            self.assertTrue(found[name]["content_id"], name)
        self.assertEqual(set(self.verify(0).values()), {"intact"})
        (self.media / "notes.pdf").write_bytes(b"%PDF-1.4 others\n")
        self.assertEqual(self.verify(1)["notes.pdf"], "mismatch")

    def test_where_there_is_no_digest_none_was_checked(self):
        self.clip("a.mp4", "-c:v", "libx264", "-c:a", "aac")
        (self.media / "notes.pdf").write_bytes(b"%PDF-1.4 notes\n")
        self.ingest()
        with sqlite3.connect(self.catalog) as connection:  # as it was before such files were digested
            connection.execute("UPDATE asset SET content_id = NULL WHERE status = 'not_media'")
        events = self.count("event")
        outcome = self.run_verb("verify")
        self.assertEqual(outcome.status, 3)
        self.assertIn("never read to the end", outcome.out)
        self.assertEqual(self.count("event"), events + 1)
        self.ingest()  # as it advises
        self.assertEqual(set(self.verify(0).values()), {"intact"})


if __name__ == "__main__":
    main()
