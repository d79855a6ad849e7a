// SPDX-License-Identifier: Apache-2.0
#include "app/show_text.h"

#include <algorithm>

#include <fmt/format.h>

#include "app/asset_text.h"
#include "app/measurements.h"
#include "app/verdict_text.h"
#include "core/text.h"

namespace cleangate::app {
namespace {

constexpr int kLabel = 14;

// "2026-11-21 09:30" of an ISO time.
std::string when(const std::string& time) {
  return time.size() < 16 ? readable(time) : time.substr(0, 10) + " " + time.substr(11, 5);
}

class Lines {
 public:
  explicit Lines(const Layout& layout) : layout_(layout) {}
  void title(std::string_view text) { out_ += "\n" + ink(layout_, Ink::bold, text) + "\n"; }
  void row(std::string_view label, const std::string& text, Ink color = Ink::plain) {
    const int room = std::max(1, kLabel - 2 - columns(label));
    const std::string lines = wrapped(layout_, kLabel, readable(text));
    out_ += "  " + ink(layout_, Ink::dim, label) +
            std::string(static_cast<std::size_t>(room), ' ') +
            (color == Ink::plain ? lines
                                 : ink(layout_, color, lines.substr(0, lines.size() - 1)) + "\n");
  }
  void add(const std::string& text) { out_ += text; }
  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  const Layout& layout_;
  std::string out_;
};

void identity(Lines& lines, const dam::StoredAsset& stored) {
  lines.row("number", std::to_string(stored.number));
  lines.row("content id", stored.content_id ? to_content_id(*stored.content_id) : "not known");
  lines.row("measured", fmt::format("{} UTC, first seen {}", when(stored.measured_at),
                                    when(stored.first_seen)));
  if (stored.pruned_at)
    lines.row("pruned",
              when(*stored.pruned_at) + ": its rows are gone, what needs them is undecided",
              Ink::warning);
  if (stored.error) lines.row("error", stored.error->message, Ink::bad);
  if (!stored.tags.empty()) {
    std::string tags;
    for (const dam::StoredTag& tag : stored.tags) tags += (tags.empty() ? "" : ", ") + tag.name;
    lines.row("tags", tags);
  }
  for (const dam::StoredNote& note : stored.notes)
    lines.row("note", fmt::format("{} ({}, {})", note.text, note.by, when(note.time)));
}

void places(Lines& lines, const dam::StoredAsset& stored) {
  lines.title("Places");
  for (const dam::StoredLocation& place : stored.locations)
    lines.row(
        place.state,
        fmt::format("{}  (last seen {})", readable(place.location.path), when(place.last_seen)),
        place.state == "present" ? Ink::plain : Ink::dim);
}

void belongings(Lines& lines, const dam::StoredAsset& stored) {
  if (stored.relations.empty()) return;
  lines.title("Belongs with");
  for (const dam::StoredRelation& one : stored.relations) {
    std::string kind = one.kind;
    std::replace(kind.begin(), kind.end(), '_', ' ');
    const bool ours = one.number == stored.number;
    if (!ours && kind.ends_with(" of")) kind = "its " + kind.substr(0, kind.size() - 3);
    lines.row(kind, fmt::format("{}  {}", ours ? one.other : one.number, readable(one.path)));
  }
}

void history(Lines& lines, const Layout& layout, const std::vector<dam::StoredEvent>& events) {
  constexpr std::size_t kShown = 20;
  lines.title("History");
  const std::size_t first = events.size() > kShown ? events.size() - kShown : 0;
  if (first > 0) lines.add(fmt::format("  {} earlier events: --json lists them all\n", first));
  for (std::size_t i = first; i < events.size(); ++i) {
    const dam::StoredEvent& event = events[i];
    const std::string outcome = event.outcome == "success" ? "" : " [" + event.outcome + "]";
    const std::string detail = event.detail.empty() ? "" : ": " + event.detail;
    lines.add(
        "  " + ink(layout, Ink::dim, when(event.time)) + "  " +
        wrapped(layout, 20, readable(event.type + outcome + detail + " (" + event.agent + ")")));
  }
}

std::string word(specs::VerdictKind verdict) { return std::string(specs::to_string(verdict)); }

void compared(Lines& lines, const Layout& layout, const Comparison& one) {
  lines.add(fmt::format("  {}  {}\n", ink(layout, Ink::bold, one.spec),
                        one.before == one.now
                            ? word(one.now) + " as before"
                            : fmt::format("{}, was {}", word(one.now), word(one.before))));
  for (const specs::Finding& finding : one.fresh)
    lines.row("new", fmt::format("{}: {}", finding.requirement, finding.message), Ink::bad);
  for (const specs::Finding& finding : one.gone)
    lines.row("gone", fmt::format("{}: {}", finding.requirement, finding.message), Ink::good);
  for (const Comparison::Pair& pair : one.same)
    lines.row(pair.changed ? "changed" : "same",
              pair.changed ? fmt::format("{}: {} Before: {}", pair.now.requirement,
                                         pair.now.message, pair.before.message)
                           : fmt::format("{}: {}", pair.now.requirement, pair.now.message),
              pair.changed ? Ink::warning : Ink::plain);
}

}  // namespace

std::string show_text(const Layout& layout, const RememberedAsset& asset,
                      const std::vector<dam::StoredEvent>& events, FindingsShown shown) {
  Lines lines(layout);
  const ToldAsset told = asset.told();
  lines.add(asset_text(layout, told,
                       asset.evidence ? take_measurements(*asset.evidence) : Measurements{}));
  identity(lines, asset.stored);
  places(lines, asset.stored);
  belongings(lines, asset.stored);
  lines.title("Verdicts");
  if (asset.verdicts.empty()) lines.add("  Not judged yet: `cleangate judge` does it.\n");
  for (const RememberedVerdict& verdict : asset.verdicts)
    lines.add(
        verdict_text(layout, asset.stored.facts, verdict.verdict, shown, &verdict.remembered));
  history(lines, layout, events);
  return lines.take();
}

std::string against_text(const Layout& layout, const AgainstOther& against) {
  Lines lines(layout);
  lines.title("Against " + readable(against.name));
  for (const Comparison& one : against.comparisons) compared(lines, layout, one);
  for (const std::string& spec : against.missing)
    lines.row(spec, "only one of both was judged by it", Ink::doubt);
  if (against.comparisons.empty() && against.missing.empty())
    lines.add("  There is no judgement to compare.\n");
  return lines.take();
}

}  // namespace cleangate::app
