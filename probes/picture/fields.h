// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "probes/picture/fields_row.h"
#include "probes/picture/frame_sweep.h"

namespace cleangate::probes {

// The fields row of a swept frame.
[[nodiscard]] FieldsRow analyze_fields(const FrameSweep& sweep);
// That row with what FrameSweep::compare found later.
[[nodiscard]] FieldsRow join(const FrameSweep& compared, const FieldsRow& row);

}  // namespace cleangate::probes
