// SPDX-License-Identifier: Apache-2.0
#include "probes/rows.h"

#include <algorithm>

#include "probes/audio/energy_row.h"
#include "probes/audio/peak_row.h"
#include "probes/picture/bars_row.h"
#include "probes/picture/change_row.h"
#include "probes/picture/fields_row.h"
#include "probes/picture/flash_row.h"
#include "probes/picture/frame_time_row.h"
#include "probes/picture/luma_row.h"
#include "probes/picture/outliers_row.h"
#include "probes/picture/signal_row.h"
#include "probes/picture/texture_row.h"

namespace cleangate::probes {
namespace {

constexpr const RowType* kRowTypes[] = {
#define CLEANGATE_ROW(header, type) &type::kType,
#include "probes/rows.def"
#undef CLEANGATE_ROW
};

}  // namespace

std::span<const RowType* const> row_types() { return kRowTypes; }

const RowType* find_row_type(std::string_view name, std::uint16_t version) {
  const auto found = std::find_if(
      std::begin(kRowTypes), std::end(kRowTypes),
      [&](const RowType* type) { return type->name == name && type->version == version; });
  return found == std::end(kRowTypes) ? nullptr : *found;
}

const RowType* current_row_type(std::string_view name) {
  const RowType* newest = nullptr;
  for (const RowType* type : kRowTypes)
    if (type->name == name && (!newest || type->version > newest->version)) newest = type;
  return newest;
}

}  // namespace cleangate::probes
