// SPDX-License-Identifier: Apache-2.0
#include "pipeline/pass/flow.h"

#include <algorithm>
#include <utility>

namespace cleangate::pass {
namespace {
// Enough waiting work for every thread to find some while the demuxing thread helps elsewhere.
constexpr std::size_t kLightPerThread = 5;
}  // namespace

Flow::Flow(int threads, std::uint64_t memory_bytes)
    : threads_(static_cast<std::size_t>(threads)), memory_bytes_(memory_bytes) {}

Flow::~Flow() { finish(); }

void Flow::reserve(std::uint64_t bytes) {
  for (;;) {
    const std::uint64_t held = held_->load(std::memory_order_relaxed);
    if (held == 0 || held + bytes <= memory_bytes_) break;
    Lock lock(mutex_);
    if (!help(lock)) break;  // held by what is not a task: nothing here can free it
  }
  most_held_ = std::max(most_held_, held_->fetch_add(bytes, std::memory_order_relaxed) + bytes);
}

void Flow::run(std::function<void()> work, Weight weight) {
  if (threads_ == 1) {
    guard(work);
    return;
  }
  Lock lock(mutex_);
  (weight == Weight::job ? jobs_ : light_).push_back(std::move(work));
  if (active_workers_ < threads_ - 1) {
    ++active_workers_;
    workers_.run([this] { work_all(); });
  }
  while (light_.size() > kLightPerThread * threads_) work_one(light_, lock);
  // While this thread works a job off, every other one must find a job waiting.
  while (jobs_.size() > threads_) work_one(jobs_, lock);
}

Flow::Queue& Flow::next() { return light_.empty() ? jobs_ : light_; }

bool Flow::help(Lock& lock) {
  if (!next().empty()) {
    work_one(next(), lock);
    return true;
  }
  if (running_ == 0) return false;
  task_done_.wait(lock);
  return true;
}

void Flow::work_one(Queue& queue, Lock& lock) {
  std::function<void()> work = std::move(queue.front());
  queue.pop_front();
  ++running_;
  lock.unlock();
  guard(work);
  work = nullptr;
  lock.lock();
  --running_;
  task_done_.notify_one();
}

void Flow::work_all() {
  Lock lock(mutex_);
  while (!next().empty()) work_one(next(), lock);
  --active_workers_;
}

void Flow::guard(const std::function<void()>& work) noexcept {
  try {
    work();
  } catch (...) {
    const std::lock_guard lock(mutex_);
    if (!thrown_) thrown_ = std::current_exception();
  }
}

void Flow::rethrow() {
  const std::lock_guard lock(mutex_);
  if (thrown_) std::rethrow_exception(std::exchange(thrown_, nullptr));
}

void Flow::finish() {
  {
    Lock lock(mutex_);
    while (help(lock)) {
    }
  }
  workers_.wait();
}

void Strand::post(std::uint64_t bytes, std::function<void()> work) {
  flow_.reserve(bytes);
  {
    const std::lock_guard lock(mutex_);
    items_.push_back({bytes, std::move(work)});
    if (draining_) return;
    draining_ = true;
  }
  flow_.run([this] { drain(); });
}

void Strand::drain() {
  for (;;) {
    Item item;
    {
      const std::lock_guard lock(mutex_);
      if (items_.empty()) {
        draining_ = false;
        return;
      }
      item = std::move(items_.front());
      items_.pop_front();
    }
    flow_.guard(item.work);
    item.work = nullptr;
    flow_.release(item.bytes);
  }
}

}  // namespace cleangate::pass
