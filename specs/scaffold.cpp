// SPDX-License-Identifier: Apache-2.0
#include "specs/scaffold.h"

#include <fmt/format.h>

#include "specs/requirement.h"

namespace cleangate::specs {

std::string scaffold_new(const std::string& id) {
  return fmt::format(
      R"(# A delivery specification as data. docs/profile-grammar.md explains every key;
# `cleangate specs lint {0}.yaml` checks this file.
profile: {0}
title: "{0}"
status: draft                  # ship | beta | draft (left out of --all-specs) | base (only extended)
edition: "1"                   # the publisher's
revision: 1                    # yours: raise it with every change
sources:
  # grade: how the number was read: primary | excerpt | secondary | community | own
  # (community and own never reject, unless `raise: true` stands beside `severity: reject`)
  spec: {{document: "Name of the document", edition: "1", grade: primary}}
requirements:
  - id: frame-rate
    quantity: video.frame_rate
    in: [24000/1001, 24, 25]   # exact: 24000/1001, never 23.976
    severity: reject           # reject | warn | info
    source: {{ref: spec, clause: "1.1"}}
  - id: textless
    kind: manual               # what only a person can tell; closed by sign-off
    ask: "Is the picture textless?"
    severity: reject
    source: {{ref: spec, clause: "1.2"}}
)",
      id);
}

std::string scaffold_extending(const std::string& id, const Profile& base) {
  std::string text = fmt::format(
      R"(# A house profile over {1} ({2}). Whatever is not said here stays as it is there.
# docs/profile-grammar.md, "extends", says what an entry may change; `cleangate specs lint {0}.yaml` checks it.
profile: {0}
title: "{0}: {3}"
status: draft
edition: "{2}"
revision: 1
extends: [{1}]
# requirements:
#   - {{id: ID, drop: true}}                            # leave a rule out
#   - {{id: ID, severity: warn}}                        # change one field
#   - {{id: ID, severity: reject, raise: true}}         # reject on your own authority what only warns for its grade
#
# The rules of {1}:
)",
      id, base.id, base.edition, base.title);
  for (const auto& requirement : base.requirements)
    text += fmt::format("#   {} ({}{})\n", requirement->id, to_string(requirement->severity),
                        requirement->capped_because.empty() ? "" : ", warns for its grade");
  return text;
}

}  // namespace cleangate::specs
