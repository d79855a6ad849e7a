// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/digest.h"
#include "core/error.h"
#include "dam/memory_evidence.h"
#include "dam/record.h"
#include "pipeline/run/catalogs.h"

namespace cleangate::run {

// A file that is there and cannot be opened, as it is recorded: empty, or not ours to read.
struct Unopened {
  dam::Location location;
  std::optional<Sha256> content_id;               // of an empty file: that of no bytes
  std::optional<dam::AssetNumber> known;          // recorded before, in this very state
  std::unique_ptr<dam::MemoryEvidence> evidence;  // nothing but its size; none where it is known
};

// Nothing where there is no such file, and for an empty one that had bytes when it was seen last:
// what was measured there is not replaced by nothing (Recorder::emptied tells it).
[[nodiscard]] std::optional<Unopened> find_unopened(Catalogs& catalogs, const std::string& path,
                                                    const Error& why);

}  // namespace cleangate::run
