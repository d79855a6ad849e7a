// SPDX-License-Identifier: Apache-2.0
#include "specs/judge.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/text.h"
#include "specs/evaluate.h"
#include "specs/expectation.h"
#include "specs/sha256.h"

namespace cleangate::specs {
namespace {

// The part of a finding that its requirement alone decides.
Finding finding_of(const Requirement& requirement) {
  Finding finding;
  finding.requirement = requirement.id;
  finding.quantity = requirement.condition.quantity.id;
  finding.severity = requirement.effective_severity;
  finding.category = requirement.category;
  finding.overridable = requirement.overridable;
  finding.source = requirement.source;
  finding.expected = expectation(requirement);
  return finding;
}

void set_subject(Finding& finding, const std::optional<Subject>& subject) {
  if (!subject) return;
  switch (subject->kind) {
    case SubjectKind::video_stream:
    case SubjectKind::audio_stream:
    case SubjectKind::any_stream:
      finding.stream = subject->index;
      break;
    case SubjectKind::soundfield:
      finding.soundfield = subject->index;
      break;
    case SubjectKind::file:
    case SubjectKind::caption_service:
      break;
  }
}

class Judgement {
 public:
  Judgement(const Evidence& evidence, const Profile& profile, const OrderData& order)
      : evaluation_(evidence, profile, order), profile_(profile) {
    const auto& id = evidence.facts().content_id;
    asset_ = id.is_known() ? to_content_id(*id) : evidence.path();
  }

  std::vector<Finding> judge(const Requirement& requirement) {
    if (requirement.kind == Requirement::Kind::manual) return {manual(requirement)};
    const auto status = evaluation_.evidence().status();
    if (status != probes::Status::measured && status != probes::Status::partial)
      return {undecided(requirement, "The asset could not be measured.",
                        fmt::format("Its status is {}.", probes::to_string(status)))};
    const SubjectKind kind = subject_kind(requirement);
    const bool by_subject =
        requirement.when && Evaluation::depends_on_subject(*requirement.when, kind);
    if (requirement.when && !by_subject)
      if (auto stopped = stopped_by(requirement, std::nullopt)) return {std::move(*stopped)};
    std::vector<Finding> findings;
    for (Result& result : results(requirement))
      findings.push_back(finding(requirement, std::move(result), by_subject));
    return findings;
  }

 private:
  static SubjectKind subject_kind(const Requirement& requirement) {
    if (requirement.kind == Requirement::Kind::one_of)
      return requirement.selector ? requirement.selector->kind : SubjectKind::file;
    const Condition& condition = requirement.condition;
    if (condition.selector && condition.selector->how != Selector::How::each)
      return SubjectKind::file;  // one answer for all
    return condition.quantity.subject;
  }

  std::string id_of(const Requirement& requirement, const std::optional<Subject>& subject) const {
    const std::string of =
        subject ? fmt::format("{}:{}", static_cast<int>(subject->kind), subject->index) : "";
    return to_hex(sha256(fmt::format("{}\n{}\n{}\n{}", asset_, profile_.id, requirement.id, of)))
        .substr(0, 16);
  }

  Finding undecided(const Requirement& requirement, std::string message,
                    std::string because) const {
    Finding finding = finding_of(requirement);
    finding.finding_id = id_of(requirement, std::nullopt);
    finding.outcome = Outcome::inconclusive;
    finding.message = std::move(message);
    finding.because = std::move(because);
    finding.measured.text = "not known";
    return finding;
  }

  Finding manual(const Requirement& requirement) {
    Finding finding = finding_of(requirement);
    finding.finding_id = id_of(requirement, std::nullopt);
    finding.outcome = Outcome::manual;
    finding.message = readable(requirement.ask);
    if (requirement.when) {
      const Applies applies = evaluation_.applies(*requirement.when, std::nullopt);
      if (applies.truth == Truth::no) {
        finding.outcome = Outcome::not_applicable;
        finding.because = applies.because;
      }
    }
    return finding;
  }

  // What `when` makes of the requirement, unless it applies.
  std::optional<Finding> stopped_by(const Requirement& requirement,
                                    const std::optional<Subject>& subject) {
    const Applies applies = evaluation_.applies(*requirement.when, subject);
    if (applies.truth == Truth::yes) return std::nullopt;
    Finding finding = finding_of(requirement);
    finding.finding_id = id_of(requirement, subject);
    finding.outcome = applies.truth == Truth::no ? Outcome::not_applicable : Outcome::inconclusive;
    finding.message = applies.truth == Truth::no ? "The requirement does not apply."
                                                 : "Whether the requirement applies is not known.";
    finding.because = applies.because;
    finding.not_looked_at = applies.truth == Truth::unknown && applies.not_looked_at;
    set_subject(finding, subject);
    return finding;
  }

  std::vector<Result> results(const Requirement& requirement) {
    if (requirement.kind == Requirement::Kind::measured)
      return evaluation_.evaluate(requirement.condition, requirement.region, std::nullopt);
    if (!requirement.selector) return {nearest_branch(requirement, std::nullopt)};
    std::vector<Result> all;
    for (const Subject& subject : evaluation_.select(*requirement.selector))
      all.push_back(nearest_branch(requirement, subject));
    if (all.empty()) {
      Condition nothing = requirement.branches.front().all.front();
      nothing.selector = requirement.selector;
      all = evaluation_.evaluate(nothing, requirement.region, std::nullopt);
    }
    return all;
  }

  Finding finding(const Requirement& requirement, Result result, bool by_subject) {
    if (by_subject)
      if (auto stopped = stopped_by(requirement, result.subject)) return std::move(*stopped);
    Finding made = finding_of(requirement);
    made.finding_id = id_of(requirement, result.subject);
    made.outcome = result.outcome;
    made.quantity = result.quantity;
    made.measured = std::move(result.measured);
    if (!result.expected.text.empty()) made.expected = std::move(result.expected);
    made.spans = std::move(result.spans);
    made.spans_total = result.spans_total;
    made.message = std::move(result.message);
    set_subject(made, result.subject);
    if (result.outcome != Outcome::pass) made.because = std::move(result.because);
    made.not_looked_at = made.outcome == Outcome::inconclusive && result.not_looked_at;
    if (result.outcome == Outcome::fail && !requirement.capped_because.empty())
      made.because = made.because ? fmt::format("{} {}", *made.because, requirement.capped_because)
                                  : requirement.capped_because;
    return made;
  }

  // one_of -------------------------------------------------------------------------------------

  struct BranchResult {
    std::vector<Result> failing, open, met;
    std::size_t first_failing = 0;  // index of the condition
  };

  BranchResult evaluate_branch(const Branch& branch, const RegionRef& region,
                               const std::optional<Subject>& bound) {
    BranchResult all;
    for (std::size_t i = 0; i < branch.all.size(); ++i) {
      bool fails = false;
      for (Result& result : evaluation_.evaluate(branch.all[i], region, bound)) {
        const bool met = result.outcome == Outcome::pass;
        if (met) {
          all.met.push_back(std::move(result));
        } else if (result.outcome == Outcome::inconclusive) {
          all.open.push_back(std::move(result));
        } else if (!fails) {  // a property that is not there does not meet a demand on it
          if (all.failing.empty()) all.first_failing = i;
          fails = true;
          all.failing.push_back(std::move(result));
        }
      }
    }
    return all;
  }

  Result nearest_branch(const Requirement& requirement, const std::optional<Subject>& bound) {
    std::vector<BranchResult> all;
    for (const Branch& branch : requirement.branches)
      all.push_back(evaluate_branch(branch, requirement.region, bound));
    const auto nearer = [](const BranchResult& a, const BranchResult& b) {
      if (a.failing.size() != b.failing.size()) return a.failing.size() < b.failing.size();
      if (a.failing.empty()) return a.open.size() < b.open.size();
      return a.first_failing > b.first_failing;
    };
    const auto best = std::min_element(all.begin(), all.end(), nearer);
    const Branch& branch = requirement.branches[static_cast<std::size_t>(best - all.begin())];
    Result result = report(requirement, branch, *best);
    result.subject = bound;
    return result;
  }

  Result report(const Requirement& requirement, const Branch& branch, BranchResult& best) {
    const bool fails = !best.failing.empty(), open = !best.open.empty();
    std::vector<Result>& told = fails ? best.failing : open ? best.open : best.met;
    std::vector<std::string> messages, demands;
    for (const Result& one : told) {
      messages.push_back(one.message);
      demands.push_back(one.expected.text);
    }
    Result result = std::move(told.front());
    result.outcome = fails ? Outcome::fail : open ? Outcome::inconclusive : Outcome::pass;
    result.message = fmt::format("{}", fmt::join(messages, " "));
    const Expectation whole = expectation(requirement);
    const std::string name = branch.name.empty() ? "" : fmt::format(" ({})", readable(branch.name));
    result.expected = whole;
    if (result.outcome != Outcome::pass)
      result.expected.text = fmt::format("{}{}", fmt::join(demands, "; "), name);
    return result;
  }

  Evaluation evaluation_;
  const Profile& profile_;
  std::string asset_;
};

void count(const Finding& finding, Counts& counts) {
  switch (finding.outcome) {
    case Outcome::pass:
      ++counts.pass;
      break;
    case Outcome::fail:
      if (finding.severity == Severity::reject) ++counts.fail;
      if (finding.severity == Severity::warn) ++counts.warn;
      if (finding.severity == Severity::info) ++counts.info;
      break;
    case Outcome::not_applicable:
      ++counts.not_applicable;
      break;
    case Outcome::inconclusive:
      ++counts.inconclusive;
      if (finding.not_looked_at) ++counts.not_looked_at;
      break;
    case Outcome::manual:
      ++counts.manual;
      break;
  }
}

// What is only informed about makes no judgement, and what is left of a file is not the file.
VerdictKind verdict_of(const std::vector<Finding>& findings, probes::Status status) {
  const auto any = [&](auto&& test) { return std::any_of(findings.begin(), findings.end(), test); };
  const auto rejects = [&](Outcome outcome) {
    return any([&](const Finding& finding) {
      return finding.severity == Severity::reject && finding.outcome == outcome;
    });
  };
  if (rejects(Outcome::fail)) return VerdictKind::fail;
  const bool evaluated = any([](const Finding& finding) {
    return finding.severity != Severity::info &&
           (finding.outcome == Outcome::pass || finding.outcome == Outcome::fail);
  });
  if (rejects(Outcome::inconclusive) || !evaluated || status != probes::Status::measured)
    return VerdictKind::inconclusive;
  return VerdictKind::pass;
}

}  // namespace

std::string_view to_string(Outcome outcome) {
  constexpr std::string_view kNames[] = {"pass", "fail", "not_applicable", "inconclusive",
                                         "manual"};
  return kNames[static_cast<std::size_t>(outcome)];
}

std::string_view to_string(VerdictKind verdict) {
  constexpr std::string_view kNames[] = {"pass", "fail", "inconclusive"};
  return kNames[static_cast<std::size_t>(verdict)];
}

Verdict judge(const Evidence& evidence, const Profile& profile, const OrderData& order) {
  Verdict verdict;
  verdict.spec = profile.id;
  verdict.spec_title = profile.title;
  verdict.edition = profile.edition;
  verdict.revision = profile.revision;
  verdict.profile_digest = profile.digest;
  if (asks_for_name(profile)) verdict.name = file_name(evidence.path());
  Judgement judgement(evidence, profile, order);
  for (const auto& requirement : profile.requirements)
    for (Finding& finding : judgement.judge(*requirement)) {
      count(finding, verdict.counts);
      verdict.findings.push_back(std::move(finding));
    }
  verdict.verdict = verdict_of(verdict.findings, evidence.status());
  return verdict;
}

}  // namespace cleangate::specs
