// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <vector>

#include <stop_token>

#include "dam/memory_evidence.h"
#include "dam/stored_evidence.h"
#include "pipeline/run/budget.h"
#include "pipeline/run/catalogs.h"
#include "pipeline/run/checkpoint.h"
#include "pipeline/run/discover.h"
#include "pipeline/run/ingest.h"
#include "pipeline/run/recognize.h"

namespace cleangate::run {

// One asset on its way through the graph.
struct AssetTask {
  Candidate candidate;
  IngestedAsset told;  // what will be reported
  Recognized recognized;
  bool located = false;          // it could be opened: there is a location to record
  std::vector<dam::Place> gone;  // where it may have been moved from
  std::string isolation;
  std::vector<specs::Verdict> verdicts;
  std::unique_ptr<dam::MemoryEvidence> measured;  // now, or adopted from another wrapper
  std::unique_ptr<dam::StoredEvidence> stored;    // known by stat or content
  std::unique_ptr<Checkpoint> checkpoint;         // until the asset is recorded
  bool all_there_is = false;     // decoded, or adopted whole: what it did not give cannot be had
  bool took_share = false;       // of the budget; given back by now
  std::vector<std::byte> claim;  // the content hint it holds; empty: none
};

// Files with the same beginning and end are measured one after the other, so that the second is
// found to be known.
class Claims {
 public:
  // Waits while somebody else has it; false when the stop came first.
  bool claim(const std::vector<std::byte>& hint, const std::stop_token& stop);
  void release(const std::vector<std::byte>& hint);

 private:
  std::mutex mutex_;
  std::condition_variable_any released_;
  std::set<std::vector<std::byte>> claimed_;
};

// Finds out about an asset: recognizes it, or has it measured. Called from many threads at once.
class AssetWork {
 public:
  AssetWork(Catalogs& catalogs, Budget& budget, Claims& claims, const IngestRequest& request,
            const std::function<void(std::size_t, const probes::Progress&)>& progress,
            const std::function<void(const std::string&)>& remark, std::stop_token stop)
      : catalogs_(catalogs),
        budget_(budget),
        claims_(claims),
        request_(request),
        progress_(progress),
        remark_(remark),
        stop_(std::move(stop)) {}

  void run(AssetTask& task);

 private:
  [[nodiscard]] bool look_up(AssetTask& task, const worker::MediaFile& media);
  [[nodiscard]] bool take_stored(AssetTask& task);
  [[nodiscard]] bool has_old_damage(const dam::KnownAsset& asset);
  [[nodiscard]] bool regroup_stored(AssetTask& task);
  [[nodiscard]] bool changed(AssetTask& task) const;
  void take_unopened(AssetTask& task);
  void find(AssetTask& task, const worker::MediaFile& media);
  void look_back(AssetTask& task) const;
  void measure(AssetTask& task);
  [[nodiscard]] bool measure_rewrap(AssetTask& task, const Budget::Share& share);
  [[nodiscard]] worker::WorkerOutcome attempt(AssetTask& task,
                                              const probes::MeasureRequest& request,
                                              dam::MemoryEvidence& into,
                                              Checkpoint* checkpoint = nullptr);
  [[nodiscard]] std::unique_ptr<Checkpoint> checkpoint_for(const AssetTask& task) const;
  void measure_whole(AssetTask& task, const Budget::Share& share);
  [[nodiscard]] worker::WorkerOutcome go_on(AssetTask& task, const probes::MeasureRequest& request,
                                            std::unique_ptr<dam::MemoryEvidence>& evidence);
  void identify_unread(const AssetTask& task, dam::MemoryEvidence& evidence) const;
  void keep(AssetTask& task, std::unique_ptr<dam::MemoryEvidence> evidence,
            const worker::WorkerOutcome& outcome);
  void fail_with(AssetTask& task, probes::Status status, Error error);

  Catalogs& catalogs_;
  Budget& budget_;
  Claims& claims_;
  const IngestRequest& request_;
  const std::function<void(std::size_t, const probes::Progress&)>& progress_;
  const std::function<void(const std::string&)>& remark_;
  const std::stop_token stop_;
};

}  // namespace cleangate::run
