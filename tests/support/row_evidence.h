// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "specs/evidence.h"

namespace cleangate::test {

// Evidence made in a test: facts and rows set by hand, uncompressed. Chunks are short (16 rows) so
// that folds meet chunk borders.
class RowEvidence final : public specs::Evidence {
 public:
  probes::AssetFacts facts_;
  std::string path_ = "made.mov";
  probes::Status status_ = probes::Status::measured;

  template <probes::MeasurementRow Row>
  void set(const probes::SeriesId& id, const std::vector<Row>& rows) {
    std::vector<std::byte> bytes(rows.size() * sizeof(Row));
    if (!rows.empty()) std::memcpy(bytes.data(), rows.data(), bytes.size());
    put(id, Row::kType, std::move(bytes));
  }
  // The id of a row type on a stream and channel, without parameters.
  template <probes::MeasurementRow Row>
  [[nodiscard]] static probes::SeriesId id(int stream, int channel = -1) {
    return {stream, channel, -1, -1, std::string(Row::kType.name), Row::kType.version, {}};
  }

  [[nodiscard]] const std::string& path() const override { return path_; }
  [[nodiscard]] const probes::AssetFacts& facts() const override { return facts_; }
  [[nodiscard]] probes::Status status() const override { return status_; }
  [[nodiscard]] const specs::ColumnReader* rows(const probes::SeriesId& id) const override;

 private:
  void put(const probes::SeriesId& id, const probes::RowType& type, std::vector<std::byte> bytes);
  std::map<probes::SeriesId, std::unique_ptr<specs::ColumnReader>> series_;
};

}  // namespace cleangate::test
