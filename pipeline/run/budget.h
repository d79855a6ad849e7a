// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>

namespace cleangate::run {

// Thread tokens for the next of `waiting` assets (itself included) when `free` are left.
[[nodiscard]] int tokens_for_next(int free, std::size_t waiting);

// The one budget of threads and memory that all workers share. An asset alone gets all of it.
class Budget {
 public:
  Budget(int threads, std::uint64_t memory_bytes);

  struct Share {
    int tokens = 1;
    // That the asset may use: its tokens, or twice as many once fewer wait than there are threads,
    // so that what the others leave behind is used. Two on a core cost nothing to speak of
    // (measured: four ProRes files at once on two cores with 1 thread each 13.0 s, with 2 13.1 s).
    int threads = 1;
    std::uint64_t memory_bytes = 0;
  };
  // One asset more may ask for a share: what an asset gets depends on how many wait.
  void expect();
  void forget();  // it will not
  // Waits until a token is free. Every take was expected, and is given back.
  [[nodiscard]] Share take();
  void give_back(const Share& share);

 private:
  std::mutex mutex_;
  std::condition_variable given_back_;
  const int threads_;
  const std::uint64_t memory_bytes_;
  int free_;
  std::size_t waiting_ = 0;
};

}  // namespace cleangate::run
