// SPDX-License-Identifier: Apache-2.0
#include "app/progress_bar.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include <fmt/core.h>

#include "app/terminal.h"

namespace cleangate::app {
namespace {

std::string clock_text(double seconds) {
  const auto whole = static_cast<long long>(std::max(0.0, seconds) + 0.5);
  if (whole >= 3600)
    return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
  return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

}  // namespace

std::string progress_line(const ProgressState& state, int width) {
  const double share = state.bytes_total == 0
                           ? 0.0
                           : std::min(1.0, static_cast<double>(state.bytes_done) /
                                               static_cast<double>(state.bytes_total));
  std::string tail = fmt::format("{:3.0f} %", share * 100);
  if (state.assets_total > 1)
    tail += fmt::format("  {} of {} files", state.assets_done, state.assets_total);
  if (state.elapsed_s > 0.5) {
    if (state.media_seconds > 0)
      tail += fmt::format("  {:.1f}x real time", state.media_seconds / state.elapsed_s);
    tail +=
        fmt::format("  {:.0f} MB/s", static_cast<double>(state.bytes_done) / 1e6 / state.elapsed_s);
    if (share > 0.005)
      tail += fmt::format("  {} left", clock_text(state.elapsed_s / share - state.elapsed_s));
  }
  const int room = std::min(width - static_cast<int>(tail.size()) - 4, 40);
  if (room < 5) return tail.substr(0, static_cast<std::size_t>(std::max(width, 0)));
  const auto filled = static_cast<std::size_t>(share * room);
  return fmt::format("[{}{}] {}", std::string(filled, '#'),
                     std::string(static_cast<std::size_t>(room) - filled, '-'), tail);
}

ProgressBar::ProgressBar(const std::vector<std::string>& paths, ProgressMode mode)
    : sizes_(paths.size()), done_(paths.size()), media_(paths.size()) {
  shown_ = mode == ProgressMode::always ||
           (mode == ProgressMode::automatic && isatty(STDERR_FILENO) != 0);
  start_ = last_ = std::chrono::steady_clock::now();
  if (!shown_) return;
  width_ = layout_of(STDERR_FILENO).width - 1;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    struct stat about {};
    if (stat(paths[i].c_str(), &about) == 0 && S_ISREG(about.st_mode))
      sizes_[i] = static_cast<std::uint64_t>(about.st_size);
  }
}

ProgressBar::~ProgressBar() { clear(); }

void ProgressBar::expect(std::size_t index, std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  if (sizes_.size() <= index) {
    sizes_.resize(index + 1);
    done_.resize(index + 1);
    media_.resize(index + 1);
  }
  sizes_[index] = bytes;
}

void ProgressBar::update(std::size_t index, const probes::Progress& progress) {
  if (!shown_) return;
  const std::lock_guard lock(mutex_);
  done_[index] = std::min(progress.bytes_done, sizes_[index]);
  media_[index] = std::max(media_[index], progress.media_seconds);
  draw();
}

void ProgressBar::finished(std::size_t index) {
  if (!shown_) return;
  const std::lock_guard lock(mutex_);
  done_[index] = sizes_[index];
  ++assets_done_;
  draw();
}

void ProgressBar::note(const std::string& line) {
  const std::lock_guard lock(mutex_);
  erase();
  std::fprintf(stderr, "%s\n", line.c_str());
}

void ProgressBar::clear() {
  const std::lock_guard lock(mutex_);
  erase();
}

void ProgressBar::erase() {
  if (!on_screen_) return;
  std::fputs("\r\x1b[K", stderr);
  std::fflush(stderr);
  on_screen_ = false;
}

void ProgressBar::draw() {
  const auto now = std::chrono::steady_clock::now();
  if (on_screen_ && now - last_ < std::chrono::milliseconds(100)) return;
  last_ = now;
  ProgressState state;
  for (std::size_t i = 0; i < sizes_.size(); ++i) {
    state.bytes_total += sizes_[i];
    state.bytes_done += done_[i];
    state.media_seconds += media_[i];
  }
  state.assets_done = assets_done_;
  state.assets_total = sizes_.size();
  state.elapsed_s = std::chrono::duration<double>(now - start_).count();
  std::fprintf(stderr, "\r%s\x1b[K", progress_line(state, width_).c_str());
  std::fflush(stderr);
  on_screen_ = true;
}

}  // namespace cleangate::app
