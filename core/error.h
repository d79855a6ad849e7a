// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace cleangate {

// Why *we* failed. A bad deliverable is a Finding, never an Error.
enum class ErrorCode {
  usage,            // wrong command line or API use
  not_found,        // no such file
  permission,       // may not be read
  not_a_file,       // directory, device, socket
  empty_file,       // zero bytes
  not_media,        // no demuxer recognizes it
  unsupported,      // recognized, and cannot be done here
  damaged,          // the bytes contradict their own format so that nothing can be measured
  io,               // reading failed
  invalid_profile,  // a profile does not follow the grammar
  unknown_spec,
  protocol,  // a worker sent something that is not a valid record
  crashed,
  timed_out,
  out_of_memory,
  refused,  // sandbox cannot be had (--isolation strict), file changed while read
  cancelled,
  internal
};

// Enumerator spelled as in JSON ("not_found").
[[nodiscard]] std::string_view to_string(ErrorCode code);
[[nodiscard]] tl::expected<ErrorCode, std::string> parse_error_code(std::string_view text);

// `message` is one line for a person: what is wrong, where, and what to do; it ends with a full
// stop.
struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string message;
  friend bool operator==(const Error&, const Error&) = default;
};

template <class T>
using Expected = tl::expected<T, Error>;

[[nodiscard]] inline tl::unexpected<Error> fail(ErrorCode code, std::string message) {
  return tl::unexpected<Error>(Error{code, std::move(message)});
}

}  // namespace cleangate
