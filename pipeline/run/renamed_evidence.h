// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "specs/evidence.h"

namespace cleangate::run {

// A known asset met under another name: rules about names are about the name it has here. What is
// remembered came of rows, and those have no name.
class RenamedEvidence final : public specs::Evidence {
 public:
  RenamedEvidence(const specs::Evidence& evidence, const std::string& path)
      : evidence_(evidence), path_(path) {}
  [[nodiscard]] const std::string& path() const override { return path_; }
  [[nodiscard]] const probes::AssetFacts& facts() const override { return evidence_.facts(); }
  [[nodiscard]] probes::Status status() const override { return evidence_.status(); }
  [[nodiscard]] const specs::ColumnReader* rows(const probes::SeriesId& id) const override {
    return evidence_.rows(id);
  }
  [[nodiscard]] specs::ReadingMemory* memory() const override { return evidence_.memory(); }

 private:
  const specs::Evidence& evidence_;
  const std::string& path_;
};

}  // namespace cleangate::run
