// SPDX-License-Identifier: Apache-2.0
#pragma once

// Private to this room: libav's log, given to the object whose context spoke.

#include <cstdint>
#include <string>
#include <string_view>

namespace cleangate::av {

// Set as `opaque` of an AVFormatContext or AVCodecContext to hear its errors. Called from libav's
// threads too.
class LogTarget {
 public:
  // `tag` is the packet being decoded (AVCodecContext::reordered_opaque), -1 for a demuxer.
  virtual void error_line(std::int64_t tag, std::string_view text) = 0;

 protected:
  ~LogTarget() = default;
};

// Routes libav's log once for the process; nothing of it goes to stderr any more.
void install_log_capture();

}  // namespace cleangate::av
