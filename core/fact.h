// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <utility>

namespace cleangate {

// The three things a report can know (contract.md): `absent` = not applicable or not looked for
// (the key is left out); `unknown` = looked for and not known (null); `known`.
template <class T>
class Fact {
 public:
  Fact() = default;
  Fact(T value) : value_(std::move(value)), looked_for_(true) {}  // NOLINT: a value is a known fact
  [[nodiscard]] static Fact unknown() {
    Fact fact;
    fact.looked_for_ = true;
    return fact;
  }
  // An empty optional becomes `unknown`.
  [[nodiscard]] static Fact of(std::optional<T> value) {
    Fact fact;
    fact.value_ = std::move(value);
    fact.looked_for_ = true;
    return fact;
  }

  [[nodiscard]] bool is_known() const { return value_.has_value(); }
  [[nodiscard]] bool is_unknown() const { return looked_for_ && !value_; }
  [[nodiscard]] bool is_absent() const { return !looked_for_; }
  explicit operator bool() const { return is_known(); }
  [[nodiscard]] const T& operator*() const { return *value_; }
  [[nodiscard]] T& operator*() { return *value_; }
  [[nodiscard]] const T* operator->() const { return &*value_; }
  [[nodiscard]] const T& value() const { return value_.value(); }
  template <class U>
  [[nodiscard]] T value_or(U&& fallback) const {
    return value_.value_or(std::forward<U>(fallback));
  }
  friend bool operator==(const Fact&, const Fact&) = default;

 private:
  std::optional<T> value_;
  bool looked_for_ = false;
};

}  // namespace cleangate
