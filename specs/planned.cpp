// SPDX-License-Identifier: Apache-2.0
#include "specs/planned.h"

#include <algorithm>

namespace cleangate::specs {
namespace {

struct Planned {
  std::string_view id;
  ValueKind kind;
  Unit unit;
  SubjectKind subject;
  std::string_view noun, because;
};

#define CLEANGATE_PLANNED(id, kind, unit, subject, noun, because) \
  {id, ValueKind::kind, Unit::unit, SubjectKind::subject, noun, because},
constexpr Planned kPlanned[] = {
#include "specs/quantities/planned.def"
};
#undef CLEANGATE_PLANNED

}  // namespace

std::optional<QuantityInfo> find_quantity_info(std::string_view id) {
  if (const Quantity* built = find_quantity(id))
    return QuantityInfo{built->id,      built,       built->kind,    built->unit,
                        built->subject, built->noun, built->allowed, {}};
  const auto planned = std::find_if(std::begin(kPlanned), std::end(kPlanned),
                                    [&](const Planned& each) { return each.id == id; });
  if (planned == std::end(kPlanned)) return std::nullopt;
  return QuantityInfo{planned->id,   nullptr, planned->kind,   planned->unit, planned->subject,
                      planned->noun, {},      planned->because};
}

std::vector<std::string> quantity_ids() {
  std::vector<std::string> ids;
  for (const Quantity* built : quantities()) ids.emplace_back(built->id);
  for (const Planned& planned : kPlanned) ids.emplace_back(planned.id);
  std::sort(ids.begin(), ids.end());
  return ids;
}

}  // namespace cleangate::specs
