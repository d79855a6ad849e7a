// SPDX-License-Identifier: Apache-2.0
#include "app/options.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <thread>

#include <fmt/format.h>

#include "app/command_line.h"
#include "core/text.h"

namespace cleangate::app {
namespace {

constexpr std::string_view kDigests[] = {"md5", "sha1", "xxh64", "xxh3_64", "xxh3_128", "c4"};

// Options of the public contract that are not built yet; hidden from --help, and refused by name.
constexpr std::string_view kUnbuiltOptions[] = {"--range", "--against", "--ocio", "--rate"};
constexpr std::string_view kUnbuiltFlags[] = {"--cues", "--diff"};

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

}  // namespace

void add_measuring_options(Command command, MeasuringOptions& options) {
  command.option("PATH", options.paths, "Files to measure");
  command
      .option("--depth", options.depth,
              "header (tables only), packets (no decoding), decode (everything)")
      .one_of({"header", "packets", "decode"});
  command.flag("--no-decode", options.no_decode, "The same as --depth packets");
  command.option("--jobs", options.jobs, "Cores to use for everything together (default: all)")
      .range(1, 1024);
  command
      .option("--digest", options.digests,
              fmt::format("Further digests of the file: {}", fmt::join(kDigests, ", ")))
      .comma_separated();
  command
      .option("--isolation", options.isolation,
              "auto (the best sandbox there is), strict (refuse without a full one), off")
      .one_of({"auto", "strict", "off"});
  command.option("--soundfields", options.soundfields,
                 "Which channels belong together: CHANNELS:LAYOUT[:LANGUAGE[:ROLE]],… such as "
                 "1-2:2.0:en,3-8:5.1:en");
  command.option("--worker", options.worker, "Path of cleangate-av").hidden();
  command.flag("--json", options.json, "One JSON document");
  command.flag("--json-lines", options.json_lines,
               "One JSON document a line for each file as it finishes");
  command.option("--progress", options.progress, "auto (on a terminal), always, never")
      .one_of({"auto", "always", "never"});
  command.flag("--quiet", options.quiet, "Less: no progress, and only the verdicts");
  command.option("--catalog", options.catalog,
                 "The catalog to remember in (default: $CLEANGATE_CATALOG, else "
                 "$XDG_DATA_HOME/cleangate/catalog.db)");
  command.flag("--no-catalog", options.no_catalog, "Remember nothing");
  command.flag("--rehash", options.rehash,
               "Read files again even where nothing about them has changed");
  for (const std::string_view name : kUnbuiltOptions)
    command
        .on_option(name,
                   [&options, name](const std::string& value) {
                     options.unbuilt[std::string(name)] = value;
                   })
        .hidden();
  for (const std::string_view name : kUnbuiltFlags)
    command.on_flag(name, [&options, name] { options.unbuilt[std::string(name)]; }).hidden();
}

void add_spec_options(Command command, SpecOptions& options) {
  command.option("--specs-dir", options.directory, "A folder of profiles, searched first");
  command.option("--set", options.order, "Order data for profiles: key=value, as often as needed")
      .one_each();
}

Expected<void> validate(const MeasuringOptions& options) {
  for (const auto& [name, value] : options.unbuilt)
    return fail(ErrorCode::usage, fmt::format("{} is not built yet.", name));
  if (options.json && options.json_lines)
    return fail(ErrorCode::usage, "--json and --json-lines exclude each other.");
  if (options.no_catalog && !options.catalog.empty())
    return fail(ErrorCode::usage, "--catalog and --no-catalog exclude each other.");
  for (const std::string& digest : options.digests)
    if (std::find(std::begin(kDigests), std::end(kDigests), digest) == std::end(kDigests))
      return fail(ErrorCode::usage,
                  fmt::format("There is no digest '{}'; there are {} (SHA-256 is always taken).",
                              readable(digest), fmt::join(kDigests, ", ")));
  if (!options.soundfields.empty())
    if (auto stated = parse_soundfields(options.soundfields); !stated)
      return tl::unexpected(stated.error());
  if (options.paths.empty())
    return fail(ErrorCode::usage, "No file is named: give at least one PATH.");
  return {};
}

Expected<void> validate(const SpecOptions& options) {
  std::error_code error;
  if (!options.directory.empty() && !std::filesystem::is_directory(options.directory, error))
    return fail(ErrorCode::usage, fmt::format("--specs-dir {}: there is no such folder.",
                                              readable(options.directory)));
  return {};
}

namespace {

// What all workers share: no more than half of a small machine's memory.
std::uint64_t memory_of_workers(std::uint64_t wanted) {
  const long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
  if (pages <= 0 || page <= 0) return wanted;
  return std::min(wanted, static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(page) / 2);
}

}  // namespace

BatchOptions batch_options(const MeasuringOptions& options) {
  BatchOptions batch;
  batch.threads = options.jobs > 0
                      ? options.jobs
                      : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  batch.request.depth = options.no_decode || options.depth == "packets" ? probes::Depth::packets
                        : options.depth == "header"                     ? probes::Depth::header
                                                                        : probes::Depth::decode;
  batch.request.digests = options.digests;
  batch.request.memory_bytes = memory_of_workers(batch.request.memory_bytes);
  batch.worker.executable = options.worker;
  batch.worker.isolation = options.isolation == "strict" ? worker::Isolation::strict
                           : options.isolation == "off"  ? worker::Isolation::off
                                                         : worker::Isolation::automatic;
  if (!options.soundfields.empty())
    if (auto stated = parse_soundfields(options.soundfields))
      batch.soundfields = std::move(*stated);
  batch.order = options.json_lines ? Order::finish : Order::argument;
  return batch;
}

run::IngestRequest ingest_request(const BatchOptions& options) {
  run::IngestRequest request;
  request.measure = options.request;
  request.measure.threads = options.threads;
  request.worker = options.worker;
  if (!options.soundfields.empty())
    request.regroup = [&options](probes::AssetFacts& facts) -> std::optional<Error> {
      if (const auto fits = state_soundfields(options.soundfields, facts); !fits)
        return fits.error();
      return std::nullopt;
    };
  return request;
}

ProgressMode progress_mode(const MeasuringOptions& options) {
  if (options.progress == "always") return ProgressMode::always;
  if (options.progress == "never" || options.quiet) return ProgressMode::never;
  return ProgressMode::automatic;
}

Expected<std::map<std::string, std::string>> order_data(const SpecOptions& options) {
  std::map<std::string, std::string> order;
  for (const std::string& pair : options.order) {
    const std::size_t equals = pair.find('=');
    if (equals == 0 || equals == std::string::npos)
      return fail(ErrorCode::usage,
                  fmt::format("--set {}: write it as key=value.", readable(pair)));
    order[pair.substr(0, equals)] = pair.substr(equals + 1);
  }
  return order;
}

std::vector<std::string> spec_directories(const SpecOptions& options) {
  std::vector<std::string> directories;
  if (!options.directory.empty()) directories.push_back(options.directory);
  std::string_view named_text;
  const std::string named = environment("CLEANGATE_SPECS");
  named_text = named;
  while (!named_text.empty()) {
    const std::size_t colon = named_text.find(':');
    if (const auto one = named_text.substr(0, colon); !one.empty()) directories.emplace_back(one);
    if (colon == std::string_view::npos) break;
    named_text.remove_prefix(colon + 1);
  }
  std::string config = environment("XDG_CONFIG_HOME");
  if (config.empty() && !environment("HOME").empty()) config = environment("HOME") + "/.config";
  if (!config.empty()) directories.push_back(config + "/cleangate/specs");
  return directories;
}

}  // namespace cleangate::app
