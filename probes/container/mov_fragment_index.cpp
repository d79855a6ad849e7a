// SPDX-License-Identifier: Apache-2.0
#include "probes/container/mov_fragment_index.h"

#include <fmt/format.h>

#include <algorithm>

namespace cleangate::probes {
namespace {

// Offsets of the fragments that one `tfra` lists.
void add_offsets(std::span<const std::byte> tfra, std::vector<std::uint64_t>& offsets) {
  ByteCursor cursor(tfra);
  const std::size_t width = cursor.u8() == 1 ? 8 : 4;
  cursor.skip(3 + 4);
  const std::uint32_t lengths = cursor.u32();
  const std::uint32_t entries = cursor.u32();
  const std::uint64_t numbers = 3 + (lengths >> 4 & 3) + (lengths >> 2 & 3) + (lengths & 3);
  for (std::uint32_t i = 0; i < entries; ++i) {
    cursor.skip(width);
    const std::uint64_t offset = cursor.big(width);
    cursor.skip(numbers);
    if (!cursor.ok()) return;
    offsets.push_back(offset);
  }
}

std::optional<Damage> compare_with_mfra(TableReader& reader, const MovBox& mfra,
                                        std::size_t fragments) {
  const auto bytes = reader.read(mfra.content, mfra.content_size());
  if (bytes.size() < mfra.content_size()) return std::nullopt;
  std::vector<std::uint64_t> offsets;
  for_each_child(bytes, [&](std::uint32_t type, std::span<const std::byte> box) {
    if (type == fourcc("tfra")) add_offsets(box, offsets);
  });
  std::sort(offsets.begin(), offsets.end());
  offsets.erase(std::unique(offsets.begin(), offsets.end()), offsets.end());
  if (offsets.size() <= fragments) return std::nullopt;
  return container_damage(
      fmt::format("The index at the end of the file lists {} movie fragments, the file has {}: "
                  "fragments are missing.",
                  offsets.size(), fragments));
}

std::optional<Damage> compare_with_sidx(TableReader& reader, const MovBox& sidx) {
  const auto bytes = reader.read(sidx.content, sidx.content_size());
  ByteCursor cursor(bytes);
  const std::size_t width = cursor.u8() == 1 ? 8 : 4;
  cursor.skip(3 + 4 + 4 + width);
  const std::uint64_t first = cursor.big(width);
  cursor.skip(2);
  const int references = cursor.u16();
  std::uint64_t told = 0;
  for (int i = 0; i < references; ++i) {
    told += cursor.u32() & 0x7fffffff;
    cursor.skip(4 + 4);
  }
  if (!cursor.ok() || first > reader.size() || sidx.end > reader.size()) return std::nullopt;
  const std::uint64_t end = sidx.end + first + told;
  if (end <= reader.size()) return std::nullopt;
  return container_damage(
      fmt::format("The segment index at byte {} tells of {} of media; the file ends {} before "
                  "they do: fragments are missing.",
                  with_commas(sidx.start), bytes_text(told), bytes_text(end - reader.size())));
}

}  // namespace

std::vector<Damage> index_damage(TableReader& reader, const MovFragmentIndexes& indexes,
                                 std::size_t fragments) {
  std::vector<Damage> damage;
  if (indexes.random_access)
    if (auto found = compare_with_mfra(reader, *indexes.random_access, fragments))
      damage.push_back(std::move(*found));
  for (const MovBox& sidx : indexes.segments)
    if (auto found = compare_with_sidx(reader, sidx)) {
      damage.push_back(std::move(*found));
      break;  // those of other tracks tell of the same loss
    }
  return damage;
}

}  // namespace cleangate::probes
