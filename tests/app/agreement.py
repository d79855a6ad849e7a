#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares the facts of real files, field by field, with those of mediainfo, an independent reader.

usage: agreement.py CLEANGATE MEDIA_FOLDER [--list]

Every difference must be explained in agreement_explained.json (the reasons are told in docs/agreement.md): an unexplained one, or an
explanation that no longer meets a difference, fails. --list prints every difference, explained or not. Exits 77 (skipped) where mediainfo or the
media are missing.
"""
import collections
import fnmatch
import json
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
SUFFIXES = {".mp4", ".mov", ".m4a", ".3gp", ".mxf", ".mkv", ".webm", ".ts", ".wav", ".flac", ".avi", ".mpg", ".ps"}
FORMATS = {"MPEG-4": {"mp4", "mov"}, "QuickTime": {"mov"}, "MXF": {"mxf"}, "Matroska": {"matroska"}, "WebM": {"webm"}, "MPEG-TS": {"mpegts"},
           "MPEG-PS": {"mpegps"}, "Wave": {"wav"}, "AVI": {"avi"}, "FLAC": {"flac"}}
CODECS = {"AVC": {"h264"}, "HEVC": {"hevc"}, "ProRes": {"prores"}, "MPEG Video": {"mpeg2video", "mpeg1video"}, "VP8": {"vp8"}, "VP9": {"vp9"},
          "AV1": {"av1"}, "JPEG 2000": {"jpeg2000"}, "FFV1": {"ffv1"}, "VC-3": {"dnxhd"}, "DV": {"dvvideo"}, "AAC": {"aac"}, "AC-3": {"ac3"},
          "E-AC-3": {"eac3"}, "FLAC": {"flac"}, "Opus": {"opus"}, "Vorbis": {"vorbis"}, "MPEG Audio": {"mp3", "mp2"}, "ALAC": {"alac"},
          "AMR": {"amr_nb", "amr_wb"}}
COLOR = {"BT.709": "bt709", "BT.2020": "bt2020", "BT.601 NTSC": "smpte170m", "BT.601 PAL": "bt470bg", "BT.601": "smpte170m", "PQ": "smpte2084",
         "HLG": "arib-std-b67", "BT.2020 non-constant": "bt2020nc", "BT.2020 constant": "bt2020c", "BT.470 System B/G": "bt470bg",
         "BT.2020 (10-bit)": "bt2020-10", "Display P3": "smpte432", "XYZ": "smpte428", "sRGB/sYCC": "iec61966-2-1", "Identity": "gbr"}


def number(text):
    try:
        return float(str(text).split(" / ")[0])
    except ValueError:
        return None


def ratio(text):
    top, _, bottom = text.partition("/")
    return int(top) / int(bottom)


def video_pairs(ours, theirs):
    yield "codec", ours["codec"], CODECS.get(theirs.get("Format"))
    yield "width", ours.get("width"), number(theirs.get("Width"))
    yield "height", ours.get("height"), number(theirs.get("Height"))
    yield "frame_count", ours.get("frame_count"), number(theirs.get("FrameCount"))
    yield "chroma", ours.get("chroma"), (theirs.get("ChromaSubsampling") or "").split(" ")[0] or None
    yield "bit_depth", ours.get("bit_depth"), number(theirs.get("BitDepth"))
    if theirs.get("FrameRate_Num") and theirs.get("FrameRate_Mode") == "CFR":
        yield "frame_rate", ours.get("frame_rate"), f"{theirs['FrameRate_Num']}/{theirs['FrameRate_Den']}"
    yield "frame_rate_mode", ours.get("frame_rate_mode"), {"CFR": "constant", "VFR": "variable"}.get(theirs.get("FrameRate_Mode"))
    yield "scan", ours.get("scan"), {"Progressive": "progressive", "Interlaced": "interlaced", "MBAFF": "interlaced"}.get(theirs.get("ScanType"))
    yield "field_order", ours.get("field_order"), {"TFF": "top", "BFF": "bottom"}.get(theirs.get("ScanOrder"))
    aspect = ours.get("pixel_aspect")
    yield "pixel_aspect", aspect and round(ratio(aspect), 3), number(theirs.get("PixelAspectRatio"))
    color = ours.get("color", {})
    known = lambda key: None if color.get(key) == "unspecified" else color.get(key)
    yield "color.primaries", known("primaries"), COLOR.get(theirs.get("colour_primaries"))
    yield "color.transfer", known("transfer"), COLOR.get(theirs.get("transfer_characteristics"))
    yield "color.matrix", known("matrix"), COLOR.get(theirs.get("matrix_coefficients"))
    yield "color.range", known("range"), {"Limited": "narrow", "Full": "full"}.get(theirs.get("colour_range"))
    if theirs.get("Format") in ("AVC", "HEVC", "ProRes"):
        yield "profile", ours.get("profile"), (theirs.get("Format_Profile") or "").split("@")[0].split(" / ")[0] or None


def audio_pairs(ours, theirs):
    yield "codec", "pcm" if ours["codec"].startswith("pcm_") else ours["codec"], \
        {"pcm"} if theirs.get("Format") == "PCM" else CODECS.get(theirs.get("Format"))
    yield "channels", ours.get("channels"), number(theirs.get("Channels"))
    yield "sample_rate", ours.get("sample_rate"), number(theirs.get("SamplingRate"))
    if "bit_depth" in ours:
        yield "bit_depth", ours.get("bit_depth"), number(theirs.get("BitDepth"))
    yield "language", ours.get("language"), theirs.get("Language")


def asset_pairs(ours, theirs):
    """(field, our value, their value) wherever mediainfo says something."""
    general = next(t for t in theirs if t["@type"] == "General")
    yield "container.format", ours["container"]["format"], FORMATS.get(general.get("Format"))
    if general.get("Format") == "MXF" and general.get("Format_Profile"):
        yield "container.operational_pattern", ours["container"].get("operational_pattern", "").replace("OP1a", "OP-1a").replace(
            "OPAtom", "OP-Atom"), general["Format_Profile"]
    for kind, word, pairs in (("video", "Video", video_pairs), ("audio", "Audio", audio_pairs)):
        mine = [s for s in ours["streams"] if s["kind"] == kind]
        others = [t for t in theirs if t["@type"] == word]
        yield f"{kind} streams", len(mine), float(len(others))
        if len(mine) == len(others):
            for place, (stream, track) in enumerate(zip(mine, others)):
                for field, a, b in pairs(stream, track):
                    yield f"{kind}[{place}].{field}", a, b
    stamps = [t for t in theirs if t["@type"] == "Other" and t.get("Type") == "Time code" and t.get("TimeCode_FirstFrame")]
    if stamps:
        yield "start_timecode", ours["container"].get("start_timecode"), {t["TimeCode_FirstFrame"] for t in stamps}


def agree(ours, theirs):
    if isinstance(theirs, set):
        return ours in theirs
    return ours == theirs


def explains(entry, name, field, ours, theirs):
    """`ours` and `theirs` of an entry are the values it speaks of; without them, any."""
    return (fnmatch.fnmatch(name, entry["file"]) and fnmatch.fnmatch(field, entry["field"].replace("[", "[[]")) and
            entry.get("ours", ours) == ours and entry.get("theirs", theirs) == theirs)


def facts_of(program, files):
    done = subprocess.run([program, "measure", "--no-catalog", "--depth", "packets", "--json", "--quiet", *map(str, files)], capture_output=True, check=False)
    document = json.loads(done.stdout)
    return {asset["path"]: asset for asset in document["assets"]}


def peers_of(files):
    done = subprocess.run(["mediainfo", "--Output=JSON", *map(str, files)], capture_output=True, check=True)
    documents = json.loads(done.stdout)
    return {d["media"]["@ref"]: d["media"]["track"] for d in (documents if isinstance(documents, list) else [documents]) if d.get("media")}


def main(arguments):
    listing = "--list" in arguments
    arguments = [a for a in arguments if a != "--list"]
    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    program, media = arguments[0], pathlib.Path(arguments[1])
    if not shutil.which("mediainfo") or not media.is_dir():
        print("SKIPPED: mediainfo or the real media (CLEANGATE_MEDIA, ../shared/media) are missing")
        return 77
    explained = json.loads((HERE / "agreement_explained.json").read_text(encoding="utf-8"))
    files = sorted(f for f in media.rglob("*") if f.suffix.lower() in SUFFIXES and f.is_file() and f.stat().st_size > 0)
    ours, theirs = facts_of(program, files), peers_of(files)
    compared, equal, unread, used, open_differences = 0, 0, [], collections.Counter(), []
    for file in files:
        name = str(file.relative_to(media))
        mine, peer = ours.get(str(file)), theirs.get(str(file))
        if mine is None or "container" not in mine or peer is None:
            unread.append((name, mine.get("error", {}).get("message", mine.get("status")) if mine else "no answer"))
            continue
        for field, a, b in asset_pairs(mine, peer):
            if b is None:
                continue
            compared += 1
            if agree(a, b):
                equal += 1
                continue
            difference = f"{name}: {field}: {a!r}, mediainfo {b!r}"
            reason = next((e for e in explained if explains(e, name, field, a, b)), None)
            if reason:
                used[reason["why"]] += 1
            else:
                open_differences.append(difference)
            if listing:
                print(("explained  " if reason else "OPEN       ") + difference)
    for name, why in unread:
        if listing:
            print(f"not read   {name}: {why}")
    for difference in open_differences:
        if not listing:
            print(difference)
    for reason, count in used.most_common():
        print(f"{count:5} explained: {reason}")
    idle = [e for e in explained if not used[e["why"]]]
    for e in idle:
        print(f"explains nothing any more: {e['file']} {e['field']}: {e['why']}")
    print(f"{len(files)} files, {len(unread)} not read by us, {compared} fields compared, {equal} equal, {sum(used.values())} explained, "
          f"{len(open_differences)} open")
    return 1 if open_differences or idle or compared < 100 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
