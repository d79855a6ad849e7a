// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "core/digest.h"
#include "core/error.h"
#include "dam/assets.h"
#include "dam/catalog.h"
#include "dam/record.h"
#include "pipeline/worker/client.h"
#include "probes/request.h"
#include "specs/evidence.h"
#include "specs/judge.h"
#include "specs/profile.h"

// The graph over many assets: discover → known? → worker → judge → record → report. Many assets are
// under way at once, a bounded number of them; what has been reported is on disk.
namespace cleangate::run {

// How an asset was known before (house.md 6.2).
enum class KnownBy : std::uint8_t {
  no,       // measured now
  stat,     // the file at this place has not changed
  content,  // another file had the same bytes
  essence   // another file had the same essence in another wrapper: nothing was decoded
};
[[nodiscard]] std::string_view to_string(KnownBy);

struct IngestRequest {
  std::vector<std::string> paths;  // files and folders
  std::vector<specs::Profile> profiles;
  specs::OrderData order;
  probes::MeasureRequest
      measure;  // depth and digests; its threads and memory are those of all workers
  worker::WorkerOptions worker;
  // How often what has been decoded is kept for an ingest that goes on where this one was ended
  // (docs/catalog.md); nothing is before the first is over.
  std::chrono::milliseconds checkpoint_interval{60'000};
  // Rows that what was asked stands on (nothing: all). Where they are gone, the file is measured
  // again; rows that nobody asked for may stay away.
  std::optional<std::set<std::string>> rows_asked;
  bool rehash = false;  // trust no stat and no hint: read everything
  // Changes what the facts say of soundfields, as the user states them; an Error where that does
  // not fit the file.
  std::function<std::optional<Error>(probes::AssetFacts&)> regroup;
};

struct IngestedAsset {
  std::size_t position = 0;               // in the order of discovery
  std::string path;                       // bytes
  bool named = false;                     // given by itself
  std::optional<std::string> sidecar_of;  // path of the master it lies beside
  dam::AssetNumber number = 0;  // 0: not in the catalog (cancelled, changed while it was read …)
  std::optional<Sha256> content_id;
  probes::Status status = probes::Status::unreadable;
  std::optional<Error> error;
  KnownBy known = KnownBy::no;
  std::uint64_t bytes = 0;
  std::int64_t decoded_frames = 0;  // in this run
  // One a profile, with the waivers that hold now (dam/waivers.h says what is left of a verdict).
  std::vector<dam::StoredJudgement> judgements;
  // While finished() runs: what is known of it; null without facts. Its path may be another
  // place's.
  const specs::Evidence* evidence = nullptr;
  std::string isolation;   // of the worker that measured it, now or then
  bool has_facts = false;  // the complete facts are there, not those of the tables alone
};

// Told from one thread at a time.
class IngestObserver {
 public:
  virtual ~IngestObserver() = default;
  virtual void discovered(std::size_t position, const std::string& path, std::uint64_t bytes) = 0;
  virtual void progress(std::size_t position, const probes::Progress& progress) = 0;
  // Judged, and recorded durably.
  virtual void finished(const IngestedAsset& asset) = 0;
  virtual void remark(const std::string& line) = 0;
};

struct IngestTotals {
  std::size_t assets = 0;
  std::uint64_t bytes = 0;
  std::size_t unread = 0;  // folders, and entries of folders, that could not be looked at
};

// Ends when everything has been reported, or, after a stop, when what was finished has been. Fails
// when the catalog cannot be opened or refuses what has been measured; what was reported stays.
[[nodiscard]] Expected<IngestTotals> ingest(const std::string& catalog,
                                            const dam::CatalogOptions& options,
                                            const IngestRequest& request, IngestObserver& observer,
                                            std::stop_token stop);

}  // namespace cleangate::run
