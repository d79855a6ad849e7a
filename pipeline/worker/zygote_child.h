// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"

// The zygote's own side (zygote.h).
namespace cleangate::worker {

// Serves the control socket until the parent hangs up, then kills what is left, and fails with the
// reason if the process may not fork safely. Returns more than once: in every forked child, with
// true, once its descriptors are where a worker expects them (child.h); in the zygote itself, with
// false, at the end.
[[nodiscard]] Expected<bool> serve_forks();

}  // namespace cleangate::worker
