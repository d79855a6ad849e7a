// SPDX-License-Identifier: Apache-2.0
#include "specs/quantities/picture_rows.h"

#include <fmt/format.h>

#include "specs/quantities/unreadable.h"

namespace cleangate::specs {

tl::expected<PictureRows, Absent> PictureRows::of(const Evidence& evidence, int stream,
                                                  const probes::RowType& type,
                                                  std::string_view noun) {
  const ColumnReader* reader =
      evidence.rows({stream, -1, -1, -1, std::string(type.name), type.version, {}});
  if (!reader)
    return tl::unexpected(
        Absent{AbsenceKind::not_measured,
               fmt::format("The {} of stream {} was not measured.", noun, stream)});
  auto map = FrameMap::of(evidence, stream);
  if (!map) return tl::unexpected(map.error());
  if (map->row_count() != reader->row_count())
    return tl::unexpected(Absent{
        AbsenceKind::damaged, fmt::format("Stream {} has {} {} rows for {} decoded frames.", stream,
                                          reader->row_count(), noun, map->row_count())});
  return PictureRows(std::move(*map), *reader, noun);
}

tl::expected<std::vector<std::int64_t>, Absent> PictureRows::column(std::string_view name,
                                                                    std::uint32_t element) const {
  std::vector<std::int64_t> values(static_cast<std::size_t>(reader_->row_count()));
  if (reader_->read(name, element, 0, values)) return values;
  return tl::unexpected(
      Absent{AbsenceKind::damaged, fmt::format("The stored {} of stream {} cannot be read.{}",
                                               noun_, map_.stream(), why_unreadable(*reader_))});
}

std::optional<std::vector<std::int64_t>> PictureRows::read(std::string_view column,
                                                           std::uint32_t element,
                                                           std::int64_t first,
                                                           std::int64_t end) const {
  if (first >= end) return std::vector<std::int64_t>{};
  const std::int64_t first_row = map_.row_of(first), last_row = map_.row_of(end - 1);
  std::vector<std::int64_t> values(static_cast<std::size_t>(last_row - first_row + 1));
  if (!reader_->read(column, element, first_row, values)) return std::nullopt;
  if (last_row - first_row == end - 1 - first) return values;
  for (std::int64_t frame = first; frame < end; ++frame)
    values[static_cast<std::size_t>(frame - first)] =
        values[static_cast<std::size_t>(map_.row_of(frame) - first_row)];
  values.resize(static_cast<std::size_t>(end - first));
  return values;
}

}  // namespace cleangate::specs
