// SPDX-License-Identifier: Apache-2.0
#include "tests/support/row_evidence.h"

#include <algorithm>

namespace cleangate::test {
namespace {

std::int64_t widen(const std::byte* at, probes::ColumnType type) {
  const auto as = [&]<class T>(T value) {
    std::memcpy(&value, at, sizeof(T));
    return static_cast<std::int64_t>(value);
  };
  switch (type) {
    case probes::ColumnType::u8:
      return as(std::uint8_t{});
    case probes::ColumnType::u16:
      return as(std::uint16_t{});
    case probes::ColumnType::u32:
      return as(std::uint32_t{});
    case probes::ColumnType::u64:
      return as(std::uint64_t{});
    case probes::ColumnType::i8:
      return as(std::int8_t{});
    case probes::ColumnType::i16:
      return as(std::int16_t{});
    case probes::ColumnType::i32:
      return as(std::int32_t{});
    case probes::ColumnType::i64:
      return as(std::int64_t{});
  }
  return 0;
}

class PlainReader final : public specs::ColumnReader {
 public:
  PlainReader(const probes::RowType& type, std::vector<std::byte> bytes)
      : type_(type), bytes_(std::move(bytes)) {}
  [[nodiscard]] const probes::RowType& type() const override { return type_; }
  [[nodiscard]] std::int64_t row_count() const override {
    return static_cast<std::int64_t>(bytes_.size() / type_.size);
  }
  [[nodiscard]] std::int64_t chunk_rows() const override { return 16; }
  [[nodiscard]] specs::ColumnBounds bounds(std::string_view column, std::uint32_t element,
                                           std::int64_t chunk) const override {
    const std::int64_t first = chunk * chunk_rows();
    std::vector<std::int64_t> values(
        static_cast<std::size_t>(std::min(chunk_rows(), row_count() - first)));
    if (!read(column, element, first, values) || values.empty()) return {};
    const auto [low, high] = std::minmax_element(values.begin(), values.end());
    return {*low, *high};
  }
  [[nodiscard]] Expected<void> read(std::string_view column, std::uint32_t element,
                                    std::int64_t first,
                                    std::span<std::int64_t> into) const override {
    const auto found = std::find_if(type_.columns.begin(), type_.columns.end(),
                                    [&](const probes::Column& c) { return c.name == column; });
    if (found == type_.columns.end() || element >= found->count || first < 0 ||
        first + static_cast<std::int64_t>(into.size()) > row_count())
      return fail(ErrorCode::internal, "No such column or rows in the made series.");
    for (std::size_t i = 0; i < into.size(); ++i)
      into[i] = widen(bytes_.data() + (static_cast<std::size_t>(first) + i) * type_.size +
                          found->offset + element * probes::size_of(found->type),
                      found->type);
    return {};
  }

 private:
  const probes::RowType& type_;
  std::vector<std::byte> bytes_;
};

}  // namespace

void RowEvidence::put(const probes::SeriesId& id, const probes::RowType& type,
                      std::vector<std::byte> bytes) {
  series_[id] = std::make_unique<PlainReader>(type, std::move(bytes));
}

const specs::ColumnReader* RowEvidence::rows(const probes::SeriesId& id) const {
  const auto found = series_.find(id);
  return found == series_.end() ? nullptr : found->second.get();
}

}  // namespace cleangate::test
