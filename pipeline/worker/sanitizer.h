// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace cleangate::worker {

// Built with AddressSanitizer: terabytes are mapped, so that RLIMIT_AS cannot hold, and checks of
// pointers ask the kernel through a pipe. __has_feature is clang's, the other macro GCC's.
#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool kAddressSanitizer = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
inline constexpr bool kAddressSanitizer = true;
#else
inline constexpr bool kAddressSanitizer = false;
#endif
#else
inline constexpr bool kAddressSanitizer = false;
#endif

}  // namespace cleangate::worker
