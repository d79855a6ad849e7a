// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>
#include <unistd.h>

#include <memory>

#include <fmt/core.h>
#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "app/commands.h"
#include "app/options.h"
#include "app/terminal.h"
#include "app/worker_about.h"
#include "core/text.h"
#include "pipeline/worker/client.h"
#include "specs/profile.h"

namespace cleangate::app {
namespace {

using Json = nlohmann::ordered_json;

struct DoctorOptions {
  SpecOptions specs;
  std::string worker;
  bool json = false;
};

// What this machine can do, gathered before a word is printed.
struct Diagnosis {
  Expected<WorkerAbout> worker = fail(ErrorCode::internal, "");
  Expected<worker::IsolationReport> isolation = fail(ErrorCode::internal, "");
  std::vector<std::string> directories;
  std::vector<specs::SpecLibrary::Entry> specs;

  [[nodiscard]] bool can_measure() const { return worker.has_value() && isolation.has_value(); }
};

bool is_folder(const std::string& path) {
  struct stat about {};
  return stat(path.c_str(), &about) == 0 && S_ISDIR(about.st_mode);
}

Diagnosis diagnose(const DoctorOptions& options) {
  Diagnosis found;
  worker::WorkerOptions worker_options;
  worker_options.executable = options.worker;
  found.worker = ask_worker(worker_options);
  found.isolation = worker::probe_isolation(worker_options);
  found.directories = spec_directories(options.specs);
  found.specs = specs::SpecLibrary(found.directories).list();
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

std::string document_of(const Diagnosis& found) {
  Json json = {{"schema", "cleangate.doctor/1"}, {"version", CLEANGATE_VERSION}};
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
  json["catalog"] = nullptr;  // looked for: there is none yet
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
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
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
  row("catalog", "not built yet");
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
  return finish_output(found.can_measure() ? ExitStatus::pass : ExitStatus::inconclusive);
}

}  // namespace

void add_doctor(CLI::App& program, Chosen& chosen) {
  auto options = std::make_shared<DoctorOptions>();
  CLI::App* command = program.add_subcommand("doctor", "What this machine can do");
  command->add_flag("--json", options->json, "One JSON document");
  command->add_option("--specs-dir", options->specs.directory,
                      "A folder of profiles, searched first");
  command->add_option("--worker", options->worker, "Path of cleangate-av")->group("");
  command->callback([&chosen, options] { chosen = [options] { return doctor(*options); }; });
}

}  // namespace cleangate::app
