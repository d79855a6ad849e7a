// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace cleangate::dam {

// A labelled place where a test may let the process die, as `kill -9` would:
// CLEANGATE_CRASH_AT=label, or label:3 for the third time. Costs a comparison when it is not set.
void crash_point(const char* label);

}  // namespace cleangate::dam
