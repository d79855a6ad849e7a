// SPDX-License-Identifier: Apache-2.0
// One process of the tests over several: writes into a catalog and prints what was acknowledged.
//   catalog_process work CATALOG ID SECONDS   records, tags, notes, judges; prints "asset NAME" and
//   "tag NUMBER NAME" catalog_process record CATALOG NAME...    one transaction each; prints "asset
//   NAME" catalog_process tidy|backup|restore|prune CATALOG [TARGET]
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include "dam/annotations.h"
#include "dam/maintenance.h"
#include "dam/recorder.h"
#include "dam/stored_evidence.h"
#include "tests/dam/made_measurement.h"

namespace {

using namespace cleangate;
using namespace cleangate::dam;

[[noreturn]] void stop(const Error& error) {
  std::fputs((error.message + "\n").c_str(), stderr);
  std::exit(static_cast<int>(error.code) + 10);
}

template <class T>
T must(Expected<T> value) {
  if (!value) stop(value.error());
  if constexpr (!std::is_void_v<T>) return std::move(*value);
}

// What is printed has been acknowledged.
void acknowledge(const std::string& line) {
  std::fputs((line + "\n").c_str(), stdout);
  std::fflush(stdout);
}

Recorded record(Catalog& catalog, const std::string& name) {
  static const specs::Profile profile = test::made_rules();
  test::Made made = test::named(name);
  made.frames = 100;
  made.black = 30;
  const auto evidence = test::measured(made);
  AssetRecord asset;
  asset.location = test::place("/masters/" + name);
  asset.evidence = evidence.get();
  asset.verdicts = {{specs::judge(*evidence, profile, {}), {}}};
  return must(Recorder(catalog).record(std::span(&asset, 1))).front();
}

void work(Catalog& catalog, const std::string& id, int seconds) {
  const specs::Profile profile = test::made_rules();
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
  for (int i = 0; std::chrono::steady_clock::now() < end; ++i) {
    const std::string name = fmt::format("{}-{}", id, i);
    const Recorded made = record(catalog, name);
    acknowledge("asset " + name);
    const Recorded shared = record(catalog, fmt::format("shared-{}", i % 20));
    const std::string tag = fmt::format("t{}", name);
    must(add_tag(catalog, shared.number, tag, "test"));
    acknowledge(fmt::format("tag {} {}", shared.number, tag));
    const auto stored = must(StoredEvidence::load(catalog, made.number));
    must(Recorder(catalog).judged(std::vector<Recorder::Judged>{
        {made.number, stored->digest(), {specs::judge(*stored, profile, {}), {}}}}));
    must(add_note(catalog, made.number, "a note by " + id, "test"));
    acknowledge("note " + name);
  }
}

}  // namespace

int main(int count, char** arguments) {
  const std::vector<std::string> words(arguments + 1, arguments + count);
  if (words.size() < 2) return 2;
  if (words[0] == "restore") {
    must(restore_catalog(words.at(2), words[1]));
    return 0;
  }
  CatalogOptions options;
  options.purpose = words[0];
  Catalog catalog = must(Catalog::open(words[1], options));
  if (words[0] == "work") work(catalog, words.at(2), std::stoi(words.at(3)));
  if (words[0] == "record")
    for (std::size_t i = 2; i < words.size(); ++i) {
      (void)record(catalog, words[i]);
      acknowledge("asset " + words[i]);
    }
  if (words[0] == "tidy") must(tidy_catalog(catalog));
  if (words[0] == "backup") must(backup_catalog(catalog, words.at(2)));
  if (words[0] == "prune") must(prune(catalog, std::vector<AssetNumber>{std::stoll(words.at(2))}));
  return 0;
}
