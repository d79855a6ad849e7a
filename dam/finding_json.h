// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "specs/judge.h"

// Findings as the catalog keeps them: exact (rationals as "num/den"), so that what is read back
// equals what was judged. Reading validates: a damaged catalog gives an error.
namespace cleangate::dam {

[[nodiscard]] std::string spans_json(const std::vector<specs::Span>& spans);
[[nodiscard]] std::string measured_json(const specs::Measured& measured);
[[nodiscard]] std::string expected_json(const specs::Expectation& expected);
[[nodiscard]] std::string source_json(const specs::Source& source);
[[nodiscard]] std::string order_json(const specs::OrderData& order);
// Whole findings with their positions: what `quiet_findings` holds.
struct PlacedFinding {
  int position = 0;
  specs::Finding finding;
};
[[nodiscard]] std::string findings_json(const std::vector<PlacedFinding>& findings);

[[nodiscard]] Expected<std::vector<specs::Span>> read_spans(std::string_view json);
[[nodiscard]] Expected<specs::Measured> read_measured(std::string_view json);
[[nodiscard]] Expected<specs::Expectation> read_expected(std::string_view json);
[[nodiscard]] Expected<specs::Source> read_source(std::string_view json);
[[nodiscard]] Expected<specs::OrderData> read_order(std::string_view json);
[[nodiscard]] Expected<std::vector<PlacedFinding>> read_findings(std::string_view json);

[[nodiscard]] Expected<specs::Outcome> read_outcome(std::string_view word);
[[nodiscard]] Expected<specs::Severity> read_severity(std::string_view word);
[[nodiscard]] Expected<specs::VerdictKind> read_verdict(std::string_view word);

[[nodiscard]] std::string readings_json(const std::vector<specs::Reading>& readings);
[[nodiscard]] Expected<std::vector<specs::Reading>> read_readings(std::string_view json);

// What a waiver is bound to: 16 hex digits of a digest over outcome, measurement and spans.
[[nodiscard]] std::string basis_of(const specs::Finding& finding);

}  // namespace cleangate::dam
