# SPDX-License-Identifier: Apache-2.0
"""The verbs that ask the catalog and add to it: find, show, tag, note, waive, export, stats, sql, catalog."""
import csv
import io
import json
import os
import shutil
import sqlite3
import subprocess

import support
from support import cleangate

MAKER = str(support.BUILD / "tests" / "made_catalog")


WIDE = """profile: wide
title: Wide enough
status: beta
edition: "1"
revision: 1
sources:
  s: {document: House rules, edition: "1", grade: primary, checked: 2026-11-21}
requirements:
  - {id: width, quantity: video.width, min: 2, severity: reject, source: {ref: s}}
"""


class Catalog(support.Case):
    """Each test gets a copy of one made catalog; nothing is measured."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.made = cls.folder / "made"
        cls.made.mkdir()
        subprocess.run([MAKER, str(cls.made / "catalog.db")], check=True, timeout=240)

    def setUp(self):
        self.place = self.folder / self.id().rsplit(".", 1)[1]
        shutil.copytree(self.made, self.place)
        self.catalog = str(self.place / "catalog.db")

    def run_on(self, *arguments):
        return cleangate(*arguments, "--catalog", self.catalog, env={"CLEANGATE_USER": "Ada"})

    def asked(self, *arguments):
        outcome = self.run_on(*arguments, "--json")
        self.assertEqual((outcome.status, outcome.err), (0, ""))
        document = outcome.json()
        self.validate(document)
        return document

    def numbers(self, *query):
        return [asset["number"] for asset in self.asked("find", *query, "--sort", "number")["assets"]]

    def finding(self, number, requirement):
        """The finding of a requirement in the only verdict of an asset."""
        verdict = self.asked("show", str(number))["verdicts"][0]
        return next(f for f in verdict["findings"] if f["requirement"] == requirement)


class Find(Catalog):
    def test_everything_newest_first(self):
        document = self.asked("find")
        self.assertEqual(document["total"], 5)
        self.assertEqual([a["number"] for a in document["assets"]], [5, 4, 3, 2, 1])
        film = document["assets"][4]
        self.assertEqual(film["path"], "/masters/film.mov")
        self.assertEqual(film["duration_s"], 200.0)
        self.assertEqual(film["verdicts"][0]["verdict"], "fail")
        self.assertIsNone(document["assets"][2]["duration_s"])

    def test_queries_reach_the_program_as_typed(self):
        self.assertEqual(self.numbers("film"), [1, 4, 5])
        self.assertEqual(self.numbers("film", "-graded"), [1, 5])
        self.assertEqual(self.numbers("name:film -graded"), [1, 5])
        self.assertEqual(self.numbers("duration:..1min"), [2])
        self.assertEqual(self.numbers("-kind:video"), [3])
        self.assertEqual(self.numbers("-hello"), [1, 2, 3, 4, 5])
        self.assertEqual(self.numbers("good luck"), [1])
        self.assertEqual(self.numbers("loudness:-23.5..-22.5"), [2])
        self.assertEqual(self.numbers("black:>0"), [1, 2, 5])
        self.assertEqual(self.numbers("status:not_media"), [3])

    def test_a_wrong_query_shows_where_and_what_was_meant(self):
        outcome = self.run_on("find", "kind:video", "loudnes:-23")
        self.assertEqual((outcome.status, outcome.out), (2, ""))
        self.assertEqual(len(outcome.lines), 3)
        self.assertIn("column 12: There is no field loudnes; did you mean loudness?", outcome.lines[0])
        self.assertEqual(outcome.lines[2].index("^"), outcome.lines[1].index("loudnes"))
        for wrong in (["(a"], ["codec:"], ["--unknown-option"], ["--sort", "colour"], ["--facets", "path"], ["--next", "x"]):
            outcome = self.run_on("find", *wrong)
            self.assertEqual((outcome.status, outcome.out), (2, ""), wrong)

    def test_fields_of_a_list_have_commas(self):
        for words in (("--facets", "kind", "frame_rate"), ("--fields", "frame_rate", "loudness"), ("--facets", "kind", "video.codec")):
            outcome = self.run_on("find", *words)
            self.assertEqual((outcome.status, outcome.out), (2, ""), words)
            self.assertIn(f'"{words[-1]}" is a field: put it behind the other fields with a comma', outcome.err)
        self.assertEqual(self.run_on("find", "--facets", "kind", "film").status, 0)
        self.assertEqual(self.run_on("find", "--facets", "kind", '"frame_rate"').status, 0)

    def test_pages(self):
        first = self.asked("find", "--limit", "3", "--sort", "path")
        second = self.asked("find", "--limit", "3", "--sort", "path", "--next", first["next"])
        self.assertEqual([a["path"] for a in first["assets"] + second["assets"]],
                         ["/masters/film graded.mov", "/masters/film.mov", "/masters/film.mxf", "/masters/readme.txt",
                          "/masters/sub/trailer.mov"])
        self.assertNotIn("next", second)

    def test_facets_and_fields(self):
        document = self.asked("find", "--facets", "kind,frame_rate,verdict", "--fields", "frame_rate,loudness")
        self.assertEqual(document["facets"]["kind"], [{"value": "video", "count": 4}, {"value": "other", "count": 1}])
        self.assertEqual(document["facets"]["video.frame_rate"], [{"value": "25/1", "count": 4}])
        film = document["assets"][4]["fields"]
        self.assertEqual(film["video.frame_rate"][0]["value"], "25/1")
        self.assertIsInstance(film["loudness.integrated"][0]["value"], float)

    def test_facets_count_words_in_any_case(self):
        for number, tag in (("1", "QC"), ("2", "qc"), ("4", "QC"), ("5", "qc")):
            self.run_on("tag", number, "add", tag)
        self.assertEqual([v["count"] for v in self.asked("find", "--facets", "tag")["facets"]["tag"]], [4])

    def test_table_and_csv(self):
        outcome = self.run_on("find", "--facets", "kind")
        self.assertEqual(outcome.status, 0)
        for part in ("film.mov", "3:20", "25", "✗", "5 assets", "readme.txt (not_media)"):
            self.assertIn(part, outcome.out)
        self.assertIn("0 assets", self.run_on("find", "nothing-like-this").out)
        self.run_on("tag", "1", "add", 'a "quoted", tag')
        rows = list(csv.DictReader(io.StringIO(self.run_on("find", "--csv", "--fields", "loudness", "--sort", "number").out)))
        self.assertEqual([row["number"] for row in rows], ["1", "2", "3", "4", "5"])
        self.assertEqual(rows[0]["tags"], 'a "quoted", tag')
        self.assertLess(float(rows[0]["loudness.integrated"]), -17)

    def test_no_catalog_is_told(self):
        outcome = cleangate("find", "--catalog", str(self.place / "none.db"))
        self.assertEqual(outcome.status, 2)
        self.one_line(outcome, "none.db", "cleangate ingest")
        outcome = cleangate("tag", "1", "add", "x", "--catalog", str(self.place / "none.db"))
        self.assertEqual(outcome.status, 2)
        self.assertFalse((self.place / "none.db").exists())


class Show(Catalog):
    def test_an_asset_is_named_in_three_ways(self):
        document = self.asked("show", "1")
        for name in ("/masters/film.mov", document["asset"]["content_id"], document["asset"]["content_id"][7:19]):
            self.assertEqual(self.asked("show", name)["number"], 1)
        for unknown in ("99", "/masters/none.mov", "abcdef0123"):
            outcome = self.run_on("show", unknown)
            self.assertEqual((outcome.status, outcome.out), (2, ""))
            self.one_line(outcome, unknown)

    def test_its_parts_are_what_measure_and_check_print(self):
        document = self.asked("show", "1", "--all")
        self.validate({"schema": "cleangate.measurement/1", "version": document["version"], "assets": [document["asset"]]})
        verdicts = [{k: v for k, v in one.items() if k not in ("time", "confirmed", "program")} for one in document["verdicts"]]
        self.validate({"schema": "cleangate.verdict/1", "version": document["version"], "verdicts": verdicts, "assets": []})
        self.assertEqual(verdicts[0]["verdict"], "fail")
        self.assertEqual(len(verdicts[0]["findings"]), 5)
        self.assertGreaterEqual(len(document["events"]), 1)
        self.assertEqual(self.asked("show", "3")["asset"]["status"], "not_media")

    def test_text(self):
        self.run_on("note", "1", "Grain in the sky.")
        self.run_on("tag", "1", "add", "master")
        text = self.run_on("show", "1").out
        for part in ("/masters/film.mov", "sha256:", "master", "Grain in the sky. (Ada", "present", "FAIL", "loudness", "History",
                     self.finding(1, "loudness")["finding_id"]):
            self.assertIn(part, text)

    def test_against_another_asset(self):
        against = self.asked("show", "4", "--against", "1")["against"]
        self.assertEqual([f["requirement"] for f in against["specs"][0]["gone"]], ["black"])
        self.assertEqual(against["specs"][0]["new"], [])
        self.assertEqual([p["changed"] for p in against["specs"][0]["same"]], [False])
        text = self.run_on("show", "4", "--against", "1").out
        self.assertIn("gone", text)
        self.assertIn("asset 1, /masters/film.mov", text)
        previous = self.asked("show", "1", "--against", "previous")["against"]
        self.assertEqual(len(previous["not_comparable"]), 1)


class Annotate(Catalog):
    def test_tags(self):
        self.assertEqual(self.asked("tag", "1", "add", "master", "needs review")["added"], 2)
        self.assertEqual(self.asked("tag", "1", "add", "Master")["changed"], 0)
        self.assertEqual(self.numbers("tag:master"), [1])
        self.assertEqual(self.asked("tag", "--query", "kind:video", "--dry-run", "add", "x")["assets"], 4)
        self.assertEqual(self.numbers("tag:x"), [])
        self.assertEqual(self.asked("tag", "--query", "kind:video", "add", "x", "remove", "master")["changed"], 4)
        self.assertEqual((self.numbers("tag:x"), self.numbers("tag:master")), ([1, 2, 4, 5], []))
        self.assertEqual(self.numbers("review"), [1])
        for wrong in (["1"], ["1", "x"], ["1", "add"], ["99", "add", "x"], ["1", "add", " "], ["--query", "colour:x", "add", "x"]):
            self.assertEqual(self.run_on("tag", *wrong).status, 2, wrong)

    def test_notes(self):
        self.assertEqual(self.run_on("note", "2", "Ünder the bridge").status, 0)
        self.assertEqual(self.numbers("note:under"), [2])
        note = self.asked("show", "2")["notes"][0]
        self.assertEqual((note["text"], note["by"]), ("Ünder the bridge", "Ada"))
        self.assertEqual(self.run_on("note", "2", " ").status, 2)


class Waive(Catalog):
    def test_a_waiver_is_shown_beside_the_finding_and_changes_the_verdict(self):
        finding = self.finding(1, "loudness")["finding_id"]
        outcome = self.run_on("waive", finding, "--reason", "agreed with the mixer", "--by", "Grace", "--until", "2999-12-31")
        self.assertEqual(outcome.status, 0, outcome.err)
        self.assertIn("Waiver 1", outcome.out)
        verdict = self.asked("show", "1")["verdicts"][0]
        self.assertEqual((verdict["verdict"], verdict["verdict_before_waivers"]), ("pass", "fail"))
        self.assertEqual((verdict["counts"]["fail"], verdict["counts"]["waived"]), (0, 1))
        waiver = self.finding(1, "loudness")["waiver"]
        self.assertEqual((waiver["by"], waiver["reason"], waiver["until"]), ("Grace", "agreed with the mixer", "2999-12-31"))
        self.assertEqual(self.finding(1, "loudness")["outcome"], "fail")
        self.assertEqual(self.numbers("verdict:fail"), [4, 5])
        self.assertEqual(self.numbers("waived:yes"), [1])
        self.assertEqual(self.asked("stats")["specs"][0]["fail"], 2)
        text = " ".join(self.run_on("show", "1").out.split())
        for part in ("PASS", "Nothing but what is waived", "1 failure is waived", "by Grace until 2999-12-31: agreed with the mixer", "Without waivers the verdict is fail"):
            self.assertIn(part, text)
        self.assertEqual(self.run_on("waive", "--revoke", "1").status, 0)
        self.assertEqual(self.numbers("verdict:fail"), [1, 4, 5])

    def test_one_that_is_over_does_not_hold(self):
        finding = self.finding(1, "loudness")["finding_id"]
        self.assertEqual(self.run_on("waive", finding, "--reason", "x", "--until", "2020-01-01").status, 2)
        self.assertEqual(self.run_on("waive", finding, "--reason", "x", "--until", "2999-12-31").status, 0)
        with sqlite3.connect(self.catalog) as connection:
            connection.execute("UPDATE waiver SET until = '2020-01-01'")
        self.assertEqual(self.asked("show", "1")["verdicts"][0]["verdict"], "fail")
        self.assertNotIn("waiver", self.finding(1, "loudness"))

    def loud(self, limit):
        path = self.place / "loud.yaml"
        path.write_text("profile: loud\ntitle: Loud\nstatus: beta\nedition: '1'\nrevision: 1\nsources:\n"
                        "  s: {document: House rules, edition: '1', grade: primary, checked: 2026-11-21}\nrequirements:\n"
                        f"  - {{id: loudness, quantity: loudness.integrated, max: {limit} LUFS, severity: reject, source: {{ref: s}}}}\n")
        return str(path)

    def changed(self, limit=-23):
        document = self.run_on("judge", "number:1", "--diff", "--json", "--spec", self.loud(limit)).json()
        self.validate(document)
        return [(c["before"], c["after"], f["before"], f["after"], f["because"])
                for c in document["changes"] for f in c["findings"]]

    def test_diff_says_why_a_waiver_holds_no_longer(self):
        first = self.run_on("judge", "number:1", "--json", "--spec", self.loud(-23)).json()["verdicts"][0]
        finding = first["findings"][0]["finding_id"]
        self.assertEqual((first["verdict"], self.changed()), ("fail", []))
        self.run_on("waive", finding[:8].upper(), "--reason", "agreed", "--by", "Grace", "--until", "2999-12-31")
        self.assertEqual(self.changed(), [("fail", "pass", "fail", "waived", "waiver 1 by Grace: agreed")])
        self.assertEqual(self.changed(), [])
        # It held when it was judged last, and is over now.
        with sqlite3.connect(self.catalog) as connection:
            connection.execute("UPDATE waiver SET until = '2026-01-02', time = '2026-01-01T00:00:00.000Z'")
            connection.execute("UPDATE judgement SET confirmed = '2026-01-02T10:00:00.000Z'")
        self.assertEqual(self.changed(), [("pass", "fail", "waived", "fail", "waiver 1 by Grace held until 2026-01-02")])
        self.assertEqual(self.changed(), [])
        for waiver in (2, 3):
            self.run_on("waive", finding, "--reason", "again", "--by", "Grace")
            self.assertEqual([c[:4] for c in self.changed()], [("fail", "pass", "fail", "waived")])
            if waiver == 2:
                self.assertEqual(self.run_on("waive", "--revoke", "2").status, 0)
                self.assertEqual([c[:4] for c in self.changed()], [("pass", "fail", "waived", "fail")])
        # Another demand is another thing than what was waived.
        outcome = self.run_on("judge", "number:1", "--diff", "--spec", self.loud(-30))
        self.assertIn("loud: pass -> fail", outcome.out)
        self.assertIn("loudness: waived -> fail (waiver 3 by Grace no longer holds: expected", outcome.out)

    def test_for_a_title(self):
        finding = self.finding(1, "loudness")["finding_id"]
        self.run_on("waive", finding, "--reason", "x", "--scope", "title", "--title", "Film")
        self.assertEqual(self.numbers("verdict:fail"), [4, 5])
        self.run_on("tag", "--query", "film", "add", "title:film")
        self.assertEqual(self.numbers("verdict:fail"), [4])  # where something else was measured
        self.assertEqual(self.finding(5, "loudness")["waiver"]["scope"], "title")
        self.assertNotIn("waiver", self.finding(4, "loudness"))

    def test_what_cannot_be_waived(self):
        finding = self.finding(1, "loudness")["finding_id"]
        for wrong in ([finding], [finding, "--reason", " "], [finding, "--reason", "x", "--until", "tomorrow"],
                      ["0123456789abcdef", "--reason", "x"], [], ["--revoke", "7"], [finding, "--revoke", "1", "--reason", "x"],
                      [finding, "--reason", "x", "--scope", "title"], [finding, "--reason", "x", "--title", "Film"],
                      [self.finding(1, "eyes")["finding_id"], "--reason", "x"]):
            self.assertEqual(self.run_on("waive", *wrong).status, 2, wrong)
        self.assertEqual(self.numbers("waived:yes"), [])


class Ask(Catalog):
    def test_what_is_no_media_is_not_judged(self):
        document = self.asked("judge", "number:1,2,3", "--spec", self.rules())
        self.assertEqual([v["asset"]["path"] for v in document["verdicts"]], ["/masters/film.mov", "/masters/sub/trailer.mov"])
        self.assertEqual(document["assets"], [])
        # One that was judged all the same, by an older program, is shown and does no harm.
        with sqlite3.connect(self.catalog) as connection:
            connection.execute("INSERT INTO judgement(asset, spec, spec_title, edition, revision, profile_digest, order_data, verdict, passed,"
                               " failed, warned, not_applicable, inconclusive, manual, waived, outcome_digest, evidence, quiet_findings,"
                               " program, time, confirmed, latest) SELECT 3, spec, spec_title, edition, revision, profile_digest, order_data,"
                               " 'inconclusive', 0, 0, 0, 0, 0, 0, 0, outcome_digest, evidence, quiet_findings, program, time, confirmed, 1"
                               " FROM judgement WHERE asset = 1 AND latest = 1 LIMIT 1")
        self.assertEqual(self.asked("show", "3")["asset"]["status"], "not_media")
        self.assertEqual(len(self.run_on("export", "--json-lines").out.splitlines()), 5)

    def rules(self):
        path = self.place / "wide.yaml"
        path.write_text(WIDE)
        return str(path)

    def test_export(self):
        outcome = self.run_on("export", "--json-lines", "kind:video")
        self.assertEqual(outcome.status, 0, outcome.err)
        documents = [json.loads(line) for line in outcome.out.splitlines()]
        self.assertEqual([d["number"] for d in documents], [1, 2, 4, 5])
        for document in documents:
            self.validate(document)
        self.assertEqual(self.run_on("export").status, 2)

    def test_stats(self):
        stats = self.asked("stats")
        self.assertEqual(stats["assets"]["total"], 5)
        self.assertEqual(stats["assets"]["kinds"], {"other": 1, "video": 4})
        self.assertEqual(stats["cues"], 1)
        self.assertIn("5, ", self.run_on("stats").out)

    def test_sql(self):
        rows = self.asked("sql", "SELECT number, path FROM assets WHERE kind = 'video' ORDER BY number")
        self.assertEqual(rows["columns"], ["number", "path"])
        self.assertEqual(rows["rows"][0], [1, "/masters/film.mov"])
        self.assertEqual(self.asked("sql", "SELECT count(*) FROM findings")["rows"], [[10]])
        self.assertEqual(self.asked("sql", "WITH a AS (SELECT * FROM tags) SELECT count(*) FROM a")["rows"], [[0]])
        spans = self.asked("sql", "SELECT json_each.value FROM findings, json_each(findings.spans) WHERE requirement = 'black'")
        self.assertGreaterEqual(len(spans["rows"]), 1)
        self.assertEqual(self.run_on("sql", "SELECT 1 AS a, 'b,c' AS b", "--csv").out, 'a,b\r\n1,"b,c"\r\n')
        self.assertIn("1 row.", self.run_on("sql", "SELECT 1").out)
        cut = self.run_on("sql", "SELECT number FROM assets", "--rows", "2", "--json")
        self.assertEqual((cut.status, len(cut.json()["rows"]), cut.json()["cut"]), (3, 2, True))

    def test_sql_only_reads_what_is_documented(self):
        for forbidden in ("DELETE FROM tag", "INSERT INTO tag VALUES (1)", "SELECT * FROM asset", "SELECT * FROM sqlite_schema",
                          "PRAGMA user_version", "ATTACH '/tmp/x' AS y", "SELECT load_extension('x')", "DROP VIEW assets", "VACUUM INTO '/tmp/x'",
                          "SELECT 1; SELECT 2", "", "SELECT", "BEGIN", "SELECT * FROM cue_words", "CREATE TEMP TABLE t(a)",
                          "UPDATE waiver SET until = NULL"):
            outcome = self.run_on("sql", forbidden)
            self.assertEqual((outcome.status, outcome.out), (2, ""), forbidden)
            self.assertEqual(len(outcome.lines), 1, outcome.err)
        outcome = self.run_on("sql", "SELECT * FROM asset")
        self.assertIn("judgements, locations", outcome.err)

    def test_sql_has_an_end(self):
        outcome = self.run_on("sql", "WITH RECURSIVE a(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM a) SELECT count(*) FROM a",
                              "--seconds", "0.2")
        self.assertEqual(outcome.status, 2)
        self.one_line(outcome, "longer than 0.2 s")

    def test_care_of_the_catalog(self):
        self.assertTrue(self.asked("catalog", "check")["sound"])
        self.assertTrue(self.asked("catalog", "check", "--full")["sound"])
        backup = str(self.place / "backup.db")
        self.assertEqual(self.run_on("catalog", "backup", backup).status, 0)
        self.run_on("tag", "1", "add", "later")
        self.assertEqual(self.run_on("catalog", "backup", backup).status, 2)
        self.assertEqual(self.run_on("catalog", "restore", backup).status, 0)
        self.assertEqual(self.numbers("tag:later"), [])
        self.assertEqual(self.run_on("catalog", "prune").status, 2)
        self.assertIn("1 asset would", self.run_on("catalog", "prune", "number:4", "--dry-run").out)
        self.assertEqual(self.run_on("catalog", "prune", "number:4").status, 0)
        self.assertIn("pruned_at", self.asked("show", "4"))
        self.assertEqual(self.run_on("catalog", "tidy").status, 0)
        series = [p for p in (self.place / "catalog.db.series").rglob("*") if p.is_file()]
        os.remove(series[0])
        outcome = self.run_on("catalog", "check")
        self.assertEqual(outcome.status, 1)
        self.assertIn("NOT SOUND", outcome.out)


if __name__ == "__main__":
    support.main()
