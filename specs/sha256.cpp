// SPDX-License-Identifier: Apache-2.0
#include "specs/sha256.h"

#include <openssl/evp.h>

#include <stdexcept>

namespace cleangate::specs {

Sha256 sha256(std::string_view text) {
  Sha256 digest;
  unsigned int size = 0;
  if (EVP_Digest(text.data(), text.size(), digest.bytes.data(), &size, EVP_sha256(), nullptr) != 1)
    throw std::runtime_error("SHA-256 is not to be had from libcrypto.");
  return digest;
}

}  // namespace cleangate::specs
