// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "probes/sink.h"

namespace cleangate::app {

enum class ProgressMode { automatic, always, never };

// What the bar shows at one instant.
struct ProgressState {
  std::uint64_t bytes_done = 0, bytes_total = 0;
  std::size_t assets_done = 0, assets_total = 0;
  double media_seconds = 0;  // presented time measured so far, all assets
  double elapsed_s = 0;      // wall clock
};

// One line of at most `width` columns, without a line break:
// "[####----]  42 %  2 of 5 files  3.2x real time  210 MB/s  0:12 left".
[[nodiscard]] std::string progress_line(const ProgressState& state, int width);

// One asset under way: "  film.mxf   41 %  2.3x real time  0:31 left", at most `width` columns.
[[nodiscard]] std::string asset_line(const std::string& name, const ProgressState& state,
                                     int width);

// A bar on stderr, on a terminal with a line below it for each of the first assets under way;
// silent when it is not to be shown. Every call is safe from any thread.
class ProgressBar {
 public:
  ProgressBar(const std::vector<std::string>& paths, ProgressMode mode);
  // One input more; they come in order of `index`.
  void expect(std::size_t index, const std::string& path, std::uint64_t bytes);
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  void update(std::size_t index, const probes::Progress& progress);
  void finished(std::size_t index);
  void note(const std::string& line);  // a line on stderr, above the bar
  void clear();  // removes the bar from the screen; the next update draws it again

 private:
  using Clock = std::chrono::steady_clock;
  void erase();  // under the lock
  void make_room(std::size_t index);
  [[nodiscard]] ProgressState state_of(std::size_t index, Clock::time_point now) const;
  void draw();  // under the lock, at most ten times a second

  std::mutex mutex_;
  bool shown_ = false;
  bool on_screen_ = false;
  bool on_terminal_ = false;
  int lines_below_ = 0;  // of those on the screen
  int width_ = 80;
  std::vector<std::uint64_t> sizes_, done_;
  std::vector<double> media_;
  std::vector<std::string> names_;
  std::map<std::size_t, Clock::time_point> under_way_;  // since when
  std::size_t assets_done_ = 0;
  std::chrono::steady_clock::time_point start_, last_;
};

}  // namespace cleangate::app
