// SPDX-License-Identifier: Apache-2.0
#include "dam/memory_evidence.h"

#include <gtest/gtest.h>

#include "probes/audio/energy_row.h"

namespace cleangate::dam {
namespace {

using probes::AudioEnergyRow;

TEST(MemoryEvidence, KeepsRowsOfEachSeriesApart) {
  MemoryEvidence evidence("a.mov");
  const probes::SeriesId left{1, 0, -1, -1, "audio.energy", 1, ""},
      right{1, 1, -1, -1, "audio.energy", 1, ""};
  const AudioEnergyRow one{7}, two{9};
  evidence.rows(left, std::as_bytes(std::span(&one, 1)));
  evidence.rows(right, std::as_bytes(std::span(&two, 1)));
  evidence.rows(left, std::as_bytes(std::span(&two, 1)));
  evidence.facts({});
  EXPECT_EQ(*specs::read_column(evidence, left, "energy"), (std::vector<std::int64_t>{7, 9}));
  EXPECT_EQ(*specs::read_column(evidence, right, "energy"), (std::vector<std::int64_t>{9}));
}

TEST(MemoryEvidence, WhatWasNotMeasuredIsNotThere) {
  MemoryEvidence evidence("a.mov");
  EXPECT_EQ(evidence.status(), probes::Status::unreadable);
  EXPECT_FALSE(
      specs::read_column(evidence, {0, 0, -1, -1, "audio.energy", 1, ""}, "energy").has_value());
}

TEST(MemoryEvidence, RowsOfAnUnknownTypeAreRefused) {
  MemoryEvidence evidence("a.mov");
  const AudioEnergyRow row{1};
  EXPECT_THROW(
      evidence.rows({0, 0, -1, -1, "audio.energy", 999, ""}, std::as_bytes(std::span(&row, 1))),
      std::invalid_argument);
}

}  // namespace
}  // namespace cleangate::dam
