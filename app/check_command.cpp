// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <functional>
#include <memory>
#include <set>

#include <fmt/core.h>

#include "app/asset_text.h"
#include "app/command_line.h"
#include "app/commands.h"
#include "app/documents.h"
#include "app/interrupt.h"
#include "app/options.h"
#include "app/remembered.h"
#include "app/spec_choice.h"
#include "app/through_catalog.h"
#include "app/verdict_text.h"
#include "app/wording.h"
#include "core/text.h"
#include "pipeline/run/rejudge.h"
#include "specs/order_data.h"

namespace cleangate::app {
namespace {

struct CheckOptions {
  MeasuringOptions measuring;
  SpecOptions specs;
  SpecChoice choice;
  bool failures_only = false, all = false;
};

// A broken profile that was not asked for stops nothing, but whoever wrote it should hear of it.
void tell_broken(const specs::SpecLibrary& library, const CheckOptions& options) {
  if (options.measuring.quiet) return;
  for (const auto& entry : library.list())
    if (!entry.valid) fmt::print(stderr, "cleangate: warning: {}\n", readable(entry.problem));
}

constexpr const char* kFrameTimes = "video.frame_time";  // where the rows of frames stand

// The rows that all profiles need together.
std::set<std::string> rows_of(const std::vector<specs::Profile>& profiles) {
  std::set<std::string> rows;
  for (const specs::Profile& profile : profiles)
    for (const std::string& row : specs::rows_needed(profile)) rows.insert(row);
  if (!rows.empty()) rows.insert(kFrameTimes);
  return rows;
}

// One run of `check`: judges each asset as it is measured, prints in order.
class Check {
 public:
  Check(const CheckOptions& options, std::vector<specs::Profile> profiles, specs::OrderData order)
      : options_(options),
        profiles_(std::move(profiles)),
        order_(std::move(order)),
        layout_(layout_of(STDOUT_FILENO)),
        bar_(options.measuring.paths, progress_mode(options.measuring)) {}

  ExitStatus run() {
    BatchOptions batch = batch_options(options_.measuring);
    const MeasuringOptions& measuring = options_.measuring;
    const std::function conclude = [this](const ToldAsset& asset) { return this->conclude(asset); };
    const std::function emit = [this](const Piece& piece) { this->emit(piece); };
    Interrupt interrupt;
    Expected<void> done;
    if (measuring.no_catalog) {
      // Frame times are cheap and always wanted: an empty list would ask for everything.
      std::set<std::string> rows = rows_of(profiles_);
      rows.insert(kFrameTimes);
      batch.request.rows = {rows.begin(), rows.end()};
      measure_all(measuring.paths, batch, bar_, interrupt.token(), conclude, emit);
    } else {
      done = measure_through(
          {{measuring.catalog}, "check", profiles_, order_, measuring.rehash, rows_of(profiles_)},
          measuring.paths, batch, bar_, interrupt.token(), conclude, emit);
    }
    bar_.clear();
    if (measuring.json && (done || tally_.judged > 0))
      print(printed(verdicts_, inputs_, JsonShape::pretty));
    if (!done) return finish_output(usage_error(done.error().message));
    if (!options_.measuring.json && !options_.measuring.json_lines) summary();
    return finish_output(interrupt.requested() ? ExitStatus::interrupted : tally_.status());
  }

 private:
  [[nodiscard]] bool shown(const specs::Verdict& verdict) const {
    return !options_.failures_only || verdict.verdict != specs::VerdictKind::pass;
  }

  Piece conclude(const ToldAsset& asset) {
    Piece piece;
    if (asset.status != probes::Status::measured) {
      piece.tally.unread = 1;
      bar_.note(trouble_text(asset));
    }
    const std::vector<RememberedVerdict> verdicts = verdicts_of(asset);
    for (const RememberedVerdict& one : verdicts) piece.tally.add(one.verdict.verdict);
    if (options_.measuring.json || options_.measuring.json_lines)
      json(piece, asset, verdicts);
    else
      piece.text = text(asset, verdicts);
    return piece;
  }

  // Judged with a catalog, waivers applied; else here and now.
  [[nodiscard]] std::vector<RememberedVerdict> verdicts_of(const ToldAsset& asset) const {
    std::vector<RememberedVerdict> verdicts;
    if (asset.judgements)
      for (const dam::StoredJudgement& judgement : *asset.judgements)
        verdicts.push_back(remembered_verdict(judgement));
    else if (asset.has_facts && run::can_be_judged(*asset.evidence))
      for (const specs::Profile& profile : profiles_)
        verdicts.push_back({specs::judge(*asset.evidence, profile, order_), {}, {}, {}, {}});
    return verdicts;
  }

  [[nodiscard]] static const Remembered* remembered_of(const ToldAsset& asset,
                                                       const RememberedVerdict& one) {
    return asset.judgements ? &one.remembered : nullptr;
  }

  void json(Piece& piece, const ToldAsset& asset,
            const std::vector<RememberedVerdict>& verdicts) const {
    const FindingsShown findings = options_.all ? FindingsShown::all : FindingsShown::notable;
    for (const RememberedVerdict& one : verdicts)
      if (shown(one.verdict))
        piece.elements.push_back(
            verdict_json(asset, one.verdict, findings, remembered_of(asset, one)));
    if (verdicts.empty()) piece.inputs.push_back(input_json(asset));
  }

  [[nodiscard]] std::string text(const ToldAsset& asset,
                                 const std::vector<RememberedVerdict>& verdicts) const {
    const FindingsShown findings = options_.all ? FindingsShown::all : FindingsShown::notable;
    std::string out;
    for (const RememberedVerdict& one : verdicts) {
      if (!shown(one.verdict)) continue;
      out += options_.measuring.quiet
                 ? verdict_line(layout_, one.verdict)
                 : "\n" + verdict_text(layout_, asset.evidence->facts(), one.verdict, findings,
                                       remembered_of(asset, one));
    }
    if (out.empty()) return out;
    return (options_.measuring.quiet
                ? ink(layout_, Ink::bold, readable(asset.path)) + "\n"
                : asset_text(layout_, asset, take_measurements(*asset.evidence))) +
           out + "\n";
  }

  void emit(const Piece& piece) {
    tally_ += piece.tally;
    if (options_.measuring.json) {
      verdicts_.insert(verdicts_.end(), piece.elements.begin(), piece.elements.end());
      inputs_.insert(inputs_.end(), piece.inputs.begin(), piece.inputs.end());
      return;
    }
    bar_.clear();
    print_now(options_.measuring.json_lines ? printed(piece.elements, piece.inputs, JsonShape::line)
                                            : piece.text);
  }

  static std::string printed(const std::vector<std::string>& verdicts,
                             const std::vector<std::string>& inputs, JsonShape shape) {
    return document("verdict", {{"verdicts", verdicts}, {"assets", inputs}}, shape);
  }

  void summary() const {
    const int passed = tally_.judged - tally_.failed - tally_.undecided;
    if (tally_.judged < 2 && tally_.unread == 0) return;
    std::string line = fmt::format("{}: {} pass, {} fail, {} inconclusive",
                                   count_text(tally_.judged, "verdict", "verdicts"), passed,
                                   tally_.failed, tally_.undecided);
    if (tally_.unread > 0)
      line += fmt::format("; {} not or not wholly measured",
                          count_text(tally_.unread, "input was", "inputs were"));
    print(line + ".\n");
  }

  const CheckOptions& options_;
  std::vector<specs::Profile> profiles_;
  specs::OrderData order_;
  Layout layout_;
  ProgressBar bar_;
  Tally tally_;
  std::vector<std::string> verdicts_, inputs_;  // for --json
};

ExitStatus check(CheckOptions& options) {
  const specs::SpecLibrary library(spec_directories(options.specs));
  return_paths(options.choice, library, options.measuring.paths);
  if (const auto valid = validate(options.specs); !valid) return usage_error(valid.error().message);
  if (const auto valid = validate(options.measuring); !valid)
    return usage_error(valid.error().message);
  auto order = order_data(options.specs);
  if (!order) return usage_error(order.error().message);
  auto profiles = load_profiles(options.choice, library);
  if (!profiles) return usage_error(profiles.error().message);
  if (profiles->empty())
    return usage_error(
        "No spec to judge against: give --spec ID (`cleangate specs list` shows them) or "
        "--all-specs.");
  if (const auto fits = specs::check_order(*profiles, *order); !fits)
    return usage_error(fits.error().message);
  tell_broken(library, options);
  return Check(options, std::move(*profiles), std::move(*order)).run();
}

}  // namespace

void add_check(Command program, Chosen& chosen) {
  auto options = std::make_shared<CheckOptions>();
  const Command command =
      program.add_command("check", "Measures files once and judges them against specs");
  add_measuring_options(command, options->measuring);
  add_spec_options(command, options->specs);
  add_spec_choice(command, options->choice);
  command.flag("--failures-only", options->failures_only, "Leave out what passes");
  command.flag("--all", options->all, "List every requirement, the met ones too");
  command.on_given([&chosen, options] { chosen = [options] { return check(*options); }; });
}

}  // namespace cleangate::app
