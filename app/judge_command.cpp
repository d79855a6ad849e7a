// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <thread>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "app/catalog_option.h"
#include "app/command_line.h"
#include "app/commands.h"
#include "app/documents.h"
#include "app/interrupt.h"
#include "app/json_text.h"
#include "app/options.h"
#include "app/query_words.h"
#include "app/remembered.h"
#include "app/spec_choice.h"
#include "app/terminal.h"
#include "app/verdict_changes.h"
#include "app/verdict_text.h"
#include "app/wording.h"
#include "core/text.h"
#include "dam/query/find.h"
#include "dam/times.h"
#include "dam/waivers.h"
#include "pipeline/run/rejudge.h"
#include "specs/order_data.h"

namespace cleangate::app {
namespace {

struct JudgeOptions {
  CatalogOption catalog;
  SpecOptions specs;
  SpecChoice choice;
  QueryWords query;
  bool diff = false, json = false, json_lines = false, quiet = false;
  bool failures_only = false, all = false;
  int jobs = 0;
};

// Prints as assets are judged, and counts.
class Judge {
 public:
  explicit Judge(const JudgeOptions& options)
      : options_(options), layout_(layout_of(STDOUT_FILENO)) {}

  void take(const run::Rejudged& judged) {
    if (judged.error) {
      ++tally_.unread;
      std::fprintf(stderr, "cleangate: asset %lld: %s\n", static_cast<long long>(judged.number),
                   readable(judged.error->message).c_str());
      return;
    }
    position_ = judged.position;
    ToldAsset asset;
    asset.path = judged.evidence->path();
    asset.status = judged.evidence->status();
    asset.isolation = judged.evidence->isolation();
    asset.evidence = judged.evidence.get();
    asset.has_header = asset.has_facts = true;
    if (judged.judgements.empty()) return tell_unjudged(asset);
    for (const dam::StoredJudgement& judgement : judged.judgements) {
      const RememberedVerdict now = remembered_verdict(judgement);
      tally_.add(now.verdict.verdict);
      asset.path = path_of(now.verdict, judged.evidence->paths());
      const auto last = std::find_if(judged.last.begin(), judged.last.end(), [&](const auto& one) {
        return one.verdict.spec == now.verdict.spec && same_name(one.verdict, now.verdict);
      });
      if (options_.diff && last != judged.last.end())
        compare(asset, *last, judgement);
      else
        show(asset, now);
    }
  }

  ExitStatus conclude(double seconds) {
    if (options_.json) {
      Json json = headed("cleangate.verdict/1");
      json["verdicts"] = Json::array();
      for (auto& [position, verdict] : verdicts_) json["verdicts"].push_back(std::move(verdict));
      json["assets"] = std::move(inputs_);
      if (options_.diff) json["changes"] = std::move(changes_);
      print(printed(json) + "\n");
    } else if (!options_.json_lines) {
      std::string line = fmt::format(
          "{}: {} pass, {} fail, {} inconclusive", count_text(tally_.judged, "verdict", "verdicts"),
          tally_.judged - tally_.failed - tally_.undecided, tally_.failed, tally_.undecided);
      if (options_.diff) line += fmt::format("; {} changed", changed_);
      print(fmt::format("{}, in {:.2f} s without opening any media.\n", line, seconds));
    }
    if (tally_.judged == 0) return ExitStatus::inconclusive;
    return tally_.status();
  }

 private:
  // What is no media is neutral; what could not be read stays unread.
  void tell_unjudged(const ToldAsset& asset) {
    if (asset.status == probes::Status::not_media) return;
    ++tally_.unread;
    if (options_.json)
      inputs_.push_back(parsed(input_json(asset)));
    else if (options_.json_lines)
      print(document("verdict", {{"verdicts", {}}, {"assets", {input_json(asset)}}},
                     JsonShape::line));
    else
      std::fprintf(stderr, "cleangate: %s: %s: there is nothing to judge.\n",
                   readable(asset.path).c_str(),
                   std::string(probes::to_string(asset.status)).c_str());
  }

  void show(const ToldAsset& asset, const RememberedVerdict& judged) {
    const specs::Verdict& verdict = judged.verdict;
    if (options_.failures_only && verdict.verdict == specs::VerdictKind::pass) return;
    const FindingsShown findings = options_.all ? FindingsShown::all : FindingsShown::notable;
    if (options_.json || options_.json_lines) {
      const std::string element = verdict_json(asset, verdict, findings, &judged.remembered);
      if (options_.json)
        verdicts_.emplace(position_, parsed(element));
      else
        print(document("verdict", {{"verdicts", {element}}, {"assets", {}}}, JsonShape::line));
      return;
    }
    const bool plain = verdict.verdict == specs::VerdictKind::pass && verdict.counts.waived == 0;
    if (options_.quiet || (plain && !options_.all)) {
      print(readable(asset.path) + "\n" + verdict_line(layout_, verdict));
      return;
    }
    print(ink(layout_, Ink::bold, readable(asset.path)) + "\n" +
          verdict_text(layout_, asset.evidence->facts(), verdict, findings, &judged.remembered) +
          "\n");
  }

  // With --diff only what is another verdict than last time, and why.
  void compare(const ToldAsset& asset, const dam::StoredJudgement& last,
               const dam::StoredJudgement& judgement) {
    const RememberedVerdict now = remembered_verdict(judgement);
    const specs::Verdict before = dam::with_waivers(last);
    const specs::Verdict& after = now.verdict;
    const std::vector<Change> differences = changes(last, judgement, today_);
    if (before.verdict == after.verdict && differences.empty()) return;
    ++changed_;
    if (options_.json_lines) return show(asset, now);
    if (options_.json) {
      Json json = {{"asset", {{"path", to_valid_utf8(asset.path)}}},
                   {"spec", after.spec},
                   {"before", std::string(specs::to_string(before.verdict))},
                   {"after", std::string(specs::to_string(after.verdict))},
                   {"findings", Json::array()}};
      for (const Change& change : differences)
        json["findings"].push_back({{"finding_id", change.finding_id},
                                    {"requirement", change.requirement},
                                    {"before", change.before},
                                    {"after", change.after},
                                    {"because", change.because}});
      changes_.push_back(std::move(json));
      show(asset, now);
      return;
    }
    std::string text =
        fmt::format("{}  {}: {} -> {}\n", readable(asset.path), after.spec,
                    specs::to_string(before.verdict), specs::to_string(after.verdict));
    for (const Change& change : differences)
      text += fmt::format("    {}: {} -> {} ({})\n", change.requirement, change.before,
                          change.after, change.because);
    print(text);
  }

  const JudgeOptions& options_;
  Layout layout_;
  Tally tally_;
  const std::string today_ = dam::utc_now().substr(0, 10);
  int changed_ = 0;
  std::size_t position_ = 0;                   // of the asset that is told now
  std::multimap<std::size_t, Json> verdicts_;  // for --json, in the order of the assets
  Json changes_ = Json::array();
  Json inputs_ = Json::array();  // without a verdict
};

ExitStatus judge(JudgeOptions& options) {
  const specs::SpecLibrary library(spec_directories(options.specs));
  if (const auto wrong = options.query.unknown_option()) return usage_error(*wrong);
  std::vector<std::string> words;  // that --spec took for further specs
  return_paths(options.choice, library, words);
  if (const auto valid = validate(options.specs); !valid) return usage_error(valid.error().message);
  auto order = order_data(options.specs);
  if (!order) return usage_error(order.error().message);
  auto profiles = load_profiles(options.choice, library);
  if (!profiles) return usage_error(profiles.error().message);
  if (const auto fits = specs::check_order(*profiles, *order); !fits)
    return usage_error(fits.error().message);
  if (profiles->empty())
    return usage_error(
        "No spec to judge against: give --spec ID (`cleangate specs list` shows them) or "
        "--all-specs.");
  auto catalog = open_existing_catalog(options.catalog, "judge");
  if (!catalog) return usage_error(catalog.error().message);
  if (options.query.given()) words.push_back(options.query.text());
  const std::string text = fmt::format("{}", fmt::join(words, " "));
  auto numbers = dam::select_assets(*catalog, text);
  if (!numbers) return usage_error(numbers.error().message);

  run::RejudgeRequest request;
  request.numbers = std::move(*numbers);
  request.profiles = std::move(*profiles);
  request.order = std::move(*order);
  request.compare = options.diff;
  request.threads = options.jobs > 0
                        ? options.jobs
                        : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  Judge told(options);
  Interrupt interrupt;
  const auto start = std::chrono::steady_clock::now();
  const auto done = run::rejudge(
      catalog->path(), catalog_options(dam::Access::write, "judge"), request,
      [&](const run::Rejudged& judged) { told.take(judged); }, interrupt.token());
  if (!done) return usage_error(done.error().message);
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const ExitStatus status = told.conclude(seconds);
  return finish_output(interrupt.requested() ? ExitStatus::interrupted : status);
}

}  // namespace

void add_judge(Command program, Chosen& chosen) {
  auto options = std::make_shared<JudgeOptions>();
  const Command command =
      program.add_command("judge", "Judges again from the catalog alone: no media is opened");
  add_query(command, options->query);
  add_catalog_option(command, options->catalog);
  add_spec_options(command, options->specs);
  add_spec_choice(command, options->choice);
  command.flag("--diff", options->diff,
               "Only what differs from the last judgement by the same spec, and why");
  command.flag("--json", options->json, "One JSON document");
  command.flag("--json-lines", options->json_lines, "One JSON document a line and verdict");
  command.flag("--quiet", options->quiet, "Only the verdicts");
  command.flag("--failures-only", options->failures_only, "Leave out what passes");
  command.flag("--all", options->all, "List every requirement, the met ones too");
  command.option("--jobs", options->jobs, "Cores to use (default: all)").range(1, 1024);
  command.on_given([&chosen, options, command] {
    options->query.take(command);
    chosen = [options] { return judge(*options); };
  });
}

}  // namespace cleangate::app
