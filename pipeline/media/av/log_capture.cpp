// SPDX-License-Identifier: Apache-2.0
#include "pipeline/media/av/log_capture.h"

#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <mutex>

#include "pipeline/media/av/libav.h"

namespace cleangate::av {
namespace {

// H.264 reference marking that names pictures libav does not have: as a rule because decoding
// starts in the middle of a stream. It says the same where pictures are lost, so that this line
// alone tells nothing.
bool is_noise(std::string_view text) { return text.find("mmco: ") != std::string_view::npos; }

// libav tells concealment as information only. With frame threads the frame's own flags may have
// been copied before they were set: the line is what is sure.
bool tells_damage(int level, const char* format) {
  return level <= AV_LOG_ERROR || std::strncmp(format, "concealing ", 11) == 0;
}

struct Speaker {
  LogTarget* target = nullptr;
  std::int64_t tag = -1;
};

Speaker speaker_of(void* context) {
  if (!context) return {};
  const AVClass* type = *static_cast<const AVClass**>(context);
  if (!type || !type->class_name) return {};
  if (std::strcmp(type->class_name, "AVFormatContext") == 0)
    return {static_cast<LogTarget*>(static_cast<AVFormatContext*>(context)->opaque), -1};
  if (std::strcmp(type->class_name, "AVCodecContext") == 0) {
    const auto* codec = static_cast<AVCodecContext*>(context);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
    return {static_cast<LogTarget*>(codec->opaque), codec->reordered_opaque};
#pragma GCC diagnostic pop
  }
  if (type->parent_log_context_offset == 0) return {};
  void* parent = nullptr;
  std::memcpy(&parent, static_cast<char*>(context) + type->parent_log_context_offset,
              sizeof parent);
  return speaker_of(parent);
}

void hear(void* context, int level, const char* format, va_list arguments) {
  if (!tells_damage(level, format)) return;
  const Speaker speaker = speaker_of(context);
  if (!speaker.target) return;
  char text[512];
  std::vsnprintf(text, sizeof text, format, arguments);
  std::string_view line(text);
  while (!line.empty() && (line.back() == '\n' || line.back() == ' ' || line.back() == '.'))
    line.remove_suffix(1);
  if (line.empty() || is_noise(line)) return;
  speaker.target->error_line(speaker.tag, line);
}

}  // namespace

void install_log_capture() {
  static std::once_flag once;
  std::call_once(once, [] { av_log_set_callback(hear); });
}

}  // namespace cleangate::av
