// SPDX-License-Identifier: Apache-2.0
#include "app/batch.h"

#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <map>
#include <mutex>
#include <thread>

#include <fmt/core.h>

#include "app/progress_bar.h"
#include "core/text.h"
#include "dam/memory_evidence.h"
#include "pipeline/run/budget.h"

namespace cleangate::app {
namespace {

// Hands everything on, with the soundfields that the user states, and tells the bar.
class WatchedSink final : public probes::MeasurementSink {
 public:
  WatchedSink(MeasuredAsset& asset, dam::MemoryEvidence& evidence,
              const std::vector<StatedSoundfield>& stated, ProgressBar& bar, std::size_t index)
      : asset_(asset), evidence_(evidence), stated_(stated), bar_(bar), index_(index) {}
  void header(const probes::AssetFacts& facts) override {
    evidence_.header(regrouped(facts));
    asset_.has_header = true;
  }
  void rows(const probes::SeriesId& id, std::span<const std::byte> rows) override {
    evidence_.rows(id, rows);
  }
  void progress(const probes::Progress& progress) override { bar_.update(index_, progress); }
  void facts(const probes::AssetFacts& facts) override {
    evidence_.facts(regrouped(facts));
    asset_.has_header = asset_.has_facts = true;
  }
  // Why the user's soundfields do not fit this file, when they do not.
  [[nodiscard]] const std::optional<Error>& misfit() const { return misfit_; }

 private:
  probes::AssetFacts regrouped(probes::AssetFacts facts) {
    misfit_.reset();
    if (!stated_.empty())
      if (const auto fits = state_soundfields(stated_, facts); !fits) misfit_ = fits.error();
    return facts;
  }

  MeasuredAsset& asset_;
  dam::MemoryEvidence& evidence_;
  const std::vector<StatedSoundfield>& stated_;
  std::optional<Error> misfit_;
  ProgressBar& bar_;
  std::size_t index_;
};

class Batch {
 public:
  Batch(const std::vector<std::string>& paths, const BatchOptions& options, ProgressBar& bar,
        std::stop_token stop, const std::function<Piece(const ToldAsset&)>& conclude,
        const std::function<void(const Piece&)>& emit)
      : paths_(paths),
        options_(options),
        worker_(options.worker),
        bar_(bar),
        stop_(std::move(stop)),
        conclude_(conclude),
        emit_(emit),
        budget_(options.threads, options.request.memory_bytes) {}

  void run() {
    const auto most = static_cast<std::size_t>(std::max(options_.threads, 1));
    const std::size_t workers = std::min(most, paths_.size());
    for (std::size_t i = 0; i < paths_.size(); ++i) budget_.expect();
    if (paths_.size() > 1 && !worker_.zygote) worker_.zygote = worker::start_zygote(worker_);
    std::vector<std::jthread> threads;
    threads.reserve(workers);
    for (std::size_t i = 0; i < workers; ++i) threads.emplace_back([this] { work(); });
    threads.clear();
  }

 private:
  void work() {
    for (std::size_t index = next_++; index < paths_.size(); index = next_++) {
      const run::Budget::Share share = budget_.take();
      Piece piece = one(index, share);
      budget_.give_back(share);
      const std::scoped_lock lock(mutex_);
      deliver(index, std::move(piece));
    }
  }

  Piece one(std::size_t index, const run::Budget::Share& share) {
    Piece piece;
    try {
      piece = conclude_(measure(index, share).told());
    } catch (const std::exception& error) {
      piece = failed(index, error.what());
    }
    bar_.finished(index);
    return piece;
  }

  // We failed, not the file: it stands in the document all the same, without a word about it.
  Piece failed(std::size_t index, const char* why) {
    MeasuredAsset asset;
    asset.path = paths_[index];
    asset.status = probes::Status::crashed;
    asset.error =
        Error{ErrorCode::internal, fmt::format("{}: nothing can be said of it, we failed ({}).",
                                               readable(asset.path), readable(why))};
    asset.evidence = std::make_shared<dam::MemoryEvidence>(asset.path);
    try {
      return conclude_(asset.told());
    } catch (const std::exception&) {
      bar_.note(asset.error->message);
      Piece piece;
      piece.tally.unread = 1;
      return piece;
    }
  }

  MeasuredAsset measure(std::size_t index, const run::Budget::Share& share) {
    MeasuredAsset asset;
    asset.path = paths_[index];
    const auto evidence = std::make_shared<dam::MemoryEvidence>(asset.path);
    asset.evidence = evidence;
    if (stop_.stop_requested()) return cancelled(std::move(asset));
    if (auto error = refused_unopened(asset.path)) {
      asset.error = std::move(error);
    } else {
      probes::MeasureRequest request = options_.request;
      request.threads = share.threads;
      request.memory_bytes = share.memory_bytes;
      WatchedSink sink(asset, *evidence, options_.soundfields, bar_, index);
      const worker::WorkerOutcome outcome =
          worker::measure(asset.path, request, worker_, sink, stop_);
      asset.status = outcome.status;
      asset.error = outcome.error;
      asset.isolation = outcome.isolation;
      if (sink.misfit()) {
        evidence->set_status(probes::Status::refused);
        return misfitted(std::move(asset), *sink.misfit());
      }
      const bool whole = asset.status == probes::Status::measured && asset.has_facts;
      if (stop_.stop_requested() && !whole) return cancelled(std::move(asset));
    }
    evidence->set_status(asset.status);
    return asset;
  }

  // Nothing may be said about a grouping that cannot be.
  static MeasuredAsset misfitted(MeasuredAsset asset, const Error& why) {
    asset.status = probes::Status::refused;
    asset.error = Error{why.code, fmt::format("{}: {}", readable(asset.path), why.message)};
    asset.has_header = asset.has_facts = false;
    return asset;
  }

  static MeasuredAsset cancelled(MeasuredAsset asset) {
    const ToldAsset told = cancelled_asset(asset.path);
    asset.status = told.status;
    asset.error = told.error;
    asset.has_header = asset.has_facts = false;
    return asset;
  }

  void deliver(std::size_t index, Piece piece) {  // under the lock
    if (options_.order == Order::finish) {
      emit_(piece);
      return;
    }
    finished_.emplace(index, std::move(piece));
    for (auto it = finished_.begin(); it != finished_.end() && it->first == emitted_;
         it = finished_.erase(it), ++emitted_)
      emit_(it->second);
  }

  const std::vector<std::string>& paths_;
  const BatchOptions& options_;
  worker::WorkerOptions worker_;
  ProgressBar& bar_;
  std::stop_token stop_;
  const std::function<Piece(const ToldAsset&)>& conclude_;
  const std::function<void(const Piece&)>& emit_;
  run::Budget budget_;
  std::atomic<std::size_t> next_ = 0;
  std::mutex mutex_;
  std::size_t emitted_ = 0;
  std::map<std::size_t, Piece> finished_;
};

}  // namespace

std::optional<Error> refused_unopened(const std::string& path) {
  struct stat about {};
  if (stat(path.c_str(), &about) == 0 && S_ISDIR(about.st_mode))
    return Error{ErrorCode::not_a_file,
                 fmt::format("{} is a folder; name the files in it (whole folders are for "
                             "`cleangate ingest`).",
                             readable(path))};
  return std::nullopt;
}

ToldAsset cancelled_asset(const std::string& path) {
  ToldAsset asset;
  asset.path = path;
  asset.status = probes::Status::cancelled;
  asset.error = Error{ErrorCode::cancelled,
                      fmt::format("{}: interrupted before it was finished.", readable(path))};
  return asset;
}

void measure_all(const std::vector<std::string>& paths, const BatchOptions& options,
                 ProgressBar& progress, std::stop_token stop,
                 const std::function<Piece(const ToldAsset&)>& conclude,
                 const std::function<void(const Piece&)>& emit) {
  Batch(paths, options, progress, std::move(stop), conclude, emit).run();
}

}  // namespace cleangate::app
