// SPDX-License-Identifier: Apache-2.0
#include "dam/checkpoint_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "core/block_log.h"
#include "dam/catalog.h"
#include "dam/crash_point.h"
#include "dam/files.h"
#include "dam/sqlite.h"

namespace cleangate::dam {
namespace {

std::string hex(std::span<const std::byte> bytes) {
  std::string text;
  for (const std::byte byte : bytes) text += fmt::format("{:02x}", std::to_integer<int>(byte));
  return text;
}

std::string binding_of(const CheckpointOf& what, const std::string& rows) {
  return fmt::format("cleangate checkpoint 1\nprogram {}\nbytes {}\nchanged {}\nhint {}\nrows {}\n",
                     what.program, what.stat.bytes, what.stat.mtime_ns, hex(what.content_hint),
                     rows);
}

bool is_same_file(int a, int b) {
  struct stat one {
  }, other{};
  return fstat(a, &one) == 0 && fstat(b, &other) == 0 && one.st_dev == other.st_dev &&
         one.st_ino == other.st_ino;
}

}  // namespace

std::string checkpoint_directory(const std::string& catalog) {
  return series_directory(catalog) + "/unfinished";
}

CheckpointFile::CheckpointFile(const std::string& catalog, const CheckpointOf& what,
                               std::chrono::milliseconds interval)
    : directory_(checkpoint_directory(catalog)),
      interval_(interval),
      due_(Clock::now() + interval) {
  std::string rows;
  for (const std::string& row : what.rows) rows += row + " ";
  path_ = fmt::format("{}/{}-{}", directory_, hex(what.content_hint),
                      to_hex(sha256_of(rows)).substr(0, 8));
  const std::string text = binding_of(what, rows);
  const auto bytes = std::as_bytes(std::span(text));
  binding_.assign(bytes.begin(), bytes.end());
}

CheckpointFile::~CheckpointFile() = default;

int CheckpointFile::earlier() const { return earlier_ ? earlier_->get() : -1; }

void CheckpointFile::close() {
  file_.reset();
  earlier_.reset();
  good_ = 0;
}

// False where there is none, or somebody else has it.
bool CheckpointFile::open_locked() {
  const int descriptor = ::open(path_.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
  if (descriptor < 0) return false;
  file_ = std::make_unique<File>(descriptor);
  if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    close();
    gave_up_ = true;
    return false;
  }
  const int reading = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (reading >= 0) earlier_ = std::make_unique<File>(reading);
  // Removed while we waited for nobody: the next one at this path is another file.
  if (reading < 0 || !is_same_file(descriptor, reading)) {
    close();
    return false;
  }
  return true;
}

bool CheckpointFile::read_earlier() {
  const int descriptor = ::fcntl(earlier_->get(), F_DUPFD_CLOEXEC, 0);
  if (descriptor < 0) return false;
  const auto source = open_descriptor(descriptor);
  if (!source) return false;
  BlockReader reader(**source);
  const auto first = reader.next();
  if (!first || !*first || !std::ranges::equal(**first, binding_)) return false;
  const std::uint64_t bound = reader.trusted();
  for (;;) {
    const auto block = reader.next();
    if (!block) return false;
    if (!*block) break;
  }
  good_ = reader.trusted();
  if (good_ == bound) earlier_.reset();  // ours, and empty
  return ftruncate(file_->get(), static_cast<off_t>(good_)) == 0 &&
         lseek(file_->get(), 0, SEEK_END) >= 0;
}

void CheckpointFile::take_up() {
  if (open_locked() && !read_earlier()) remove();
}

void CheckpointFile::add(std::span<const std::byte> block) {
  if (gave_up_ || block.size() > kMostBlockBytes) return;
  append_block(pending_, block);
  if (Clock::now() >= due_) commit();
}

void CheckpointFile::create() {
  make_directories(directory_);
  const int descriptor =
      ::open(path_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
  if (descriptor < 0 || flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    if (descriptor >= 0) ::close(descriptor);
    throw_failure(ErrorCode::io, path_ + " cannot be made.");  // or somebody else was faster
  }
  file_ = std::make_unique<File>(descriptor);
  std::vector<std::byte> begin;
  append_block(begin, binding_);
  pending_.insert(pending_.begin(), begin.begin(), begin.end());
}

void CheckpointFile::write_pending() {
  const bool fresh = !file_;
  if (fresh) create();
  write_all(*file_, path_, pending_);
  sync_file(*file_, path_);
  if (fresh) sync_directory(directory_);
  good_ += pending_.size();
  pending_.clear();
}

void CheckpointFile::commit() {
  due_ = Clock::now() + interval_;
  if (gave_up_ || pending_.empty()) return;
  const auto written = guarded([&] { write_pending(); });
  if (written) return crash_point("checkpoint:committed");
  gave_up_ = true;
  pending_ = {};
  // A block that was cut is told by its checksum; without it there is room for others.
  if (file_) (void)!ftruncate(file_->get(), static_cast<off_t>(good_));
}

void CheckpointFile::remove() {
  if (file_) unlink(path_.c_str());
  close();
  pending_.clear();
  due_ = Clock::now() + interval_;
}

}  // namespace cleangate::dam
