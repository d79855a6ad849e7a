// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <fmt/format.h>

namespace cleangate::dam {

// When a row of `waiver` holds for a finding; the only place where this is said. Not revoked, not
// expired, what was measured and what was demanded are what was waived (basis), and it speaks of
// - scope finding: this finding of this asset;
// - scope rule: this requirement of this spec on this asset, whatever stream it is about;
// - scope title: the same on every asset that carries the tag "title:<title>".
// Never for a finding whose requirement says overridable: false: the caller looks.
// ?1: time now; ?2: basis; ?3: finding id; ?4: asset; ?5: spec; ?6: requirement.
inline constexpr std::string_view kWaiverInForce =
    "waiver.revoked_at IS NULL AND (waiver.until IS NULL OR waiver.until >= substr(?1, 1, 10)) AND "
    "waiver.basis = ?2";

// The same at an earlier time, ?1: also those that were revoked since.
inline constexpr std::string_view kWaiverWasInForce =
    "(waiver.revoked_at IS NULL OR waiver.revoked_at > ?1) AND waiver.time <= ?1 AND (waiver.until "
    "IS NULL OR waiver.until >= substr(?1, 1, 10)) AND waiver.basis = ?2";

enum class WaiversAt { now, earlier };

// A query for each way, so that each finds its index: one asset has few waivers and few titles, one
// requirement may have thousands.
inline std::string holding_waivers(std::string_view columns, WaiversAt when = WaiversAt::now) {
  return fmt::format(
      "SELECT {0} FROM waiver WHERE {1} AND waiver.scope = 'finding' AND waiver.finding_id = ?3 "
      "AND waiver.asset = ?4 UNION ALL SELECT {0} FROM waiver INDEXED BY waiver_by_asset WHERE {1} "
      "AND waiver.scope <> 'finding' AND waiver.spec = ?5 AND waiver.requirement = ?6 AND "
      "waiver.asset = ?4 UNION ALL SELECT {0} FROM waiver WHERE {1} AND waiver.asset <> ?4 AND "
      "waiver.id IN (SELECT one.id FROM tag CROSS JOIN waiver AS one ON tag.name = 'title:' || "
      "one.title AND one.scope = 'title' AND one.spec = ?5 AND one.requirement = ?6{2} WHERE "
      "tag.asset = ?4 AND tag.name >= 'title:' AND tag.name < "
      "'title;')",
      columns, when == WaiversAt::now ? kWaiverInForce : kWaiverWasInForce,
      when == WaiversAt::now ? " AND one.revoked_at IS NULL" : "");
}

}  // namespace cleangate::dam
