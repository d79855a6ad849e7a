// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "dam/maintenance.h"
#include "dam/recorder.h"
#include "dam/series_store.h"
#include "tests/dam/made_measurement.h"
#include "tests/dam/temporary_folder.h"

// A catalog with one asset in it.
namespace cleangate::dam {

using test::measured;
using test::named;
using test::place;
using test::TemporaryFolder;
using ::testing::HasSubstr;

inline AssetNumber record(Catalog& catalog, const std::string& name) {
  test::Made made = named(name);
  made.frames = 500;
  const auto evidence = measured(made);
  AssetRecord asset;
  asset.location = place("/masters/" + name, std::hash<std::string>()(name));
  asset.evidence = evidence.get();
  asset.content_hint = std::vector<std::byte>(24, std::byte{1});
  asset.essence_hints = {{0, sha256_of("hint " + name)}};
  asset.verdicts = {{specs::judge(*evidence, test::made_rules(), {}), {}}};
  const auto done = Recorder(catalog).record(std::span(&asset, 1));
  if (!done) throw std::runtime_error(done.error().message);
  return done->front().number;
}

inline std::vector<CheckProblem::Kind> kinds(Catalog& catalog,
                                             CheckDepth depth = CheckDepth::full) {
  const auto report = check_catalog(catalog, depth);
  if (!report) throw std::runtime_error(report.error().message);
  std::vector<CheckProblem::Kind> found;
  for (const CheckProblem& problem : report->problems) found.push_back(problem.kind);
  return found;
}

inline void overwrite(const std::string& path, std::streamoff at, char byte) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(at);
  file.put(byte);
}

class Maintained : public ::testing::Test {
 protected:
  Maintained() : catalog_(*Catalog::open(folder_ / "catalog.db")) {
    number_ = record(catalog_, "film");
  }
  std::string a_series() { return catalog_.series().list()->front().path; }

  TemporaryFolder folder_;
  Catalog catalog_;
  AssetNumber number_ = 0;
};

using Kind = CheckProblem::Kind;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

}  // namespace cleangate::dam
