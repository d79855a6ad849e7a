// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

// JSON as text. Printer and parser are compiled here once: each costs every file that calls the
// library's own one to three seconds of compiling.
namespace cleangate::app {

using Json = nlohmann::ordered_json;

enum class JsonShape;  // documents.h

// Pretty where no shape is given; without a newline at the end; what is not UTF-8 is replaced by
// U+FFFD.
[[nodiscard]] std::string printed(const Json& json);
[[nodiscard]] std::string printed(const Json& json, JsonShape shape);
// Of text that is JSON.
[[nodiscard]] Json parsed(const std::string& text);
// The beginning of a document: {"schema": …, "version": …}.
[[nodiscard]] Json headed(const std::string& schema);

}  // namespace cleangate::app
