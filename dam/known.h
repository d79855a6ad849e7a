// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "dam/catalog.h"
#include "dam/record.h"
#include "dam/series_key.h"
#include "probes/facts.h"

// Has this been met before? Lookups only: a hint names candidates and is never an identity; who
// asks reads as much as it takes to be sure.
namespace cleangate::dam {

// What fstat says of an open file; errors as the system has them.
[[nodiscard]] Expected<FileStat> stat_of(int descriptor);
// Of the file at a path, which need not be readable; links are followed.
[[nodiscard]] Expected<FileStat> stat_at(const std::string& path);
// Names the volume a file lies on: the file system's own id where it has one, else its device.
[[nodiscard]] Expected<std::string> volume_of(int descriptor);
// Size and XXH3-128 of the first and the last MiB (the whole file up to 2 MiB): 24 bytes.
[[nodiscard]] Expected<std::vector<std::byte>> content_hint(int descriptor);

struct KnownAsset {
  AssetNumber number = 0;
  std::optional<Sha256> content_id;
  probes::Status status = probes::Status::measured;
  probes::Depth depth = probes::Depth::decode;
  bool pruned = false;
  int facts_version = 0;       // probes/facts_version.h; 0: no facts
  std::string path;            // bytes; where it was seen last
  std::optional<Error> error;  // why it could not be read, or not whole
};

class Known {
 public:
  explicit Known(Catalog& catalog) : catalog_(catalog) {}

  // The asset of a file whose volume, device, inode, size, mtime and ctime are all as they were.
  [[nodiscard]] Expected<std::optional<KnownAsset>> by_stat(const FileStat& stat);
  [[nodiscard]] Expected<std::optional<KnownAsset>> by_content(const Sha256& content_id);
  [[nodiscard]] Expected<std::vector<KnownAsset>> by_content_hint(std::span<const std::byte> hint);
  // Assets with a stream of this codec configuration and beginning.
  [[nodiscard]] Expected<std::vector<KnownAsset>> by_essence_hint(const Sha256& hint);
  [[nodiscard]] Expected<std::vector<KnownAsset>> by_essence(const Sha256& essence);

  // Which of the rows wanted are in the store for what these facts describe (essence digests must
  // be known), whoever they were measured for.
  [[nodiscard]] Expected<std::vector<probes::SeriesId>> stored(
      const probes::AssetFacts& facts, std::span<const probes::SeriesId> wanted);

 private:
  Catalog& catalog_;
};

}  // namespace cleangate::dam
