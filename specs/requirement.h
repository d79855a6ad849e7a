// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "specs/pattern.h"
#include "specs/planned.h"
#include "specs/profile.h"
#include "specs/value.h"

// A requirement as data, parsed and checked (docs/profile-grammar.md).
namespace cleangate::specs {

// A timecode as written: "10:00:00:00"; `drop` when its frames stand behind ';'.
struct Label {
  int hours = 0, minutes = 0, seconds = 0, frames = 0;
  bool drop = false;
  friend bool operator==(const Label&, const Label&) = default;
};

using Value = std::variant<Amount, std::string, bool, Label>;

// One value of a demand. `value` is empty while it holds order data ("${order.clock}"): it is
// parsed when the data are known.
struct Limit {
  std::string written;
  std::optional<Value> value;
};

enum class Operator : std::uint8_t {
  equals,
  not_equal,
  in,
  not_in,
  min,
  max,
  between,
  multiple_of,
  matches,
  contains,
  present,
  absent,
  expect_none,
  expect_some,
  count,
  any,         // demand: any
  unspecified  // demand: unspecified
};
[[nodiscard]] std::string_view to_string(Operator op);  // as profiles spell the key

enum class RunPlace : std::uint8_t { start, end, inside };

struct Bounds {  // of a count, both included
  std::optional<std::int64_t> min, max;
  friend bool operator==(const Bounds&, const Bounds&) = default;
};

struct Demand {
  Operator op = Operator::equals;
  std::vector<Limit> values;
  std::optional<Limit> tolerance, longer_than, shorter_than;
  std::optional<RunPlace> at;
  Bounds count;
};

struct Filter {
  std::string key;
  std::vector<Limit> values;  // any of them
};

struct Selector {
  enum class How : std::uint8_t { each, any, count } how = How::each;
  Bounds count;
  SubjectKind kind = SubjectKind::any_stream;
  std::vector<Filter> filters;
};

// One demand on one quantity, or on one order datum (`order` is set, `quantity` is not).
struct Condition {
  QuantityInfo quantity;
  std::optional<std::string> order;
  std::vector<std::pair<std::string, Limit>> with;
  Demand demand;
  std::optional<Selector> selector;
};

struct When {
  enum class Kind : std::uint8_t { condition, all, any } kind = Kind::condition;
  std::optional<Condition> condition;
  std::vector<When> parts;
};

struct Branch {
  std::string name;
  std::vector<Condition> all;
};

struct RegionRef {
  enum class Place : std::uint8_t { file, programme, head, tail, part } place = Place::file;
  int part = 0;  // from 1
  bool outside = false;
};

struct Point {
  enum class Kind : std::uint8_t { start, end, at } kind = Kind::start;
  Limit at;
};

struct RegionWindow {
  Point in, out;
};

struct Regions {
  std::optional<RegionWindow> programme;
  std::vector<RegionWindow> parts;
};

struct Requirement {
  enum class Kind : std::uint8_t { measured, one_of, manual };
  std::string id;
  Kind kind = Kind::measured;
  Condition condition;               // measured
  std::vector<Branch> branches;      // one_of
  std::optional<Selector> selector;  // one_of
  std::string ask;                   // manual
  std::optional<When> when;
  RegionRef region;
  Severity severity = Severity::reject;            // as the profile says
  Severity effective_severity = Severity::reject;  // after the grade's cap
  std::string capped_because;                      // a sentence; empty when not capped
  Source source;
  std::optional<std::string> category, note;
  std::optional<bool> overridable;
};

}  // namespace cleangate::specs
