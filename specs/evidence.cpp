// SPDX-License-Identifier: Apache-2.0
#include "specs/evidence.h"

namespace cleangate::specs {

std::optional<std::vector<std::int64_t>> read_column(const Evidence& evidence,
                                                     const probes::SeriesId& id,
                                                     std::string_view column,
                                                     std::uint32_t element) {
  const ColumnReader* reader = evidence.rows(id);
  if (!reader) return std::nullopt;
  std::vector<std::int64_t> values(static_cast<std::size_t>(reader->row_count()));
  if (!reader->read(column, element, 0, values)) return std::nullopt;
  return values;
}

}  // namespace cleangate::specs
