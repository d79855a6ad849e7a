// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/rational.h"
#include "probes/facts.h"

// Several voices speak of one field: the first that says anything is believed, and where another
// says something else, both are kept.
namespace cleangate::probes {

[[nodiscard]] inline std::string spoken(const std::string& x) { return x; }
[[nodiscard]] inline std::string spoken(int x) { return fmt::format("{}", x); }
[[nodiscard]] inline std::string spoken(std::int64_t x) { return fmt::format("{}", x); }
[[nodiscard]] inline std::string spoken(bool x) { return x ? "true" : "false"; }
[[nodiscard]] inline std::string spoken(const Rational& x) { return to_string(x); }
[[nodiscard]] inline std::string spoken(Scan x) { return std::string(to_string(x)); }
[[nodiscard]] inline std::string spoken(FieldOrder x) { return std::string(to_string(x)); }
[[nodiscard]] inline std::string spoken(ColorPrimaries x) { return to_string(x); }
[[nodiscard]] inline std::string spoken(TransferCharacteristics x) { return to_string(x); }
[[nodiscard]] inline std::string spoken(MatrixCoefficients x) { return to_string(x); }
[[nodiscard]] inline std::string spoken(SignalRange x) { return std::string(to_string(x)); }

template <class T>
struct Voice {
  std::string_view by;
  std::optional<T> says;
};

// The first statement in order of rank; a Conflict named `field` when two differ (one entry a
// voice, in order of rank).
template <class T>
[[nodiscard]] std::optional<T> reconcile(const std::string& field,
                                         std::initializer_list<Voice<T>> voices,
                                         std::vector<Conflict>& conflicts) {
  std::optional<T> believed;
  bool differ = false;
  Conflict conflict{field, {}};
  for (const Voice<T>& voice : voices) {
    if (!voice.says) continue;
    if (!believed) believed = voice.says;
    differ = differ || !(*voice.says == *believed);
    conflict.values.push_back({std::string(voice.by), spoken(*voice.says)});
  }
  if (differ) conflicts.push_back(std::move(conflict));
  return believed;
}

// The first statement; nobody's word against another's (gap filling).
template <class T>
[[nodiscard]] std::optional<T> first_of(std::initializer_list<std::optional<T>> statements) {
  for (const std::optional<T>& statement : statements)
    if (statement) return statement;
  return std::nullopt;
}

// "Unspecified" is no statement.
template <class T>
[[nodiscard]] std::optional<T> stated(T value) {
  return value == T::unspecified ? std::nullopt : std::optional<T>(value);
}

// A known fact, or an absent one.
template <class T>
[[nodiscard]] Fact<T> known_or_absent(std::optional<T> value) {
  return value ? Fact<T>(std::move(*value)) : Fact<T>();
}

}  // namespace cleangate::probes
