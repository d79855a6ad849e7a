// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "app/exit_status.h"
#include "app/soundfields.h"
#include "app/told_asset.h"
#include "core/error.h"
#include "pipeline/worker/client.h"
#include "probes/request.h"
#include "specs/evidence.h"

namespace cleangate::app {

class ProgressBar;

// One input, measured as far as it could be.
struct MeasuredAsset {
  std::string path;  // bytes as given
  probes::Status status = probes::Status::unreadable;
  std::optional<Error> error;
  worker::IsolationReport isolation;
  std::shared_ptr<const specs::Evidence> evidence;  // never null
  bool has_header = false;                          // facts from the tables arrived
  bool has_facts = false;                           // the complete facts arrived

  [[nodiscard]] ToldAsset told() const {
    return {path, status, error, isolation.level, evidence.get(), has_header, has_facts, {}, {}};
  }
};

// What is printed for one asset, and what it adds to the exit status.
struct Piece {
  std::string text;                   // for people
  std::vector<std::string> elements;  // JSON, for the document's main list
  std::vector<std::string> inputs;    // JSON of inputs without a verdict
  Tally tally;
};

enum class Order { argument, finish };

struct BatchOptions {
  // The one budget of threads that all workers share, as they do the request's memory; a lone asset
  // gets all (run::Budget).
  int threads = 1;
  probes::MeasureRequest request;
  worker::WorkerOptions worker;
  std::vector<StatedSoundfield> soundfields;  // empty: as the file groups its channels
  Order order = Order::argument;
};

// Measures every path, several workers at once. `conclude` runs on the measuring thread as soon as
// an asset is finished (its evidence is released afterwards); `emit` gets the pieces one at a time,
// in the order asked for. After a stop the unfinished assets are `cancelled` and concluded all the
// same. Nothing that one input does disturbs another.
void measure_all(const std::vector<std::string>& paths, const BatchOptions& options,
                 ProgressBar& progress, std::stop_token stop,
                 const std::function<Piece(const ToldAsset&)>& conclude,
                 const std::function<void(const Piece&)>& emit);

// Why a path is not even opened: a folder is for `ingest`.
[[nodiscard]] std::optional<Error> refused_unopened(const std::string& path);
// One that was interrupted before it was finished.
[[nodiscard]] ToldAsset cancelled_asset(const std::string& path);

}  // namespace cleangate::app
