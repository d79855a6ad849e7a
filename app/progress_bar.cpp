// SPDX-License-Identifier: Apache-2.0
#include "app/progress_bar.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include <fmt/core.h>

#include "app/terminal.h"
#include "core/text.h"

namespace cleangate::app {
namespace {

std::string clock_text(double seconds) {
  const auto whole = static_cast<long long>(std::max(0.0, seconds) + 0.5);
  if (whole >= 3600)
    return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
  return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

constexpr int kAssetLines = 4;

std::string name_of(const std::string& path) { return readable(path.substr(path.rfind('/') + 1)); }

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

std::string asset_line(const std::string& name, const ProgressState& state, int width) {
  const double share = state.bytes_total == 0
                           ? 0.0
                           : std::min(1.0, static_cast<double>(state.bytes_done) /
                                               static_cast<double>(state.bytes_total));
  std::string tail = fmt::format("  {:3.0f} %", share * 100);
  if (state.elapsed_s > 0.5 && state.media_seconds > 0)
    tail += fmt::format("  {:.1f}x real time", state.media_seconds / state.elapsed_s);
  if (state.elapsed_s > 0.5 && share > 0.005)
    tail += fmt::format("  {} left", clock_text(state.elapsed_s / share - state.elapsed_s));
  const int room = width - static_cast<int>(tail.size()) - 2;
  if (room < 8) return {};
  return "  " + shortened(name, room) + tail;
}

ProgressBar::ProgressBar(const std::vector<std::string>& paths, ProgressMode mode)
    : sizes_(paths.size()), done_(paths.size()), media_(paths.size()), names_(paths.size()) {
  on_terminal_ = isatty(STDERR_FILENO) != 0;
  shown_ = mode == ProgressMode::always || (mode == ProgressMode::automatic && on_terminal_);
  start_ = last_ = std::chrono::steady_clock::now();
  if (!shown_) return;
  width_ = layout_of(STDERR_FILENO).width - 1;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    names_[i] = name_of(paths[i]);
    struct stat about {};
    if (stat(paths[i].c_str(), &about) == 0 && S_ISREG(about.st_mode))
      sizes_[i] = static_cast<std::uint64_t>(about.st_size);
  }
}

ProgressBar::~ProgressBar() { clear(); }

void ProgressBar::make_room(std::size_t index) {
  if (sizes_.size() > index) return;
  sizes_.resize(index + 1);
  done_.resize(index + 1);
  media_.resize(index + 1);
  names_.resize(index + 1);
}

void ProgressBar::expect(std::size_t index, const std::string& path, std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  make_room(index);
  sizes_[index] = bytes;
  if (shown_) names_[index] = name_of(path);
}

void ProgressBar::update(std::size_t index, const probes::Progress& progress) {
  if (!shown_) return;
  const std::lock_guard lock(mutex_);
  make_room(index);
  done_[index] = std::min(progress.bytes_done, sizes_[index]);
  media_[index] = std::max(media_[index], progress.media_seconds);
  under_way_.emplace(index, Clock::now());
  draw();
}

void ProgressBar::finished(std::size_t index) {
  if (!shown_) return;
  const std::lock_guard lock(mutex_);
  make_room(index);
  done_[index] = sizes_[index];
  under_way_.erase(index);
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
  if (lines_below_ > 0)
    fmt::print(stderr, "\r\x1b[{}A\x1b[J", lines_below_);
  else
    std::fputs("\r\x1b[K", stderr);
  std::fflush(stderr);
  on_screen_ = false;
  lines_below_ = 0;
}

ProgressState ProgressBar::state_of(std::size_t index, Clock::time_point now) const {
  ProgressState state;
  state.bytes_done = done_[index];
  state.bytes_total = sizes_[index];
  state.media_seconds = media_[index];
  state.elapsed_s = std::chrono::duration<double>(now - under_way_.at(index)).count();
  return state;
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
  erase();
  std::string text = "\r" + progress_line(state, width_) + "\x1b[K";
  if (on_terminal_ && sizes_.size() > 1)
    for (const auto& [index, since] : under_way_) {
      if (lines_below_ == kAssetLines) break;
      text += "\n" + asset_line(names_[index], state_of(index, now), width_) + "\x1b[K";
      ++lines_below_;
    }
  std::fputs(text.c_str(), stderr);
  std::fflush(stderr);
  on_screen_ = true;
}

}  // namespace cleangate::app
