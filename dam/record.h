// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/digest.h"
#include "core/error.h"
#include "core/rational.h"
#include "specs/judge.h"

namespace cleangate::dam {

class MemoryEvidence;

// A catalog number: `asset.id`, printed as is; never given twice.
using AssetNumber = std::int64_t;

// What the system says of a file, so that it is known again without reading it.
struct FileStat {
  std::string volume;  // volume_of(): stays the same when the volume is mounted elsewhere
  std::uint64_t device = 0, inode = 0;
  std::uint64_t bytes = 0;
  std::int64_t mtime_ns = 0, ctime_ns = 0;  // since 1970
  friend bool operator==(const FileStat&, const FileStat&) = default;
};

struct Location {
  std::string path;  // absolute, bytes
  FileStat stat;
  friend bool operator==(const Location&, const Location&) = default;
};

// Where a file was seen, without what the system said of it.
struct Place {
  std::string volume, path;  // path: bytes
  friend bool operator==(const Place&, const Place&) = default;
};

struct Cue {
  std::string service;  // "CC1", "S1", or what the caption stream or sidecar is called
  std::optional<std::string> language;
  Rational start_s, end_s;
  std::string text;
};

struct RecordedVerdict {
  specs::Verdict verdict;
  specs::OrderData order;
};

// An event as PREMIS 3 has it; `type` is a term of its event type vocabulary ("ingestion",
// "message digest calculation", "fixity check", "validation" …).
struct Event {
  std::string type, outcome, detail;
  std::string object;  // content id or path; filled in when empty
};

// One asset as it was measured, ready to be remembered. `evidence` is sealed; it is not needed
// where the asset is known and only a location or verdicts are new.
struct AssetRecord {
  Location location;
  std::vector<Place> gone;  // dam/places.h: of the same content, if known, and empty now
  const MemoryEvidence* evidence = nullptr;
  std::optional<Error> error;  // why it could not be measured, or only in part
  std::string isolation;       // level of the worker's sandbox
  std::optional<std::vector<std::byte>> content_hint;  // dam/known.h
  std::map<int, Sha256> essence_hints;                 // by stream
  // All was measured that can be: rows that are gone, and were not measured now, are lost for good.
  bool all_rows = false;
  std::vector<Cue> cues;
  std::vector<RecordedVerdict> verdicts;
  std::vector<Event> events;  // besides those the recorder writes itself
};

struct Recorded {
  AssetNumber number = 0;
  enum class What { added, known, measured_anew } what = What::added;
};

}  // namespace cleangate::dam
