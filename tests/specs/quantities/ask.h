// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "specs/quantity.h"
#include "tests/specs/made_asset.h"

namespace cleangate::test {

// Readings of a listed quantity with its default parameters over the whole file.
inline std::vector<specs::Reading> ask(const std::string& id, const specs::Evidence& evidence) {
  const specs::Quantity* quantity = specs::find_quantity(id);
  if (!quantity) {
    ADD_FAILURE() << id << " is not a quantity";
    return {};
  }
  return quantity->evaluate(evidence, specs::default_parameters(*quantity), {});
}

// The only scalar a quantity gives; a test failure and an empty variant where it gives none.
inline specs::Scalar scalar(const std::string& id, const specs::Evidence& evidence) {
  const auto readings = ask(id, evidence);
  if (readings.size() != 1 || !std::holds_alternative<specs::Scalar>(readings[0].value)) {
    ADD_FAILURE() << id << " gives " << readings.size() << " readings or no scalar";
    return {};
  }
  return std::get<specs::Scalar>(readings[0].value);
}

inline Rational number(const std::string& id, const specs::Evidence& evidence) {
  const auto value = scalar(id, evidence);
  const auto* found = std::get_if<Rational>(&value);
  return found ? *found : Rational(-999);
}
inline std::string text(const std::string& id, const specs::Evidence& evidence) {
  const auto value = scalar(id, evidence);
  const auto* found = std::get_if<std::string>(&value);
  return found ? *found : "(no text)";
}
inline bool flag(const std::string& id, const specs::Evidence& evidence) {
  const auto value = scalar(id, evidence);
  const auto* found = std::get_if<bool>(&value);
  if (!found) ADD_FAILURE() << id << " is no flag";
  return found && *found;
}

// "not_applicable", "not_measured" … of the first reading; "" when it is there.
inline std::string absence(const std::string& id, const specs::Evidence& evidence) {
  const auto readings = ask(id, evidence);
  if (readings.empty()) return "no subject";
  const auto* absent = std::get_if<specs::Absent>(&readings[0].value);
  if (!absent) return "";
  EXPECT_FALSE(absent->because.empty()) << id;
  EXPECT_EQ(absent->because.back(), '.') << id;
  constexpr const char* kNames[] = {"not_applicable", "not_measured", "undefined",
                                    "below_any",      "damaged",      "undecided"};
  return kNames[static_cast<int>(absent->kind)];
}

}  // namespace cleangate::test
