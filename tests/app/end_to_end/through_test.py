# SPDX-License-Identifier: Apache-2.0
"""measure and check with a catalog: what is known is not read again, what is new is remembered."""
import os
import sqlite3

from support import cleangate, ffmpeg, main, small_clip
from ingest_test import Cataloged


class Through(Cataloged):
    def run_json(self, verb, *arguments, status=0):
        outcome = self.run_verb(verb, "--json", *arguments)
        self.assertEqual(outcome.status, status, outcome.err)
        document = outcome.json()
        self.validate(document)
        return document

    def test_what_was_measured_is_remembered(self):
        path = self.clip("a.mov", "-c:v", "prores_ks", "-c:a", "pcm_s16le")
        first = self.run_json("measure", path)["assets"][0]
        self.assertEqual(first.pop("catalog"), {"number": 1, "known": "no"})
        again = self.run_json("measure", path)["assets"][0]
        self.assertEqual(again.pop("catalog"), {"number": 1, "known": "stat"})
        self.assertEqual(again, first)
        alone = cleangate("measure", "--json", path).json()["assets"][0]
        self.assertEqual(alone, first)
        self.assertIn("asset 1, known by stat: nothing was decoded", self.run_verb("measure", path).out)

    def test_a_check_is_what_ingest_and_judge_say(self):
        path = self.clip("a.mov", "-c:v", "prores_ks", "-c:a", "pcm_s16le")
        specs = ("--spec", "ebu-r128", "--spec", "roku-channel-vod")
        alone = cleangate("check", "--json", "--all", path, *specs)
        first = self.run_json("check", "--all", path, *specs, status=1)
        self.assertEqual(first["verdicts"], alone.json()["verdicts"])
        self.assertEqual(self.run_json("check", "--all", path, *specs, status=1), first)
        known = self.ingest(path, *specs, status=1)["a.mov"]
        self.assertEqual((known["known"], known["decoded_frames"]), ("stat", 0))
        self.assertEqual([v["verdict"] for v in known["verdicts"]], [v["verdict"] for v in first["verdicts"]])
        shown = self.run_json("show", path)
        self.assertEqual([v["spec"] for v in shown["verdicts"]], ["ebu-r128", "roku-channel-vod"])

    def test_a_check_leaves_all_rows_for_next_year(self):
        path = self.clip("a.mov", "-c:v", "prores_ks", "-c:a", "pcm_s16le")
        self.run_json("check", path, "--spec", "ebu-r128", status=1)  # of sound alone
        path.unlink()
        judged = self.run_json("judge", "--spec", "roku-channel-vod", status=1)
        measured = {f["requirement"]: f["outcome"] for v in judged["verdicts"] for f in v["findings"]}
        self.assertNotIn("inconclusive", measured.values())

    def test_waivers_reach_check_ingest_and_judge(self):
        path = self.clip("a.mov", "-c:v", "prores_ks", "-c:a", "pcm_s16le")
        verdict = self.run_json("check", path, "--spec", "ebu-r128", status=1)["verdicts"][0]
        failing = [f["finding_id"] for f in verdict["findings"] if f["outcome"] == "fail"]
        for finding in failing:
            self.assertIn(finding, self.run_verb("check", path, "--spec", "ebu-r128").out)
            waived = self.run_verb("waive", finding, "--reason", "a test tone", "--by", "Grace")
            self.assertEqual(waived.status, 0, waived.err)
        for verb, where in (("check", [path]), ("judge", [])):
            now = self.run_json(verb, *where, "--spec", "ebu-r128")["verdicts"][0]
            self.assertEqual((now["verdict"], now["verdict_before_waivers"]), ("pass", "fail"))
            self.assertEqual(now["counts"]["waived"], len(failing))
            self.assertEqual({f["waiver"]["by"] for f in now["findings"] if f["outcome"] == "fail"}, {"Grace"})
            self.assertIn("a test tone", self.run_verb(verb, *where, "--spec", "ebu-r128").out)
        told = self.ingest(path, "--spec", "ebu-r128")["a.mov"]["verdicts"]
        self.assertEqual(told, [{"spec": "ebu-r128", "verdict": "pass", "waived": len(failing)}])
        # The stored judgement is what was found.
        with sqlite3.connect(f"file:{self.catalog}?mode=ro", uri=True) as connection:
            self.assertEqual(connection.execute("SELECT DISTINCT verdict FROM judgement").fetchall(), [("fail",)])

    def test_each_place_is_judged_by_its_own_name(self):
        path = self.clip("a.mov", "-c:v", "prores_ks", "-c:a", "pcm_s16le")
        self.run_json("measure", path)
        other = self.media / "b.mov"
        os.link(path, other)
        self.assertEqual(self.run_json("check", other, "--spec", "ebu-r128", status=1)["verdicts"][0]["asset"]["path"], str(other))

    def test_named_twice_and_folders(self):
        path = self.clip("a.mov", "-c:v", "prores_ks", "-c:a", "pcm_s16le")
        document = self.run_json("measure", path, self.media, path, self.media / "none.mov", status=3)
        self.assertEqual([a["status"] for a in document["assets"]], ["measured", "unreadable", "measured", "unreadable"])
        self.assertEqual(document["assets"][0], document["assets"][2])
        self.assertIn("ingest", document["assets"][1]["error"]["message"])
        self.assertIn("none.mov", document["assets"][3]["error"]["message"])

    def test_rehash_measures_again(self):
        path = self.clip("a.mov", "-c:v", "prores_ks", "-c:a", "pcm_s16le")
        self.run_json("measure", path)
        self.assertEqual(self.run_json("measure", "--rehash", path)["assets"][0]["catalog"], {"number": 1, "known": "no"})

    def test_another_digest_reads_and_does_not_decode(self):
        path = self.clip("a.mov", "-c:v", "prores_ks", "-c:a", "pcm_s16le")
        first = self.run_json("measure", path)["assets"][0]
        asset = self.run_json("measure", "--digest", "md5", path)["assets"][0]
        self.assertEqual(asset["catalog"], {"number": 1, "known": "essence"})
        self.assertEqual(len(asset["digests"]["md5"]), 32)
        self.assertEqual(asset["measurements"], first["measurements"])
        self.assertEqual(self.run_json("measure", "--digest", "md5", path)["assets"][0]["catalog"]["known"], "stat")

    def test_facts_of_an_older_version_are_read_again_without_decoding(self):
        path = self.clip("a.mov", "-c:v", "prores_ks", "-c:a", "pcm_s16le")
        first = self.ingest(path)["a.mov"]
        with sqlite3.connect(self.catalog) as connection:
            connection.execute("UPDATE facts SET version = 1")
        again = self.ingest(path)["a.mov"]
        self.assertEqual((again["known"], again["decoded_frames"], again["number"]), ("essence", 0, first["number"]))
        self.assertEqual(self.ingest(path)["a.mov"]["known"], "stat")

    def test_the_default_place(self):
        path = self.clip("a.mov", "-c:v", "prores_ks", "-c:a", "pcm_s16le")
        home = self.folder_of_test / "data"
        self.assertEqual(cleangate("measure", path, env={"XDG_DATA_HOME": str(home)}).status, 0)
        self.assertTrue((home / "cleangate" / "catalog.db").exists())

    def test_a_catalog_that_cannot_be_is_told_with_the_way_out(self):
        path = self.clip("a.mov", "-c:v", "prores_ks", "-c:a", "pcm_s16le")
        (self.folder_of_test / "file").write_text("not a folder")
        outcome = cleangate("check", path, "--spec", "ebu-r128", "--catalog", self.folder_of_test / "file" / "catalog.db")
        self.assertEqual((outcome.status, outcome.out), (2, ""))
        self.one_line(outcome, "catalog.db", "--no-catalog")
        outcome = cleangate("check", path, "--spec", "ebu-r128", "--no-catalog", "--catalog", self.catalog)
        self.assertEqual(outcome.status, 2)
        self.one_line(outcome, "--no-catalog")


if __name__ == "__main__":
    main()
