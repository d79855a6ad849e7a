// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <cmath>
#include <memory>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "app/catalog_option.h"
#include "app/command_line.h"
#include "app/commands.h"
#include "app/json_text.h"
#include "app/terminal.h"
#include "app/wording.h"
#include "core/text.h"
#include "dam/statistics.h"

namespace cleangate::app {
namespace {

struct StatsOptions {
  CatalogOption catalog;
  bool json = false;
};

std::string document_of(const dam::Statistics& s, const std::string& path) {
  Json specs = Json::array();
  for (const dam::SpecStatistics& spec : s.specs)
    specs.push_back({{"spec", spec.spec},
                     {"pass", spec.pass},
                     {"fail", spec.fail},
                     {"inconclusive", spec.inconclusive}});
  Json json = headed("cleangate.stats/1");
  json["catalog"] = to_valid_utf8(path);
  json["assets"] = {{"total", s.assets},
                    {"bytes", s.bytes},
                    {"duration_s", std::round(s.duration_s * 1e6) / 1e6},
                    {"kinds", s.kinds},
                    {"statuses", s.statuses}};
  json["locations"] = {{"total", s.locations},
                       {"present", s.present},
                       {"missing", s.missing},
                       {"mismatched", s.mismatched}};
  json["specs"] = std::move(specs);
  json["judgements"] = s.judgements;
  json["findings"] = s.findings;
  json["waivers"] = s.waivers;
  json["tags"] = s.tags;
  json["notes"] = s.notes;
  json["cues"] = s.cues;
  json["events"] = s.events;
  json["series"] = {{"total", s.series}, {"rows", s.series_rows}, {"bytes", s.series_bytes}};
  json["database_bytes"] = s.database_bytes;
  return printed(json) + "\n";
}

std::string listed(const std::map<std::string, std::int64_t>& counts) {
  std::string text;
  for (const auto& [name, count] : counts)
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, name);
  return text;
}

std::string text_of(const Layout& layout, const dam::Statistics& s, const std::string& path) {
  std::string out = ink(layout, Ink::bold, readable(path)) + "\n";
  const auto row = [&](std::string_view label, const std::string& text) {
    out += "  " + ink(layout, Ink::dim, label) +
           std::string(static_cast<std::size_t>(std::max(1, 12 - columns(label))), ' ') +
           wrapped(layout, 14, text);
  };
  row("assets",
      fmt::format("{}, {}, {:.1f} hours", s.assets, bytes_text(s.bytes), s.duration_s / 3600));
  if (s.assets > 0) row("", listed(s.kinds) + "; " + listed(s.statuses));
  row("places",
      fmt::format("{} present, {} missing{}", s.present, s.missing,
                  s.mismatched > 0
                      ? fmt::format(", {} with other bytes than were measured", s.mismatched)
                      : ""));
  for (const dam::SpecStatistics& spec : s.specs)
    row(&spec == s.specs.data() ? "verdicts" : "",
        fmt::format("{}: {} pass, {} fail, {} inconclusive", readable(spec.spec), spec.pass,
                    spec.fail, spec.inconclusive));
  row("findings", fmt::format("{} of the latest of {}", s.findings,
                              count_text(s.judgements, "judgement", "judgements")));
  row("people", fmt::format("{}, {}, {}", count_text(s.tags, "tag", "tags"),
                            count_text(s.notes, "note", "notes"),
                            count_text(s.waivers, "waiver", "waivers")));
  row("words", fmt::format("{}, {}", count_text(s.cues, "caption cue", "caption cues"),
                           count_text(s.events, "event", "events")));
  row("rows", fmt::format("{} in {} ({})", s.series_rows, count_text(s.series, "series", "series"),
                          bytes_text(s.series_bytes)));
  row("database", bytes_text(s.database_bytes));
  return out;
}

ExitStatus stats(const StatsOptions& options) {
  auto catalog = open_catalog(options.catalog, dam::Access::read, "stats");
  if (!catalog) return usage_error(catalog.error().message);
  const auto found = dam::statistics(*catalog);
  if (!found) return usage_error(found.error().message);
  print(options.json ? document_of(*found, catalog->path())
                     : text_of(layout_of(STDOUT_FILENO), *found, catalog->path()));
  return finish_output(ExitStatus::pass);
}

}  // namespace

void add_stats(Command program, Chosen& chosen) {
  auto options = std::make_shared<StatsOptions>();
  const Command command = program.add_command("stats", "The catalog in numbers");
  command.flag("--json", options->json, "One JSON document");
  add_catalog_option(command, options->catalog);
  command.on_given([&chosen, options] { chosen = [options] { return stats(*options); }; });
}

}  // namespace cleangate::app
