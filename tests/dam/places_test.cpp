// SPDX-License-Identifier: Apache-2.0
#include "dam/places.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "dam/assets.h"
#include "dam/recorder.h"
#include "dam/statistics.h"
#include "tests/dam/maintained.h"

namespace cleangate::dam {
namespace {

using ::testing::Pair;
using ::testing::UnorderedElementsAre;

// One asset, "/masters/film", and what is met of it elsewhere.
class Places : public Maintained {
 protected:
  static constexpr std::uint64_t kFirst = 7, kSecond = 8, kThird = 9;

  Places() { meet("/masters/film", kFirst); }

  void meet(const std::string& path, std::uint64_t inode,
            const std::vector<std::string>& gone = {}) {
    std::vector<Place> places;
    for (const std::string& one : gone) places.push_back({"fsid:1", one});
    const Recorder::Seen seen{number_, place(path, inode), places};
    EXPECT_TRUE(Recorder(catalog_).met(std::span(&seen, 1), {}));
  }
  std::vector<std::string> before(const std::string& path, std::uint64_t inode) {
    std::vector<std::string> paths;
    const auto places = places_before(catalog_, number_, place(path, inode));
    for (const Place& one : *places) paths.push_back(one.path);
    return paths;
  }
  std::map<std::string, std::string> states() {
    std::map<std::string, std::string> found;
    const auto asset = load_asset(catalog_, number_);
    for (const StoredLocation& one : asset->locations) found[one.location.path] = one.state;
    return found;
  }
};

TEST_F(Places, ARenamedFileLeavesHistory) {
  EXPECT_THAT(before("/masters/new", kFirst), ElementsAre("/masters/film"));
  meet("/masters/new", kFirst, {"/masters/film"});
  EXPECT_THAT(states(), UnorderedElementsAre(Pair("/masters/film", "moved"),
                                             Pair("/masters/new", "present")));
  const auto to_verify = places_of(catalog_, std::vector{number_});
  ASSERT_EQ(to_verify->size(), 1u);
  EXPECT_EQ(to_verify->front().path, "/masters/new");
  const auto counted = statistics(catalog_);
  EXPECT_EQ(counted->present, 1);
  EXPECT_EQ(counted->missing, 0);
  EXPECT_EQ(load_events(catalog_, number_)->back().detail,
            "moved from /masters/film to /masters/new");
  EXPECT_EQ(resolve_asset(catalog_, "/masters/film"), number_);
}

TEST_F(Places, AFileThatIsMovedBackIsThere) {
  meet("/masters/new", kFirst, {"/masters/film"});
  meet("/masters/film", kFirst, {"/masters/new"});
  EXPECT_THAT(states(), UnorderedElementsAre(Pair("/masters/film", "present"),
                                             Pair("/masters/new", "moved")));
}

TEST_F(Places, ACopyThatVanishesIsMissed) {
  meet("/copies/film", kSecond);
  // Met again where it was: nothing has arrived that the other could have become.
  EXPECT_THAT(before("/masters/film", kFirst), IsEmpty());
  meet("/masters/film", kFirst, {"/copies/film"});
  EXPECT_THAT(states(), UnorderedElementsAre(Pair("/masters/film", "present"),
                                             Pair("/copies/film", "present")));
}

TEST_F(Places, OneCopyMoreStandsForOneThatIsGone) {
  meet("/copies/film", kSecond);
  meet("/other/film", kThird, {"/masters/film", "/copies/film"});
  EXPECT_THAT(states(),
              UnorderedElementsAre(Pair("/masters/film", "moved"), Pair("/copies/film", "present"),
                                   Pair("/other/film", "present")));
}

TEST_F(Places, ALinkMoreIsNoMove) {
  meet("/copies/film", kSecond);
  meet("/masters/link", kFirst, {"/copies/film"});
  EXPECT_EQ(states()["/copies/film"], "present");
}

TEST_F(Places, WhatWasToldMissingAndIsBackStandsForNothingElse) {
  meet("/copies/film", kSecond);
  Recorder::Happened gone{number_,
                          {"fixity check", "failure", "missing", "/masters/film"},
                          Recorder::Happened::Place::missing,
                          "fsid:1",
                          "/masters/film"};
  ASSERT_TRUE(Recorder(catalog_).events(std::span(&gone, 1)));
  meet("/masters/film", kThird, {"/copies/film"});
  EXPECT_EQ(states()["/copies/film"], "present");
}

TEST_F(Places, AnEmptiedFileIsNoGoodPlace) {
  const std::vector<std::string> paths{"/masters/film", "/never/seen"};
  const auto events = load_events(catalog_, number_)->size();
  for (int twice = 0; twice < 2; ++twice) ASSERT_TRUE(Recorder(catalog_).emptied(paths));
  EXPECT_EQ(states()["/masters/film"], "mismatched");
  EXPECT_EQ(load_events(catalog_, number_)->size(), events + 1);
  const auto counted = statistics(catalog_);
  EXPECT_EQ(counted->present, 0);
  EXPECT_EQ(counted->missing, 0);
  EXPECT_EQ(counted->mismatched, 1);
  meet("/masters/film", kFirst);
  EXPECT_EQ(states()["/masters/film"], "present");
}

}  // namespace
}  // namespace cleangate::dam
