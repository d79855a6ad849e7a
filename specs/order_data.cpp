// SPDX-License-Identifier: Apache-2.0
#include "specs/order_data.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/text.h"
#include "specs/limit.h"
#include "specs/requirement.h"

namespace cleangate::specs {
namespace {

using Keys = std::set<std::string>;

void collect(const Limit& limit, Keys& keys) {
  if (const auto found = order_keys(limit.written)) keys.insert(found->begin(), found->end());
}

void collect(const std::optional<Limit>& limit, Keys& keys) {
  if (limit) collect(*limit, keys);
}

void collect(const std::optional<Selector>& selector, Keys& keys) {
  if (!selector) return;
  for (const Filter& filter : selector->filters)
    for (const Limit& limit : filter.values) collect(limit, keys);
}

void collect(const Condition& condition, Keys& keys) {
  if (condition.order) keys.insert(*condition.order);
  for (const Limit& limit : condition.demand.values) collect(limit, keys);
  collect(condition.demand.tolerance, keys);
  collect(condition.demand.longer_than, keys);
  collect(condition.demand.shorter_than, keys);
  for (const auto& [name, limit] : condition.with) collect(limit, keys);
  collect(condition.selector, keys);
}

void collect(const When& when, Keys& keys) {
  if (when.condition) collect(*when.condition, keys);
  for (const When& part : when.parts) collect(part, keys);
}

void collect(const RegionRef& region, const Regions& known, Keys& keys) {
  if (region.place == RegionRef::Place::file) return;
  const bool part = region.place == RegionRef::Place::part;
  keys.insert(part ? fmt::format("part.{}", region.part) : "programme");
  const auto number = static_cast<std::size_t>(region.part);
  const RegionWindow* window = !part && known.programme ? &*known.programme
                               : part && number >= 1 && number <= known.parts.size()
                                   ? &known.parts[number - 1]
                                   : nullptr;
  if (!window) return;
  collect(window->in.at, keys);
  collect(window->out.at, keys);
}

Expected<void> check_one(std::span<const Profile> profiles, const Keys& read,
                         const std::string& key, const std::string& value) {
  if (!read.contains(key)) {
    const std::vector<std::string> all(read.begin(), read.end());
    const auto near = nearest(key, all);
    return fail(ErrorCode::usage,
                all.empty() ? fmt::format("--set {}: no rule of these specs reads order data.",
                                          readable(key))
                            : fmt::format("--set {}: no rule reads '{}'{}; the rules of these "
                                          "specs read: {}.",
                                          readable(key), readable(key),
                                          near ? fmt::format(", did you mean '{}'", *near) : "",
                                          fmt::join(all, ", ")));
  }
  if (value.empty())
    return fail(ErrorCode::usage, fmt::format("--set {}=: the value is empty.", readable(key)));
  for (const Profile& profile : profiles) {
    const auto datum = profile.order.find(key);
    if (datum == profile.order.end() || datum->second.allowed.empty()) continue;
    const auto& allowed = datum->second.allowed;
    if (std::find(allowed.begin(), allowed.end(), value) == allowed.end())
      return fail(ErrorCode::usage,
                  fmt::format("--set {}={}: {} allows: {}.", readable(key), readable(value),
                              profile.id, fmt::join(allowed, ", ")));
  }
  return {};
}

}  // namespace

std::set<std::string> order_keys(const Profile& profile) {
  Keys keys;
  for (const auto& [key, datum] : profile.order) keys.insert(key);
  for (const auto& requirement : profile.requirements) {
    collect(requirement->condition, keys);
    for (const Branch& branch : requirement->branches)
      for (const Condition& condition : branch.all) collect(condition, keys);
    collect(requirement->selector, keys);
    if (requirement->when) collect(*requirement->when, keys);
    collect(requirement->region, *profile.regions, keys);
  }
  return keys;
}

Expected<void> check_order(std::span<const Profile> profiles, const OrderData& order) {
  Keys read;
  for (const Profile& profile : profiles) read.merge(order_keys(profile));
  for (const auto& [key, value] : order)
    if (auto checked = check_one(profiles, read, key, value); !checked) return checked;
  return {};
}

}  // namespace cleangate::specs
