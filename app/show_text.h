// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "app/comparison.h"
#include "app/documents.h"
#include "app/remembered.h"
#include "app/terminal.h"

// What `show` prints.
namespace cleangate::app {

struct AgainstOther {
  std::string name;  // "asset 12, /masters/old.mov" or "the judgements before"
  std::vector<Comparison> comparisons;
  std::vector<std::string> missing;  // specs that only one of both was judged by
};

[[nodiscard]] std::string show_text(const Layout& layout, const RememberedAsset& asset,
                                    const std::vector<dam::StoredEvent>& events,
                                    FindingsShown shown);
[[nodiscard]] std::string against_text(const Layout& layout, const AgainstOther& against);

// cleangate.show/1
[[nodiscard]] std::string show_document(const RememberedAsset& asset,
                                        const std::vector<dam::StoredEvent>& events,
                                        FindingsShown shown, const AgainstOther* against,
                                        JsonShape shape);

}  // namespace cleangate::app
