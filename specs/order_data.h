// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <span>
#include <string>

#include "core/error.h"
#include "specs/judge.h"
#include "specs/profile.h"

// What `--set KEY=VALUE` may say.
namespace cleangate::specs {

// Every key that a rule of the profile reads: in ${order.KEY}, in `when`, and the regions that its
// rules ask for ("programme", "part.1").
[[nodiscard]] std::set<std::string> order_keys(const Profile& profile);

// usage: a key that none of the profiles reads (with the keys that they read), an empty value, or
// one outside what a profile allows.
[[nodiscard]] Expected<void> check_order(std::span<const Profile> profiles, const OrderData& order);

}  // namespace cleangate::specs
