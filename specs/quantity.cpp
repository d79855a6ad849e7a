// SPDX-License-Identifier: Apache-2.0
#include "specs/quantity.h"

#include <algorithm>
#include <map>
#include <stdexcept>
#include <string>

#include "specs/parameters.h"

namespace cleangate::specs {

#define CLEANGATE_QUANTITY(variable) extern const Quantity variable;
#include "specs/quantities/quantities.def"
#undef CLEANGATE_QUANTITY

namespace {

#define CLEANGATE_QUANTITY(variable) &variable,
const Quantity* const kQuantities[] = {
#include "specs/quantities/quantities.def"
    nullptr};  // the list may be empty in a build of its own
#undef CLEANGATE_QUANTITY

}  // namespace

std::string_view to_string(Unit unit) {
  switch (unit) {
    case Unit::none:
      return "";
    case Unit::count:
      return "count";
    case Unit::lufs:
      return "LUFS";
    case Unit::lu:
      return "LU";
    case Unit::dbtp:
      return "dBTP";
    case Unit::dbfs:
      return "dBFS";
    case Unit::db:
      return "dB";
    case Unit::seconds:
      return "s";
    case Unit::frames:
      return "frames";
    case Unit::hertz:
      return "Hz";
    case Unit::bits_per_second:
      return "b/s";
    case Unit::bytes:
      return "B";
    case Unit::bits:
      return "bit";
    case Unit::pixels:
      return "px";
    case Unit::frames_per_second:
      return "fps";
    case Unit::percent:
      return "%";
    case Unit::code:
      return "code";
    case Unit::ratio:
      return "ratio";
    case Unit::degrees:
      return "deg";
    case Unit::candela_per_m2:
      return "cd/m2";
    case Unit::ppm:
      return "ppm";
  }
  return "";
}

std::span<const Quantity* const> quantities() {
  return std::span(kQuantities).first(std::size(kQuantities) - 1);
}

const Quantity* find_quantity(std::string_view id) {
  const auto all = quantities();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Quantity* each) { return each->id == id; });
  return found == all.end() ? nullptr : *found;
}

const Parameters& default_parameters(const Quantity& quantity) {
  static const std::map<std::string_view, ParameterSet> kDefaults = [] {
    std::map<std::string_view, ParameterSet> all;
    for (const Quantity* each : quantities()) all.emplace(each->id, ParameterSet(*each));
    return all;
  }();
  const auto found = kDefaults.find(quantity.id);
  if (found == kDefaults.end())
    throw std::logic_error("A quantity that is not listed in quantities.def has no defaults.");
  return found->second;
}

}  // namespace cleangate::specs
