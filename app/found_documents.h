// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "app/documents.h"
#include "app/terminal.h"
#include "dam/query/find.h"

// What `find` prints.
namespace cleangate::app {

// Fields that the table for people shows beside number, name and verdicts.
[[nodiscard]] std::vector<std::string> table_fields();

// A table, its facets below; ends with a line that says how many assets there are in all.
[[nodiscard]] std::string found_text(const Layout& layout, const dam::Found& found,
                                     const std::vector<std::string>& more_fields);
// cleangate.find/1
[[nodiscard]] std::string found_document(const std::string& query, const dam::Found& found);
// RFC 4180 with a header line: the columns number, content_id, path, kind, status, bytes,
// duration_s, the fields asked for, tags, verdicts.
[[nodiscard]] std::string found_csv(const dam::Found& found);

// " (as b.mov)": the name a verdict holds for, where it is not plain; else empty.
[[nodiscard]] std::string of_name(const dam::FoundAsset& asset, const dam::FoundVerdict& verdict);

// One field of CSV.
[[nodiscard]] std::string csv_field(std::string_view text);

}  // namespace cleangate::app
