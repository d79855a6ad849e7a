// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "probes/facts.h"

// Formats whose parts (packets, frames, blocks) each state how long they are, followed from the
// first to the last as the bytes of the file go by. Demuxers look for the next part where one is
// missing or cut, and do not say so.
namespace cleangate::probes {

// How the parts of one format follow each other. Internal to FileWalk and its tests.
class PartReader {
 public:
  struct Step {
    enum class Kind : std::uint8_t { more, part, stop } kind = Kind::stop;
    std::uint64_t bytes = 0;
  };
  // At least so many bytes of it are needed to tell.
  static Step more(std::size_t bytes) { return {Step::Kind::more, bytes}; }
  // It has so many bytes, and another follows.
  static Step part(std::uint64_t bytes) { return {Step::Kind::part, bytes}; }
  // What follows is not looked at.
  static Step stop() { return {}; }

  virtual ~PartReader() = default;
  // The bytes from `at` on, as far as they were asked for.
  virtual Step read(std::uint64_t at, std::span<const std::byte> head) = 0;
  // The file has ended in the part at `at`, `missing` bytes before it does.
  virtual void cut(std::uint64_t at, std::uint64_t missing);
  // The file has ended behind so few bytes that they do not tell what they are.
  virtual void rest(std::uint64_t, std::span<const std::byte>) {}
  virtual void finish() {}
  [[nodiscard]] const std::vector<Damage>& damage() const { return damage_; }

 protected:
  explicit PartReader(std::string_view part) : part_(part) {}
  void tell(std::string message);
  // "There is no … at byte …, where one should begin."
  Step none_at(std::uint64_t at);

 private:
  std::string_view part_;
  std::vector<Damage> damage_;
};

class FileWalk {
 public:
  // `begins`: where the format does, behind a run-in.
  explicit FileWalk(std::uint64_t begins = 0) : size_(begins), skip_(begins) {}
  // The next bytes of the file: all of them, in order.
  void saw(std::span<const std::byte> bytes);
  // What is missing; empty for formats that are not followed. Once, when the file has ended.
  [[nodiscard]] std::vector<Damage> finish();

 private:
  void step();
  void skip(std::uint64_t count);

  std::unique_ptr<PartReader> reader_;
  std::uint64_t at_ = 0;               // where the part begins that is looked at or skipped
  std::uint64_t size_ = 0, skip_ = 0;  // of the part that is skipped; of it still to come
  std::vector<std::byte> head_;        // of the part that is looked at
  std::size_t wanted_ = kFirst;
  bool stopped_ = false;
  static constexpr std::size_t kFirst = 32;  // tell every format that is followed
};

}  // namespace cleangate::probes
