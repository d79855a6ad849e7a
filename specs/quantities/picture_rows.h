// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "probes/rows.h"
#include "specs/quantities/frame_map.h"
#include "specs/quantity.h"

namespace cleangate::specs {

// The rows of one type of a video stream, by presented frame.
class PictureRows {
 public:
  // `noun`: what they measure, for the reason why there are none: "luma".
  [[nodiscard]] static tl::expected<PictureRows, Absent> of(const Evidence& evidence, int stream,
                                                            const probes::RowType& type,
                                                            std::string_view noun);

  [[nodiscard]] const FrameMap& map() const { return map_; }
  [[nodiscard]] const ColumnReader& reader() const { return *reader_; }
  [[nodiscard]] std::size_t row(std::int64_t frame) const {
    return static_cast<std::size_t>(map_.row_of(frame));
  }

  // One column element of all rows.
  [[nodiscard]] tl::expected<std::vector<std::int64_t>, Absent> column(
      std::string_view name, std::uint32_t element = 0) const;
  // One column element of frames [first, end); unpresented frames between them are left out.
  [[nodiscard]] std::optional<std::vector<std::int64_t>> read(std::string_view column,
                                                              std::uint32_t element,
                                                              std::int64_t first,
                                                              std::int64_t end) const;

 private:
  PictureRows(FrameMap map, const ColumnReader& reader, std::string_view noun)
      : map_(std::move(map)), reader_(&reader), noun_(noun) {}

  FrameMap map_;
  const ColumnReader* reader_;
  std::string_view noun_;
};

}  // namespace cleangate::specs
