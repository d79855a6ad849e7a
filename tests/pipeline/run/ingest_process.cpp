// SPDX-License-Identifier: Apache-2.0
// One ingest of one file, to be killed:
//   ingest_process CATALOG MEDIA INTERVAL_MS usual|rehash|FRAMES
// A checkpoint after every INTERVAL_MS; FRAMES: stops, as Ctrl-C does, once so many are decoded.
// CLEANGATE_CRASH_AT=checkpoint:committed:N dies as of kill -9 when N checkpoints are on disk.
// Prints "remark …" and "asset STATUS DECODED_FRAMES NUMBER VERDICT".
#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "pipeline/run/ingest.h"

namespace {

using namespace cleangate;

struct Observer final : run::IngestObserver {
  void discovered(std::size_t, const std::string&, std::uint64_t) override {}
  void progress(std::size_t, const probes::Progress& progress) override {
    if (stop_after > 0 && progress.frames_done >= stop_after) stop.request_stop();
  }
  void finished(const run::IngestedAsset& asset) override {
    say(fmt::format(
        "asset {} {} {} {}", probes::to_string(asset.status), asset.decoded_frames, asset.number,
        asset.judgements.empty() ? "none"
                                 : specs::to_string(asset.judgements.front().verdict.verdict)));
  }
  void remark(const std::string& line) override { say("remark " + line); }
  static void say(const std::string& line) {
    std::fputs((line + "\n").c_str(), stdout);
    std::fflush(stdout);
  }
  std::int64_t stop_after = 0;
  std::stop_source stop;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  const std::string mode = argv[4];
  run::IngestRequest request;
  request.paths = {argv[2]};
  request.measure.threads = 2;
  request.worker.executable = CLEANGATE_AV_WORKER;
  request.checkpoint_interval = std::chrono::milliseconds(std::atoi(argv[3]));
  request.rehash = mode == "rehash";
  auto profile = specs::SpecLibrary({}).load("youtube-upload-sdr");
  if (!profile) return 3;
  request.profiles.push_back(std::move(*profile));
  Observer observer;
  observer.stop_after = std::atoll(mode.c_str());
  dam::CatalogOptions options;
  options.agent = "ingest_process 1";
  const auto totals = run::ingest(argv[1], options, request, observer, observer.stop.get_token());
  if (!totals) {
    std::fputs((totals.error().message + "\n").c_str(), stderr);
    return 4;
  }
  return 0;
}
