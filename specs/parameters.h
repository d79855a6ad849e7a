// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "core/error.h"
#include "specs/quantity.h"

namespace cleangate::specs {

// The parameters of one quantity: its defaults, over which a profile's `with:` is laid. Asking for
// a name the quantity does not have is a mistake of the program (std::logic_error).
class ParameterSet final : public Parameters {
 public:
  // The defaults; throws std::logic_error when a default does not follow its own ParameterInfo.
  explicit ParameterSet(const Quantity& quantity);
  // Sets one parameter as a profile writes it ("4 %"). Errors name the allowed values.
  [[nodiscard]] Expected<void> set(std::string_view name, std::string_view written);
  // "area=98 % level=4 %": every parameter, sorted by name; equal sets have equal text.
  [[nodiscard]] std::string canonical() const;

  [[nodiscard]] Rational number(std::string_view name) const override;
  [[nodiscard]] std::string text(std::string_view name) const override;
  [[nodiscard]] bool flag(std::string_view name) const override;
  [[nodiscard]] Unit unit(std::string_view name) const override;

 private:
  struct Value {
    Rational number;
    Unit unit = Unit::none;
    bool flag = false;
    std::string text;
  };
  [[nodiscard]] const Value& value(std::string_view name) const;
  std::span<const ParameterInfo> infos_;
  std::map<std::string, Value, std::less<>> values_;
};

}  // namespace cleangate::specs
