// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <chrono>
#include <cmath>
#include <map>
#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/catalog_option.h"
#include "app/command_line.h"
#include "app/commands.h"
#include "app/documents.h"
#include "app/interrupt.h"
#include "app/json_text.h"
#include "app/options.h"
#include "app/progress_bar.h"
#include "app/spec_choice.h"
#include "app/terminal.h"
#include "app/wording.h"
#include "core/text.h"
#include "dam/waivers.h"
#include "pipeline/run/ingest.h"
#include "specs/order_data.h"

namespace cleangate::app {
namespace {

struct IngestOptions {
  MeasuringOptions measuring;
  SpecOptions specs;
  SpecChoice choice;
};

bool is_neutral(const run::IngestedAsset& asset) {
  return asset.status == probes::Status::not_media && !asset.named;
}

Json asset_element(const run::IngestedAsset& asset) {
  Json json;
  json["path"] = to_valid_utf8(asset.path);
  if (!is_utf8(asset.path)) json["path_bytes"] = to_base64(asset.path);
  json["number"] = asset.number == 0 ? Json(nullptr) : Json(asset.number);
  json["content_id"] =
      asset.content_id ? Json("sha256:" + to_hex(*asset.content_id)) : Json(nullptr);
  json["status"] = std::string(probes::to_string(asset.status));
  if (asset.error)
    json["error"] = {{"code", std::string(to_string(asset.error->code))},
                     {"message", asset.error->message}};
  if (asset.sidecar_of) json["sidecar_of"] = to_valid_utf8(*asset.sidecar_of);
  json["known"] = std::string(run::to_string(asset.known));
  json["decoded_frames"] = asset.decoded_frames;
  json["verdicts"] = Json::array();
  for (const dam::StoredJudgement& judgement : asset.judgements) {
    const specs::Verdict verdict = dam::with_waivers(judgement);
    json["verdicts"].push_back(
        {{"spec", verdict.spec}, {"verdict", std::string(specs::to_string(verdict.verdict))}});
    if (verdict.counts.waived > 0) json["verdicts"].back()["waived"] = verdict.counts.waived;
  }
  return json;
}

std::string document_of(Json assets, JsonShape shape, const Json& totals = nullptr) {
  Json json = headed("cleangate.ingest/1");
  json["assets"] = std::move(assets);
  if (!totals.is_null()) json["totals"] = totals;
  return printed(json, shape) + "\n";
}

// Prints as assets are finished and counts.
class IngestReport final : public run::IngestObserver {
 public:
  IngestReport(const IngestOptions& options, bool judging)
      : options_(options.measuring),
        judging_(judging),
        layout_(layout_of(STDOUT_FILENO)),
        bar_({}, progress_mode(options.measuring)) {}

  void discovered(std::size_t position, const std::string& path, std::uint64_t bytes) override {
    bar_.expect(position, path, bytes);
  }
  void progress(std::size_t position, const probes::Progress& progress) override {
    bar_.update(position, progress);
  }
  void remark(const std::string& line) override { bar_.note(line); }

  void finished(const run::IngestedAsset& asset) override {
    bar_.finished(asset.position);
    count(asset);
    if (asset.error && asset.status != probes::Status::not_media) bar_.note(asset.error->message);
    if (options_.json) {
      elements_.emplace(asset.position, asset_element(asset));
      return;
    }
    bar_.clear();
    if (options_.json_lines)
      print_now(document_of(Json::array({asset_element(asset)}), JsonShape::line));
    else if (!is_neutral(asset) || asset.sidecar_of)
      print_now(line_of(asset));
  }

  // What the whole run comes to.
  ExitStatus conclude(const run::IngestTotals& totals) {
    bar_.clear();
    passed_over_ = static_cast<std::int64_t>(totals.unread);
    tally_.unread += static_cast<int>(totals.unread);
    const double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    if (options_.json) {
      Json assets = Json::array();
      for (auto& [position, element] : elements_) assets.push_back(std::move(element));
      const Json sums = {{"assets", totals.assets},
                         {"bytes", totals.bytes},
                         {"seconds", std::round(seconds * 1e6) / 1e6}};
      print(document_of(std::move(assets), JsonShape::pretty, sums));
    } else if (!options_.json_lines) {
      print(summary(totals, seconds));
    }
    const bool judged_nothing = judging_ && tally_.judged == 0;
    return judged_nothing && tally_.failed == 0 ? ExitStatus::inconclusive : tally_.status();
  }

 private:
  void count(const run::IngestedAsset& asset) {
    const bool told = asset.status == probes::Status::measured;
    if (is_neutral(asset))
      ++neutral_;
    else if (!told || asset.number == 0)
      ++tally_.unread;
    if (asset.known != run::KnownBy::no) ++known_;
    for (const dam::StoredJudgement& judgement : asset.judgements)
      tally_.add(dam::with_waivers(judgement).verdict);
  }

  [[nodiscard]] std::string line_of(const run::IngestedAsset& asset) const {
    std::string line = readable(asset.path);
    std::string told = asset.known == run::KnownBy::no
                           ? std::string(probes::to_string(asset.status))
                           : fmt::format("known by {}", run::to_string(asset.known));
    if (asset.known != run::KnownBy::no && asset.status != probes::Status::measured)
      told += fmt::format(", {}", probes::to_string(asset.status));
    if (asset.number == 0 && asset.status == probes::Status::measured) told += ", NOT recorded";
    if (asset.sidecar_of) {
      const std::string of = fmt::format("sidecar of {}", readable(file_name(*asset.sidecar_of)));
      told = is_neutral(asset) ? of : fmt::format("{}, {}", told, of);
    }
    line += "  " + ink(layout_, Ink::dim, told);
    for (const dam::StoredJudgement& judgement : asset.judgements) {
      const specs::Verdict verdict = dam::with_waivers(judgement);
      const bool fails = verdict.verdict == specs::VerdictKind::fail;
      const Ink color = fails                                         ? Ink::bad
                        : verdict.verdict == specs::VerdictKind::pass ? Ink::good
                                                                      : Ink::doubt;
      line += fmt::format("  {} {}", verdict.spec,
                          ink(layout_, color, fails ? "FAIL" : specs::to_string(verdict.verdict)));
      if (verdict.counts.waived > 0) line += fmt::format(" ({} waived)", verdict.counts.waived);
    }
    return line + "\n";
  }

  [[nodiscard]] std::string summary(const run::IngestTotals& totals, double seconds) const {
    std::string line =
        fmt::format("{} ({}) in {:.1f} s: {} known already",
                    count_text(static_cast<std::int64_t>(totals.assets), "file", "files"),
                    bytes_text(totals.bytes), seconds, known_);
    if (neutral_ > 0) line += fmt::format(", {} not media", neutral_);
    // Folders and links that lead nowhere are none of the files counted.
    const std::int64_t unmeasured = tally_.unread - passed_over_;
    if (unmeasured > 0) line += fmt::format(", {} not or not wholly measured", unmeasured);
    if (passed_over_ > 0)
      line += fmt::format("; besides, {} passed over unread",
                          count_text(passed_over_, "path was", "paths were"));
    if (tally_.judged > 0)
      line += fmt::format("; {}: {} pass, {} fail, {} inconclusive",
                          count_text(tally_.judged, "verdict", "verdicts"),
                          tally_.judged - tally_.failed - tally_.undecided, tally_.failed,
                          tally_.undecided);
    return line + ".\n";
  }

  const MeasuringOptions& options_;
  const bool judging_;
  Layout layout_;
  ProgressBar bar_;
  Tally tally_;
  int known_ = 0, neutral_ = 0;
  std::int64_t passed_over_ = 0;
  std::map<std::size_t, Json> elements_;  // for --json, in order of discovery
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

ExitStatus ingest(IngestOptions& options) {
  const specs::SpecLibrary library(spec_directories(options.specs));
  return_paths(options.choice, library, options.measuring.paths);
  if (const auto valid = validate(options.measuring); !valid)
    return usage_error(valid.error().message);
  if (const auto valid = validate(options.specs); !valid) return usage_error(valid.error().message);
  auto order = order_data(options.specs);
  if (!order) return usage_error(order.error().message);
  auto profiles = load_profiles(options.choice, library);
  if (!profiles) return usage_error(profiles.error().message);
  if (const auto fits = specs::check_order(*profiles, *order); !fits)
    return usage_error(fits.error().message);

  const BatchOptions batch = batch_options(options.measuring);
  run::IngestRequest request = ingest_request(batch);
  request.paths = options.measuring.paths;
  request.profiles = std::move(*profiles);
  request.order = std::move(*order);
  request.rehash = options.measuring.rehash;
  const auto catalog = known_catalog_path({options.measuring.catalog});
  if (!catalog) return usage_error(catalog.error().message);
  IngestReport report(options, !request.profiles.empty());
  Interrupt interrupt;
  const auto totals = run::ingest(*catalog, catalog_options(dam::Access::write, "ingest"), request,
                                  report, interrupt.token());
  if (!totals) return usage_error(totals.error().message);
  const ExitStatus status = report.conclude(*totals);
  return finish_output(interrupt.requested() ? ExitStatus::interrupted : status);
}

}  // namespace

void add_ingest(Command program, Chosen& chosen) {
  auto options = std::make_shared<IngestOptions>();
  const Command command = program.add_command(
      "ingest", "Measures files and whole folders in parallel and remembers them in the catalog");
  add_measuring_options(command, options->measuring);
  add_spec_options(command, options->specs);
  add_spec_choice(command, options->choice);
  command.on_given([&chosen, options] { chosen = [options] { return ingest(*options); }; });
}

}  // namespace cleangate::app
