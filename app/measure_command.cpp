// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <memory>

#include "app/asset_text.h"
#include "app/command_line.h"
#include "app/commands.h"
#include "app/documents.h"
#include "app/interrupt.h"
#include "app/options.h"
#include "app/through_catalog.h"

namespace cleangate::app {
namespace {

Measurements measurements_of(const ToldAsset& asset) {
  return asset.has_facts ? take_measurements(*asset.evidence) : Measurements{};
}

ExitStatus measure(const MeasuringOptions& options) {
  if (const auto valid = validate(options); !valid) return usage_error(valid.error().message);
  const BatchOptions batch = batch_options(options);
  const Layout layout = layout_of(STDOUT_FILENO);
  Interrupt interrupt;
  ProgressBar bar(options.paths, progress_mode(options));
  Tally tally;
  DocumentList assets{"assets", {}};

  const auto conclude = [&](const ToldAsset& asset) {
    Piece piece;
    if (asset.status != probes::Status::measured) {
      piece.tally.unread = 1;
      bar.note(trouble_text(asset));
    }
    if (options.json || options.json_lines)
      piece.elements.push_back(asset_json(asset, measurements_of(asset)));
    else if (asset.has_header)
      piece.text = asset_text(layout, asset, measurements_of(asset)) + "\n";
    return piece;
  };
  const auto emit = [&](const Piece& piece) {
    tally += piece.tally;
    if (options.json) {
      assets.elements.insert(assets.elements.end(), piece.elements.begin(), piece.elements.end());
      return;
    }
    bar.clear();
    print_now(options.json_lines
                  ? document("measurement", {{"assets", piece.elements}}, JsonShape::line)
                  : piece.text);
  };
  Expected<void> done;
  if (options.no_catalog)
    measure_all(options.paths, batch, bar, interrupt.token(), conclude, emit);
  else
    done = measure_through({{options.catalog}, "measure", {}, {}, options.rehash, {}},
                           options.paths, batch, bar, interrupt.token(), conclude, emit);
  bar.clear();
  if (options.json && (done || !assets.elements.empty()))
    print(document("measurement", {assets}, JsonShape::pretty));
  if (!done) return finish_output(usage_error(done.error().message));
  return finish_output(interrupt.requested() ? ExitStatus::interrupted : tally.status());
}

}  // namespace

void add_measure(Command program, Chosen& chosen) {
  auto options = std::make_shared<MeasuringOptions>();
  const Command command = program.add_command(
      "measure", "Measures files and prints facts and measurements; judges nothing");
  add_measuring_options(command, *options);
  command.on_given([&chosen, options] { chosen = [options] { return measure(*options); }; });
}

}  // namespace cleangate::app
