// SPDX-License-Identifier: Apache-2.0
#include "dam/annotations.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "core/text.h"
#include "dam/record_write.h"
#include "dam/sqlite.h"
#include "dam/times.h"
#include "dam/words.h"

namespace cleangate::dam {
namespace {

WriteContext context(Database& database, const std::string& by) {
  return {database, utc_now(), to_valid_utf8(by)};
}

void require_asset(Database& database, AssetNumber asset) {
  const Query query = database.query("SELECT 1 FROM asset WHERE id = ?1", asset);
  if (!query->step())
    throw_failure(ErrorCode::not_found, fmt::format("There is no asset {}.", asset));
}

bool is_blank(const std::string& text) {
  return text.find_first_not_of(" \t\r\n\v\f") == std::string::npos;
}

void require_text(const std::string& text, std::string_view what) {
  if (is_blank(text)) throw_failure(ErrorCode::usage, fmt::format("{} must not be empty.", what));
}

// YYYY-MM-DD, a day that exists.
bool is_date(const std::string& text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  const auto number = [&](std::size_t at, std::size_t digits) {
    int value = -1;
    const char* first = text.data() + at;
    const auto [end, error] = std::from_chars(first, first + digits, value);
    return error == std::errc() && end == first + digits ? value : -1;
  };
  const int year = number(0, 4), month = number(5, 2), day = number(8, 2);
  if (year < 1 || month < 1 || month > 12 || day < 1) return false;
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  constexpr std::array<int, 12> kDays{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return day <= kDays[static_cast<std::size_t>(month - 1)] + (month == 2 && leap ? 1 : 0);
}

std::string_view word_of(WaiverScope scope) {
  switch (scope) {
    case WaiverScope::finding:
      return "finding";
    case WaiverScope::rule:
      return "rule";
    case WaiverScope::title:
      break;
  }
  return "title";
}

struct Waived {
  AssetNumber asset = 0;
  std::string spec, requirement, basis;
};

// Digits of a finding's id, as they are stored; nothing that has other signs, or too few.
std::optional<std::string> digits_of(std::string_view name) {
  constexpr std::size_t kLeast = 8;
  std::string digits;
  for (const char c : name) digits += c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
  const bool hex = digits.find_first_not_of("0123456789abcdef") == std::string::npos;
  return hex && digits.size() >= kLeast ? std::optional(digits) : std::nullopt;
}

// The id that a person means: whole, in any case, or so much of its beginning that it is one only.
std::string finding_named(Database& database, const std::string& name) {
  constexpr std::size_t kShown = 10;
  const auto digits = digits_of(name);
  if (!digits) return name;
  const Query rows = database.query(
      "SELECT DISTINCT finding_id FROM finding JOIN judgement ON judgement.id = finding.judgement "
      "WHERE finding_id >= ?1 AND finding_id < ?1 || 'g' AND latest = 1 ORDER BY finding_id",
      *digits);
  std::vector<std::string> fitting;
  while (rows->step() && fitting.size() <= kShown) fitting.push_back(rows->text(0));
  if (fitting.empty()) return name;
  if (fitting.size() == 1 || fitting.front() == *digits) return fitting.front();
  const bool more = fitting.size() > kShown;
  if (more) fitting.pop_back();
  throw_failure(ErrorCode::usage,
                fmt::format("The finding {} may be any of {}{}; give more digits.", readable(name),
                            fmt::join(fitting, ", "), more ? " and others" : ""));
}

Waived waivable(Database& database, const std::string& finding_id) {
  const Query query = database.query(
      "SELECT judgement.asset, judgement.spec, requirement, basis, outcome, overridable FROM "
      "finding "
      "JOIN judgement ON judgement.id = finding.judgement WHERE finding_id = ?1 AND latest = 1 "
      // Of several names: a failure, and one that is not waived yet.
      "ORDER BY outcome = 'fail' DESC, EXISTS (SELECT 1 FROM waiver WHERE waiver.finding_id = ?1 "
      "AND "
      "waiver.basis = finding.basis AND revoked_at IS NULL), finding.id",
      finding_id);
  if (!query->step())
    throw_failure(ErrorCode::not_found,
                  fmt::format("No latest judgement has a finding {} that could be waived; "
                              "`cleangate show ASSET` lists them.",
                              readable(finding_id)));
  if (query->text(4) != "fail")
    throw_failure(ErrorCode::usage, fmt::format("Only failures can be waived; finding {} is {}.",
                                                readable(finding_id), query->text(4)));
  if (query->optional_integer(5) == 0)
    throw_failure(ErrorCode::usage,
                  fmt::format("Finding {} may not be waived: its requirement says "
                              "overridable: false.",
                              readable(finding_id)));
  return {query->integer(0), query->text(1), query->text(2), query->text(3)};
}

// Was it new?
bool tag_one(const WriteContext& to, AssetNumber asset, const std::string& name) {
  to.database.run("INSERT OR IGNORE INTO tag(asset, name, by, time) VALUES (?1, ?2, ?3, ?4)", asset,
                  name, to.agent, to.now);
  if (to.database.changes() == 0) return false;
  index_words(to.database, Words::tag, to.database.last_row(), name);
  write_event(to, asset, {"metadata modification", "success", "tagged " + name, {}});
  return true;
}

// Was it there? Tags are the same in any case of their letters; the index forgets what it was told.
bool untag(const WriteContext& to, AssetNumber asset, const std::string& name) {
  std::optional<std::int64_t> row;
  std::string stored;
  {
    const Query query =
        to.database.query("SELECT id, name FROM tag WHERE asset = ?1 AND name = ?2", asset, name);
    if (query->step()) {
      row = query->integer(0);
      stored = query->text(1);
    }
  }
  if (!row) return false;
  unindex_words(to.database, Words::tag, *row, stored);
  to.database.run("DELETE FROM tag WHERE id = ?1", *row);
  write_event(to, asset, {"metadata modification", "success", "tag removed: " + stored, {}});
  return true;
}

}  // namespace

Expected<void> add_tag(Catalog& catalog, AssetNumber asset, const std::string& tag,
                       const std::string& by) {
  return change_tags(catalog, std::span(&asset, 1), {{tag}, {}}, by).map([](const Tagged&) {});
}

Expected<void> remove_tag(Catalog& catalog, AssetNumber asset, const std::string& tag,
                          const std::string& by) {
  return change_tags(catalog, std::span(&asset, 1), {{}, {tag}}, by).map([](const Tagged&) {});
}

Expected<Tagged> change_tags(Catalog& catalog, std::span<const AssetNumber> assets,
                             const TagChange& change, const std::string& by) {
  Tagged tagged;
  const auto done = catalog.write([&](Database& database) {
    for (const std::string& tag : change.add) require_text(tag, "A tag");
    const WriteContext to = context(database, by);
    for (const AssetNumber asset : assets) {
      require_asset(database, asset);
      const std::int64_t before = tagged.added + tagged.removed;
      for (const std::string& tag : change.remove)
        if (untag(to, asset, to_valid_utf8(tag))) ++tagged.removed;
      for (const std::string& tag : change.add)
        if (tag_one(to, asset, to_valid_utf8(tag))) ++tagged.added;
      if (tagged.added + tagged.removed > before) ++tagged.assets;
    }
  });
  if (!done) return tl::unexpected(done.error());
  return tagged;
}

Expected<void> add_note(Catalog& catalog, AssetNumber asset, const std::string& text,
                        const std::string& by) {
  return catalog.write([&](Database& database) {
    require_asset(database, asset);
    require_text(text, "A note");
    const WriteContext to = context(database, by);
    const std::string note = to_valid_utf8(text);
    database.run("INSERT INTO note(asset, text, by, time) VALUES (?1, ?2, ?3, ?4)", asset, note,
                 to.agent, to.now);
    index_words(database, Words::note, database.last_row(), note);
    write_event(to, asset, {"metadata modification", "success", "note added", {}});
  });
}

Expected<std::int64_t> waive(Catalog& catalog, const Waiver& waiver) {
  return guarded([&] {
    require_text(waiver.reason, "The reason of a waiver");
    require_text(waiver.by, "Who waives");
    if (waiver.until && !is_date(*waiver.until))
      throw_failure(ErrorCode::usage,
                    fmt::format("{} is not a date (YYYY-MM-DD).", readable(*waiver.until)));
    if (waiver.until && *waiver.until < utc_now().substr(0, 10))
      throw_failure(ErrorCode::usage,
                    fmt::format("{} is over; a waiver holds until a day to come.", *waiver.until));
    if (waiver.scope == WaiverScope::title && !waiver.title)
      throw_failure(ErrorCode::usage, "A waiver for a title needs the title's name.");
    std::int64_t id = 0;
    unwrap(catalog.write([&](Database& database) {
      const std::string finding = finding_named(database, waiver.finding_id);
      const Waived of = waivable(database, finding);
      const WriteContext to = context(database, waiver.by);
      database.run(
          "INSERT INTO waiver(scope, finding_id, asset, spec, requirement, title, basis, reason, "
          "by, "
          "time, until) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
          word_of(waiver.scope), finding, of.asset, of.spec, of.requirement, waiver.title, of.basis,
          to_valid_utf8(waiver.reason), to.agent, to.now, waiver.until);
      id = database.last_row();
      write_event(
          to, of.asset,
          {"policy assignment",
           "success",
           fmt::format("waived {} of {} ({}): {}", of.requirement, of.spec, finding, waiver.reason),
           {}});
    }));
    return id;
  });
}

Expected<void> revoke_waiver(Catalog& catalog, std::int64_t id, const std::string& by) {
  return catalog.write([&](Database& database) {
    std::optional<AssetNumber> asset;
    {
      const Query query =
          database.query("SELECT asset FROM waiver WHERE id = ?1 AND revoked_at IS NULL", id);
      if (query->step()) asset = query->integer(0);
    }
    if (!asset)
      throw_failure(ErrorCode::not_found, fmt::format("There is no waiver {} that holds.", id));
    const WriteContext to = context(database, by);
    database.run("UPDATE waiver SET revoked_at = ?2, revoked_by = ?3 WHERE id = ?1", id, to.now,
                 to.agent);
    write_event(to, asset,
                {"policy assignment", "success", fmt::format("waiver {} revoked", id), {}});
  });
}

}  // namespace cleangate::dam
