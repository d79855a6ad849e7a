// SPDX-License-Identifier: Apache-2.0
#include "pipeline/pass/hashing.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <xxhash.h>

#include <array>
#include <stdexcept>
#include <vector>

namespace cleangate::pass {
namespace {

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
struct FreeDigest {
  void operator()(EVP_MD* digest) const { EVP_MD_free(digest); }
};

class Evp {
 public:
  explicit Evp(const char* name)
      : digest_(EVP_MD_fetch(nullptr, name, nullptr)), context_(EVP_MD_CTX_new()) {
    if (!digest_ || !context_ || EVP_DigestInit_ex(context_.get(), digest_.get(), nullptr) != 1)
      throw std::runtime_error(fmt::format("OpenSSL has no {}.", name));
  }
  void update(std::span<const std::byte> bytes) {
    if (EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) != 1)
      throw std::runtime_error("OpenSSL cannot digest.");
  }
  // Continues separately from what the other has seen.
  Evp(const Evp& other)
      : digest_(EVP_MD_fetch(nullptr, EVP_MD_get0_name(other.digest_.get()), nullptr)),
        context_(EVP_MD_CTX_new()) {
    if (!digest_ || !context_ || EVP_MD_CTX_copy_ex(context_.get(), other.context_.get()) != 1)
      throw std::runtime_error("OpenSSL cannot copy a digest.");
  }
  [[nodiscard]] std::vector<unsigned char> finish() {
    std::vector<unsigned char> value(static_cast<std::size_t>(EVP_MD_get_size(digest_.get())));
    if (EVP_DigestFinal_ex(context_.get(), value.data(), nullptr) != 1)
      throw std::runtime_error("OpenSSL cannot digest.");
    return value;
  }

 private:
  std::unique_ptr<EVP_MD, FreeDigest> digest_;
  std::unique_ptr<EVP_MD_CTX, FreeContext> context_;
};

std::string hex(std::span<const unsigned char> bytes) {
  std::string text;
  for (const unsigned char byte : bytes) text += fmt::format("{:02x}", byte);
  return text;
}

// "c4" and the number in base 58, 88 digits (SMPTE ST 2114).
std::string c4_of(std::vector<unsigned char> number) {
  constexpr std::string_view kDigits = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
  std::string text(90, kDigits[0]);
  text[0] = 'c';
  text[1] = '4';
  for (std::size_t place = text.size(); place-- > 2;) {
    unsigned remainder = 0;
    for (unsigned char& byte : number) {
      const unsigned value = remainder * 256 + byte;
      byte = static_cast<unsigned char>(value / 58);
      remainder = value % 58;
    }
    text[place] = kDigits[remainder];
  }
  return text;
}

class EvpHasher final : public NamedHasher {
 public:
  EvpHasher(const char* name, bool c4) : evp_(name), c4_(c4) {}
  void update(std::span<const std::byte> bytes) override { evp_.update(bytes); }
  [[nodiscard]] std::string finish() override {
    return c4_ ? c4_of(evp_.finish()) : hex(evp_.finish());
  }

 private:
  Evp evp_;
  bool c4_;
};

class Xxh64Hasher final : public NamedHasher {
 public:
  Xxh64Hasher() { XXH64_reset(state_.get(), 0); }
  void update(std::span<const std::byte> bytes) override {
    XXH64_update(state_.get(), bytes.data(), bytes.size());
  }
  [[nodiscard]] std::string finish() override {
    return fmt::format("{:016x}", XXH64_digest(state_.get()));
  }

 private:
  struct Free {
    void operator()(XXH64_state_t* state) const { XXH64_freeState(state); }
  };
  std::unique_ptr<XXH64_state_t, Free> state_{XXH64_createState()};
};

class Xxh3Hasher final : public NamedHasher {
 public:
  explicit Xxh3Hasher(bool wide) : wide_(wide) {
    if (wide_)
      XXH3_128bits_reset(state_.get());
    else
      XXH3_64bits_reset(state_.get());
  }
  void update(std::span<const std::byte> bytes) override {
    if (wide_)
      XXH3_128bits_update(state_.get(), bytes.data(), bytes.size());
    else
      XXH3_64bits_update(state_.get(), bytes.data(), bytes.size());
  }
  [[nodiscard]] std::string finish() override {
    if (!wide_) return fmt::format("{:016x}", XXH3_64bits_digest(state_.get()));
    const XXH128_hash_t value = XXH3_128bits_digest(state_.get());
    return fmt::format("{:016x}{:016x}", value.high64, value.low64);
  }

 private:
  struct Free {
    void operator()(XXH3_state_t* state) const { XXH3_freeState(state); }
  };
  std::unique_ptr<XXH3_state_t, Free> state_{XXH3_createState()};
  bool wide_;
};

}  // namespace

struct Sha256Hasher::State {
  Evp evp{"SHA256"};
};

Sha256Hasher::Sha256Hasher() : state_(std::make_unique<State>()) {}
Sha256Hasher::~Sha256Hasher() = default;
Sha256Hasher::Sha256Hasher(Sha256Hasher&&) noexcept = default;
void Sha256Hasher::update(std::span<const std::byte> bytes) { state_->evp.update(bytes); }
void Sha256Hasher::update(std::string_view text) { update(std::as_bytes(std::span(text))); }

void Sha256Hasher::update_number(std::uint64_t value) {
  std::array<std::byte, 8> bytes;
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = static_cast<std::byte>(value >> (8 * i));
  update(bytes);
}

namespace {

Sha256 digest_of(const std::vector<unsigned char>& value) {
  Sha256 digest;
  std::copy(value.begin(), value.end(), digest.bytes.begin());
  return digest;
}

}  // namespace

Sha256 Sha256Hasher::so_far() const { return digest_of(Evp(state_->evp).finish()); }

Sha256 Sha256Hasher::finish() { return digest_of(state_->evp.finish()); }

Expected<std::unique_ptr<NamedHasher>> NamedHasher::make(const std::string& name) {
  if (name == "md5") return std::make_unique<EvpHasher>("MD5", false);
  if (name == "sha1") return std::make_unique<EvpHasher>("SHA1", false);
  if (name == "c4") return std::make_unique<EvpHasher>("SHA512", true);
  if (name == "xxh64") return std::make_unique<Xxh64Hasher>();
  if (name == "xxh3_64") return std::make_unique<Xxh3Hasher>(false);
  if (name == "xxh3_128") return std::make_unique<Xxh3Hasher>(true);
  return fail(ErrorCode::usage,
              fmt::format("There is no digest \"{}\"; there are md5, sha1, xxh64, xxh3_64, "
                          "xxh3_128 and c4.",
                          name));
}

void prepare_hashing() {
  for (const char* name : {"MD5", "SHA1", "SHA256", "SHA512"}) {
    Evp evp(name);
    static_cast<void>(evp.finish());
  }
}

}  // namespace cleangate::pass
