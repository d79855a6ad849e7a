// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <memory>

#include <fmt/core.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/catalog_option.h"
#include "app/command_line.h"
#include "app/commands.h"
#include "app/json_text.h"
#include "app/options.h"
#include "app/terminal.h"
#include "app/wording.h"
#include "app/worker_about.h"
#include "core/text.h"
#include "dam/statistics.h"
#include "pipeline/worker/client.h"
#include "specs/profile.h"

namespace cleangate::app {
namespace {

struct DoctorOptions {
  CatalogOption catalog;
  SpecOptions specs;
  std::string worker;
  bool json = false;
};

// The catalog that the other commands would use.
struct CatalogHealth {
  std::string path;  // empty: no place is known
  bool present = false;
  std::optional<Error> error;  // it is there and cannot be used, or could not be made there
  dam::Statistics holds;
  std::optional<std::uint64_t> free_bytes;  // where it lies, or would lie
};

// What this machine can do, gathered before a word is printed.
struct Diagnosis {
  Expected<WorkerAbout> worker = fail(ErrorCode::internal, "");
  Expected<worker::IsolationReport> isolation = fail(ErrorCode::internal, "");
  std::vector<std::string> directories;
  std::vector<specs::SpecLibrary::Entry> specs;
  CatalogHealth catalog;

  [[nodiscard]] bool can_measure() const { return worker.has_value() && isolation.has_value(); }
};

bool is_folder(const std::string& path) {
  struct stat about {};
  return stat(path.c_str(), &about) == 0 && S_ISDIR(about.st_mode);
}

// Of the first folder on the way up that is there.
std::optional<std::uint64_t> free_bytes_at(std::string path) {
  struct statvfs system {};
  while (statvfs(path.c_str(), &system) != 0) {
    const std::size_t slash = path.rfind('/');
    if (slash == std::string::npos)
      path = ".";
    else if (slash == 0)
      path = "/";
    else
      path.resize(slash);
    if (path == "." || path == "/")
      if (statvfs(path.c_str(), &system) != 0) return std::nullopt;
  }
  return static_cast<std::uint64_t>(system.f_bavail) * system.f_frsize;
}

CatalogHealth health_of(const CatalogOption& option) {
  CatalogHealth health;
  const auto path = known_catalog_path(option);
  if (!path) {
    health.error = path.error();
    return health;
  }
  health.path = *path;
  struct stat about {};
  health.present = stat(path->c_str(), &about) == 0;
  health.free_bytes = free_bytes_at(*path);
  if (!health.present) return health;
  auto catalog = open_catalog(option, dam::Access::read, "doctor");
  auto holds = catalog ? dam::statistics(*catalog) : tl::unexpected(catalog.error());
  if (holds)
    health.holds = std::move(*holds);
  else
    health.error = holds.error();
  return health;
}

Diagnosis diagnose(const DoctorOptions& options) {
  Diagnosis found;
  worker::WorkerOptions worker_options;
  worker_options.executable = options.worker;
  found.worker = ask_worker(worker_options);
  found.isolation = worker::probe_isolation(worker_options);
  found.directories = spec_directories(options.specs);
  found.specs = specs::SpecLibrary(found.directories).list();
  found.catalog = health_of(options.catalog);
  return found;
}

Json isolation_json(const worker::IsolationReport& report) {
  Json json = {{"level", report.level},
               {"no_new_privs", report.no_new_privs},
               {"landlock_abi", report.landlock_abi},
               {"seccomp", report.seccomp},
               {"rlimits", report.rlimits},
               {"single_threaded_at_start", report.single_threaded_at_start}};
  if (!report.missing.empty()) json["missing"] = report.missing;
  return json;
}

Json catalog_json(const CatalogHealth& health) {
  Json json = Json::object();
  json["path"] = health.path.empty() ? Json(nullptr) : Json(to_valid_utf8(health.path));
  json["present"] = health.present;
  if (health.error) {
    json["error"] = to_valid_utf8(health.error->message);
  } else if (health.present) {
    json["assets"] = health.holds.assets;
    json["database_bytes"] = health.holds.database_bytes;
    json["series_bytes"] = health.holds.series_bytes;
  }
  if (health.free_bytes) json["free_bytes"] = *health.free_bytes;
  return json;
}

std::string document_of(const Diagnosis& found) {
  Json json = headed("cleangate.doctor/1");
  if (found.worker) {
    json["worker"] = {{"executable", to_valid_utf8(found.worker->executable)},
                      {"libraries", found.worker->libraries}};
    json["decoders"] = Json::object();
    for (const CodecAbility& codec : found.worker->codecs)
      json["decoders"][codec.name] = codec.available;
  } else {
    json["worker"] = {{"error", to_valid_utf8(found.worker.error().message)}};
  }
  json["isolation"] = found.isolation
                          ? isolation_json(*found.isolation)
                          : Json{{"error", to_valid_utf8(found.isolation.error().message)}};
  json["catalog"] = catalog_json(found.catalog);
  json["specs"] = {{"directories", Json::array()}, {"built_in", 0}, {"broken", Json::array()}};
  for (const std::string& directory : found.directories)
    json["specs"]["directories"].push_back(
        {{"path", to_valid_utf8(directory)}, {"present", is_folder(directory)}});
  int built_in = 0;
  for (const auto& entry : found.specs) {
    if (entry.valid && entry.file == "built in") ++built_in;
    if (!entry.valid) json["specs"]["broken"].push_back(to_valid_utf8(entry.problem));
  }
  json["specs"]["built_in"] = built_in;
  return printed(json) + "\n";
}

std::string isolation_text(const worker::IsolationReport& report) {
  std::vector<std::string> holds;
  if (report.no_new_privs) holds.emplace_back("no new privileges");
  if (report.landlock_abi > 0) holds.push_back(fmt::format("Landlock ABI {}", report.landlock_abi));
  if (report.seccomp) holds.emplace_back("seccomp");
  if (report.rlimits) holds.emplace_back("resource limits");
  std::string text =
      fmt::format("{}: {}", report.level,
                  holds.empty() ? "nothing holds" : fmt::format("{}", fmt::join(holds, ", ")));
  if (!report.missing.empty()) text += ". Missing: " + report.missing;
  return text;
}

std::string catalog_text(const CatalogHealth& health) {
  if (health.error) return health.error->message;
  const std::string room =
      health.free_bytes ? fmt::format("{} free there", bytes_text(*health.free_bytes)) : "";
  if (!health.present)
    return fmt::format("{}: not there yet, `cleangate ingest PATH` makes it; {}", health.path,
                       room);
  return fmt::format("{}: {}, database {}, rows {}; {} (`cleangate catalog check` looks closer)",
                     health.path, count_text(health.holds.assets, "asset", "assets"),
                     bytes_text(health.holds.database_bytes), bytes_text(health.holds.series_bytes),
                     room);
}

void print_diagnosis(const Layout& layout, const Diagnosis& found) {
  const auto row = [&](std::string_view label, const std::string& text, Ink color = Ink::plain) {
    print(ink(layout, Ink::dim, label) +
          std::string(static_cast<std::size_t>(std::max(1, 12 - columns(label))), ' ') +
          ink(layout, color, wrapped(layout, 12, readable(text))));
  };
  row("cleangate", CLEANGATE_VERSION);
  if (found.worker) {
    row("worker", found.worker->executable);
    row("libraries", fmt::format("{}", fmt::join(found.worker->libraries, ", ")));
    std::vector<std::string> present, absent;
    for (const CodecAbility& codec : found.worker->codecs)
      (codec.available ? present : absent).push_back(codec.name);
    row("decodes", fmt::format("{}", fmt::join(present, ", ")));
    if (!absent.empty()) row("cannot", fmt::format("{}", fmt::join(absent, ", ")), Ink::warning);
  } else {
    row("worker", found.worker.error().message, Ink::bad);
  }
  if (found.isolation)
    row("isolation", isolation_text(*found.isolation),
        found.isolation->level == "full" ? Ink::good : Ink::warning);
  else
    row("isolation", found.isolation.error().message, Ink::bad);
  row("catalog", catalog_text(found.catalog), found.catalog.error ? Ink::bad : Ink::plain);
  for (const std::string& directory : found.directories)
    row("specs in", directory + (is_folder(directory) ? "" : " (not there)"));
  int built_in = 0;
  for (const auto& entry : found.specs) {
    if (entry.valid && entry.file == "built in") ++built_in;
    if (!entry.valid) row("broken", entry.problem, Ink::bad);
  }
  row("built in", fmt::format("{} specs (`cleangate specs list`)", built_in));
}

ExitStatus doctor(const DoctorOptions& options) {
  const Diagnosis found = diagnose(options);
  if (options.json)
    print(document_of(found));
  else
    print_diagnosis(layout_of(STDOUT_FILENO), found);
  const bool well = found.can_measure() && !found.catalog.error;
  return finish_output(well ? ExitStatus::pass : ExitStatus::inconclusive);
}

}  // namespace

void add_doctor(Command program, Chosen& chosen) {
  auto options = std::make_shared<DoctorOptions>();
  const Command command = program.add_command("doctor", "What this machine can do");
  command.flag("--json", options->json, "One JSON document");
  command.option("--specs-dir", options->specs.directory, "A folder of profiles, searched first");
  add_catalog_option(command, options->catalog);
  command.option("--worker", options->worker, "Path of cleangate-av").hidden();
  command.on_given([&chosen, options] { chosen = [options] { return doctor(*options); }; });
}

}  // namespace cleangate::app
