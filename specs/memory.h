// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "specs/quantity.h"

namespace cleangate::specs {

// Readings that a quantity gave before on the very same evidence: folding rows is the only part of
// judging that takes time, and changed limits ask the same questions again. dam/ implements it.
class ReadingMemory {
 public:
  virtual ~ReadingMemory() = default;
  // `question`: canonical parameters and window. Nothing when it was not asked before.
  [[nodiscard]] virtual std::optional<std::vector<Reading>> recall(const Quantity& quantity,
                                                                   const std::string& question) = 0;
  virtual void remember(const Quantity& quantity, const std::string& question,
                        const std::vector<Reading>& readings) = 0;
};

// The question that a quantity is asked: its parameters (ParameterSet::canonical) and the window.
[[nodiscard]] std::string question_of(const std::string& canonical, const Window& window);

// Of the whole file with the quantity's default parameters: as the evidence's memory has them, else
// evaluated and remembered. Throws what the quantity throws.
[[nodiscard]] std::vector<Reading> default_readings(const Evidence& evidence,
                                                    const Quantity& quantity);

}  // namespace cleangate::specs
