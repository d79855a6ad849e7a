// SPDX-License-Identifier: Apache-2.0
#include "dam/memory_evidence.h"

#include <stdexcept>
#include <utility>

#include "dam/reading_memo.h"

namespace cleangate::dam {

MemoryEvidence::MemoryEvidence(std::string path) : path_(std::move(path)) {}
MemoryEvidence::~MemoryEvidence() = default;
MemoryEvidence::MemoryEvidence(MemoryEvidence&&) noexcept = default;
MemoryEvidence& MemoryEvidence::operator=(MemoryEvidence&&) noexcept = default;

void MemoryEvidence::header(const probes::AssetFacts& facts) { facts_ = facts; }

void MemoryEvidence::rows(const probes::SeriesId& id, std::span<const std::byte> rows) {
  auto found = series_.find(id);
  if (found == series_.end()) {
    const probes::RowType* type = probes::find_row_type(id.row, id.version);
    if (!type) throw std::invalid_argument("rows of an unknown type: " + id.row);
    found = series_.emplace(id, std::make_unique<Series>(*type)).first;
  }
  found->second->append(rows);
}

void MemoryEvidence::adopt(const probes::SeriesId& id, std::unique_ptr<Series> series) {
  series_[id] = std::move(series);
  if (memo_) memo_ = std::make_unique<ReadingMemo>();
}

void MemoryEvidence::progress(const probes::Progress&) {}

void MemoryEvidence::facts(const probes::AssetFacts& facts) {
  facts_ = facts;
  status_ = probes::Status::measured;
  seal();
}

void MemoryEvidence::set_status(probes::Status status) {
  status_ = status;
  if (memo_) memo_ = std::make_unique<ReadingMemo>();
}

void MemoryEvidence::seal() {
  for (const auto& [id, series] : series_) series->seal();
  memo_ = std::make_unique<ReadingMemo>();
}

specs::ReadingMemory* MemoryEvidence::memory() const { return memo_.get(); }

const specs::ColumnReader* MemoryEvidence::rows(const probes::SeriesId& id) const {
  const auto found = series_.find(id);
  return found == series_.end() ? nullptr : found->second.get();
}

}  // namespace cleangate::dam
