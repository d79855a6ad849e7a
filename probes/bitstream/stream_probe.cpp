// SPDX-License-Identifier: Apache-2.0
#include "probes/bitstream/stream_probe.h"

#include "probes/bitstream/basic_probe.h"

namespace cleangate::probes {

std::unique_ptr<StreamProbe> make_stream_probe(const StreamDescription&) {
  return std::make_unique<BasicProbe>();
}

}  // namespace cleangate::probes
