# SPDX-License-Identifier: Apache-2.0
"""Break one thing: the complete list of findings of every sample, against the truth its recipe planted."""
import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys

from support import ROOT, Case, cleangate, main

SAMPLES = ROOT / "build" / "media" / "samples"


def compare(expected, findings):
    """Differences of two lists of findings: not expected, not seen, wrong detail; empty when they agree."""
    told = []
    seen = {}
    for finding in findings:
        seen.setdefault(finding["requirement"], []).append(finding)
    for want in expected:
        found = seen.pop(want["requirement"], None)
        if not found:
            told.append(f"not seen: {want['requirement']} ({want['outcome']})")
            continue
        for finding in found:
            told += [f"wrong detail: {want['requirement']}: {text}" for text in details(want, finding)]
    for name, found in seen.items():
        for finding in found:
            told.append(f"not expected: {name} ({finding['outcome']}, {finding['severity']}): {finding['message']}"
                        f" {finding.get('because', '')}")
    return told


def details(want, finding):
    for key in ("outcome", "severity"):
        if key in want and finding[key] != want[key]:
            yield f"{key} is {finding[key]}, planted {want[key]}: {finding['message']} {finding.get('because', '')}"
    if "spans" in want:
        runs = [[span.get("first_frame"), span.get("end_frame")] for span in finding["spans"]]
        if runs != want["spans"]:
            yield f"spans are {runs}, planted {want['spans']}"
    if "value" in want:
        value = finding["measured"]["value"]
        if not isinstance(value, (int, float)) or abs(value - want["value"]) > want["within"]:
            yield f"measured {value}, planted {want['value']} ±{want['within']}"


class Comparer(Case):
    """The comparer itself must see differences."""

    FINDING = {"requirement": "a", "outcome": "fail", "severity": "reject", "message": "m", "spans": [],
               "measured": {"value": -21.0}}

    def test_agreement(self):
        self.assertEqual(compare([{"requirement": "a", "outcome": "fail"}], [self.FINDING]), [])

    def test_not_seen_and_not_expected(self):
        self.assertEqual(len(compare([{"requirement": "b", "outcome": "fail"}], [self.FINDING])), 2)

    def test_wrong_detail(self):
        want = {"requirement": "a", "outcome": "fail", "severity": "warn", "spans": [[1, 2]], "value": -20, "within": 0.5}
        self.assertEqual(len(compare([want], [self.FINDING])), 3)


class Samples(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        subprocess.run([sys.executable, ROOT / "sample_media" / "make", "--to", SAMPLES], check=True,
                       stdin=subprocess.DEVNULL)
        cls.manifest = json.loads((SAMPLES / "manifest.json").read_text())["samples"]

    def check(self, sample):
        return sample, cleangate("check", SAMPLES / sample["file"], "--spec", sample["spec"], "--json", "--jobs", "1")

    def test_every_sample_gives_exactly_its_planted_findings(self):
        self.assertGreater(len(self.manifest), 30)
        told = []
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            for sample, outcome in pool.map(self.check, self.manifest):
                document = outcome.json()
                self.validate(document)
                if not document["verdicts"]:
                    told.append(f"{sample['file']}: no verdict: {outcome.err}")
                    continue
                verdict = document["verdicts"][0]
                differences = compare(sample["findings"], verdict["findings"])
                if verdict["verdict"] != sample["verdict"]:
                    differences.insert(0, f"verdict is {verdict['verdict']}, planted {sample['verdict']}")
                status = {"pass": 0, "fail": 1, "inconclusive": 3}[verdict["verdict"]]
                if outcome.status != status and sample["planted"].get("status") != "partial":
                    differences.append(f"exit status {outcome.status}")
                told += [f"{sample['file']}: {text}" for text in differences]
        self.assertEqual(told, [], "\n" + "\n".join(told))

    def test_measurements_agree_with_what_was_planted(self):
        planted = [s for s in self.manifest if {"black", "integrated_lufs", "frames"} & set(s["planted"])]
        self.assertGreater(len(planted), 8)
        told = []
        for sample in planted:
            asset = cleangate("measure", "--json", SAMPLES / sample["file"]).json()["assets"][0]
            truth = sample["planted"]
            if "black" in truth:
                runs = [[s["first_frame"], s["end_frame"]] for s in asset["measurements"]["black"]]
                if runs != truth["black"]:
                    told.append(f"{sample['file']}: black {runs}, planted {truth['black']}")
            if "frames" in truth and asset["streams"][0]["frame_count"] != truth["frames"]:
                told.append(f"{sample['file']}: {asset['streams'][0]['frame_count']} frames, made {truth['frames']}")
            if "frame_rate" in truth and asset["streams"][0]["frame_rate"] != truth["frame_rate"]:
                told.append(f"{sample['file']}: rate {asset['streams'][0]['frame_rate']}")
            if "integrated_lufs" in truth:
                value = asset["measurements"]["loudness"][0]["integrated_lufs"]
                want = truth["integrated_lufs"]
                if (value is None) != (want is None) or (want is not None and abs(value - want) > 0.05):
                    told.append(f"{sample['file']}: {value} LUFS, planted {want}")
        self.assertEqual(told, [], "\n" + "\n".join(told))


if __name__ == "__main__":
    main()
