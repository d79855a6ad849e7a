// SPDX-License-Identifier: Apache-2.0
#include "pipeline/pass/about.h"

#include "pipeline/media/av/about.h"

namespace cleangate::pass {

std::string about() { return av::about(); }

}  // namespace cleangate::pass
