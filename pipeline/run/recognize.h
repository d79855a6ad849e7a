// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/error.h"
#include "dam/known.h"
#include "dam/record.h"
#include "pipeline/run/catalogs.h"
#include "pipeline/run/ingest.h"
#include "pipeline/worker/media_file.h"

namespace cleangate::run {

// A file of which is known what can be known without opening it as media.
struct Recognized {
  dam::Location location;
  std::vector<std::byte> content_hint;
  KnownBy known = KnownBy::no;           // stat or content, else no
  std::optional<dam::KnownAsset> asset;  // with stat and content
};

// What of a known asset is enough: read (whole or as far as it goes), not pruned of the rows that
// are asked for, at least this deep, and told by no older version of ours.
[[nodiscard]] bool suffices(const dam::KnownAsset& asset, const IngestRequest& request);

// Whether these facts tell of damage as an older version of ours saw it, which may have been
// mistaken: then the file is measured again.
[[nodiscard]] bool is_old_damage(int facts_version, const probes::AssetFacts& facts);

// Looks a file up: by what the system says of it; else by its first and last MiB, and where those
// have been met, by the digest of all its bytes.
[[nodiscard]] Expected<Recognized> recognize(Catalogs& catalogs, const std::string& path,
                                             const worker::MediaFile& media,
                                             const IngestRequest& request);

}  // namespace cleangate::run
