// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "dam/catalog.h"
#include "dam/record.h"

// What people add to assets. Each call is one durable transaction and leaves an event.
namespace cleangate::dam {

// Adding what is there, or removing what is not, changes nothing and is no error.
[[nodiscard]] Expected<void> add_tag(Catalog& catalog, AssetNumber asset, const std::string& tag,
                                     const std::string& by);
[[nodiscard]] Expected<void> remove_tag(Catalog& catalog, AssetNumber asset, const std::string& tag,
                                        const std::string& by);
// The same for many assets at once: all of them or, after an error, none.
struct TagChange {
  std::vector<std::string> add, remove;
};
struct Tagged {
  std::int64_t assets = 0;  // whose tags are other ones now
  std::int64_t added = 0, removed = 0;
};
[[nodiscard]] Expected<Tagged> change_tags(Catalog& catalog, std::span<const AssetNumber> assets,
                                           const TagChange& change, const std::string& by);
[[nodiscard]] Expected<void> add_note(Catalog& catalog, AssetNumber asset, const std::string& text,
                                      const std::string& by);

enum class WaiverScope { finding, rule, title };

struct Waiver {
  // Of a latest judgement; not_found otherwise. Its first digits, 8 or more, in any case, are
  // enough where they fit no other (usage).
  std::string finding_id;
  WaiverScope scope = WaiverScope::finding;
  std::string reason, by;            // neither may be blank (usage)
  std::optional<std::string> until;  // last day it holds, YYYY-MM-DD (usage when it is no date)
  std::optional<std::string> title;  // scope title: the title's name
};

// Binds the waiver to the finding's measurement: it holds while that stays the same. Returns its
// id. Errors: usage when the finding may not be waived (overridable: false) or is a pass.
[[nodiscard]] Expected<std::int64_t> waive(Catalog& catalog, const Waiver& waiver);
[[nodiscard]] Expected<void> revoke_waiver(Catalog& catalog, std::int64_t id,
                                           const std::string& by);

}  // namespace cleangate::dam
