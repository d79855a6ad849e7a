// SPDX-License-Identifier: Apache-2.0
#include "dam/finding_json.h"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "core/text.h"
#include "dam/files.h"

namespace cleangate::dam {
namespace {

using Json = nlohmann::ordered_json;
using specs::Expectation;
using specs::Finding;
using specs::Measured;
using specs::Source;
using specs::Span;

struct Mistake : std::runtime_error {
  using std::runtime_error::runtime_error;
};

template <class T>
T must(Expected<T> value) {
  if (!value) throw Mistake(value.error().message);
  return *value;
}

template <class T>
void put(Json& json, const char* key, const std::optional<T>& value) {
  if (value) json[key] = *value;
}
void put(Json& json, const char* key, const std::optional<Rational>& value) {
  if (value) json[key] = to_string(*value);
}
void put(Json& json, const char* key, const std::optional<std::string>& value) {
  if (value) json[key] = to_valid_utf8(*value);
}

template <class T>
void get(const Json& json, const char* key, std::optional<T>& value) {
  if (const auto found = json.find(key); found != json.end()) value = found->get<T>();
}
Rational rational(const Json& json) { return must(Rational::parse(json.get<std::string>())); }
void get(const Json& json, const char* key, std::optional<Rational>& value) {
  if (const auto found = json.find(key); found != json.end()) value = rational(*found);
}

// An enumerator by its word: `count` of them from 0, spelled by to_string.
template <class Enum>
Enum word(const std::string& text, int count) {
  for (int i = 0; i < count; ++i)
    if (to_string(static_cast<Enum>(i)) == text) return static_cast<Enum>(i);
  throw Mistake("an unknown word: " + text);
}

Json written(const Span& span) {
  Json json = Json::object();
  put(json, "stream", span.stream);
  put(json, "soundfield", span.soundfield);
  put(json, "channel", span.channel);
  put(json, "first_frame", span.first_frame);
  put(json, "end_frame", span.end_frame);
  put(json, "first_sample", span.first_sample);
  put(json, "end_sample", span.end_sample);
  json["start"] = to_string(span.start_s);
  json["end"] = to_string(span.end_s);
  put(json, "value", span.value);
  put(json, "confidence", span.confidence);
  return json;
}

Span span_of(const Json& json) {
  Span span;
  get(json, "stream", span.stream);
  get(json, "soundfield", span.soundfield);
  get(json, "channel", span.channel);
  get(json, "first_frame", span.first_frame);
  get(json, "end_frame", span.end_frame);
  get(json, "first_sample", span.first_sample);
  get(json, "end_sample", span.end_sample);
  span.start_s = rational(json.at("start"));
  span.end_s = rational(json.at("end"));
  get(json, "value", span.value);
  get(json, "confidence", span.confidence);
  return span;
}

Json written(const std::vector<Span>& spans) {
  Json json = Json::array();
  for (const Span& span : spans) json.push_back(written(span));
  return json;
}

std::vector<Span> spans_of(const Json& json) {
  std::vector<Span> spans;
  for (const Json& span : json) spans.push_back(span_of(span));
  return spans;
}

Json written(const specs::Scalar& value) {
  if (const auto* number = std::get_if<Rational>(&value)) return {{"number", to_string(*number)}};
  if (const auto* text = std::get_if<std::string>(&value)) return {{"text", to_valid_utf8(*text)}};
  if (const auto* flag = std::get_if<bool>(&value)) return {{"flag", *flag}};
  const auto& timecode = std::get<Timecode>(value);
  return {{"timecode", to_string(timecode)}, {"nominal", timecode.format().nominal()}};
}

specs::Scalar scalar_of(const Json& json) {
  if (json.contains("number")) return rational(json["number"]);
  if (json.contains("text")) return json["text"].get<std::string>();
  if (json.contains("flag")) return json["flag"].get<bool>();
  const auto label = json.at("timecode").get<std::string>();
  const DropFrame drop =
      label.find(';') == std::string::npos ? DropFrame::non_drop : DropFrame::drop;
  return must(
      Timecode::parse(label, must(TimecodeFormat::make(json.at("nominal").get<int>(), drop))));
}

Json written(const Measured& measured) {
  Json json = Json::object();
  if (measured.value) json["value"] = written(*measured.value);
  json["unit"] = std::string(specs::to_string(measured.unit));
  if (measured.interval) {
    json["low"] = to_string(measured.interval->low);
    json["high"] = to_string(measured.interval->high);
  }
  json["text"] = to_valid_utf8(measured.text);
  return json;
}

Measured measured_of(const Json& json) {
  Measured measured;
  if (json.contains("value")) measured.value = scalar_of(json["value"]);
  measured.unit =
      word<specs::Unit>(json.at("unit").get<std::string>(), static_cast<int>(specs::Unit::ppm) + 1);
  if (json.contains("low"))
    measured.interval = specs::Interval{rational(json["low"]), rational(json.at("high"))};
  measured.text = json.at("text").get<std::string>();
  return measured;
}

Json written(const Expectation& expected) {
  Json json = {{"op", expected.op}, {"values", expected.values}};
  put(json, "tolerance", expected.tolerance);
  json["text"] = to_valid_utf8(expected.text);
  return json;
}

Expectation expected_of(const Json& json) {
  Expectation expected;
  expected.op = json.at("op").get<std::string>();
  expected.values = json.at("values").get<std::vector<std::string>>();
  get(json, "tolerance", expected.tolerance);
  expected.text = json.at("text").get<std::string>();
  return expected;
}

Json written(const Source& source) {
  Json json = {{"document", source.document}, {"edition", source.edition}};
  put(json, "clause", source.clause);
  put(json, "url", source.url);
  json["grade"] = std::string(specs::to_string(source.grade));
  put(json, "checked", source.checked);
  return json;
}

Source source_of(const Json& json) {
  Source source;
  source.document = json.at("document").get<std::string>();
  source.edition = json.at("edition").get<std::string>();
  get(json, "clause", source.clause);
  get(json, "url", source.url);
  source.grade = word<specs::Grade>(json.at("grade").get<std::string>(), 5);
  get(json, "checked", source.checked);
  return source;
}

Json written(const PlacedFinding& placed) {
  const Finding& finding = placed.finding;
  Json json = {{"position", placed.position},
               {"finding_id", finding.finding_id},
               {"requirement", finding.requirement},
               {"quantity", finding.quantity},
               {"outcome", std::string(specs::to_string(finding.outcome))},
               {"severity", std::string(specs::to_string(finding.severity))}};
  put(json, "category", finding.category);
  put(json, "overridable", finding.overridable);
  put(json, "stream", finding.stream);
  put(json, "soundfield", finding.soundfield);
  json["spans"] = written(finding.spans);
  json["spans_total"] = finding.spans_total;
  json["measured"] = written(finding.measured);
  json["expected"] = written(finding.expected);
  json["source"] = written(finding.source);
  json["message"] = to_valid_utf8(finding.message);
  put(json, "because", finding.because);
  return json;
}

PlacedFinding finding_of(const Json& json) {
  Finding finding;
  finding.finding_id = json.at("finding_id").get<std::string>();
  finding.requirement = json.at("requirement").get<std::string>();
  finding.quantity = json.at("quantity").get<std::string>();
  finding.outcome = word<specs::Outcome>(json.at("outcome").get<std::string>(), 5);
  finding.severity = word<specs::Severity>(json.at("severity").get<std::string>(), 3);
  get(json, "category", finding.category);
  get(json, "overridable", finding.overridable);
  get(json, "stream", finding.stream);
  get(json, "soundfield", finding.soundfield);
  finding.spans = spans_of(json.at("spans"));
  finding.spans_total = json.at("spans_total").get<std::int64_t>();
  finding.measured = measured_of(json.at("measured"));
  finding.expected = expected_of(json.at("expected"));
  finding.source = source_of(json.at("source"));
  finding.message = json.at("message").get<std::string>();
  get(json, "because", finding.because);
  return {json.at("position").get<int>(), std::move(finding)};
}

Json written(const specs::Reading& reading) {
  Json json = {{"kind", static_cast<int>(reading.subject.kind)}, {"index", reading.subject.index}};
  if (const auto* scalar = std::get_if<specs::Scalar>(&reading.value)) {
    json["value"] = written(*scalar);
  } else if (const auto* interval = std::get_if<specs::Interval>(&reading.value)) {
    json["low"] = to_string(interval->low);
    json["high"] = to_string(interval->high);
  } else if (const auto* spans = std::get_if<specs::Spans>(&reading.value)) {
    json["runs"] = written(spans->runs);
    json["undecided"] = written(spans->undecided);
  } else {
    const auto& absent = std::get<specs::Absent>(reading.value);
    json["absent"] = static_cast<int>(absent.kind);
    json["because"] = to_valid_utf8(absent.because);
  }
  put(json, "tainted", reading.tainted_because);
  if (!reading.where.empty()) json["where"] = written(reading.where);
  return json;
}

// An enumerator by its number, 0 to `last`.
template <class Enum>
Enum numbered(const Json& json, Enum last) {
  const int number = json.get<int>();
  if (number < 0 || number > static_cast<int>(last)) throw Mistake("an unknown number");
  return static_cast<Enum>(number);
}

specs::Reading reading_of(const Json& json) {
  specs::Reading reading;
  reading.subject = {numbered(json.at("kind"), specs::SubjectKind::caption_service),
                     json.at("index").get<int>()};
  if (json.contains("value"))
    reading.value = scalar_of(json["value"]);
  else if (json.contains("low"))
    reading.value = specs::Interval{rational(json["low"]), rational(json.at("high"))};
  else if (json.contains("runs"))
    reading.value = specs::Spans{spans_of(json["runs"]), spans_of(json.at("undecided"))};
  else
    reading.value = specs::Absent{numbered(json.at("absent"), specs::AbsenceKind::undecided),
                                  json.at("because").get<std::string>()};
  get(json, "tainted", reading.tainted_because);
  if (json.contains("where")) reading.where = spans_of(json["where"]);
  return reading;
}

std::string dumped(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

template <class Read>
auto reading(std::string_view text, Read read) -> Expected<std::invoke_result_t<Read, Json>> {
  const Json json = Json::parse(text, nullptr, false);
  try {
    if (!json.is_discarded()) return read(json);
  } catch (const Mistake& mistake) {
    return fail(ErrorCode::damaged,
                fmt::format("A finding of the catalog cannot be read: {}.", mistake.what()));
  } catch (const nlohmann::json::exception& error) {
    return fail(ErrorCode::damaged, fmt::format("A finding of the catalog cannot be read: {}.",
                                                to_valid_utf8(error.what())));
  }
  return fail(ErrorCode::damaged, "A finding of the catalog is not well-formed JSON.");
}

template <class Enum>
Expected<Enum> read_word(std::string_view text, int count) {
  try {
    return word<Enum>(std::string(text), count);
  } catch (const Mistake&) {
    return fail(ErrorCode::damaged,
                fmt::format("The catalog holds an unknown word: {}.", readable(text)));
  }
}

}  // namespace

std::string spans_json(const std::vector<Span>& spans) { return dumped(written(spans)); }
std::string measured_json(const Measured& measured) { return dumped(written(measured)); }
std::string expected_json(const Expectation& expected) { return dumped(written(expected)); }
std::string source_json(const Source& source) { return dumped(written(source)); }

std::string order_json(const specs::OrderData& order) {
  Json json = Json::object();
  for (const auto& [key, value] : order) json[to_valid_utf8(key)] = to_valid_utf8(value);
  return dumped(json);
}

std::string findings_json(const std::vector<PlacedFinding>& findings) {
  Json json = Json::array();
  for (const PlacedFinding& finding : findings) json.push_back(written(finding));
  return dumped(json);
}

Expected<std::vector<Span>> read_spans(std::string_view json) { return reading(json, spans_of); }
Expected<Measured> read_measured(std::string_view json) { return reading(json, measured_of); }
Expected<Expectation> read_expected(std::string_view json) { return reading(json, expected_of); }
Expected<Source> read_source(std::string_view json) { return reading(json, source_of); }

Expected<specs::OrderData> read_order(std::string_view json) {
  return reading(json, [](const Json& order) { return order.get<specs::OrderData>(); });
}

Expected<std::vector<PlacedFinding>> read_findings(std::string_view json) {
  return reading(json, [](const Json& list) {
    std::vector<PlacedFinding> findings;
    for (const Json& one : list) findings.push_back(finding_of(one));
    return findings;
  });
}

std::string readings_json(const std::vector<specs::Reading>& readings) {
  Json json = Json::array();
  for (const specs::Reading& reading : readings) json.push_back(written(reading));
  return dumped(json);
}

Expected<std::vector<specs::Reading>> read_readings(std::string_view json) {
  return reading(json, [](const Json& list) {
    std::vector<specs::Reading> readings;
    for (const Json& one : list) readings.push_back(reading_of(one));
    return readings;
  });
}

Expected<specs::Outcome> read_outcome(std::string_view text) {
  return read_word<specs::Outcome>(text, 5);
}
Expected<specs::Severity> read_severity(std::string_view text) {
  return read_word<specs::Severity>(text, 3);
}
Expected<specs::VerdictKind> read_verdict(std::string_view text) {
  return read_word<specs::VerdictKind>(text, 3);
}

std::string basis_of(const Finding& finding) {
  const std::string basis = fmt::format(
      "{}\n{}\n{}\n{}\n{} {}", specs::to_string(finding.outcome), dumped(written(finding.measured)),
      dumped(written(finding.spans)), finding.spans_total, specs::to_string(finding.severity),
      expected_json(finding.expected));
  return to_hex(sha256_of(basis)).substr(0, 16);
}

}  // namespace cleangate::dam
