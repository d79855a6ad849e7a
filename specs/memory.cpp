// SPDX-License-Identifier: Apache-2.0
#include "specs/memory.h"

#include <fmt/format.h>

#include "specs/parameters.h"

namespace cleangate::specs {

std::string question_of(const std::string& canonical, const Window& window) {
  const auto point = [](const std::optional<Rational>& at) {
    return at ? cleangate::to_string(*at) : std::string("-");
  };
  return fmt::format("{}|{}|{}", canonical, point(window.in_s), point(window.out_s));
}

std::vector<Reading> default_readings(const Evidence& evidence, const Quantity& quantity) {
  ReadingMemory* memory = quantity.needs.empty() ? nullptr : evidence.memory();
  if (!memory) return quantity.evaluate(evidence, default_parameters(quantity), {});
  const std::string question = question_of(ParameterSet(quantity).canonical(), {});
  if (auto before = memory->recall(quantity, question)) return std::move(*before);
  auto readings = quantity.evaluate(evidence, default_parameters(quantity), {});
  memory->remember(quantity, question, readings);
  return readings;
}

}  // namespace cleangate::specs
