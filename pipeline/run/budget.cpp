// SPDX-License-Identifier: Apache-2.0
#include "pipeline/run/budget.h"

#include <algorithm>

namespace cleangate::run {
namespace {

constexpr std::uint64_t kLeastMemory = 64ull << 20;  // below it nothing can be decoded

}  // namespace

int tokens_for_next(int free, std::size_t waiting) {
  if (free <= 0 || waiting == 0) return 0;
  const auto sharers = static_cast<int>(std::min(waiting, static_cast<std::size_t>(free)));
  return std::max(1, free / sharers);
}

Budget::Budget(int threads, std::uint64_t memory_bytes)
    : threads_(std::max(threads, 1)), memory_bytes_(memory_bytes), free_(threads_) {}

void Budget::expect() {
  const std::scoped_lock lock(mutex_);
  ++waiting_;
}

void Budget::forget() {
  const std::scoped_lock lock(mutex_);
  if (waiting_ > 0) --waiting_;
}

Budget::Share Budget::take() {
  std::unique_lock lock(mutex_);
  given_back_.wait(lock, [this] { return free_ > 0; });
  const int tokens = tokens_for_next(free_, std::max<std::size_t>(waiting_, 1));
  if (waiting_ > 0) --waiting_;
  free_ -= tokens;
  const auto part = static_cast<std::uint64_t>(tokens), all = static_cast<std::uint64_t>(threads_);
  const bool among_the_last = waiting_ < static_cast<std::size_t>(threads_);
  const int threads = among_the_last ? std::min(2 * tokens, threads_) : tokens;
  return {tokens, threads, std::max(memory_bytes_ / all * part, kLeastMemory)};
}

void Budget::give_back(const Share& share) {
  const std::scoped_lock lock(mutex_);
  free_ += share.tokens;
  given_back_.notify_all();
}

}  // namespace cleangate::run
