// SPDX-License-Identifier: Apache-2.0
#include "dam/content_id.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <vector>

namespace cleangate::dam {
namespace {

constexpr std::size_t kPiece = std::size_t{1} << 20;

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

}  // namespace

Expected<Sha256> content_id(int descriptor) {
  const std::unique_ptr<EVP_MD_CTX, FreeContext> context(EVP_MD_CTX_new());
  if (!context || EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) != 1)
    return fail(ErrorCode::internal, "OpenSSL has no SHA-256.");
  (void)::posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL);
  std::vector<std::byte> piece(kPiece);
  off_t at = 0;
  for (;;) {
    const ssize_t count = ::pread(descriptor, piece.data(), piece.size(), at);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0)
      return fail(ErrorCode::io, fmt::format("It cannot be read: {}.", std::strerror(errno)));
    if (count == 0) break;
    if (EVP_DigestUpdate(context.get(), piece.data(), static_cast<std::size_t>(count)) != 1)
      return fail(ErrorCode::internal, "OpenSSL cannot digest.");
    at += count;
  }
  Sha256 digest;
  unsigned size = 0;
  unsigned char value[EVP_MAX_MD_SIZE];
  if (EVP_DigestFinal_ex(context.get(), value, &size) != 1 || size != digest.bytes.size())
    return fail(ErrorCode::internal, "OpenSSL cannot digest.");
  std::copy_n(value, size, digest.bytes.begin());
  return digest;
}

}  // namespace cleangate::dam
