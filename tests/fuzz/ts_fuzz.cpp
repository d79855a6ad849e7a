// SPDX-License-Identifier: Apache-2.0
// MPEG transport and program streams, Ogg pages; the first byte chooses.
#include <algorithm>

#include "probes/container/ts_packets.h"
#include "tests/fuzz/container_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cleangate::probes;
  if (size == 0) return 0;
  const auto read = data[0] == 'O' ? read_ogg
                    : data[0] == 0 ? read_program_stream
                                   : read_transport_stream;
  cleangate::fuzz::run_reader(read, data, size);
  // The same bytes in pieces, as a demuxer reads them.
  const auto bytes = std::as_bytes(std::span(data, size));
  const std::size_t piece = data[size - 1] + 1u;
  ScrambledPackets packets;
  for (std::size_t at = 0; at < size; at += piece)
    packets.saw(at, bytes.subspan(at, std::min(piece, size - at)));
  packets.finish();
  return 0;
}
