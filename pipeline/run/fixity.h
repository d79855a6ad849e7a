// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/digest.h"
#include "core/error.h"
#include "dam/catalog.h"
#include "dam/record.h"

// Fixity: the media is read again, wherever the catalog saw it, and compared with its digest.
namespace cleangate::run {

enum class FixityOutcome : std::uint8_t {
  intact,
  mismatch,    // other bytes than those that were measured
  missing,     // nothing is there any more
  unreadable,  // it is there and cannot be read
  unknown      // the catalog has no digest of it (its content never was read to the end)
};
[[nodiscard]] std::string_view to_string(FixityOutcome);

struct FixityCheck {
  std::size_t position = 0;
  dam::AssetNumber number = 0;
  std::string path;  // bytes
  FixityOutcome outcome = FixityOutcome::unknown;
  std::optional<Sha256> expected, found;
  std::uint64_t bytes = 0;  // of the file; 0 when it is not there
  std::string because;      // one sentence; empty when intact
};

class FixityObserver {
 public:
  virtual ~FixityObserver() = default;
  virtual void begun(std::size_t position, const std::string& path, std::uint64_t bytes) = 0;
  virtual void finished(const FixityCheck& check) = 0;
};

// Reads every place where one of these assets was seen, and where it was missing, `threads` files
// at once; an asset without a place is missing. Each check leaves an event ("fixity check") before
// it is told (none where there was no digest to compare with); the observer is told from one thread
// at a time. A missing file's location is marked missing, one that is back present, and the stat of
// one with other bytes is forgotten, so that nobody takes it for known.
[[nodiscard]] Expected<void> verify(const std::string& catalog, const dam::CatalogOptions& options,
                                    const std::vector<dam::AssetNumber>& numbers, int threads,
                                    FixityObserver& observer, std::stop_token stop);

}  // namespace cleangate::run
