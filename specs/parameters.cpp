// SPDX-License-Identifier: Apache-2.0
#include "specs/parameters.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <stdexcept>
#include <vector>

#include "specs/value.h"

namespace cleangate::specs {
namespace {

std::vector<std::string> spellings_of(Unit unit) {
  std::vector<std::string> all;
  for (const Unit accepted : accepted_units(unit))
    for (std::string& spelling : unit_spellings(accepted)) all.push_back(std::move(spelling));
  return all;
}

Expected<Amount> amount_for(const ParameterInfo& info, std::string_view written) {
  auto amount = parse_amount(written);
  if (!amount) return tl::unexpected(amount.error());
  const auto accepted = accepted_units(info.unit);
  if (amount->unit == Unit::none) {
    if (!may_be_bare(info.unit))
      return fail(ErrorCode::usage, fmt::format("'{}' lacks a unit; allowed: {}", written,
                                                fmt::join(spellings_of(info.unit), ", ")));
    amount->unit = info.unit;
  } else if (std::find(accepted.begin(), accepted.end(), amount->unit) == accepted.end()) {
    return fail(ErrorCode::usage, fmt::format("'{}' has the wrong unit; allowed: {}", written,
                                              fmt::join(spellings_of(info.unit), ", ")));
  }
  return amount;
}

std::string range_text(const ParameterInfo& info) {
  if (info.least.empty()) return fmt::format("{} at most", info.most);
  if (info.most.empty()) return fmt::format("{} at least", info.least);
  return fmt::format("{} to {}", info.least, info.most);
}

Expected<void> check_range(const ParameterInfo& info, const Amount& amount,
                           std::string_view written) {
  for (const std::string_view end : {info.least, info.most}) {
    if (end.empty()) continue;
    const auto bound = amount_for(info, end);
    if (!bound) return tl::unexpected(bound.error());
    const bool least = end == info.least;
    if (least ? amount.value < bound->value : bound->value < amount.value)
      return fail(ErrorCode::usage, fmt::format("'{}' is {} what can be told; allowed: {}", written,
                                                least ? "below" : "above", range_text(info)));
  }
  return {};
}

}  // namespace

ParameterSet::ParameterSet(const Quantity& quantity) : infos_(quantity.parameters) {
  for (const ParameterInfo& info : infos_)
    if (const auto done = set(info.name, info.default_value); !done)
      throw std::logic_error(fmt::format("The default of {}.{} is broken: {}.", quantity.id,
                                         info.name, done.error().message));
}

Expected<void> ParameterSet::set(std::string_view name, std::string_view written) {
  const auto info = std::find_if(infos_.begin(), infos_.end(),
                                 [&](const ParameterInfo& each) { return each.name == name; });
  if (info == infos_.end())
    return fail(ErrorCode::usage, fmt::format("'{}' is not a parameter", name));
  Value value;
  value.text = written;
  if (info->kind == ValueKind::flag) {
    if (written != "true" && written != "false")
      return fail(ErrorCode::usage,
                  fmt::format("'{}' is not a flag; allowed: true, false", written));
    value.flag = written == "true";
  } else if (info->kind != ValueKind::text) {
    const auto amount = amount_for(*info, written);
    if (!amount) return tl::unexpected(amount.error());
    if (const auto inside = check_range(*info, *amount, written); !inside) return inside;
    value.number = amount->value;
    value.unit = amount->unit;
  }
  values_.insert_or_assign(std::string(name), std::move(value));
  return {};
}

std::string ParameterSet::canonical() const {
  std::string all;
  for (const auto& [name, value] : values_) {
    if (!all.empty()) all += ' ';
    const bool number = value.unit != Unit::none || value.number != Rational(0);
    all += fmt::format(
        "{}={}", name,
        number ? fmt::format("{}{}", cleangate::to_string(value.number), to_string(value.unit))
               : value.text);
  }
  return all;
}

const ParameterSet::Value& ParameterSet::value(std::string_view name) const {
  const auto found = values_.find(name);
  if (found == values_.end()) throw std::logic_error(fmt::format("No parameter named '{}'.", name));
  return found->second;
}

Rational ParameterSet::number(std::string_view name) const { return value(name).number; }
std::string ParameterSet::text(std::string_view name) const { return value(name).text; }
bool ParameterSet::flag(std::string_view name) const { return value(name).flag; }
Unit ParameterSet::unit(std::string_view name) const { return value(name).unit; }

}  // namespace cleangate::specs
