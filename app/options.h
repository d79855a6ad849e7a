// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "app/batch.h"
#include "app/progress_bar.h"
#include "core/error.h"
#include "pipeline/run/ingest.h"

namespace cleangate::app {

class Command;

// What `measure` and `check` have in common, as given on the command line.
struct MeasuringOptions {
  std::vector<std::string> paths;
  std::string depth = "decode", isolation = "auto", progress = "auto", catalog, worker, soundfields;
  bool no_decode = false, no_catalog = false;
  bool json = false, json_lines = false, quiet = false, rehash = false;
  int jobs = 0;  // 0: every core
  std::vector<std::string> digests;
  std::map<std::string, std::string> unbuilt;  // option given -> its value
};

// Where profiles come from and what fills them in.
struct SpecOptions {
  std::string directory;
  std::vector<std::string> order;  // key=value
};

void add_measuring_options(Command command, MeasuringOptions& options);
void add_spec_options(Command command, SpecOptions& options);

// What cannot be done with these options (usage), before anything is opened.
[[nodiscard]] Expected<void> validate(const MeasuringOptions& options);
[[nodiscard]] Expected<void> validate(const SpecOptions& options);
[[nodiscard]] BatchOptions batch_options(const MeasuringOptions& options);
// The same for the graph of `ingest`; soundfields that the user states included. `options` is kept
// by reference.
[[nodiscard]] run::IngestRequest ingest_request(const BatchOptions& options);
[[nodiscard]] ProgressMode progress_mode(const MeasuringOptions& options);
[[nodiscard]] Expected<std::map<std::string, std::string>> order_data(const SpecOptions& options);
// --specs-dir, $CLEANGATE_SPECS (several with ':'), $XDG_CONFIG_HOME/cleangate/specs.
[[nodiscard]] std::vector<std::string> spec_directories(const SpecOptions& options);

}  // namespace cleangate::app
