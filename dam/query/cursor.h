// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <string>
#include <variant>

#include "dam/query/find.h"
#include "dam/sqlite.h"

namespace cleangate::dam::query {

// What assets are sorted by. Monostate: the asset has no such value, and comes last.
using Key = std::variant<std::monostate, double, std::string>;

// Where a page ends: behind this asset with this key.
struct Cursor {
  Key key;
  AssetNumber asset = 0;
};

// Opaque to users; marked with the query and the sort it belongs to.
[[nodiscard]] std::string to_text(const Cursor& cursor, const FindRequest& request);
// Throws Failure (usage) when request.cursor is no cursor, or that of another query or sort.
[[nodiscard]] Cursor read_cursor(const FindRequest& request);

// As SQLite compares: numbers, texts with or without case of ASCII letters, and no value last.
enum class Folding { none, ascii };
[[nodiscard]] std::weak_ordering compare(const Key& a, const Key& b, Folding folding);

}  // namespace cleangate::dam::query
