// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/digest.h"
#include "core/error.h"
#include "probes/facts.h"
#include "probes/rows.h"

namespace cleangate::dam {

// What a series is of, independent of the file it was met in: the same essence in another wrapper
// gives the same key, so that nothing is measured twice.
struct SeriesKey {
  Sha256 owner;
  int channel = -1;
  std::optional<Sha256> other_owner;  // pairs across streams or channels
  int other_channel = -1;
  std::string pair_offset;  // seconds from the first to the other stream, "num/den"
  std::string row;
  int version = 0;
  std::string parameters;
  int epoch = 1;  // of the codec, raised when a decoder's output changes (codec_epoch)
  // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 takes the comparison with 0 inside for one
  friend auto operator<=>(const SeriesKey&, const SeriesKey&) = default;
};

// Who owns rows `row` of a stream (docs/catalog.md, "Who owns a series"):
// - rows of decoded pictures: the essence alone;
// - rows of sound: the essence and the number of presented samples, because a wrapper may trim
// them;
// - frame times: the essence and its timing where the frame rate is constant and no edit list acts,
//   else the file (content id and stream).
// Empty when the facts do not say what is needed: such rows cannot be kept.
[[nodiscard]] std::optional<Sha256> series_owner(const probes::AssetFacts& facts, int stream,
                                                 std::string_view row);
// Every owner that rows of this asset can have.
[[nodiscard]] std::vector<Sha256> series_owners(const probes::AssetFacts& facts);
[[nodiscard]] std::optional<SeriesKey> series_key(const probes::AssetFacts& facts,
                                                  const probes::SeriesId& id);

// Raised by us for one codec when golden digests of its decoder change.
[[nodiscard]] int codec_epoch(std::string_view codec);

}  // namespace cleangate::dam
