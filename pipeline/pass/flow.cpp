// SPDX-License-Identifier: Apache-2.0
#include "pipeline/pass/flow.h"

#include <algorithm>
#include <utility>

namespace cleangate::pass {
namespace {
// Enough waiting work for every thread to find some while the demuxing thread helps elsewhere.
constexpr std::size_t kTasksPerThread = 3;
}  // namespace

Flow::Flow(int threads, std::uint64_t memory_bytes)
    : threads_(threads),
      memory_bytes_(memory_bytes),
      most_tasks_(kTasksPerThread * static_cast<std::size_t>(threads) + 4) {}

Flow::~Flow() { finish(); }

void Flow::reserve(std::uint64_t bytes) {
  forget_done();
  for (;;) {
    const std::uint64_t held = held_.load(std::memory_order_relaxed);
    if (held == 0 || held + bytes <= memory_bytes_) break;
    {
      const std::lock_guard lock(mutex_);
      if (tasks_.empty()) break;  // held by what is not a task: nothing here can free it
    }
    finish_oldest();
  }
  most_held_ = std::max(most_held_, held_.fetch_add(bytes, std::memory_order_relaxed) + bytes);
}

void Flow::run(std::function<void()> work) {
  if (threads_ == 1) {
    guard(work);
    return;
  }
  forget_done();
  for (;;) {
    {
      const std::lock_guard lock(mutex_);
      if (tasks_.size() < most_tasks_) break;
    }
    finish_oldest();
  }
  auto task = std::make_shared<Task>();
  {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(task);
  }
  task->group.run([this, raw = task.get(), work = std::move(work)] {
    guard(work);
    raw->done.store(true, std::memory_order_release);
  });
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
  for (;;) {
    {
      const std::lock_guard lock(mutex_);
      if (tasks_.empty()) return;
    }
    finish_oldest();
  }
}

void Flow::finish_oldest() {
  std::shared_ptr<Task> oldest;
  {
    const std::lock_guard lock(mutex_);
    if (tasks_.empty()) return;
    oldest = std::move(tasks_.front());
    tasks_.pop_front();
  }
  oldest->group.wait();
}

void Flow::forget_done() {
  for (;;) {
    std::shared_ptr<Task> done;
    {
      const std::lock_guard lock(mutex_);
      if (tasks_.empty() || !tasks_.front()->done.load(std::memory_order_acquire)) return;
      done = std::move(tasks_.front());
      tasks_.pop_front();
    }
    done->group.wait();
  }
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
