// SPDX-License-Identifier: Apache-2.0
// Whatever a worker sends: the parent neither breaks nor lets anything but whole rows through.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "pipeline/worker/session.h"

namespace {

using namespace cleangate;

class CheckingSink final : public probes::MeasurementSink {
 public:
  void header(const probes::AssetFacts& facts) override {
    if (facts.bytes != kFileBytes) std::abort();
  }
  void rows(const probes::SeriesId& id, std::span<const std::byte> rows) override {
    const probes::RowType* type = probes::find_row_type(id.row, id.version);
    if (!type || rows.empty() || rows.size() % type->size != 0 || id.stream < 0) std::abort();
  }
  void progress(const probes::Progress& progress) override {
    if (progress.bytes_done > progress.bytes_total) std::abort();
  }
  void facts(const probes::AssetFacts&) override { std::abort(); }  // the client's to hand over

  static constexpr std::uint64_t kFileBytes = 1000;
};

class CheckingMemory final : public worker::Checkpoints {
 public:
  [[nodiscard]] int earlier() const override { return 0; }
  void keep(std::span<const std::byte> block) override {
    const auto piece = worker::decode_piece(block);
    if (!piece || piece->head.stream < 0 || piece->head.end <= piece->head.first) std::abort();
  }
  void goes_on(const worker::PieceHead& head) override {
    if (head.stream < 0 || head.frame < 0) std::abort();
  }
};

void listen(std::span<const std::byte> bytes, worker::Checkpoints* memory) {
  CheckingSink sink;
  worker::SessionLimits limits;
  limits.series = 16;
  limits.rows_per_series = 1000;
  worker::Session session(sink, {worker::Errand::measure, probes::Depth::decode,
                                 CheckingSink::kFileBytes, limits, memory});
  worker::RecordReader reader;
  while (!bytes.empty()) {
    const auto part = bytes.first(std::min<std::size_t>(bytes.size(), 97));
    bytes = bytes.subspan(part.size());
    reader.feed(part);
    for (;;) {
      const auto record = reader.next();
      if (!record) return;
      if (!*record) break;
      if (!session.accept(**record)) return;
      if (session.done() && !session.facts()) std::abort();
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  CheckingMemory memory;
  listen(std::as_bytes(std::span(bytes, size)), nullptr);
  listen(std::as_bytes(std::span(bytes, size)), &memory);
  (void)worker::decode_request(std::as_bytes(std::span(bytes, size)));
  return 0;
}
