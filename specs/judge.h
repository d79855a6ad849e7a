// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "specs/evidence.h"
#include "specs/profile.h"
#include "specs/quantity.h"

namespace cleangate::specs {

enum class Outcome : std::uint8_t { pass, fail, not_applicable, inconclusive, manual };
enum class VerdictKind : std::uint8_t { pass, fail, inconclusive };
[[nodiscard]] std::string_view to_string(Outcome);
[[nodiscard]] std::string_view to_string(VerdictKind);

// What was measured, for the report. `text` is fit to print ("-21.4 LUFS", "ProRes 422 HQ"), with
// digits enough to show why.
struct Measured {
  std::optional<Scalar> value;
  Unit unit = Unit::none;
  std::optional<Interval> interval;
  std::string text;
};

struct Expectation {
  std::string op;                   // equals|in|not_in|min|max|between|matches|expect|…
  std::vector<std::string> values;  // as the profile writes them
  std::optional<std::string> tolerance;
  std::string text;  // "-23.0 LUFS ±0.5 LU"
};

struct Finding {
  std::string finding_id;  // stable over runs: digest of (content id or path, profile, requirement,
                           // subject)
  std::string requirement, quantity;
  Outcome outcome = Outcome::inconclusive;
  Severity severity = Severity::reject;  // effective, after the grade's cap
  std::optional<std::string> category;
  std::optional<bool> overridable;
  std::optional<int> stream, soundfield;
  std::vector<Span> spans;  // first 100
  std::int64_t spans_total = 0;
  Measured measured;
  Expectation expected;
  Source source;                       // document, edition, clause, url, grade
  std::string message;                 // says what is wrong, ends with a full stop
  std::optional<std::string> because;  // why inconclusive (or why capped)
  bool not_looked_at = false;          // inconclusive because it was not measured at all
};

// Findings by outcome; failures by severity: reject in `fail`, warn in `warn`, info in `info`.
struct Counts {
  int pass = 0, fail = 0, warn = 0, info = 0, not_applicable = 0, inconclusive = 0, manual = 0,
      waived = 0;
  int not_looked_at = 0;  // of the inconclusive ones: not measured at all (depth, not built yet)
};

struct Verdict {
  std::string spec, spec_title, edition;
  int revision = 0;
  std::string profile_digest;  // "sha256:…" of the resolved profile
  // Bytes of the file's name it was reached under, where a rule is about it: it holds for no other.
  std::optional<std::string> name;
  VerdictKind verdict = VerdictKind::inconclusive;
  Counts counts;
  std::vector<Finding> findings;  // every requirement, in profile order; the report filters
};

// Order data: `--set key=value`, `${order.key}` in profiles.
using OrderData = std::map<std::string, std::string>;

[[nodiscard]] Verdict judge(const Evidence& evidence, const Profile& profile,
                            const OrderData& order);

}  // namespace cleangate::specs
