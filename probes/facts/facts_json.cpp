// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>

#include "core/text.h"
#include "probes/facts/fields.h"

namespace cleangate::probes {
namespace {

using Json = nlohmann::ordered_json;  // as written
using Parsed = nlohmann::json;        // as read: a key is found in a tree, not along a list

// What hostile text may make us allocate.
constexpr std::size_t kListLimit = 1'000'000;
constexpr std::size_t kStreamLimit = 4096;
constexpr std::size_t kTextLimit = 1u << 20;
constexpr int kDepthLimit = 16;
constexpr std::size_t kValueLimit = 1'000'000;  // values and keys of the whole document

struct Mistake : std::runtime_error {
  using std::runtime_error::runtime_error;
};

[[noreturn]] void mistake(std::string_view key, std::string_view what) {
  throw Mistake(fmt::format("\"{}\" {}", key, what));
}

double rounded_seconds(const Rational& seconds) {
  return std::round(seconds.to_double() * 1e6) / 1e6;
}

// ---- writing
// -------------------------------------------------------------------------------------------------------------------

class Writer;
template <class T>
Json written(const T& value);

class Writer {
 public:
  [[nodiscard]] Json take() { return std::move(json_); }

  template <class T>
  void value(const char* key, const T& x) {
    json_[key] = written(x);
  }
  template <class T>
  void optional(const char* key, const std::optional<T>& x) {
    if (x) json_[key] = written(*x);
  }
  void positive(const char* key, int x) { json_[key] = x > 0 ? Json(x) : Json(nullptr); }
  template <class T>
  void fact(const char* key, const Fact<T>& x) {
    if (x.is_known()) json_[key] = written(*x);
    if (x.is_unknown()) json_[key] = nullptr;
  }
  void seconds(const std::string& key, const Fact<Rational>& x) {
    if (x.is_absent()) return;
    json_[key + "_s"] = x ? Json(rounded_seconds(*x)) : Json(nullptr);
    if (x) json_[key] = to_string(*x);
  }
  template <class T>
  void list(const char* key, const std::vector<T>& x) {
    Json array = Json::array();
    for (const T& item : x) array.push_back(written(item));
    json_[key] = std::move(array);
  }
  template <class T>
  void list_unless_empty(const char* key, const std::vector<T>& x) {
    if (!x.empty()) list(key, x);
  }
  template <class T>
  void list_or_null(const char* key, const std::vector<T>& x, bool null_when_empty) {
    list(key, x);
    if (x.empty() && null_when_empty) json_[key] = nullptr;
  }
  void content_light(const std::optional<ContentLight>& x) {
    if (!x) return;
    json_["max_cll"] = x->max_cll;
    json_["max_fall"] = x->max_fall;
  }
  void text_unless_empty(const char* key, const std::string& x) {
    if (!x.empty()) value(key, x);
  }
  void map_unless_empty(const char* key, const std::map<std::string, std::string>& x) {
    if (!x.empty()) json_[key] = x;
  }
  template <class Enum, std::size_t N>
  void word(const char* key, Enum x, const std::array<std::string_view, N>& names) {
    json_[key] = name_of(names, x);
  }
  template <class Enum, std::size_t N>
  void fact_word(const char* key, const Fact<Enum>& x,
                 const std::array<std::string_view, N>& names) {
    if (x.is_known()) json_[key] = name_of(names, *x);
    if (x.is_unknown()) json_[key] = nullptr;
  }
  void scaled(const char* key, std::uint32_t x, std::uint32_t per_unit) {
    json_[key] = static_cast<double>(x) / static_cast<double>(per_unit);
  }
  void media(StreamFacts& stream) {
    if (VideoFacts* video = stream.video()) json::fields(*this, *video);
    if (AudioFacts* audio = stream.audio()) json::fields(*this, *audio);
  }

 private:
  Json json_ = Json::object();
};

template <class T>
Json written(const T& value) {
  if constexpr (std::is_same_v<T, Rational>) {
    return to_string(value);
  } else if constexpr (std::is_same_v<T, Sha256>) {
    return to_content_id(value);
  } else if constexpr (std::is_same_v<T, std::string>) {
    return to_valid_utf8(value);
  } else if constexpr (std::is_same_v<T, ColorDescription>) {
    return Json{{"primaries", to_string(value.primaries)},
                {"transfer", to_string(value.transfer)},
                {"matrix", to_string(value.matrix)},
                {"range", to_string(value.range)}};
  } else if constexpr (std::is_arithmetic_v<T>) {
    return value;
  } else {
    Writer writer;
    T copy = value;  // `fields` serves the reader too and takes its object by reference
    json::fields(writer, copy);
    return writer.take();
  }
}

// ---- reading
// -------------------------------------------------------------------------------------------------------------------

template <class T>
T read_value(std::string_view key, const Parsed& json);

class Reader {
 public:
  Reader(std::string_view key, const Parsed& json) : json_(json) {
    if (!json.is_object()) mistake(key, "is not an object");
  }
  // Every key must have been asked for.
  void finish() const {
    for (const auto& [key, unused] : json_.items())
      if (!asked_.contains(key)) mistake(key, "is not a key of the facts");
  }

  template <class T>
  void value(const char* key, T& x) {
    x = read_value<T>(key, required(key));
  }
  template <class T>
  void optional(const char* key, std::optional<T>& x) {
    const Parsed* found = find(key);
    x.reset();
    if (found) x = read_value<T>(key, *found);
  }
  void positive(const char* key, int& x) {
    const Parsed& found = required(key);
    x = found.is_null() ? 0 : read_value<int>(key, found);
    if (x < 0 || (x == 0 && !found.is_null())) mistake(key, "is not positive");
  }
  template <class T>
  void fact(const char* key, Fact<T>& x) {
    const Parsed* found = find(key);
    if (!found)
      x = {};
    else if (found->is_null())
      x = Fact<T>::unknown();
    else
      x = read_value<T>(key, *found);
  }
  void seconds(const std::string& key, Fact<Rational>& x) {
    const Parsed* rounded = find(key + "_s");
    const Parsed* exact = find(key);
    x = {};
    if (exact) x = read_value<Rational>(key, *exact);
    if (rounded && !exact) {
      if (!rounded->is_null()) mistake(key, "is missing beside its rounded value");
      x = Fact<Rational>::unknown();
    }
  }
  template <class T>
  void list(const char* key, std::vector<T>& x) {
    read_list(key, required(key), x);
  }
  template <class T>
  void list_unless_empty(const char* key, std::vector<T>& x) {
    x.clear();
    if (const Parsed* found = find(key)) read_list(key, *found, x);
  }
  template <class T>
  void list_or_null(const char* key, std::vector<T>& x, bool) {
    const Parsed& found = required(key);
    x.clear();
    if (!found.is_null()) read_list(key, found, x);
  }
  void content_light(std::optional<ContentLight>& x) {
    const Parsed* cll = find("max_cll");
    const Parsed* fall = find("max_fall");
    x.reset();
    if (!cll && !fall) return;
    if (!cll || !fall) mistake("max_cll", "and \"max_fall\" come together");
    x = ContentLight{read_value<std::uint32_t>("max_cll", *cll),
                     read_value<std::uint32_t>("max_fall", *fall)};
  }
  void text_unless_empty(const char* key, std::string& x) {
    const Parsed* found = find(key);
    x = found ? read_value<std::string>(key, *found) : std::string();
  }
  void map_unless_empty(const char* key, std::map<std::string, std::string>& x) {
    x.clear();
    const Parsed* found = find(key);
    if (!found) return;
    if (!found->is_object() || found->size() > 32) mistake(key, "is not a small object");
    for (const auto& [name, text] : found->items()) x[name] = read_value<std::string>(name, text);
  }
  template <class Enum, std::size_t N>
  void word(const char* key, Enum& x, const std::array<std::string_view, N>& names) {
    x = read_word<Enum>(key, required(key), names);
  }
  template <class Enum, std::size_t N>
  void fact_word(const char* key, Fact<Enum>& x, const std::array<std::string_view, N>& names) {
    const Parsed* found = find(key);
    x = {};
    if (found)
      x = found->is_null() ? Fact<Enum>::unknown()
                           : Fact<Enum>(read_word<Enum>(key, *found, names));
  }
  void scaled(const char* key, std::uint32_t& x, std::uint32_t per_unit) {
    const Parsed& found = required(key);
    if (!found.is_number()) mistake(key, "is not a number");
    const double units = std::round(found.get<double>() * per_unit);
    if (!(units >= 0 && units <= 4294967295.0)) mistake(key, "is out of range");
    x = static_cast<std::uint32_t>(units);
  }
  void media(StreamFacts& stream) {
    stream.media = std::monostate{};
    if (stream.kind == StreamKind::video) json::fields(*this, stream.media.emplace<VideoFacts>());
    if (stream.kind == StreamKind::audio) json::fields(*this, stream.media.emplace<AudioFacts>());
  }

 private:
  const Parsed* find(const std::string& key) {
    asked_.insert(key);
    const auto found = json_.find(key);
    return found == json_.end() ? nullptr : &*found;
  }
  const Parsed& required(const char* key) {
    const Parsed* found = find(key);
    if (!found) mistake(key, "is missing");
    return *found;
  }
  template <class T>
  void read_list(std::string_view key, const Parsed& json, std::vector<T>& x) {
    const std::size_t limit = std::is_same_v<T, StreamFacts> ? kStreamLimit : kListLimit;
    if (!json.is_array()) mistake(key, "is not a list");
    if (json.size() > limit) mistake(key, "is too long");
    x.clear();
    for (const Parsed& item : json) x.push_back(read_value<T>(key, item));
  }
  template <class Enum, std::size_t N>
  Enum read_word(std::string_view key, const Parsed& json,
                 const std::array<std::string_view, N>& names) {
    const auto found = value_of<Enum>(names, read_value<std::string>(key, json));
    if (!found) mistake(key, "has a value that is not one of its words");
    return *found;
  }

  const Parsed& json_;
  std::set<std::string, std::less<>> asked_;
};

template <class T>
T take(std::string_view key, Expected<T> parsed) {
  if (!parsed) mistake(key, "is wrong: " + parsed.error().message);
  return *parsed;
}

ColorDescription read_color(std::string_view key, const Parsed& json) {
  if (!json.is_object() || json.size() != 4) mistake(key, "is not a color description");
  const auto text = [&](const char* name) {
    const auto found = json.find(name);
    if (found == json.end()) mistake(key, "lacks a member");
    return read_value<std::string>(name, *found);
  };
  return {take(key, parse_primaries(text("primaries"))),
          take(key, parse_transfer(text("transfer"))), take(key, parse_matrix(text("matrix"))),
          take(key, parse_range(text("range")))};
}

template <class T>
T read_value(std::string_view key, const Parsed& json) {
  if constexpr (std::is_same_v<T, bool>) {
    if (!json.is_boolean()) mistake(key, "is not true or false");
    return json.get<bool>();
  } else if constexpr (std::is_integral_v<T>) {
    if (!json.is_number_integer()) mistake(key, "is not a whole number");
    const bool huge =
        json.is_number_unsigned() && json.get<std::uint64_t>() > std::uint64_t{INT64_MAX};
    if (huge || !std::in_range<T>(json.get<std::int64_t>())) mistake(key, "is out of range");
    return static_cast<T>(json.get<std::int64_t>());
  } else if constexpr (std::is_same_v<T, std::string>) {
    if (!json.is_string() || json.get_ref<const std::string&>().size() > kTextLimit)
      mistake(key, "is not a short text");
    return json.get<std::string>();
  } else if constexpr (std::is_same_v<T, Rational>) {
    return take(key, Rational::parse(read_value<std::string>(key, json)));
  } else if constexpr (std::is_same_v<T, Sha256>) {
    return take(key, parse_content_id(read_value<std::string>(key, json)));
  } else if constexpr (std::is_same_v<T, ColorDescription>) {
    return read_color(key, json);
  } else {
    Reader reader(key, json);
    T value{};
    json::fields(reader, value);
    reader.finish();
    return value;
  }
}

}  // namespace

std::string to_json(const AssetFacts& facts) {
  return written(facts).dump(-1, ' ', false, Json::error_handler_t::replace);
}

Expected<AssetFacts> facts_from_json(std::string_view text) {
  bool too_much = false;
  std::size_t values = 0;
  const auto watch = [&](int depth, Parsed::parse_event_t, Parsed&) {
    if (depth > kDepthLimit || ++values > kValueLimit) too_much = true;
    return !too_much;
  };
  const Parsed json = Parsed::parse(text, watch, false);
  if (json.is_discarded() || too_much)
    return fail(ErrorCode::protocol, "Facts are not well-formed JSON.");
  try {
    return read_value<AssetFacts>("facts", json);
  } catch (const Mistake& wrong) {
    return fail(ErrorCode::protocol,
                fmt::format("Facts are wrong: {}.", to_valid_utf8(wrong.what())));
  }
}

}  // namespace cleangate::probes
