// SPDX-License-Identifier: Apache-2.0
#include "dam/fields.h"

#include <exception>
#include <variant>

#include "core/text.h"
#include "specs/memory.h"
#include "specs/parameters.h"
#include "specs/quantity.h"

namespace cleangate::dam {
namespace {

using specs::Quantity;
using specs::Reading;

// Where a file lies and what it is called changes without the asset: locations are searched.
bool follows_the_path(const Quantity& quantity) { return quantity.id == "file.name"; }

std::string_view kind_of(specs::ValueKind kind) {
  switch (kind) {
    case specs::ValueKind::text:
      return "text";
    case specs::ValueKind::flag:
      return "flag";
    case specs::ValueKind::timecode:
      return "timecode";
    case specs::ValueKind::number:
    case specs::ValueKind::spans:
      break;
  }
  return "number";
}

FieldValue field(const Quantity& quantity, const Reading& reading) {
  FieldValue value;
  value.name = quantity.id;
  value.unit = specs::to_string(quantity.unit);
  value.kind = kind_of(quantity.kind);
  value.part = reading.subject.index;
  return value;
}

void set(FieldValue& value, const specs::Scalar& scalar) {
  if (const auto* number = std::get_if<Rational>(&scalar)) {
    value.text = to_string(*number);
    value.number = number->to_double();
  } else if (const auto* text = std::get_if<std::string>(&scalar)) {
    value.text = to_valid_utf8(*text);
  } else if (const auto* flag = std::get_if<bool>(&scalar)) {
    value.text = *flag ? "true" : "false";
    value.number = *flag ? 1 : 0;
  } else {
    value.text = to_string(std::get<Timecode>(scalar));
  }
}

void add_runs(std::vector<FieldValue>& fields, const Quantity& quantity, const Reading& reading) {
  const auto& spans = std::get<specs::Spans>(reading.value);
  if (!spans.undecided.empty()) return;
  Rational seconds;
  for (const specs::Span& run : spans.runs) {
    const auto length = checked_sub(run.end_s, run.start_s);
    const auto sum = length ? checked_add(seconds, *length) : length;
    if (!sum) return;
    seconds = *sum;
  }
  FieldValue count = field(quantity, reading);
  count.name += ".count";
  count.unit = specs::to_string(specs::Unit::count);
  set(count, specs::Scalar(Rational(static_cast<std::int64_t>(spans.runs.size()))));
  FieldValue length = field(quantity, reading);
  length.name += ".seconds";
  length.unit = specs::to_string(specs::Unit::seconds);
  set(length, specs::Scalar(seconds));
  fields.push_back(std::move(count));
  fields.push_back(std::move(length));
}

std::string default_question(const Quantity& quantity) {
  return specs::question_of(specs::ParameterSet(quantity).canonical(), {});
}

}  // namespace

std::vector<FieldValue> fields_of(const specs::Evidence& evidence, std::vector<Memo>& memos) {
  std::vector<FieldValue> fields;
  for (const Quantity* quantity : specs::quantities()) {
    if (follows_the_path(*quantity)) continue;
    std::vector<Reading> readings;
    try {
      readings = specs::default_readings(evidence, *quantity);
    } catch (const std::exception&) {
      continue;  // absurd numbers in the file: nothing is known of this quantity
    }
    if (!quantity->needs.empty() && memorable(readings))
      memos.push_back(make_memo(*quantity, default_question(*quantity), readings));
    for (const Reading& reading : readings) {
      if (reading.tainted_because) continue;
      if (const auto* scalar = std::get_if<specs::Scalar>(&reading.value)) {
        fields.push_back(field(*quantity, reading));
        set(fields.back(), *scalar);
      } else if (std::holds_alternative<specs::Spans>(reading.value)) {
        add_runs(fields, *quantity, reading);
      }
    }
  }
  return fields;
}

}  // namespace cleangate::dam
