// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "specs/quantity.h"

namespace cleangate::specs {

// What a profile may name: a quantity that is built, or one that is planned
// (specs/quantities/planned.def), whose kind and unit are known so that the grammar can be checked.
struct QuantityInfo {
  std::string_view id;
  const Quantity* built = nullptr;  // nullptr: planned
  ValueKind kind = ValueKind::number;
  Unit unit = Unit::none;
  SubjectKind subject = SubjectKind::file;
  std::string_view noun;
  std::span<const std::string_view> allowed;
  std::string_view because;  // planned: why it cannot be measured yet, one sentence
};

[[nodiscard]] std::optional<QuantityInfo> find_quantity_info(std::string_view id);
// Built and planned ids, sorted.
[[nodiscard]] std::vector<std::string> quantity_ids();

}  // namespace cleangate::specs
