// SPDX-License-Identifier: Apache-2.0
#include "specs/memory.h"

#include <gtest/gtest.h>

#include <map>

#include "specs/parameters.h"

namespace cleangate::specs {
namespace {

// Remembers, and counts what it is asked.
class Memory final : public ReadingMemory {
 public:
  std::optional<std::vector<Reading>> recall(const Quantity&,
                                             const std::string& question) override {
    const auto found = known_.find(question);
    if (found == known_.end()) return std::nullopt;
    ++recalled;
    return found->second;
  }
  void remember(const Quantity&, const std::string& question,
                const std::vector<Reading>& readings) override {
    known_[question] = readings;
  }
  int recalled = 0;

 private:
  std::map<std::string, std::vector<Reading>> known_;
};

class Remembering final : public Evidence {
 public:
  explicit Remembering(Memory* memory) : memory_(memory) {}
  [[nodiscard]] const std::string& path() const override { return path_; }
  [[nodiscard]] const probes::AssetFacts& facts() const override { return facts_; }
  [[nodiscard]] probes::Status status() const override { return probes::Status::measured; }
  [[nodiscard]] const ColumnReader* rows(const probes::SeriesId&) const override { return nullptr; }
  [[nodiscard]] ReadingMemory* memory() const override { return memory_; }

 private:
  std::string path_;
  probes::AssetFacts facts_;
  Memory* memory_;
};

TEST(DefaultReadings, AreFoldedOnceWhereThereIsAMemory) {
  const Quantity quantity = *find_quantity("picture.luma_min");
  Memory memory;
  const Remembering evidence(&memory);
  const auto first = default_readings(evidence, quantity);
  EXPECT_EQ(default_readings(evidence, quantity), first);
  EXPECT_EQ(memory.recalled, 1);
  const Remembering forgetful(nullptr);
  EXPECT_EQ(default_readings(forgetful, quantity), first);
}

TEST(DefaultReadings, WhatAProfileAsksWithDefaultsIsTheSameQuestion) {
  const Quantity quantity = *find_quantity("picture.black");
  EXPECT_EQ(question_of(ParameterSet(quantity).canonical(), {}),
            ParameterSet(quantity).canonical() + "|-|-");
}

}  // namespace
}  // namespace cleangate::specs
