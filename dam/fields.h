// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dam/reading_memo.h"
#include "specs/evidence.h"

namespace cleangate::dam {

// One searchable value of an asset (table `field`).
struct FieldValue {
  std::string name;        // the quantity's id
  std::string unit, kind;  // of the quantity: "LUFS"; number | text | flag | timecode
  std::string text;        // exact: "24000/1001", "prores", "true", "01:00:00;00"
  std::optional<double> number;
  int part = -1;  // stream index or soundfield id
  friend bool operator==(const FieldValue&, const FieldValue&) = default;
};

// Every quantity with default parameters over the whole file that comes to one value; a quantity
// that yields runs gives "<id>.count" and "<id>.seconds". What is unknown, undecided (an interval)
// or tainted by damage is left out: a search never finds what was not measured.
// The readings of quantities that fold rows are added to `memos`.
[[nodiscard]] std::vector<FieldValue> fields_of(const specs::Evidence& evidence,
                                                std::vector<Memo>& memos);

}  // namespace cleangate::dam
