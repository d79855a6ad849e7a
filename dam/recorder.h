// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "dam/catalog.h"
#include "dam/record.h"
#include "specs/evidence.h"

namespace cleangate::dam {

class StoredEvidence;

// Remembers. Every function is one transaction; when it returns without error, all of it is on
// disk. Doing the same again changes nothing but "last seen" and "confirmed".
class Recorder {
 public:
  explicit Recorder(Catalog& catalog) : catalog_(catalog) {}

  // Series files first (fsynced together), then one transaction with everything that names them.
  // A content id that is known gets one location more; its facts and series are replaced only when
  // measured at least as deep, and whole, as what is there. A record that cannot be written fails
  // the batch: split it.
  [[nodiscard]] Expected<std::vector<Recorded>> record(std::span<const AssetRecord> assets);

  // A known asset was met at this place (again): adds or refreshes the location.
  struct Seen {
    AssetNumber asset = 0;
    Location location;
    std::vector<Place> gone;  // dam/places.h
  };
  [[nodiscard]] Expected<void> seen(AssetNumber asset, const Location& location);

  // Judgements of stored evidence. One that says the same as the last of its spec only confirms it.
  struct Judged {
    AssetNumber asset = 0;
    Sha256 evidence;  // StoredEvidence::digest()
    RecordedVerdict judged;
    const StoredEvidence* stored = nullptr;  // its new readings are remembered with the judgement
  };
  [[nodiscard]] Expected<void> judged(std::span<const Judged> judgements);
  // Both for many at once.
  [[nodiscard]] Expected<void> met(std::span<const Seen> seen, std::span<const Judged> judgements);

  struct Happened {
    std::optional<AssetNumber> asset;
    Event event;
    // What became of its place, when anything did.
    enum class Place {
      same,
      missing,    // nothing is there any more
      found,      // it is there again
      distrusted  // what is there has other bytes: its stat says nothing, it is read when it is met
    };
    Place place = Place::same;
    std::string volume, path;  // of the place; path: bytes
  };
  [[nodiscard]] Expected<void> events(std::span<const Happened> happened);
  // Files that have no bytes any more: where one had when it was seen, that is told of its place.
  [[nodiscard]] Expected<void> emptied(std::span<const std::string> paths);
  struct Relation {
    AssetNumber asset = 0;
    std::string kind;  // "sidecar_of", "version_of" …
    AssetNumber other = 0;
  };
  [[nodiscard]] Expected<void> related(std::span<const Relation> relations);

 private:
  Catalog& catalog_;
};

}  // namespace cleangate::dam
