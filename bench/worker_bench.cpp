// SPDX-License-Identifier: Apache-2.0
// What the sandbox costs: one file measured by the same worker with and without it, in turns.
//   bench_worker WORKER FILE [ROUNDS]
#include <sys/resource.h>

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

struct Cost {
  std::vector<double> wall, cpu;  // seconds, one a round; cpu is the worker's alone
};

// Processor time of all ended workers so far.
double worker_cpu() {
  rusage usage{};
  (void)::getrusage(RUSAGE_CHILDREN, &usage);
  const auto seconds_of = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
}

void run(const std::string& file, const worker::WorkerOptions& options, Cost& cost) {
  CountingSink sink;
  probes::MeasureRequest request;
  request.threads = 2;
  const double cpu = worker_cpu();
  const auto start = std::chrono::steady_clock::now();
  const auto outcome = worker::measure(file, request, options, sink, {});
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  if (outcome.status != probes::Status::measured) {
    std::fprintf(stderr, "%s\n", outcome.error ? outcome.error->message.c_str() : "not measured");
    std::exit(1);
  }
  cost.wall.push_back(took.count());
  cost.cpu.push_back(worker_cpu() - cpu);
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
  Cost with, without, warming;
  run(argv[2], strict, warming);  // the page cache
  for (int round = 0; round < std::max(rounds, 1); ++round) {
    run(argv[2], strict, with);
    run(argv[2], off, without);
  }
  const auto print = [](const char* what, const std::vector<double>& a,
                        const std::vector<double>& b) {
    std::printf("%-5s strict %.3f s, off %.3f s, ratio %.3f (medians of %zu)\n", what, median(a),
                median(b), median(a) / median(b), a.size());
  };
  print("wall", with.wall, without.wall);
  print("cpu", with.cpu, without.cpu);
  return 0;
}
