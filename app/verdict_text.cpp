// SPDX-License-Identifier: Apache-2.0
#include "app/verdict_text.h"

#include <algorithm>
#include <vector>

#include <fmt/core.h>

#include "app/wording.h"
#include "core/text.h"

namespace cleangate::app {
namespace {

constexpr std::size_t kRunsShown = 5;
constexpr int kIndent = 6, kLabel = 10;

struct Mark {
  const char* sign;
  const char* word;
  Ink color;
};

Mark mark_of(specs::VerdictKind verdict) {
  switch (verdict) {
    case specs::VerdictKind::pass:
      return {"", "PASS", Ink::good};
    case specs::VerdictKind::fail:
      return {"", "FAIL", Ink::bad};
    case specs::VerdictKind::inconclusive:
      break;
  }
  return {"", "INCONCLUSIVE", Ink::doubt};
}

Mark mark_of(const specs::Finding& finding) {
  switch (finding.outcome) {
    case specs::Outcome::pass:
      return {"✓", "pass", Ink::good};
    case specs::Outcome::not_applicable:
      return {"–", "not applicable", Ink::dim};
    case specs::Outcome::manual:
      return {"○", "to be seen by a person", Ink::dim};
    case specs::Outcome::inconclusive:
      return {"?", "undecided", Ink::doubt};
    case specs::Outcome::fail:
      break;
  }
  if (finding.severity == specs::Severity::reject) return {"✗", "fails", Ink::bad};
  if (finding.severity == specs::Severity::warn) return {"!", "warning", Ink::warning};
  return {"i", "note", Ink::dim};
}

int rank(const specs::Finding& finding) {
  const bool reject = finding.severity == specs::Severity::reject;
  switch (finding.outcome) {
    case specs::Outcome::fail:
      return reject ? 0 : finding.severity == specs::Severity::warn ? 2 : 3;
    case specs::Outcome::inconclusive:
      return reject ? 1 : 4;
    case specs::Outcome::manual:
      return 5;
    case specs::Outcome::pass:
      return 6;
    case specs::Outcome::not_applicable:
      break;
  }
  return 7;
}

std::string source_text(const specs::Source& source) {
  std::string text = source.document;
  if (!source.edition.empty()) text += " " + source.edition;
  if (source.clause) text += ", " + *source.clause;
  return fmt::format("{} [{}]", text, specs::to_string(source.grade));
}

void row(std::string& out, const Layout& layout, std::string_view label, const std::string& text) {
  if (text.empty()) return;
  out.append(kIndent, ' ');
  out += ink(layout, Ink::dim, label);
  out.append(static_cast<std::size_t>(std::max(1, kLabel - columns(label))), ' ');
  out += wrapped(layout, kIndent + kLabel, readable(text));
}

std::string waiver_text(const dam::StoredWaiver& waiver) {
  return fmt::format("by {} {}{}: {} (waiver {}{})", waiver.by,
                     waiver.until ? "until " : "for good", waiver.until.value_or(""), waiver.reason,
                     waiver.id,
                     waiver.scope == "finding" ? "" : fmt::format(", for the {}", waiver.scope));
}

void finding_text(std::string& out, const Layout& layout, const probes::AssetFacts& facts,
                  const specs::Finding& finding, const Remembered* remembered) {
  const auto found = remembered ? remembered->waivers.find(finding.finding_id)
                                : std::map<std::string, dam::StoredWaiver>::const_iterator();
  const dam::StoredWaiver* waiver =
      remembered && found != remembered->waivers.end() ? &found->second : nullptr;
  Mark mark = mark_of(finding);
  if (waiver) mark.color = Ink::dim;
  std::string about;
  if (finding.stream) about = fmt::format(", stream {}", *finding.stream);
  if (finding.soundfield) about += fmt::format(", soundfield {}", *finding.soundfield);
  std::string word = mark.word;
  if (finding.outcome == specs::Outcome::inconclusive &&
      finding.severity != specs::Severity::reject)
    word = fmt::format("{}, {} only", word,
                       finding.severity == specs::Severity::warn ? "a recommendation" : "a note");
  if (waiver) word += ", waived";
  out += fmt::format("    {} {}  {}{}\n", ink(layout, mark.color, mark.sign),
                     ink(layout, Ink::bold, finding.requirement), word, about);
  out.append(kIndent, ' ');
  out += wrapped(layout, kIndent, readable(finding.message));
  for (std::size_t i = 0; i < std::min(finding.spans.size(), kRunsShown); ++i)
    row(out, layout, i == 0 ? "where" : "", where_text(facts, finding.spans[i]));
  const auto shown = static_cast<std::int64_t>(std::min(finding.spans.size(), kRunsShown));
  if (finding.spans_total > shown)
    row(out, layout, "", fmt::format("and {} more", finding.spans_total - shown));
  if (finding.outcome != specs::Outcome::manual) {
    row(out, layout, "measured", finding.measured.text);
    row(out, layout, "expected", finding.expected.text);
  }
  if (finding.because && finding.message.find(*finding.because) == std::string::npos)
    row(out, layout, "because", *finding.because);
  row(out, layout, "source", source_text(finding.source));
  if (remembered && finding.outcome == specs::Outcome::fail)
    row(out, layout, "finding", finding.finding_id);
  if (waiver) row(out, layout, "waived", waiver_text(*waiver));
}

std::string heading(const Layout& layout, const specs::Verdict& verdict) {
  const Mark mark = mark_of(verdict.verdict);
  std::string edition = verdict.edition;
  if (!edition.empty()) edition = ", " + edition;
  return fmt::format("  {}  {}  {}\n", ink(layout, mark.color, mark.word),
                     ink(layout, Ink::bold, verdict.spec),
                     readable(fmt::format("{}{} (our reading: revision {})", verdict.spec_title,
                                          edition, verdict.revision)));
}

int inconclusive_rejects(const specs::Verdict& verdict) {
  return static_cast<int>(
      std::count_if(verdict.findings.begin(), verdict.findings.end(), [](const auto& finding) {
        return finding.outcome == specs::Outcome::inconclusive &&
               finding.severity == specs::Severity::reject;
      }));
}

}  // namespace

std::string verdict_sentence(const specs::Verdict& verdict) {
  const specs::Counts& n = verdict.counts;
  const int undecided = inconclusive_rejects(verdict), minor = n.inconclusive - undecided;
  std::string text;
  switch (verdict.verdict) {
    case specs::VerdictKind::pass:
      text = fmt::format("Nothing {}that this reading of the document rejects for was found ({}).",
                         n.waived > 0 ? "but what is waived " : "",
                         count_text(n.pass, "requirement met", "requirements met"));
      break;
    case specs::VerdictKind::fail:
      text = fmt::format("{}; {} met.",
                         count_text(n.fail, "requirement fails", "requirements fail"), n.pass);
      if (undecided > 0)
        text += fmt::format(" {} undecided.",
                            count_text(undecided, "requirement is", "requirements are"));
      break;
    case specs::VerdictKind::inconclusive:
      text = undecided > 0
                 ? fmt::format("No requirement fails, but {} undecided: this is no pass.",
                               count_text(undecided, "requirement that would reject is",
                                          "requirements that would reject are"))
                 : "Nothing that could reject was decided on the whole file: this is no pass.";
      break;
  }
  if (n.warn > 0)
    text += fmt::format(
        " {}.", count_text(n.warn, "recommendation is not met", "recommendations are not met"));
  if (n.info > 0) text += fmt::format(" {} not met.", count_text(n.info, "note is", "notes are"));
  if (minor > 0)
    text += fmt::format(" {} undecided.", count_text(minor, "recommendation or note is",
                                                     "recommendations or notes are"));
  if (n.not_looked_at > 0)
    text +=
        fmt::format(" {} not looked at.", count_text(n.not_looked_at, "point was", "points were"));
  if (n.waived > 0)
    text += fmt::format(" {} waived.", count_text(n.waived, "failure is", "failures are"));
  if (n.manual > 0)
    text += fmt::format(" {} for a person to look at.",
                        count_text(n.manual, "point is left", "points are left"));
  return text;
}

std::string verdict_line(const Layout& layout, const specs::Verdict& verdict) {
  const Mark mark = mark_of(verdict.verdict);
  return fmt::format("  {}  {}  {}\n", ink(layout, mark.color, mark.word),
                     ink(layout, Ink::bold, verdict.spec), verdict_sentence(verdict));
}

std::string verdict_text(const Layout& layout, const probes::AssetFacts& facts,
                         const specs::Verdict& verdict, FindingsShown shown,
                         const Remembered* remembered) {
  std::string out = heading(layout, verdict);
  std::string sentence = verdict_sentence(verdict);
  if (remembered && remembered->name)
    sentence += fmt::format(" It holds for the name {}.", readable(*remembered->name));
  if (remembered && remembered->before_waivers != verdict.verdict)
    sentence += fmt::format(" Without waivers the verdict is {}.",
                            specs::to_string(remembered->before_waivers));
  out += "    " + wrapped(layout, 4, sentence);
  std::vector<const specs::Finding*> findings;
  for (const specs::Finding& finding : verdict.findings) {
    // The checklist for people is counted in the sentence; its points are listed by --all.
    if (shown == FindingsShown::notable && rank(finding) >= 5) continue;
    findings.push_back(&finding);
  }
  std::stable_sort(findings.begin(), findings.end(),
                   [](const auto* a, const auto* b) { return rank(*a) < rank(*b); });
  for (const specs::Finding* finding : findings)
    finding_text(out, layout, facts, *finding, remembered);
  return out;
}

}  // namespace cleangate::app
