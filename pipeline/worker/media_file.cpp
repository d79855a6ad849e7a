// SPDX-License-Identifier: Apache-2.0
#include "pipeline/worker/media_file.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include "core/byte_source.h"
#include "core/text.h"

namespace cleangate::worker {
namespace {

std::int64_t nanoseconds(const timespec& time) {
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

}  // namespace

std::optional<MediaFile::State> MediaFile::examine(int descriptor) {
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) return std::nullopt;
  return State{status.st_dev, status.st_ino, static_cast<std::uint64_t>(status.st_size),
               nanoseconds(status.st_mtim), nanoseconds(status.st_ctim)};
}

Expected<MediaFile> MediaFile::open(const std::string& path) {
  const auto opened = open_read_only(path);
  if (!opened) return tl::unexpected(opened.error());
  Descriptor descriptor(*opened);
  const auto state = examine(descriptor.get());
  if (!state) return fail(ErrorCode::io, fmt::format("{} cannot be examined.", readable(path)));
  if (state->bytes == 0)
    return fail(ErrorCode::empty_file,
                fmt::format("{} is empty; deliver it again.", readable(path)));
  return MediaFile(std::move(descriptor), *state);
}

std::string MediaFile::change() const {
  const auto after = examine(descriptor_.get());
  if (!after) return "it can no longer be examined";
  if (after->bytes != before_.bytes)
    return fmt::format("it {} from {} to {} bytes",
                       after->bytes > before_.bytes ? "grew" : "shrank", before_.bytes,
                       after->bytes);
  if (after->modified_ns != before_.modified_ns) return "it was written to";
  if (after->inode != before_.inode || after->device != before_.device)
    return "another file took its place";
  if (after->status_changed_ns != before_.status_changed_ns)
    return "it was renamed, unlinked or given other attributes";
  return {};
}

}  // namespace cleangate::worker
