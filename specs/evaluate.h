// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "specs/compare.h"
#include "specs/judge.h"
#include "specs/limit.h"
#include "specs/requirement.h"

// Conditions against evidence: order data put in, subjects selected, regions placed.
namespace cleangate::specs {

// What one condition comes to for one subject, or for all of them together.
struct Result {
  Outcome outcome = Outcome::inconclusive;
  std::optional<Subject> subject;  // empty: all, or none there
  std::string quantity;
  Measured measured;
  Expectation expected;
  std::vector<Span> spans;
  std::int64_t spans_total = 0;
  std::string message;
  std::optional<std::string> because;
  bool not_looked_at = false;  // inconclusive because it was not measured at all
};

enum class Truth : std::uint8_t { no, yes, unknown };
struct Applies {
  Truth truth = Truth::yes;
  std::string because;         // when unknown, or no
  bool not_looked_at = false;  // unknown because it was not measured at all
};

class Evaluation {
 public:
  Evaluation(const Evidence& evidence, const Profile& profile, const OrderData& order);

  [[nodiscard]] const Evidence& evidence() const { return evidence_; }
  // The condition, asked of its selector's subjects; of `bound` alone where it speaks of that kind
  // and names no subjects itself.
  [[nodiscard]] std::vector<Result> evaluate(const Condition& condition, const RegionRef& region,
                                             const std::optional<Subject>& bound);
  [[nodiscard]] Applies applies(const When& when, const std::optional<Subject>& bound);
  // Does some condition of `when` change from subject to subject of this kind?
  [[nodiscard]] static bool depends_on_subject(const When& when, SubjectKind kind);
  // The subjects that a selector of one_of leaves.
  [[nodiscard]] std::vector<Subject> select(const Selector& selector);

  [[nodiscard]] std::string subject_name(const Subject& subject) const;

 private:
  struct Asked {  // one reading with what it was asked in
    Reading reading;
    Window window;
  };
  [[nodiscard]] Expected<Condition> with_order(const Condition& condition) const;
  // Empty: the region is known and holds nothing.
  [[nodiscard]] Expected<std::vector<Window>> windows(const RegionRef& region) const;
  [[nodiscard]] Expected<Rational> place(const Point& point) const;
  [[nodiscard]] Expected<std::optional<std::pair<Rational, Rational>>> set_window(
      const std::string& key) const;
  [[nodiscard]] Expected<std::pair<Rational, Rational>> bounds(const RegionWindow& window,
                                                               const std::string& name) const;
  [[nodiscard]] Expected<std::pair<Rational, Rational>> named_region(const RegionRef& region) const;
  [[nodiscard]] Expected<std::vector<Asked>> ask(const Condition& condition,
                                                 const RegionRef& region,
                                                 const std::vector<Window>& windows);
  [[nodiscard]] bool reaches_into(const Subject& subject, const Window& window) const;
  [[nodiscard]] bool selected(const Subject& subject, const Selector& selector) const;
  [[nodiscard]] bool assumed(const Subject& subject) const;
  [[nodiscard]] SubjectContext context(const Subject& subject) const;
  // Where the region's edges are, for `at`.
  void place_edges(SubjectContext& context, const Subject& subject, const Window& window) const;
  // Why what was folded from the rows of this subject is not all: a damaged or partly measured
  // file.
  std::optional<std::string> broken_because(const Condition& condition,
                                            const Subject& subject) const;
  [[nodiscard]] std::vector<Result> per_subject(const Condition& condition, const RegionRef& region,
                                                const std::vector<Asked>& asked);
  [[nodiscard]] Applies condition_applies(const Condition& condition,
                                          const std::optional<Subject>& bound);
  [[nodiscard]] Applies order_applies(const Condition& condition) const;
  [[nodiscard]] const std::vector<Reading>& readings(const Quantity& quantity,
                                                     const Parameters& parameters,
                                                     const std::string& canonical,
                                                     const Window& window);

  const Evidence& evidence_;
  const Profile& profile_;
  OrderValues order_;                                   // fallbacks included
  std::map<std::string, std::vector<Reading>> memory_;  // within one judgement
};

}  // namespace cleangate::specs
