// SPDX-License-Identifier: Apache-2.0
#include "app/through_catalog.h"

#include <fmt/format.h>

#include <exception>
#include <map>
#include <utility>

#include "app/options.h"
#include "app/progress_bar.h"
#include "core/text.h"
#include "pipeline/run/ingest.h"

namespace cleangate::app {
namespace {

ToldAsset told_of(const run::IngestedAsset& asset) {
  ToldAsset told;
  told.path = asset.path;
  told.status = asset.status;
  told.error = asset.error;
  told.isolation = asset.isolation;
  told.evidence = asset.evidence;
  told.has_header = asset.evidence != nullptr;
  told.has_facts = asset.has_facts;
  const bool known = asset.known != run::KnownBy::no;
  if (asset.number != 0)
    told.cataloged = {asset.number, known ? std::string(to_string(asset.known)) : ""};
  told.judgements = &asset.judgements;
  return told;
}

ToldAsset unopened_asset(const std::string& path, Error error) {
  ToldAsset asset;
  asset.path = path;
  asset.error = std::move(error);
  return asset;
}

// A path may be named twice: it is ingested once and told as often as it was named.
class Told final : public run::IngestObserver {
 public:
  Told(const std::vector<std::string>& paths, Order order, ProgressBar& bar,
       const std::function<Piece(const ToldAsset&)>& conclude,
       const std::function<void(const Piece&)>& emit)
      : paths_(paths), order_(order), bar_(bar), conclude_(conclude), emit_(emit) {
    for (std::size_t i = 0; i < paths.size(); ++i) {
      if (auto error = refused_unopened(paths[i]))
        tell(i, unopened_asset(paths[i], std::move(*error)));
      else
        open_[paths[i]].push_back(i);
    }
  }

  [[nodiscard]] std::vector<std::string> to_ingest() const {
    std::vector<std::string> wanted;
    for (const std::string& path : paths_)
      if (const auto open = open_.find(path); open != open_.end())
        if (paths_.data() + open->second.front() == &path) wanted.push_back(path);
    return wanted;
  }

  void discovered(std::size_t position, const std::string& path, std::uint64_t) override {
    const auto open = open_.find(path);
    if (open != open_.end()) index_[position] = open->second.front();
  }
  void progress(std::size_t position, const probes::Progress& progress) override {
    if (const auto at = index_.find(position); at != index_.end())
      bar_.update(at->second, progress);
  }
  void remark(const std::string& line) override { bar_.note(line); }
  void finished(const run::IngestedAsset& asset) override {
    const auto open = open_.find(asset.path);
    if (open == open_.end()) return;
    for (const std::size_t index : open->second) tell(index, told_of(asset));
    open_.erase(open);
  }

  // What never came to its turn: after a stop, or because it was passed over (a remark said why).
  void tell_rest(bool stopped) {
    for (const auto& [path, indexes] : std::exchange(open_, {}))
      for (const std::size_t index : indexes)
        tell(index, stopped ? cancelled_asset(path)
                            : unopened_asset(path, {ErrorCode::refused,
                                                    fmt::format("{}: not looked at: it belongs to "
                                                                "the catalog.",
                                                                readable(path))}));
  }

 private:
  // What telling of one asset throws costs no other.
  Piece concluded(const ToldAsset& asset) {
    try {
      return conclude_(asset);
    } catch (const std::exception& error) {
      bar_.note(fmt::format("{}: nothing can be said of it, we failed ({}).", readable(asset.path),
                            readable(error.what())));
      Piece piece;
      piece.tally.unread = 1;
      return piece;
    }
  }

  void tell(std::size_t index, const ToldAsset& asset) {
    pieces_.emplace(index, concluded(asset));
    bar_.finished(index);
    if (order_ == Order::finish) {
      emit_(pieces_.at(index));
      pieces_.erase(index);
      return;
    }
    for (auto next = pieces_.begin(); next != pieces_.end() && next->first == emitted_;
         next = pieces_.erase(next), ++emitted_)
      emit_(next->second);
  }

  const std::vector<std::string>& paths_;
  const Order order_;
  ProgressBar& bar_;
  const std::function<Piece(const ToldAsset&)>& conclude_;
  const std::function<void(const Piece&)>& emit_;
  std::map<std::string, std::vector<std::size_t>> open_;  // not told yet
  std::map<std::size_t, std::size_t> index_;              // by position in the ingest
  std::map<std::size_t, Piece> pieces_;                   // wait for their turn
  std::size_t emitted_ = 0;
};

// What to do where no catalog can be had.
tl::unexpected<Error> without(const Error& error) {
  return fail(error.code, error.message + " --no-catalog measures and remembers nothing.");
}

}  // namespace

Expected<void> measure_through(const CatalogedBatch& cataloged,
                               const std::vector<std::string>& paths, const BatchOptions& options,
                               ProgressBar& progress, const std::stop_token& stop,
                               const std::function<Piece(const ToldAsset&)>& conclude,
                               const std::function<void(const Piece&)>& emit) {
  const auto catalog = known_catalog_path(cataloged.catalog);
  if (!catalog) return without(catalog.error());
  Told told(paths, options.order, progress, conclude, emit);
  run::IngestRequest request = ingest_request(options);
  request.paths = told.to_ingest();
  request.profiles = cataloged.profiles;
  request.order = cataloged.order;
  request.rehash = cataloged.rehash;
  request.rows_asked = cataloged.rows_asked;
  request.measure.rows.clear();  // all of them: they are for ever
  const auto done = run::ingest(*catalog, catalog_options(dam::Access::write, cataloged.purpose),
                                request, told, stop);
  if (!done) return without(done.error());
  told.tell_rest(stop.stop_requested());
  return {};
}

}  // namespace cleangate::app
