// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <thread>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "app/catalog_option.h"
#include "app/command_line.h"
#include "app/commands.h"
#include "app/interrupt.h"
#include "app/json_text.h"
#include "app/progress_bar.h"
#include "app/query_words.h"
#include "app/terminal.h"
#include "app/wording.h"
#include "core/text.h"
#include "dam/query/find.h"
#include "pipeline/run/fixity.h"

namespace cleangate::app {
namespace {

using run::FixityOutcome;

struct VerifyOptions {
  CatalogOption catalog;
  QueryWords query;
  bool json = false, quiet = false;
  int jobs = 0;
};

class VerifyReport final : public run::FixityObserver {
 public:
  explicit VerifyReport(const VerifyOptions& options)
      : options_(options),
        layout_(layout_of(STDOUT_FILENO)),
        bar_({}, options.quiet ? ProgressMode::never : ProgressMode::automatic) {}

  void begun(std::size_t position, const std::string& path, std::uint64_t bytes) override {
    bar_.expect(position, path, bytes);
  }
  void finished(const run::FixityCheck& check) override {
    bar_.finished(check.position);
    ++counts_[static_cast<std::size_t>(check.outcome)];
    bytes_ += check.found ? check.bytes : 0;
    if (options_.json) {
      checks_[check.position] = element(check);
      return;
    }
    const bool intact = check.outcome == FixityOutcome::intact;
    if (intact && options_.quiet) return;
    bar_.clear();
    print(fmt::format("{}  {}{}\n",
                      ink(layout_, intact ? Ink::good : Ink::bad, run::to_string(check.outcome)),
                      readable(check.path), intact ? "" : "  " + readable(check.because)));
  }

  ExitStatus conclude() {
    bar_.clear();
    const auto count = [this](FixityOutcome outcome) {
      return counts_[static_cast<std::size_t>(outcome)];
    };
    const int mismatched = count(FixityOutcome::mismatch);
    const int untold = count(FixityOutcome::missing) + count(FixityOutcome::unreadable) +
                       count(FixityOutcome::unknown);
    if (options_.json) {
      Json json = headed("cleangate.fixity/1");
      json["files"] = Json::array();
      for (auto& [position, one] : checks_) json["files"].push_back(std::move(one));
      print(printed(json) + "\n");
    } else {
      print(
          fmt::format("{} intact ({}), {} mismatched, {} missing, {} unreadable, {} without a "
                      "digest.\n",
                      count_text(count(FixityOutcome::intact), "file", "files"), bytes_text(bytes_),
                      mismatched, count(FixityOutcome::missing), count(FixityOutcome::unreadable),
                      count(FixityOutcome::unknown)));
    }
    if (mismatched > 0) return ExitStatus::fail;
    return untold > 0 ? ExitStatus::inconclusive : ExitStatus::pass;
  }

 private:
  static Json element(const run::FixityCheck& check) {
    Json json = {{"number", check.number}, {"path", to_valid_utf8(check.path)}};
    if (!is_utf8(check.path)) json["path_bytes"] = to_base64(check.path);
    json["outcome"] = std::string(run::to_string(check.outcome));
    json["expected"] = check.expected ? Json(to_content_id(*check.expected)) : Json(nullptr);
    json["found"] = check.found ? Json(to_content_id(*check.found)) : Json(nullptr);
    if (!check.because.empty()) json["because"] = to_valid_utf8(check.because);
    return json;
  }

  const VerifyOptions& options_;
  Layout layout_;
  ProgressBar bar_;
  std::array<int, 5> counts_{};
  std::uint64_t bytes_ = 0;
  std::map<std::size_t, Json> checks_;  // for --json, in order
};

ExitStatus verify(const VerifyOptions& options) {
  if (const auto wrong = options.query.unknown_option()) return usage_error(*wrong);
  auto catalog = open_existing_catalog(options.catalog, "verify");
  if (!catalog) return usage_error(catalog.error().message);
  const auto numbers = dam::select_assets(*catalog, options.query.text());
  if (!numbers) return usage_error(numbers.error().message);
  const int threads = options.jobs > 0
                          ? options.jobs
                          : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  VerifyReport report(options);
  Interrupt interrupt;
  const auto done = run::verify(catalog->path(), catalog_options(dam::Access::write, "verify"),
                                *numbers, threads, report, interrupt.token());
  if (!done) return usage_error(done.error().message);
  const ExitStatus status = report.conclude();
  return finish_output(interrupt.requested() ? ExitStatus::interrupted : status);
}

}  // namespace

void add_verify(Command program, Chosen& chosen) {
  auto options = std::make_shared<VerifyOptions>();
  const Command command =
      program.add_command("verify", "Reads the media again and compares digests (fixity)");
  add_query(command, options->query);
  add_catalog_option(command, options->catalog);
  command.flag("--json", options->json, "One JSON document");
  command.flag("--quiet", options->quiet, "Only what is not intact");
  command.option("--jobs", options->jobs, "Files to read at once (default: one a core)")
      .range(1, 1024);
  command.on_given([&chosen, options, command] {
    options->query.take(command);
    chosen = [options] { return verify(*options); };
  });
}

}  // namespace cleangate::app
