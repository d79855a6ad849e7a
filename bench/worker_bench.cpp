// SPDX-License-Identifier: Apache-2.0
// What the sandbox costs: one file measured by the same worker with and without it, in turns.
//   bench_worker WORKER FILE [ROUNDS]
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "pipeline/worker/client.h"

namespace {

using namespace cleangate;

class CountingSink final : public probes::MeasurementSink {
 public:
  void header(const probes::AssetFacts&) override {}
  void rows(const probes::SeriesId&, std::span<const std::byte> rows) override {
    bytes += rows.size();
  }
  void progress(const probes::Progress&) override {}
  void facts(const probes::AssetFacts&) override {}
  std::size_t bytes = 0;
};

double seconds(const std::string& file, const worker::WorkerOptions& options) {
  CountingSink sink;
  probes::MeasureRequest request;
  request.threads = 2;
  const auto start = std::chrono::steady_clock::now();
  const auto outcome = worker::measure(file, request, options, sink, {});
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  if (outcome.status != probes::Status::measured) {
    std::fprintf(stderr, "%s\n", outcome.error ? outcome.error->message.c_str() : "not measured");
    std::exit(1);
  }
  return took.count();
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "bench_worker WORKER FILE [ROUNDS]\n");
    return 2;
  }
  const int rounds = argc > 3 ? std::atoi(argv[3]) : 11;
  worker::WorkerOptions strict, off;
  strict.executable = off.executable = argv[1];
  strict.isolation = worker::Isolation::strict;
  off.isolation = worker::Isolation::off;
  (void)seconds(argv[2], strict);  // warm the page cache
  std::vector<double> with, without;
  for (int round = 0; round < std::max(rounds, 1); ++round) {
    with.push_back(seconds(argv[2], strict));
    without.push_back(seconds(argv[2], off));
  }
  std::printf("strict %.3f s, off %.3f s (medians of %zu), ratio %.3f; least %.3f s, %.3f s\n",
              median(with), median(without), with.size(), median(with) / median(without),
              *std::min_element(with.begin(), with.end()),
              *std::min_element(without.begin(), without.end()));
  return 0;
}
