// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "specs/evidence.h"

namespace cleangate::specs {

// Why stored rows cannot be read, a sentence with a blank before it; empty where they can.
inline std::string why_unreadable(const ColumnReader& reader) {
  std::int64_t one = 0;
  const auto read = reader.read(reader.type().columns.front().name, 0, 0, std::span(&one, 1));
  return read ? std::string() : " " + read.error().message;
}

}  // namespace cleangate::specs
