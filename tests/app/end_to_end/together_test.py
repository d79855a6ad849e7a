# SPDX-License-Identifier: Apache-2.0
"""Eight processes ingest, tag, note and judge into one catalog: no write is lost, nothing is damaged, nobody is told that
the catalog is busy.

Everybody does the same a fixed number of times, so that a run on a slow machine does as much as one on a fast one;
--seconds has them go on for so long.

    together_test.py [--turns N | --seconds S] [--people N] [CLASS...]       (default: 3 turns, 8 people)
"""
import json
import sqlite3
import sys
import threading
import time

import made_sound
from support import Case, cleangate, main

TURNS = 3
SECONDS = 0.0
PEOPLE = 8
SPECS = ("ebu-r128", "youtube-upload-sdr")


class Person(threading.Thread):
    """Uses the program as somebody would: one verb after another, each its own process."""

    def __init__(self, name, folder, catalog, goes_on):
        super().__init__()
        self.name, self.folder, self.catalog, self.goes_on = name, folder, catalog, goes_on
        self.assets, self.tags, self.notes, self.judged = {}, [], [], []
        self.verbs, self.slowest, self.trouble, self.waited = 0, 0.0, [], 0

    def verb(self, *arguments, allowed=(0,)):
        start = time.monotonic()
        outcome = cleangate(*arguments, "--catalog", self.catalog, env={"CLEANGATE_USER": self.name})
        self.slowest = max(self.slowest, time.monotonic() - start)
        self.verbs += 1
        lines = [line for line in outcome.lines if not line.startswith("cleangate: Waiting for the catalog")]
        self.waited += len(outcome.lines) - len(lines)
        if outcome.status not in allowed or lines:
            self.trouble.append((arguments, outcome.status, outcome.err))
            return None
        return outcome

    def run(self):
        turn = 0
        while self.goes_on(turn) and not self.trouble:
            folder = self.folder / f"{self.name}-{turn}"
            folder.mkdir(parents=True)
            for i in range(2):
                made_sound.write(folder / f"{i}.wav", f"{self.name} {turn} {i}", seconds=0.2)
            # All eight bring this one: one content, eight places.
            made_sound.write(folder / "shared.wav", f"shared {turn}", seconds=0.2)
            outcome = self.verb("ingest", "--json-lines", folder, "--jobs", "1", "--spec", SPECS[0], allowed=(0, 1, 3))
            if not outcome:
                return
            for line in outcome.out.splitlines():
                asset = json.loads(line)["assets"][0]
                self.assets[asset["path"]] = asset["number"]
            number = str(self.assets[str(folder / "0.wav")])
            if self.verb("tag", number, "add", f"{self.name} was here", f"turn {turn}"):
                self.tags += [(int(number), f"{self.name} was here"), (int(number), f"turn {turn}")]
            if self.verb("note", str(folder / "1.wav"), f"{self.name} heard it at turn {turn}."):
                self.notes.append((self.assets[str(folder / "1.wav")], f"{self.name} heard it at turn {turn}."))
            if self.verb("judge", f"number:{number}", "--spec", SPECS[1], "--json", allowed=(0, 1, 3)):
                self.judged.append(int(number))
            self.verb("find", f'tag:"{self.name} was here"', "--json")
            turn += 1


class Together(Case):
    def test_nothing_is_lost(self):
        catalog = self.folder / "catalog.db"
        start = time.monotonic()
        goes_on = lambda turn: time.monotonic() < start + SECONDS if SECONDS else turn < TURNS
        people = [Person(f"p{i}", self.folder / "media", catalog, goes_on) for i in range(PEOPLE)]
        for person in people:
            person.start()
        for person in people:
            person.join()
        took = time.monotonic() - start
        for person in people:
            self.assertEqual(person.trouble, [])
            self.assertGreater(len(person.judged), 0)
        checked = cleangate("catalog", "check", "--full", "--json", "--catalog", catalog)
        self.assertEqual((checked.status, checked.json()["sound"]), (0, True), checked.out)
        with sqlite3.connect(catalog) as connection:
            ask = lambda sql: connection.execute(sql).fetchall()
            self.assertEqual(ask("PRAGMA integrity_check"), [("ok",)])
            places = dict(ask("SELECT path_text, asset FROM location"))
            tags, notes = set(ask("SELECT asset, name FROM tag")), set(ask("SELECT asset, text FROM note"))
            judged = dict(ask("SELECT asset, count(*) FROM judgement WHERE spec = 'youtube-upload-sdr' AND latest = 1 GROUP BY asset"))
            first = dict(ask("SELECT asset, count(*) FROM judgement WHERE spec = 'ebu-r128' AND latest = 1 GROUP BY asset"))
            contents = ask("SELECT count(*), count(DISTINCT content_id) FROM asset WHERE merged_into IS NULL")[0]
            by = dict(ask("SELECT by, count(*) FROM tag GROUP BY by"))
        for person in people:
            self.assertEqual({path: places.get(path) for path in person.assets}, person.assets)
            self.assertEqual([tag for tag in person.tags if tag not in tags], [])
            self.assertEqual([note for note in person.notes if note not in notes], [])
            self.assertEqual([asset for asset in person.judged if judged.get(asset) != 1], [])
            self.assertEqual([asset for asset in person.assets.values() if first.get(asset) != 1], [])
            self.assertEqual(by[person.name], len(person.tags))
        self.assertEqual(contents[0], contents[1])
        written = [sum(len(kind) for kind in (p.assets, p.tags, p.notes, p.judged)) for p in people]
        print(f"{PEOPLE} people, {took:.0f} s: {sum(p.verbs for p in people)} verbs, {sum(written)} writes acknowledged, none "
              f"lost; {contents[0]} assets; the slowest verb took {max(p.slowest for p in people):.2f} s; told to wait "
              f"{sum(p.waited for p in people)} times.")


def option(name, default, kind):
    if name not in sys.argv:
        return default
    at = sys.argv.index(name)
    value = kind(sys.argv[at + 1])
    del sys.argv[at:at + 2]
    return value


if __name__ == "__main__":
    SECONDS = option("--seconds", SECONDS, float)
    TURNS = option("--turns", TURNS, int)
    PEOPLE = option("--people", PEOPLE, int)
    main()
