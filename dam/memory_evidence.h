// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>

#include "dam/series.h"
#include "probes/sink.h"
#include "specs/evidence.h"

namespace cleangate::dam {

class ReadingMemo;

// Evidence of one asset kept in memory, in the series format: a sink for the pass (or the worker
// client), an Evidence for the judge.
class MemoryEvidence final : public probes::MeasurementSink, public specs::Evidence {
 public:
  explicit MemoryEvidence(std::string path);
  ~MemoryEvidence() override;
  MemoryEvidence(MemoryEvidence&&) noexcept;
  MemoryEvidence& operator=(MemoryEvidence&&) noexcept;

  void header(const probes::AssetFacts& facts) override;
  void rows(const probes::SeriesId& id, std::span<const std::byte> rows) override;
  void progress(const probes::Progress& progress) override;
  void facts(const probes::AssetFacts& facts) override;

  // Rows that were measured before, whole.
  void adopt(const probes::SeriesId& id, std::unique_ptr<Series> series);
  void set_status(probes::Status status);
  void seal();  // no more rows: flushes the last chunks; called by `facts` too

  [[nodiscard]] const std::string& path() const override { return path_; }
  [[nodiscard]] const probes::AssetFacts& facts() const override { return facts_; }
  [[nodiscard]] probes::Status status() const override { return status_; }
  [[nodiscard]] const specs::ColumnReader* rows(const probes::SeriesId& id) const override;
  // Once it is sealed: what is asked again, by the search fields, the judge and the report, is
  // folded once.
  [[nodiscard]] specs::ReadingMemory* memory() const override;
  [[nodiscard]] const std::map<probes::SeriesId, std::unique_ptr<Series>>& series() const {
    return series_;
  }

 private:
  std::string path_;
  probes::AssetFacts facts_;
  probes::Status status_ = probes::Status::unreadable;
  std::map<probes::SeriesId, std::unique_ptr<Series>> series_;
  std::unique_ptr<ReadingMemo> memo_;
};

}  // namespace cleangate::dam
